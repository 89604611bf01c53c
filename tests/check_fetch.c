/* check_fetch.c - downloads: whole and right, or not at all.  A thread plays the server;
 * each connection gets the next answer of a script. */
#include "base/fetch.h"

#include <accord/sha256.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "scratch.h"
#include "suites.h"

enum { SIZE = 50000, MAX_ANSWERS = 4 };

/* What one connection gets: a head, and bytes of the content. */
typedef struct answer {
    const char *head;
    size_t from, n; /* SIZE - from bytes are promised, n are sent */
} answer;

static struct {
    int fd;
    pthread_t thread;
    const answer *answers;
    int n_answers, n_served;
    char requests[MAX_ANSWERS][1024];
} server;

static char content[SIZE];
static char hex[65], *path, *part, *url;

static void serve_one(int fd, const answer *a, char *request) {
    char head[256];
    size_t have = 0;
    ssize_t n;

    while (!strstr(request, "\r\n\r\n") &&
           (n = read(fd, request + have, sizeof(server.requests[0]) - 1 - have)) > 0)
        have += (size_t)n;
    snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", a->head,
             (size_t)SIZE - a->from);
    if (accord_write_all(fd, head, strlen(head), "head", NULL) == ACCORD_OK &&
        accord_write_all(fd, content + a->from, a->n, "body", NULL) == ACCORD_OK)
        shutdown(fd, SHUT_WR);
    close(fd);
}

static void *serve(void *unused) {
    for (int i = 0; i < server.n_answers; i++) {
        int fd = accept(server.fd, NULL, NULL);
        if (fd < 0)
            break;
        serve_one(fd, &server.answers[i], server.requests[i]);
        server.n_served++;
    }
    return NULL;
}

