/* parts.c - see parts.h. */
#include "report/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- a journal's episodes into a summary ------------------------------------------ */

/* A mean as it grows. */
typedef struct rate {
    double sum;
    int64_t n;
} rate;

static double part_of(const accord_view *v, size_t ep, size_t part) {
    const accord_tally *t = v->tally;

    return t->parts[(size_t)(v->eps[ep] - t->eps) * t->n_parts + part];
}

static const char *name_of(const json_t *names, size_t part) {
    return json_string_value(json_array_get(names, part));
}

static rate part_rate(const accord_view *v, size_t part) {
    rate r = {0};

    for (size_t i = 0; i < v->n; i++) {
        double value = part_of(v, i, part);
        r.sum += isnan(value) ? 0 : value;
        r.n += !isnan(value);
    }
    return r;
}

static void write_mean(accord_buf *b, const char *key, rate r) {
    if (r.n)
        accord_json_real(b, key, r.sum / (double)r.n);
    else
        accord_json_text(b, key, NULL);
}

/* The length of "GROUP" in "GROUP/NAME", 0 without a group. */
static size_t group_length(const char *name) {
    const char *slash = strchr(name, '/');

    return slash ? (size_t)(slash - name) : 0;
}

static bool in_group(const char *name, const char *group, size_t n) {
    return group_length(name) == n && strncmp(name, group, n) == 0;
}

/* A group is written at its first part. */
static bool is_first(const json_t *names, size_t part) {
    const char *name = name_of(names, part);
    size_t n = group_length(name);

    for (size_t i = 0; i < part; i++)
        if (in_group(name_of(names, i), name, n))
            return false;
    return n > 0;
}

/* One episode's share in the rates of a group. */
static void add_episode(const accord_view *v, size_t ep, const json_t *names,
                        const char *group, rate *micro, rate *macro) {
    size_t n = group_length(group);
    bool asked = false, all = true;

    for (size_t p = 0; p < v->tally->n_parts; p++) {
        double value = part_of(v, ep, p);
        if (!in_group(name_of(names, p), group, n) || isnan(value))
            continue;
        micro->sum += value;
        micro->n++;
        asked = true;
        all &= value >= 1;
    }
    macro->sum += asked && all;
    macro->n += asked;
}

static void write_rate(accord_buf *b, const char *key, rate r) {
    accord_json_key(b, key);
    accord_buf_puts(b, "{");
    write_mean(b, "mean", r);
    accord_json_int(b, "n", r.n);
    accord_buf_puts(b, "}");
}

static void write_group(const accord_view *v, const json_t *names, const char *group,
                        accord_buf *b) {
    rate micro = {0}, macro = {0};
    char *name = accord_xasprintf("%.*s", (int)group_length(group), group);

    for (size_t i = 0; i < v->n; i++)
        add_episode(v, i, names, group, &micro, &macro);
    accord_json_key(b, name);
    accord_buf_puts(b, "{");
    write_rate(b, "micro", micro);
    write_rate(b, "macro", macro);
    accord_buf_puts(b, "}");
    free(name);
}

static void write_groups(const accord_view *v, const json_t *names, accord_buf *b) {
    bool begun = false;

    for (size_t p = 0; p < v->tally->n_parts; p++) {
        if (!is_first(names, p))
            continue;
        if (!begun) {
            accord_json_key(b, "groups");
            accord_buf_puts(b, "{");
        }
        begun = true;
        write_group(v, names, name_of(names, p), b);
    }
    if (begun)
        accord_buf_puts(b, "}");
}

static void write_asked(const accord_view *v, const json_t *names, const rate *rates,
                        accord_buf *b) {
    bool begun = false;

    for (size_t p = 0; p < v->tally->n_parts; p++) {
        if ((size_t)rates[p].n == v->n)
            continue;
        if (!begun) {
            accord_json_key(b, "asked");
            accord_buf_puts(b, "{");
        }
        begun = true;
        accord_json_int(b, name_of(names, p), rates[p].n);
    }
    if (begun)
        accord_buf_puts(b, "}");
}

accord_code accord_parts_write(const accord_view *v, const json_t *names, accord_buf *b,
                               accord_err *err) {
    rate *rates;

    accord_code rc = accord_alloc(v->tally->n_parts, sizeof(*rates), &rates, err);
    if (rc)
        return rc;
    accord_json_key(b, "parts");
    accord_buf_puts(b, "{");
    for (size_t p = 0; p < v->tally->n_parts; p++) {
        rates[p] = part_rate(v, p);
        write_mean(b, name_of(names, p), rates[p]);
    }
    accord_buf_puts(b, "}");
    write_asked(v, names, rates, b);
    write_groups(v, names, b);
    free(rates);
    return ACCORD_OK;
}

/* ---- summaries into means over seeds ---------------------------------------------- */

/* Takes the name. */
static accord_code add_mean(accord_parts *parts, char *name, double mean, double n,
                            accord_err *err) {
    size_t i = 0;

    while (i < parts->n && strcmp(parts->items[i].name, name) != 0)
        i++;
    if (i == parts->n) {
        accord_code rc =
            accord_grow(&parts->items, i, &parts->cap, sizeof(*parts->items), err);
        if (rc) {
            free(name);
            return rc;
        }
        parts->items[parts->n++] = (accord_part){.name = name};
    } else {
        free(name);
    }
    accord_part *part = &parts->items[i];
    part->n += n;
    if (n > 0)
        part->mean += (mean - part->mean) * (n / part->n);
    return ACCORD_OK;
}

static accord_code add_rates(accord_parts *parts, const char *group, const json_t *rates,
                             accord_err *err) {
    const char *key;
    json_t *value;
    accord_code rc = ACCORD_OK;

    json_object_foreach((json_t *)rates, key, value) {
        if (!rc)
            rc = add_mean(parts, accord_xasprintf("%s (%s)", group, key),
                          accord_report_real(json_object_get(value, "mean")),
                          accord_report_real(json_object_get(value, "n")), err);
    }
    return rc;
}

accord_code accord_parts_add(accord_parts *parts, const json_t *mode, const char *score,
                             accord_err *err) {
    const json_t *asked = json_object_get(mode, "asked");
    const char *key;
    json_t *value;
    double n = accord_report_real(json_object_get(mode, "n"));

    accord_code rc = add_mean(parts, accord_xstrdup(score),
                              accord_report_real(json_object_get(mode, "score")), n, err);
    json_object_foreach(json_object_get(mode, "parts"), key, value) {
        const json_t *some = json_object_get(asked, key);
        if (!rc)
            rc = add_mean(parts, accord_xstrdup(key), accord_report_real(value),
                          some ? accord_report_real(some) : n, err);
    }
    json_object_foreach(json_object_get(mode, "groups"), key, value) {
        if (!rc)
            rc = add_rates(parts, key, value, err);
    }
    return rc;
}

void accord_parts_fini(accord_parts *parts) {
    for (size_t i = 0; i < parts->n; i++)
        free(parts->items[i].name);
    free(parts->items);
    *parts = (accord_parts){0};
}
