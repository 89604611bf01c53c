/* shape.c - see shape.h. */
#include "shape.h"

#include <stdio.h>
#include <string.h>

#include "tokenizer.h"

enum { PER_LAYER = 6 };

int pocket_shape_of(const char *size, struct pocket_shape *out) {
    static const struct {
        const char *name;
        struct pocket_shape shape;
    } sizes[] = {
        {"s", {.context = 512, .width = 64, .layers = 4, .heads = 4, .hidden = 192}},
        {"m", {.context = 512, .width = 128, .layers = 4, .heads = 4, .hidden = 384}},
        {"m2", {.context = 512, .width = 128, .layers = 4, .heads = 4, .hidden = 384}},
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (strcmp(size, sizes[i].name) == 0) {
            *out = sizes[i].shape;
            out->vocabulary = pocket_vocabulary_size();
            return 1;
        }
    return 0;
}

static int is_within(uint32_t n, uint32_t most) {
    return n > 0 && n <= most;
}

int pocket_shape_is_sound(const struct pocket_shape *s) {
    return is_within(s->vocabulary, 1u << 16) &&
           is_within(s->context, POCKET_MAX_CONTEXT) &&
           is_within(s->width, POCKET_MAX_WIDTH) &&
           is_within(s->layers, POCKET_MAX_LAYERS) && is_within(s->heads, s->width) &&
           is_within(s->hidden, 8 * POCKET_MAX_WIDTH) && s->width % s->heads == 0 &&
           s->width / s->heads % 16 == 0 && s->width % 64 == 0 && s->hidden % 64 == 0;
}

size_t pocket_shape_count(const struct pocket_shape *s) {
    return 2 + (size_t)s->layers * PER_LAYER + 1;
}

static void name_matrix(struct pocket_tensor *t, const char *name, uint32_t rows,
                        uint32_t columns) {
    snprintf(t->name, sizeof(t->name), "%s", name);
    t->rows = rows;
    t->columns = columns;
}

static void name_gain(struct pocket_tensor *t, const char *name, uint32_t columns) {
    name_matrix(t, name, 1, columns);
    t->is_gain = 1;
}

static void name_in_layer(const struct pocket_shape *s, size_t i,
                          struct pocket_tensor *t) {
    char name[32];
    uint32_t w = s->width;
    unsigned layer = (unsigned)(i / PER_LAYER);
    static const char *const parts[PER_LAYER] = {"norm1", "qkv", "out",
                                                 "norm2", "up",  "down"};

    snprintf(name, sizeof(name), "layer%u.%s", layer, parts[i % PER_LAYER]);
    switch (i % PER_LAYER) {
    case 1:
        name_matrix(t, name, 3 * w, w);
        break;
    case 2:
        name_matrix(t, name, w, w);
        break;
    case 4:
        name_matrix(t, name, s->hidden, w);
        break;
    case 5:
        name_matrix(t, name, w, s->hidden);
        break;
    default:
        name_gain(t, name, w);
    }
}

static void name_tensor(const struct pocket_shape *s, size_t i, struct pocket_tensor *t) {
    *t = (struct pocket_tensor){.offset = 0};
    if (i == 0)
        name_matrix(t, "embed", s->vocabulary, s->width);
    else if (i == 1)
        name_matrix(t, "position", s->context, s->width);
    else if (i == pocket_shape_count(s) - 1)
        name_gain(t, "norm", s->width);
    else
        name_in_layer(s, i - 2, t);
}

void pocket_shape_tensor(const struct pocket_shape *s, size_t i,
                         struct pocket_tensor *out) {
    size_t offset = 0;

    for (size_t k = 0; k < i; k++) {
        name_tensor(s, k, out);
        offset += (size_t)out->rows * out->columns;
    }
    name_tensor(s, i, out);
    out->offset = offset;
}

size_t pocket_shape_size(const struct pocket_shape *s) {
    struct pocket_tensor last;

    pocket_shape_tensor(s, pocket_shape_count(s) - 1, &last);
    return last.offset + last.columns;
}

size_t pocket_shape_work(const struct pocket_shape *s) {
    size_t w = s->width;

    return s->layers * (4 * w * w + 2 * w * s->hidden) + w * s->vocabulary;
}
