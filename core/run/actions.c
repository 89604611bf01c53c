/* actions.c - see actions.h. */
#include "run/actions.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

_Static_assert(sizeof(float) == 4, "a float is written as four bytes");

static uint32_t width_of(const accord_space *space) {
    return space->kind == ACCORD_VECTOR ? space->n : space->kind == ACCORD_DISCRETE;
}

static const char *type_of(const accord_space *space) {
    return space->kind == ACCORD_VECTOR ? "float32" : "int32";
}

void accord_actions_begin(accord_actions *a, const accord_space *space) {
    *a = (accord_actions){.space = *space};
    accord_buf_init(&a->bytes, ACCORD_ACTIONS_MAX);
}

static void put_word(uint8_t out[4], uint32_t word) {
    out[0] = (uint8_t)word;
    out[1] = (uint8_t)(word >> 8);
    out[2] = (uint8_t)(word >> 16);
    out[3] = (uint8_t)(word >> 24);
}

void accord_actions_add(accord_actions *a, const accord_action *action) {
    uint32_t width = width_of(&a->space);
    uint8_t bytes[4];

    if (width == 0)
        return;
    a->steps++;
    for (uint32_t i = 0; i < width; i++) {
        uint32_t word = (uint32_t)action->index;
        if (a->space.kind == ACCORD_VECTOR) {
            word = 0;
            if (action->vector)
                memcpy(&word, &action->vector[i], sizeof(word));
        }
        put_word(bytes, word);
        accord_buf_add(&a->bytes, bytes, sizeof(bytes));
    }
}

accord_code accord_actions_check(const accord_actions *a, bool *whole, accord_err *err) {
    *whole = a->steps > 0 && !a->bytes.failed;
    if (a->bytes.no_memory)
        return accord_buf_check(&a->bytes, "the actions of an episode", err);
    return ACCORD_OK;
}

void accord_actions_write(const accord_actions *a, accord_buf *line) {
    accord_json_text(line, "type", type_of(&a->space));
    accord_json_int(line, "steps", (int64_t)a->steps);
    accord_json_int(line, "width", width_of(&a->space));
    accord_json_key(line, "data");
    accord_buf_puts(line, "\"");
    accord_base64_add(line, a->bytes.data, a->bytes.n);
    accord_buf_puts(line, "\"");
}

void accord_actions_fini(accord_actions *a) {
    accord_buf_fini(&a->bytes);
}

accord_code accord_actions_read(const json_t *line, const accord_space *space,
                                accord_actions *out, accord_err *err) {
    const char *type = json_string_value(json_object_get(line, "type"));
    const char *data = json_string_value(json_object_get(line, "data"));
    json_int_t width = json_integer_value(json_object_get(line, "width"));
    json_int_t steps = json_integer_value(json_object_get(line, "steps"));
    uint8_t *bytes;

    accord_actions_begin(out, space);
    if (!type || !data || strcmp(type, type_of(space)) != 0 ||
        width != (json_int_t)width_of(space))
        return accord_fail(err, ACCORD_E_CONFIG,
                           "its actions are %u %s now, and %lld %s were recorded",
                           width_of(space), type_of(space), (long long)width,
                           type ? type : "of nothing");
    if (width == 0 || steps < 1 || steps > ACCORD_ACTIONS_MAX / 4 / width)
        return accord_fail(err, ACCORD_E_CONFIG, "%lld steps were recorded",
                           (long long)steps);
    accord_code rc = accord_base64_read(data, (size_t)(steps * width * 4), &bytes, err);
    if (rc)
        return rc;
    out->steps = (uint64_t)steps;
    accord_buf_add(&out->bytes, bytes, (size_t)(steps * width * 4));
    free(bytes);
    return accord_buf_check(&out->bytes, "the recorded actions", err);
}

static uint32_t word_at(const accord_actions *a, uint64_t i) {
    const uint8_t *p = (const uint8_t *)a->bytes.data + 4 * i;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void accord_actions_get(const accord_actions *a, uint64_t step, float *vector,
                        accord_action *out) {
    *out = (accord_action){.struct_size = sizeof(*out), .kind = a->space.kind};
    if (a->space.kind == ACCORD_DISCRETE) {
        out->index = (int32_t)word_at(a, step);
        return;
    }
    for (uint32_t i = 0; i < a->space.n; i++) {
        uint32_t word = word_at(a, step * a->space.n + i);
        memcpy(&vector[i], &word, sizeof(word));
    }
    out->vector = vector;
}
