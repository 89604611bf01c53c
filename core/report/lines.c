/* lines.c - see lines.h. */
#include "report/lines.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The reader of <accord/jsonl.h> reports through a host; this one only reports. */
ACCORD_PRINTF(4, 5)
static accord_code report(const accord_host *host, accord_err *err, accord_code code,
                          const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    accord_vfail(err, code, fmt, ap);
    va_end(ap);
    return code;
}

static const accord_host reporter = {.struct_size = sizeof(accord_host), .fail = report};

static bool ends_torn(const char *path) {
    bool torn = false;
    FILE *f = fopen(path, "re");

    if (!f)
        return false;
    if (fseek(f, -1, SEEK_END) == 0)
        torn = fgetc(f) != '\n';
    fclose(f);
    return torn;
}

accord_code accord_lines_open(const char *path, accord_lines *out, accord_err *err) {
    *out = (accord_lines){.torn = ends_torn(path)};
    return accord_jsonl_open(&reporter, path, &out->reader, err);
}

accord_code accord_lines_next(accord_lines *l, int *more, accord_err *err) {
    accord_err bad = {0};

    accord_code rc = accord_jsonl_next(l->reader, more, &bad);
    if (rc == ACCORD_E_CONFIG && l->torn &&
        accord_jsonl_next(l->reader, more, NULL) == ACCORD_OK && !*more)
        return ACCORD_OK;
    if (rc)
        *more = 0;
    return rc ? accord_fail(err, rc, "%s", bad.msg) : ACCORD_OK;
}

void accord_lines_close(accord_lines *l) {
    accord_jsonl_close(l->reader);
    l->reader = NULL;
}

double accord_lines_real(accord_lines *l, const char *field) {
    double value;

    if (accord_jsonl_number(l->reader, field, &value, NULL) == ACCORD_OK)
        return value;
    const char *text = accord_jsonl_text(l->reader, field);
    return text ? strtod(text, NULL) : 0;
}

uint64_t accord_lines_uint(accord_lines *l, const char *field) {
    double value = accord_lines_real(l, field);

    return value > 0 && value < 0x1p63 ? (uint64_t)value : 0;
}

void accord_lines_reals(accord_lines *l, const char *field, double *out, size_t n) {
    const char *text = accord_jsonl_text(l->reader, field);

    for (size_t i = 0; i < n; i++) {
        char *end = NULL;
        out[i] = 0;
        if (!text)
            continue;
        text += strspn(text, "[,\"");
        out[i] = strtod(text, &end);
        text = end == text ? NULL : end;
    }
}

/* Reads "number/" and moves on. */
static bool read_number(const char **text, uint64_t *out) {
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *out = strtoull(*text, &end, 10);
    if (errno || *end != '/')
        return false;
    *text = end + 1;
    return true;
}

bool accord_ep_name_read(const char *text, accord_ep_name *out) {
    static const char *const phases[ACCORD_IN_N] = {"train/", "eval/", "probe/"};
    uint64_t visit;

    *out = (accord_ep_name){.phase = -1};
    for (int p = 0; p < ACCORD_IN_N; p++)
        if (strncmp(text, phases[p], strlen(phases[p])) == 0)
            out->phase = p;
    if (out->phase < 0)
        return false;
    text += strlen(phases[out->phase]);
    if (!read_number(&text, &out->step))
        return false;
    size_t n = strcspn(text, "/");
    if (n >= sizeof(out->mode) || text[n] != '/')
        return false;
    memcpy(out->mode, text, n);
    text += n + 1;
    if (!read_number(&text, &visit) || visit > UINT32_MAX)
        return false;
    out->visit = (uint32_t)visit;
    out->item = text;
    return true;
}
