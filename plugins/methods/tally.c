/* tally.c - see tally.h. */
#include "tally.h"

#include <accord/rng.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CANON = 4096 };

typedef struct group {
    char *canon;
    uint32_t first;
    uint32_t votes;
} group;

/* Adds vote number i.  `groups` stay in the order of their first answers. */
static accord_code cast(const accord_tally_place *place, const char *canon, uint32_t i,
                        group *groups, uint32_t *n_groups, accord_err *err) {
    uint32_t g = 0;

    while (g < *n_groups && strcmp(groups[g].canon, canon) != 0)
        g++;
    if (g == *n_groups) {
        groups[g] = (group){.canon = strdup(canon), .first = i};
        if (!groups[g].canon)
            return place->host->fail(place->host, err, ACCORD_E_NOMEM, "out of memory");
        ++*n_groups;
    }
    groups[g].votes++;
    return ACCORD_OK;
}

static accord_code cast_all(const accord_tally_place *place, const char *const *text,
                            uint32_t n, group *groups, uint32_t *n_groups,
                            accord_err *err) {
    accord_action answer = {.struct_size = sizeof(answer), .kind = ACCORD_TEXT};
    char canon[MAX_CANON];

    for (uint32_t i = 0; i < n; i++) {
        if (!*text[i])
            continue;
        answer.text = text[i];
        canon[0] = '\0';
        accord_code rc =
            place->canon->canon(place->episode, &answer, canon, sizeof(canon), err);
        if (!rc && *canon)
            rc = cast(place, canon, i, groups, n_groups, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

/* Which of the tied groups, counted from 0, wins. */
static void decide(const group *groups, uint32_t n_groups, uint64_t *stream,
                   accord_tally *out) {
    for (uint32_t g = 0; g < n_groups; g++)
        if (groups[g].votes > out->votes)
            out->votes = groups[g].votes;
    for (uint32_t g = 0; g < n_groups; g++)
        out->tied += groups[g].votes == out->votes;
    uint64_t drawn = stream && out->tied > 1 ? accord_rng_below(stream, out->tied) : 0;
    for (uint32_t g = 0; g < n_groups; g++)
        if (groups[g].votes == out->votes && drawn-- == 0)
            out->winner = groups[g].first;
}

accord_code accord_tally_count(const accord_tally_place *place, const char *const *text,
                               uint32_t n, uint64_t *stream, accord_tally *out,
                               accord_err *err) {
    uint32_t n_groups = 0;

    *out = (accord_tally){.winner = 0};
    while (out->winner + 1 < n && !*text[out->winner])
        out->winner++;
    group *groups = calloc(n, sizeof(*groups));
    if (!groups)
        return place->host->fail(place->host, err, ACCORD_E_NOMEM, "out of memory");
    accord_code rc = cast_all(place, text, n, groups, &n_groups, err);
    if (!rc)
        decide(groups, n_groups, stream, out);
    while (n_groups > 0)
        free(groups[--n_groups].canon);
    free(groups);
    return rc;
}
