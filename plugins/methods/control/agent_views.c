/* agent_views.c - what the critic learns from: the views of a batch. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/rng.h>

#include "agent_parts.h"

/* ---- from the options ---------------------------------------------------------------
 */

static void read_reading(control_agent *a) {
    a->views = a->method->views;
    if (a->views != CONTROL_VIEWS_READING)
        return;
    a->chained = strcmp(a->options.reading, "chained") == 0;
    a->random_view = strcmp(a->options.reading, "random") == 0;
    a->views = a->chained || a->random_view ? CONTROL_VIEWS_ONE : CONTROL_VIEWS_EACH;
}

static accord_code read_per_update(control_agent *a, accord_err *err) {
    uint64_t wanted = (uint64_t)a->options.views_per_update;

    a->per_update = wanted ? (uint32_t)wanted : a->n_strong;
    if (wanted <= a->n_strong)
        return ACCORD_OK;
    return a->host->fail(a->host, err, ACCORD_E_CONFIG,
                         "\"views_per_update\" is %llu, and \"augmentations\" has %u",
                         (unsigned long long)wanted, a->n_strong);
}

static accord_code read_strong(control_agent *a, accord_err *err) {
    const char *text = a->options.augmentations;

    if (!text) /* the method has none */
        return ACCORD_OK;
    /* The clean view is one of CONTROL_MAX_VIEWS. */
    accord_code rc = control_chains_read(a->host, text, a->strong, CONTROL_MAX_VIEWS - 1,
                                         &a->n_strong, err);
    if (!rc && a->views == CONTROL_VIEWS_PAIR && a->n_strong != 1)
        rc = a->host->fail(a->host, err, ACCORD_E_CONFIG,
                           "\"augmentations\" is \"%s\", where one augmentation or one "
                           "chain of them (conv+overlay) is wanted",
                           text);
    return rc ? rc : read_per_update(a, err);
}

static int needs_pictures(const control_agent *a) {
    for (uint32_t i = 0; i < a->n_strong; i++)
        for (uint32_t k = 0; k < a->strong[i].n; k++)
            if (a->strong[i].of[k]->needs_pictures)
                return 1;
    return 0;
}

/* Rows of gradients in an update. */
static uint32_t n_rows(const control_agent *a) {
    return a->views == CONTROL_VIEWS_EACH ? 1 + a->per_update : 1;
}

/* What the buffers take. */
static double bytes_needed(const control_agent *a) {
    double batch = (double)a->options.batch;
    double stacks = a->views == CONTROL_VIEWS_PAIR ? 5 : 4;

    stacks += a->n_strong ? 2 : 0;
    return batch * stacks * (double)a->stack_bytes +
           (double)(n_rows(a) + 1) * (double)control_sac_critic_size(a->sac) *
               sizeof(float);
}

static accord_code too_much(const control_agent *a, accord_err *err) {
    return a->host->fail(a->host, err, ACCORD_E_NOMEM,
                         "no memory for an update: a batch of %lld and %u views take "
                         "%.2f GB",
                         (long long)a->options.batch, 1 + a->per_update,
                         bytes_needed(a) * 1e-9);
}

static accord_code allocate(control_agent *a, accord_err *err) {
    control_buffers *b = &a->b;
    size_t batch = (size_t)a->options.batch, wide = batch, view = 0;
    size_t size = a->stack_bytes, row = control_sac_critic_size(a->sac) * sizeof(float);

    /* The system promises more memory than there is. */
    if (bytes_needed(a) >
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE))
        return too_much(a, err);
    if (a->views == CONTROL_VIEWS_PAIR)
        wide = 2 * batch;
    if (a->n_strong)
        view = batch * size;
    b->raw = malloc(batch * size);
    b->raw_next = malloc(batch * size);
    b->next = malloc(batch * size);
    b->obs = malloc(wide * size);
    b->view = malloc(view + 1);
    b->scratch = malloc(view + 1);
    b->action = malloc(wide * a->n_actions * sizeof(float));
    b->reward = malloc(batch * sizeof(float));
    b->not_done = malloc(batch * sizeof(float));
    b->y = malloc(wide * sizeof(float));
    b->grad = malloc(n_rows(a) * row);
    b->combined = malloc(row);
    if (b->raw && b->raw_next && b->next && b->obs && b->view && b->scratch &&
        b->action && b->reward && b->not_done && b->y && b->grad && b->combined)
        return ACCORD_OK;
    return too_much(a, err);
}

accord_code control_views_read(control_agent *a, accord_err *err) {
    char path[PATH_MAX];

    read_reading(a);
    if (a->method->shift)
        a->shift = control_augmentation_find("shift");
    accord_code rc = read_strong(a, err);
    if (!rc && needs_pictures(a) && a->options.overlay[0])
        rc = a->host->data_path(a->host, a->options.overlay, path, sizeof(path), err);
    return rc;
}

accord_code control_views_allocate(control_agent *a, accord_err *err) {
    accord_code rc = ACCORD_OK;

    if (needs_pictures(a))
        rc = control_pictures_create(a->host, a->options.overlay, a->size->pixels,
                                     &a->pictures, err);
    return rc ? rc : allocate(a, err);
}

