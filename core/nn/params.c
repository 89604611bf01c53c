/* params.c - sets of parameters, groups, layers' declarations. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/pages.h"
#include "nn/parts.h"

struct accord_nn_params {
    accord_nn_err err; /* the first failure while the set was built */
    accord_nn_param **params;
    size_t n, cap, size;
    float *value, *grad; /* NULL before sealing */
};

accord_code accord_nn_fail(accord_nn_err *err, accord_code code, const char *fmt, ...) {
    if (err && !err->code) {
        va_list ap;
        err->code = code;
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof(err->text), fmt, ap);
        va_end(ap);
    }
    return code;
}

accord_nn_params *accord_nn_params_create(void) {
    return calloc(1, sizeof(accord_nn_params));
}

void accord_nn_params_destroy(accord_nn_params *set) {
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++)
        free(set->params[i]);
    free(set->params);
    free(set->value);
    free(set->grad);
    free(set);
}

/* The number of floats; 0 if an axis is 0, there are too many or they overflow. */
static size_t size_of(uint32_t rank, const size_t *shape) {
    size_t size = 1;

    if (rank > ACCORD_NN_MAX_RANK)
        return 0;
    for (uint32_t i = 0; i < rank; i++)
        if (__builtin_mul_overflow(size, shape[i], &size))
            return 0;
    return size > SIZE_MAX / 8 ? 0 : size;
}

static accord_nn_param *refuse(accord_nn_params *set, accord_code code, const char *name,
                               const char *why) {
    accord_nn_fail(&set->err, code, "parameter %s: %s", name, why);
    return NULL;
}

static accord_nn_param *append(accord_nn_params *set, const char *name) {
    if (set->n == set->cap) {
        size_t cap = set->cap ? 2 * set->cap : 16;
        accord_nn_param **params = realloc(set->params, cap * sizeof(accord_nn_param *));
        if (!params)
            return NULL;
        set->params = params;
        set->cap = cap;
    }
    size_t length = strlen(name) + 1;
    accord_nn_param *p = calloc(1, sizeof(*p) + length);
    if (!p)
        return NULL;
    p->name = memcpy(p + 1, name, length);
    set->params[set->n++] = p;
    return p;
}

accord_nn_param *accord_nn_param_add(accord_nn_params *set, const char *name, float first,
                                     uint32_t rank, const size_t *shape) {
    if (!set || set->err.code)
        return NULL;
    size_t size = size_of(rank, shape);
    if (!size)
        return refuse(set, ACCORD_E_ARG, name, "an axis is 0, or there are too many");
    if (set->value)
        return refuse(set, ACCORD_E_ARG, name, "the set is sealed");
    if (accord_nn_params_find(set, name))
        return refuse(set, ACCORD_E_ARG, name, "the name is given twice");
    if (set->size > SIZE_MAX / 8 - size)
        return refuse(set, ACCORD_E_LIMIT, name, "the set is too large");
    accord_nn_param *p = append(set, name);
    if (!p)
        return refuse(set, ACCORD_E_NOMEM, name, "out of memory");
    p->set = set;
    p->offset = set->size;
    p->size = size;
    p->rank = rank;
    p->first = first;
    if (rank)
        memcpy(p->shape, shape, rank * sizeof(*shape));
    set->size += size;
    return p;
}

accord_code accord_nn_params_seal(accord_nn_params *set, accord_nn_err *err) {
    if (!set)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory");
    if (set->err.code)
        return accord_nn_fail(err, set->err.code, "%s", set->err.text);
    if (set->value || !set->n)
        return accord_nn_fail(err, ACCORD_E_ARG,
                              set->n ? "the set of parameters is sealed already"
                                     : "the set of parameters is empty");
    set->value = calloc(set->size, sizeof(float));
    set->grad = calloc(set->size, sizeof(float));
    if (!set->value || !set->grad) {
        free(set->value);
        free(set->grad);
        set->value = set->grad = NULL;
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for %zu parameters",
                              set->size);
    }
    accord_pages_huge(set->value, set->size * sizeof(float));
    accord_pages_huge(set->grad, set->size * sizeof(float));
    for (size_t i = 0; i < set->n; i++) {
        accord_nn_param *p = set->params[i];
        p->value = set->value + p->offset;
        p->grad = set->grad + p->offset;
        accord_nn_init_fill(p, p->first);
    }
    return ACCORD_OK;
}

size_t accord_nn_params_size(const accord_nn_params *set) {
    return set && set->value ? set->size : 0;
}

size_t accord_nn_params_count(const accord_nn_params *set) {
    return set ? set->n : 0;
}

accord_nn_param *accord_nn_params_at(const accord_nn_params *set, size_t i) {
    return set && i < set->n ? set->params[i] : NULL;
}

accord_nn_param *accord_nn_params_find(const accord_nn_params *set, const char *name) {
    for (size_t i = 0; set && i < set->n; i++)
        if (strcmp(set->params[i]->name, name) == 0)
            return set->params[i];
    return NULL;
}

/* ---- groups ---- */

