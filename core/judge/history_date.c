/* history_date.c - dates of a history: see history.h. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "judge/history.h"

/* `n` digits at *p as a number from `least` to `most`; false otherwise. */
static bool digits(const char **p, int n, int least, int most, int *out) {
    *out = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        *out = 10 * *out + (**p - '0');
    }
    return *out >= least && *out <= most;
}

static bool letter(const char **p, char c) {
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/* "Z", or hours and minutes east of Greenwich, as minutes. */
static bool read_offset(const char **p, int *minutes) {
    int sign = **p == '-' ? -1 : 1;
    int h = 0;
    int m = 0;

    *minutes = 0;
    if (letter(p, 'Z') || **p == '\0')
        return true;
    if (!letter(p, '+') && !letter(p, '-'))
        return false;
    bool good = digits(p, 2, 0, 23, &h);
    letter(p, ':');
    good = good && digits(p, 2, 0, 59, &m);
    *minutes = sign * (60 * h + m);
    return good;
}

static bool read_date(const char *p, struct tm *tm, int *offset) {
    int year, month;

    *tm = (struct tm){0};
    *offset = 0;
    if (!digits(&p, 4, 1970, 9999, &year) || !letter(&p, '-') ||
        !digits(&p, 2, 1, 12, &month) || !letter(&p, '-') ||
        !digits(&p, 2, 1, 31, &tm->tm_mday))
        return false;
    tm->tm_year = year - 1900;
    tm->tm_mon = month - 1;
    if (*p == '\0')
        return true;
    if (!letter(&p, 'T') && !letter(&p, ' '))
        return false;
    return digits(&p, 2, 0, 23, &tm->tm_hour) && letter(&p, ':') &&
           digits(&p, 2, 0, 59, &tm->tm_min) && letter(&p, ':') &&
           digits(&p, 2, 0, 59, &tm->tm_sec) && read_offset(&p, offset) && *p == '\0';
}

accord_code accord_history_date(const char *text, char out[32], accord_err *err) {
    struct tm tm;
    int offset;

    bool good = read_date(text, &tm, &offset);
    int day = tm.tm_mday;
    time_t at = good ? timegm(&tm) : 0;
    /* The 31st of February becomes a day in March. */
    good = good && tm.tm_mday == day;
    at -= 60 * (time_t)offset;
    /* Dates are sorted as texts: a fifth digit would come first. */
    if (!good || !gmtime_r(&at, &tm) || tm.tm_year > 9999 - 1900 ||
        strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return accord_fail(err, ACCORD_E_ARG,
                           "\"%.40s\" is no date: 2026-11-29 or 2026-11-29T10:11:12Z, "
                           "please",
                           text);
    return ACCORD_OK;
}
