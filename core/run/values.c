/* values.c - see values.h.  Each copy is one block: the struct, then what it points to.
 */
#include "run/values.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Takes n bytes from the block, aligned for pointers. */
static void *carve(char **at, const void *from, size_t n) {
    void *place = *at;

    if (from)
        memcpy(place, from, n);
    *at += (n + 15) & ~(size_t)15;
    return place;
}

static size_t rounded(size_t n) {
    return (n + 15) & ~(size_t)15;
}

static size_t text_bytes(const char *text) {
    return text ? rounded(strlen(text) + 1) : 0;
}

static const char *carve_text(char **at, const char *text) {
    return text ? carve(at, text, strlen(text) + 1) : NULL;
}

static size_t record_bytes(const accord_record *r) {
    size_t n = rounded(sizeof(*r)) + text_bytes(r->question) +
               text_bytes(r->instruction) +
               rounded(r->n_examples * sizeof(*r->examples)) +
               rounded(r->n_extras * sizeof(*r->extras));

    for (uint32_t i = 0; i < r->n_examples; i++)
        n += text_bytes(r->examples[i].question) + text_bytes(r->examples[i].solution);
    for (uint32_t i = 0; i < r->n_extras; i++)
        n += text_bytes(r->extras[i].name) + text_bytes(r->extras[i].text);
    return n;
}

static const accord_record *carve_record(char **at, const accord_record *from) {
    accord_record *r = carve(at, NULL, sizeof(*r));
    accord_example *examples =
        carve(at, from->examples, from->n_examples * sizeof(*from->examples));
    accord_extra *extras =
        carve(at, from->extras, from->n_extras * sizeof(*from->extras));

    *r = (accord_record){.struct_size = sizeof(*r),
                         .n_examples = from->n_examples,
                         .n_extras = from->n_extras,
                         .question = carve_text(at, from->question),
                         .instruction = carve_text(at, from->instruction),
                         .examples = examples,
                         .extras = extras};
    for (uint32_t i = 0; i < r->n_examples; i++) {
        examples[i].question = carve_text(at, examples[i].question);
        examples[i].solution = carve_text(at, examples[i].solution);
    }
    for (uint32_t i = 0; i < r->n_extras; i++) {
        extras[i].name = carve_text(at, extras[i].name);
        extras[i].text = carve_text(at, extras[i].text);
    }
    return r;
}

static size_t payload_bytes(const accord_space *s) {
    if (s->kind == ACCORD_VECTOR)
        return s->n * sizeof(float);
    return s->kind == ACCORD_PIXELS ? (size_t)3 * s->height * s->width : 0;
}

accord_code accord_obs_copy(const accord_obs *from, const accord_space *space,
                            accord_obs **out, accord_err *err) {
    size_t n = payload_bytes(space);
    char *block;

    *out = NULL;
    size_t record = space->kind == ACCORD_TEXT ? record_bytes(from->record) : 0;
    accord_code rc =
        accord_alloc(1, rounded(sizeof(**out)) + rounded(n) + record, &block, err);
    if (rc)
        return rc;
    accord_obs *o = carve(&block, NULL, sizeof(*o));
    *o = (accord_obs){
        .struct_size = sizeof(*o), .kind = space->kind, .index = from->index};
    if (space->kind == ACCORD_TEXT)
        o->record = carve_record(&block, from->record);
    else if (space->kind == ACCORD_VECTOR)
        o->vector = carve(&block, from->vector, n);
    else if (space->kind == ACCORD_PIXELS)
        o->pixels = carve(&block, from->pixels, n);
    *out = o;
    return ACCORD_OK;
}

void accord_obs_free(accord_obs *obs) {
    free(obs);
}

accord_code accord_action_copy(const accord_action *from, const accord_space *space,
                               accord_action **out, accord_err *err) {
    size_t n = payload_bytes(space);
    char *block;

    *out = NULL;
    accord_code rc = accord_alloc(
        1, rounded(sizeof(**out)) + rounded(n) + text_bytes(from->text), &block, err);
    if (rc)
        return rc;
    accord_action *a = carve(&block, NULL, sizeof(*a));
    *a = (accord_action){
        .struct_size = sizeof(*a), .kind = space->kind, .index = from->index};
    if (space->kind == ACCORD_TEXT)
        a->text = carve_text(&block, from->text);
    else if (space->kind == ACCORD_VECTOR)
        a->vector = carve(&block, from->vector, n);
    *out = a;
    return ACCORD_OK;
}

void accord_action_free(accord_action *action) {
    free(action);
}