static accord_nn_group group(accord_nn_params *set, size_t first, size_t count) {
    accord_nn_group g = {.set = set, .first = first, .count = count};

    if (!set || !set->value || !count) {
        g.count = 0;
        return g;
    }
    const accord_nn_param *last = set->params[first + count - 1];
    g.value = set->params[first]->value;
    g.grad = set->params[first]->grad;
    g.size = last->offset + last->size - set->params[first]->offset;
    return g;
}

accord_nn_group accord_nn_group_all(accord_nn_params *set) {
    return group(set, 0, accord_nn_params_count(set));
}

accord_nn_group accord_nn_group_of(accord_nn_params *set, const char *prefix) {
    size_t first = 0, count = 0, length = strlen(prefix);

    for (size_t i = 0; i < accord_nn_params_count(set); i++) {
        if (strncmp(set->params[i]->name, prefix, length) != 0)
            continue;
        if (count && i != first + count)
            return group(set, 0, 0);
        first = count ? first : i;
        count++;
    }
    return group(set, first, count);
}

accord_nn_group accord_nn_group_join(accord_nn_group a, accord_nn_group b) {
    accord_nn_group low = a.first <= b.first ? a : b, high = a.first <= b.first ? b : a;

    if (a.set != b.set || !a.size || !b.size || low.first + low.count != high.first)
        return group(NULL, 0, 0);
    return group(a.set, low.first, low.count + high.count);
}

bool accord_nn_copy(accord_nn_group to, accord_nn_group from) {
    if (to.size != from.size)
        return false;
    if (to.size)
        memmove(to.value, from.value, to.size * sizeof(float));
    return true;
}

bool accord_nn_ema(accord_nn_group to, accord_nn_group from, double tau) {
    if (to.size != from.size)
        return false;
    accord_kernels_best()->ema(to.value, from.value, (float)tau, to.size);
    return true;
}

/* ---- declarations ---- */

/* "name.part"; a name that is too long is refused as a parameter's. */
static accord_nn_param *declare(accord_nn_params *set, const char *name, const char *part,
                                float first, uint32_t rank, const size_t *shape) {
    char full[256];

    if (!set)
        return NULL;
    if ((size_t)snprintf(full, sizeof(full), "%s.%s", name, part) >= sizeof(full))
        return refuse(set, ACCORD_E_ARG, name, "the name is too long");
    return accord_nn_param_add(set, full, first, rank, shape);
}

accord_nn_linear_layer accord_nn_linear_declare(accord_nn_params *set, const char *name,
                                                size_t n_in, size_t n_out) {
    accord_nn_linear_layer l;

    l.weight = declare(set, name, "weight", 0.0f, ACCORD_NN_SHAPE(n_out, n_in));
    l.bias = declare(set, name, "bias", 0.0f, ACCORD_NN_SHAPE(n_out));
    return l;
}

accord_nn_embedding_layer accord_nn_embedding_declare(accord_nn_params *set,
                                                      const char *name, size_t n,
                                                      size_t width) {
    return (accord_nn_embedding_layer){
        declare(set, name, "weight", 0.0f, ACCORD_NN_SHAPE(n, width))};
}

accord_nn_conv2d_layer accord_nn_conv2d_declare(accord_nn_params *set, const char *name,
                                                size_t in, size_t out, size_t k,
                                                uint32_t stride, uint32_t pad) {
    accord_nn_conv2d_layer l = {.stride = stride, .pad = pad};

    l.weight = declare(set, name, "weight", 0.0f, ACCORD_NN_SHAPE(out, in, k, k));
    l.bias = declare(set, name, "bias", 0.0f, ACCORD_NN_SHAPE(out));
    return l;
}

accord_nn_norm_layer accord_nn_layer_norm_declare(accord_nn_params *set, const char *name,
                                                  size_t n) {
    accord_nn_norm_layer l = accord_nn_rms_norm_declare(set, name, n);

    l.bias = declare(set, name, "bias", 0.0f, ACCORD_NN_SHAPE(n));
    return l;
}

accord_nn_norm_layer accord_nn_rms_norm_declare(accord_nn_params *set, const char *name,
                                                size_t n) {
    return (accord_nn_norm_layer){
        .gain = declare(set, name, "gain", 1.0f, ACCORD_NN_SHAPE(n)), .eps = 1e-5f};
}

accord_nn_gru_layer accord_nn_gru_declare(accord_nn_params *set, const char *name,
                                          size_t n_in, size_t n_hidden) {
    accord_nn_gru_layer l;
    size_t rows = 0;

    if (__builtin_mul_overflow(n_hidden, (size_t)3, &rows))
        rows = 0;
    l.w_x = declare(set, name, "w_x", 0.0f, ACCORD_NN_SHAPE(rows, n_in));
    l.w_h = declare(set, name, "w_h", 0.0f, ACCORD_NN_SHAPE(rows, n_hidden));
    l.b_x = declare(set, name, "b_x", 0.0f, ACCORD_NN_SHAPE(rows));
    l.b_h = declare(set, name, "b_h", 0.0f, ACCORD_NN_SHAPE(rows));
    return l;
}