void control_views_release(control_agent *a) {
    control_buffers *b = &a->b;

    control_pictures_destroy(a->pictures);
    free(b->raw);
    free(b->raw_next);
    free(b->next);
    free(b->obs);
    free(b->view);
    free(b->scratch);
    free(b->action);
    free(b->reward);
    free(b->not_done);
    free(b->y);
    free(b->grad);
    free(b->combined);
    a->pictures = NULL;
    *b = (control_buffers){0};
}

/* ---- in an update -------------------------------------------------------------------
 */

static control_stacks stacks(const control_agent *a, const uint8_t *in, uint8_t *out) {
    return (control_stacks){.n = (uint32_t)a->options.batch,
                            .frames = CONTROL_FRAMES,
                            .pixels = a->size->pixels,
                            .in = in,
                            .out = out};
}

static void apply(control_agent *a, uint32_t k, const uint8_t *in, uint8_t *out) {
    const control_stacks s = stacks(a, in, out);

    control_chain_apply(&a->strong[k], &s, a->b.scratch, a->pictures,
                        &a->state.rng[DRAW_STRONG]);
}

static void weak(control_agent *a, const uint8_t *in, uint8_t *out) {
    const control_stacks s = stacks(a, in, out);

    if (a->shift)
        a->shift->apply(&s, NULL, &a->state.rng[DRAW_WEAK]);
    else
        memcpy(out, in, s.n * a->stack_bytes);
}

/* All augmentations on top of each other. */
static void chain(control_agent *a, uint8_t **stack) {
    for (uint32_t k = 0; k < a->n_strong; k++) {
        uint8_t *before = *stack;
        apply(a, k, before, a->b.view);
        *stack = a->b.view;
        a->b.view = before;
    }
}

void control_views_weak(control_agent *a) {
    weak(a, a->b.raw, a->b.obs);
    weak(a, a->b.raw_next, a->b.next);
    if (a->chained) {
        chain(a, &a->b.obs);
        chain(a, &a->b.next);
    }
}

/* Row `row` of the gradients: of `n` transitions seen as `obs`. */
static accord_code gradient(control_agent *a, uint32_t row, uint32_t n,
                            const uint8_t *obs, double *loss, accord_err *err) {
    float *grad = a->b.grad + row * control_sac_critic_size(a->sac);
    accord_nn_err why = {0};
    double value;

    accord_code rc = control_sac_critic_gradient(a->sac, n, obs, a->b.action, a->b.y,
                                                 grad, &value, &why);
    if (rc)
        return control_agent_failed(a, rc, &why, err);
    *loss += value;
    return ACCORD_OK;
}

/* (L(o) + L(view)) / 2 is the mean over one batch of both (Hansen et al. 2021, SVEA, with
 * equal weights of a half). */
static accord_code gradient_of_pair(control_agent *a, double *loss, accord_err *err) {
    uint32_t n = (uint32_t)a->options.batch;

    apply(a, 0, a->b.obs, a->b.obs + n * a->stack_bytes);
    memcpy(a->b.action + (size_t)n * a->n_actions, a->b.action,
           (size_t)n * a->n_actions * sizeof(float));
    memcpy(a->b.y + n, a->b.y, n * sizeof(float));
    return gradient(a, 0, 2 * n, a->b.obs, loss, err);
}

/* The weak view, then strong ones: all, or `per_update` of them, each subset equally
 * likely (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S). */
static accord_code gradients_of_each(control_agent *a, uint32_t *n, double *loss,
                                     accord_err *err) {
    uint32_t batch = (uint32_t)a->options.batch, left = a->per_update;

    accord_code rc = gradient(a, 0, batch, a->b.obs, loss, err);
    for (uint32_t k = 0; k < a->n_strong && left && !rc; k++) {
        uint32_t rest = a->n_strong - k;
        if (left < rest && accord_rng_below(&a->state.rng[DRAW_STRONG], rest) >= left)
            continue;
        apply(a, k, a->b.obs, a->b.view);
        rc = gradient(a, 1 + a->per_update - left, batch, a->b.view, loss, err);
        left--;
    }
    *n = 1 + a->per_update;
    *loss /= *n;
    return rc;
}

static accord_code gradient_of_one(control_agent *a, double *loss, accord_err *err) {
    const uint8_t *obs = a->b.obs;

    if (a->random_view && a->n_strong) {
        uint64_t k = accord_rng_below(&a->state.rng[DRAW_STRONG], a->n_strong + 1);
        if (k > 0) {
            apply(a, (uint32_t)k - 1, a->b.obs, a->b.view);
            obs = a->b.view;
        }
    }
    return gradient(a, 0, (uint32_t)a->options.batch, obs, loss, err);
}

accord_code control_views_gradients(control_agent *a, uint32_t *n, double *loss,
                                    accord_err *err) {
    *n = 1;
    *loss = 0;
    if (a->views == CONTROL_VIEWS_EACH)
        return gradients_of_each(a, n, loss, err);
    if (a->views == CONTROL_VIEWS_PAIR)
        return gradient_of_pair(a, loss, err);
    return gradient_of_one(a, loss, err);
}