static void start(const answer *answers, int n) {
    server.answers = answers;
    server.n_answers = n;
    ck_assert_int_eq(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

/* After this the counts and requests may be read. */
static void stop(void) {
    shutdown(server.fd, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.fd);
}

static void begin(void) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    accord_sha256 s;

    scratch_begin();
    signal(SIGPIPE, SIG_IGN);
    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(server.fd, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(server.fd, 8), 0);
    ck_assert_int_eq(getsockname(server.fd, (struct sockaddr *)&address, &length), 0);
    url = accord_xasprintf("http://127.0.0.1:%d/data.jsonl", ntohs(address.sin_port));
    path = scratch_path("data.jsonl");
    part = scratch_path("data.jsonl.part");
    for (size_t i = 0; i < SIZE; i++)
        content[i] = (char)(i * i % 251);
    accord_sha256_init(&s);
    accord_sha256_update(&s, content, SIZE);
    accord_sha256_hex(&s, hex);
}

static void end(void) {
    free(url);
    free(path);
    free(part);
    curl_global_cleanup();
    scratch_end();
}

static accord_code fetch(accord_err *err) {
    accord_fetch_file file = {url, hex, SIZE, path};

    *err = (accord_err){0};
    return accord_fetch(&file, err);
}

/* The file is there, whole and right, and nothing else. */
static void expect_whole(void) {
    char *data;
    size_t n;

    ck_assert_int_eq(accord_file_read(path, SIZE, &data, &n, NULL), ACCORD_OK);
    ck_assert_uint_eq(n, SIZE);
    ck_assert_int_eq(memcmp(data, content, SIZE), 0);
    ck_assert(!accord_file_exists(part));
    free(data);
}

static size_t part_size(void) {
    char *data;
    size_t n = 0;

    if (accord_file_exists(part)) {
        ck_assert_int_eq(accord_file_read(part, SIZE, &data, &n, NULL), ACCORD_OK);
        ck_assert_int_eq(memcmp(data, content, n), 0);
        free(data);
    }
    return n;
}

START_TEST(test_a_file_is_downloaded_whole) {
    accord_err err;

    start((const answer[]){{"200 OK", 0, SIZE}}, 1);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    ck_assert_ptr_nonnull(strstr(server.requests[0], "GET /data.jsonl HTTP/1.1\r\n"));
    ck_assert_ptr_null(strstr(server.requests[0], "Range:"));
    expect_whole();
}
END_TEST

START_TEST(test_a_cut_download_is_resumed_where_it_was_cut) {
    accord_err err;

    start((const answer[]){{"200 OK", 0, 20000}, {"206 Partial Content", 20000, 30000}},
          2);
    ck_assert_int_eq(fetch(&err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "was cut after 20000 of 50000 bytes"));
    ck_assert(!accord_file_exists(path));
    ck_assert_uint_eq(part_size(), 20000);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    ck_assert_ptr_nonnull(strstr(server.requests[1], "Range: bytes=20000-\r\n"));
    expect_whole();
}
END_TEST

START_TEST(test_a_server_that_ignores_the_range_sends_all_again) {
    accord_err err;

    start((const answer[]){{"200 OK", 0, 20000}, {"200 OK", 0, SIZE}}, 2);
    ck_assert_int_eq(fetch(&err), ACCORD_E_IO);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    ck_assert_ptr_nonnull(strstr(server.requests[1], "Range: bytes=20000-\r\n"));
    expect_whole();
}
END_TEST

START_TEST(test_a_part_that_the_server_refuses_is_begun_again) {
    accord_err err;

    free(scratch_write("data.jsonl.part", content, 20000));
    start((const answer[]){{"416 Range Not Satisfiable", SIZE, 0}, {"200 OK", 0, SIZE}},
          2);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    ck_assert_ptr_null(strstr(server.requests[1], "Range:"));
    expect_whole();
}
END_TEST

START_TEST(test_a_whole_part_needs_no_server) {
    accord_err err;

    free(scratch_write("data.jsonl.part", content, SIZE));
    start(NULL, 0);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    expect_whole();
}
END_TEST

START_TEST(test_another_hash_leaves_the_old_file_and_no_part) {
    accord_err err;
    char *old, *text;
    size_t n;

    old = scratch_text("data.jsonl", "old");
    hex[0] = hex[0] == '0' ? '1' : '0';
    start((const answer[]){{"200 OK", 0, SIZE}}, 1);
    ck_assert_int_ne(fetch(&err), ACCORD_OK);
    stop();
    ck_assert_ptr_nonnull(strstr(err.msg, "is not the published file: its SHA-256 is "));
    ck_assert_ptr_nonnull(strstr(err.msg, hex));
    ck_assert_int_eq(accord_file_read(old, 100, &text, &n, NULL), ACCORD_OK);
    ck_assert_str_eq(text, "old");
    ck_assert(!accord_file_exists(part));
    free(text);
    free(old);
}
END_TEST

START_TEST(test_a_damaged_part_is_not_kept_for_ever) {
    accord_err err;

    free(scratch_text("data.jsonl.part", "damaged"));
    start((const answer[]){{"206 Partial Content", 7, SIZE - 7}, {"200 OK", 0, SIZE}}, 2);
    ck_assert_int_ne(fetch(&err), ACCORD_OK);
    ck_assert_msg(fetch(&err) == ACCORD_OK, "%s", err.msg);
    stop();
    expect_whole();
}
END_TEST

START_TEST(test_a_longer_file_is_refused_before_it_is_read) {
    accord_err err;
    accord_fetch_file file = {url, hex, SIZE / 2, path};

    err = (accord_err){0};
    start((const answer[]){{"200 OK", 0, SIZE}}, 1);
    ck_assert_int_ne(accord_fetch(&file, &err), ACCORD_OK);
    stop();
    ck_assert_ptr_nonnull(strstr(err.msg, "is longer than the 25000 bytes"));
    ck_assert(!accord_file_exists(path) && !accord_file_exists(part));
}
END_TEST

START_TEST(test_a_missing_file_leaves_nothing) {
    accord_err err;

    start((const answer[]){{"404 Not Found", 0, SIZE}}, 1);
    ck_assert_int_eq(fetch(&err), ACCORD_E_IO);
    stop();
    ck_assert_ptr_nonnull(strstr(err.msg, "data.jsonl: the server said 404"));
    ck_assert(!accord_file_exists(path) && !accord_file_exists(part));
}
END_TEST

START_TEST(test_a_server_that_is_not_there_leaves_nothing) {
    accord_err err;

    start(NULL, 0);
    stop();
    ck_assert_int_eq(fetch(&err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "cannot download http://127.0.0.1:"));
    ck_assert(!accord_file_exists(path) && !accord_file_exists(part));
}
END_TEST

START_TEST(test_other_protocols_are_refused) {
    accord_err err = {0};
    char *secret = scratch_write("secret", content, SIZE);
    char *local = accord_xasprintf("file://%s", secret);
    accord_fetch_file file = {local, hex, SIZE, path};

    ck_assert_int_eq(accord_fetch(&file, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "not supported"));
    ck_assert(!accord_file_exists(path));
    free(local);
    free(secret);
}
END_TEST

/* A limit on the size of files stands in for a full disk.  Check writes a file too, so
 * the limit is lifted before the next assertion. */
static void limit_files(rlim_t n_bytes) {
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = n_bytes < limit.rlim_max ? n_bytes : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(test_a_full_disk_is_said_and_leaves_the_place_empty) {
    accord_err err;

    signal(SIGXFSZ, SIG_IGN);
    start((const answer[]){{"200 OK", 0, SIZE}}, 1);
    limit_files(30000);
    accord_code rc = fetch(&err);
    limit_files(RLIM_INFINITY);
    ck_assert_int_eq(rc, ACCORD_E_IO);
    stop();
    ck_assert_ptr_nonnull(strstr(err.msg, "data.jsonl.part: File too large"));
    ck_assert(!accord_file_exists(path));
}
END_TEST

START_TEST(test_two_downloads_of_one_file_do_not_mix) {
    accord_err err;
    char *busy = scratch_write("data.jsonl.part", content, 100);
    int fd = open(busy, O_RDWR | O_CLOEXEC);

    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    start(NULL, 0);
    ck_assert_int_eq(fetch(&err), ACCORD_E_LIMIT);
    stop();
    ck_assert_ptr_nonnull(strstr(err.msg, "another process is downloading"));
    ck_assert_uint_eq(part_size(), 100);
    close(fd);
    free(busy);
}
END_TEST

Suite *suite_fetch(void) {
    Suite *s = suite_create("fetch");
    TCase *tc = tcase_create("downloads");

    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_test(tc, test_a_file_is_downloaded_whole);
    tcase_add_test(tc, test_a_cut_download_is_resumed_where_it_was_cut);
    tcase_add_test(tc, test_a_server_that_ignores_the_range_sends_all_again);
    tcase_add_test(tc, test_a_part_that_the_server_refuses_is_begun_again);
    tcase_add_test(tc, test_a_whole_part_needs_no_server);
    tcase_add_test(tc, test_another_hash_leaves_the_old_file_and_no_part);
    tcase_add_test(tc, test_a_damaged_part_is_not_kept_for_ever);
    tcase_add_test(tc, test_a_longer_file_is_refused_before_it_is_read);
    tcase_add_test(tc, test_a_missing_file_leaves_nothing);
    tcase_add_test(tc, test_a_server_that_is_not_there_leaves_nothing);
    tcase_add_test(tc, test_other_protocols_are_refused);
    tcase_add_test(tc, test_a_full_disk_is_said_and_leaves_the_place_empty);
    tcase_add_test(tc, test_two_downloads_of_one_file_do_not_mix);
    suite_add_tcase(s, tc);
    return s;
}
