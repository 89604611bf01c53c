/* samples.c - see samples.h. */
#include "samples.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <accord/jsonl.h>

static void write_quoted(FILE *file, const char *text) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f) /* models say ASCII: pocket_is_speech() */
            fprintf(file, "\\u%04x", c);
        else
            fputc(c, file);
    }
}

void pocket_sample_write(FILE *file, const pocket_key *key, int is_right,
                         const char *text) {
    fprintf(file,
            "{\"kind\": %d, \"level\": %d, \"seed\": %" PRIu64 ", \"item\": %" PRIu64
            ", \"right\": %d, \"text\": \"",
            key->kind, key->level, key->seed, key->item, is_right);
    write_quoted(file, text);
    fprintf(file, "\"}\n");
}

static int same(const pocket_key *a, const pocket_key *b) {
    return a->kind == b->kind && a->level == b->level && a->seed == b->seed &&
           a->item == b->item;
}

static pocket_group *group_of(pocket_samples *s, const pocket_key *key, size_t *at) {
    for (; *at < s->n; (*at)++)
        if (same(&s->group[*at].key, key))
            return &s->group[*at];
    if ((s->n & (s->n - 1)) == 0) { /* full at each power of two */
        pocket_group *more = realloc(s->group, (s->n ? 2 * s->n : 1) * sizeof(*more));
        if (!more)
            return NULL;
        s->group = more;
    }
    s->group[s->n] = (pocket_group){.key = *key};
    return &s->group[s->n++];
}

static accord_code add(pocket_samples *s, const pocket_key *key, const char *text,
                       size_t *at) {
    pocket_group *g = group_of(s, key, at);
    char **more = g ? realloc(g->text, (g->n + 1) * sizeof(*more)) : NULL;

    if (!more)
        return ACCORD_E_NOMEM;
    g->text = more;
    g->text[g->n] = strdup(text);
    return g->text[g->n] ? (g->n++, ACCORD_OK) : ACCORD_E_NOMEM;
}

static accord_code read_line(accord_jsonl *file, pocket_key *key, const char **text,
                             accord_err *err) {
    static const char *const fields[] = {"kind", "level", "seed", "item"};
    double value[4];
    accord_code rc = ACCORD_OK;

    for (int i = 0; i < 4 && !rc; i++)
        rc = accord_jsonl_number(file, fields[i], &value[i], err);
    if (rc)
        return rc;
    *key = (pocket_key){.kind = (int32_t)value[0],
                        .level = (int32_t)value[1],
                        .seed = (uint64_t)value[2],
                        .split = ACCORD_SPLIT_TRAIN,
                        .item = (uint64_t)value[3]};
    return accord_jsonl_string(file, "text", text, err);
}

accord_code pocket_samples_read(const accord_host *host, const char *path,
                                pocket_samples *samples, accord_err *err) {
    accord_jsonl *file;
    pocket_key key;
    const char *text;
    size_t at = 0;
    int more;

    accord_code rc = accord_jsonl_open(host, path, &file, err);
    if (rc)
        return rc;
    while (!(rc = accord_jsonl_next(file, &more, err)) && more) {
        rc = read_line(file, &key, &text, err);
        if (!rc && add(samples, &key, text, &at))
            rc = host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
        if (rc)
            break;
    }
    accord_jsonl_close(file);
    return rc;
}

static void group_fini(pocket_group *g) {
    for (size_t i = 0; i < g->n; i++)
        free(g->text[i]);
    free(g->text);
}

void pocket_samples_prune(pocket_samples *samples, size_t least) {
    size_t kept = 0;

    for (size_t i = 0; i < samples->n; i++)
        if (samples->group[i].n >= least)
            samples->group[kept++] = samples->group[i];
        else
            group_fini(&samples->group[i]);
    samples->n = kept;
}

void pocket_samples_fini(pocket_samples *samples) {
    pocket_samples_prune(samples, SIZE_MAX);
    free(samples->group);
    *samples = (pocket_samples){0};
}
