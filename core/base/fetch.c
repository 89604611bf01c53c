/* fetch.c - see fetch.h. */
#include "base/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { CONNECT_S = 30, STALLED_S = 60, MAX_REDIRECTS = 5 };

typedef struct download {
    const accord_fetch_file *file;
    char part[PATH_MAX];
    int fd;
    uint64_t have; /* bytes in the part */
    bool begun;    /* the body's first bytes were seen */
    CURL *curl;
    accord_err *err;
} download;

static accord_code fail(download *d, const char *what) {
    return accord_fail(d->err, ACCORD_E_IO, "cannot %s %s: %s", what, d->part,
                       strerror(errno));
}

/* A server may ignore the wish to go on in the middle and send all of it. */
static accord_code begin_body(download *d) {
    long status = 0;

    d->begun = true;
    curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 206 || d->have == 0)
        return ACCORD_OK;
    d->have = 0;
    if (ftruncate(d->fd, 0) || lseek(d->fd, 0, SEEK_SET) < 0)
        return fail(d, "write");
    return ACCORD_OK;
}

/* curl's callback: anything but n ends the download. */
static size_t on_body(char *data, size_t one, size_t n, void *ctx) {
    download *d = ctx;

    if (!d->begun && begin_body(d))
        return 0;
    if (n > d->file->n_bytes - d->have) {
        accord_fail(d->err, ACCORD_E_LIMIT,
                    "%s is longer than the %" PRIu64 " bytes of "
                    "the published file",
                    d->file->url, d->file->n_bytes);
        return 0;
    }
    if (accord_write_all(d->fd, data, n, d->part, d->err))
        return 0;
    d->have += n;
    return n;
}

/* Opens the part and finds what an earlier download left. */
static accord_code open_part(download *d) {
    struct stat st;

    if (snprintf(d->part, sizeof(d->part), "%s.part", d->file->path) >=
        (int)sizeof(d->part))
        return accord_fail(d->err, ACCORD_E_ARG, "path too long: %s", d->file->path);
    d->fd = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (d->fd < 0)
        return fail(d, "write");
    if (flock(d->fd, LOCK_EX | LOCK_NB))
        return accord_fail(d->err, ACCORD_E_LIMIT, "another process is downloading %s",
                           d->part);
    if (fstat(d->fd, &st))
        return fail(d, "read");
    if ((uint64_t)st.st_size > d->file->n_bytes) {
        if (ftruncate(d->fd, 0))
            return fail(d, "write");
        st.st_size = 0;
    }
    d->have = (uint64_t)st.st_size;
    if (lseek(d->fd, 0, SEEK_END) < 0)
        return fail(d, "read");
    return ACCORD_OK;
}

static void allow_http_only(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static accord_code prepare(download *d, char *why) {
    d->curl = curl_easy_init();
    if (!d->curl)
        return accord_fail(d->err, ACCORD_E_NOMEM, "out of memory");
    curl_easy_setopt(d->curl, CURLOPT_URL, d->file->url);
    curl_easy_setopt(d->curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(d->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(d->curl, CURLOPT_WRITEDATA, d);
    curl_easy_setopt(d->curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(d->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(d->curl, CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
    curl_easy_setopt(d->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(d->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(d->curl, CURLOPT_LOW_SPEED_TIME, (long)STALLED_S);
    curl_easy_setopt(d->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(d->curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
    allow_http_only(d->curl);
    return ACCORD_OK;
}

/* Not CURLOPT_RESUME_FROM: with it, curl itself refuses a server that sends all. */
static CURLcode transfer(download *d) {
    char range[32];

    snprintf(range, sizeof(range), "%" PRIu64 "-", d->have);
    curl_easy_setopt(d->curl, CURLOPT_RANGE, d->have > 0 ? range : NULL);
    d->begun = false;
    return curl_easy_perform(d->curl);
}

static accord_code download_rest(download *d) {
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;
    accord_code rc = prepare(d, why);

    if (rc)
        return rc;
    CURLcode code = transfer(d);
    curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_HTTP_RETURNED_ERROR && status == 416 && d->have > 0) {
        d->have = 0; /* the part fits nothing that the server has */
        if (ftruncate(d->fd, 0) || lseek(d->fd, 0, SEEK_SET) < 0)
            return fail(d, "write");
        code = transfer(d);
        curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    }
    if (code == CURLE_OK && d->have == d->file->n_bytes)
        return ACCORD_OK;
    if (code == CURLE_HTTP_RETURNED_ERROR)
        return accord_fail(d->err, ACCORD_E_IO, "cannot download %s: the server said %ld",
                           d->file->url, status);
    if (code != CURLE_OK && !d->begun)
        return accord_fail(d->err, ACCORD_E_IO, "cannot download %s: %s", d->file->url,
                           why[0] ? why : curl_easy_strerror(code));
    return accord_fail(d->err, ACCORD_E_IO,
                       "the download of %s was cut after %" PRIu64 " of %" PRIu64
                       " bytes; the next one goes on there",
                       d->file->url, d->have, d->file->n_bytes);
}

/* Compares the hash and puts the file in its place. */
static accord_code settle(download *d) {
    char hex[65];
    accord_code rc = accord_file_sha256(d->part, hex, d->err);

    if (rc)
        return rc;
    if (strcmp(hex, d->file->sha256) != 0)
        return accord_fail(d->err, ACCORD_E_LIMIT,
                           "%s is not the published file: its SHA-256 is %s, expected %s",
                           d->file->url, hex, d->file->sha256);
    if (fsync(d->fd))
        return fail(d, "flush");
    if (rename(d->part, d->file->path))
        return fail(d, "rename");
    return ACCORD_OK;
}

accord_code accord_fetch(const accord_fetch_file *file, accord_err *err) {
    accord_err own = {0};
    download d = {.file = file, .fd = -1, .err = &own};
    accord_code rc = open_part(&d);
    bool mine = rc == ACCORD_OK;

    if (!rc && d.have < file->n_bytes)
        rc = download_rest(&d);
    if (!rc)
        rc = settle(&d);
    rc = own.code; /* curl cannot pass on why the body was not taken */
    if (mine && rc && (d.have == 0 || rc == ACCORD_E_LIMIT))
        unlink(d.part);
    if (d.fd >= 0)
        close(d.fd);
    curl_easy_cleanup(d.curl);
    return rc ? accord_fail(err, rc, "%s", own.msg) : ACCORD_OK;
}
