/* engine.h - text from a pocket model.
 *
 *   pocket_weights_open(path, &weights, &err);
 *   pocket_engine_create(&weights, pocket_kernels_best(), &engine, &err);
 *   pocket_engine_run(engine, jobs, n, answers, &err);
 *
 * Up to POCKET_SLOTS jobs are worked on together; whenever one ends the next takes its
 * place.  A job's answer depends on the job and the weights alone, bit for bit: not on
 * the other jobs, their number, the kernels or the compiler.  Matrix products are sums of
 * integers; everything else is float in one fixed order.
 *
 * An engine is used by one thread at a time. */
#ifndef ACCORD_POCKET_ENGINE_H
#define ACCORD_POCKET_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "kernels.h"
#include "weights.h"

/* More would make the products no faster, and their caches would leave the CPU's. */
enum { POCKET_SLOTS = 16 };

struct pocket_engine;

struct pocket_job {
    const int32_t *prompt; /* [n_prompt], of pocket_prompt() */
    size_t n_prompt;
    double temperature; /* 0: the likeliest token */
    double top_p;       /* 0 to 1; 0: the likeliest token */
    uint32_t max_tokens;
    uint32_t n_stop;
    const char *const *stop; /* the text ends before any of them; "" is none */
    uint64_t seed;
};

struct pocket_answer {
    struct pocket_err err; /* its code is set: this job cannot be done, and why */
    int32_t finish;        /* ACCORD_FINISH_STOP or ACCORD_FINISH_LENGTH */
    uint32_t n_tokens;     /* with POCKET_END, if it was said */
    const char *text;      /* "" when err is set */
    const int32_t *tokens; /* [n_tokens] */
    const float *logprobs; /* [n_tokens], at temperature 1 among what may be said */
};

/* [any] *out is the caller's, who keeps `weights` open until it is destroyed.
 * ACCORD_E_NOMEM. */
accord_code pocket_engine_create(const struct pocket_weights *weights,
                                 const struct pocket_kernels *kernels,
                                 struct pocket_engine **out, struct pocket_err *err);
/* [any] NULL is allowed. */
void pocket_engine_destroy(struct pocket_engine *e);

/* [any] Answers all jobs.  What answers[n] point to is the engine's until its next call.
 * ACCORD_E_NOMEM: none is answered. */
accord_code pocket_engine_run(struct pocket_engine *e, const struct pocket_job *jobs,
                              size_t n, struct pocket_answer *answers,
                              struct pocket_err *err);

/* [any] Writes the mean of the final hidden states of `text` to out[width]; a text longer
 * than the context is read in several pieces.  ACCORD_E_NOMEM. */
accord_code pocket_engine_embed(struct pocket_engine *e, const char *text, float *out,
                                struct pocket_err *err);

/* [any] Writes what follows each of tokens[n]: logits[n][vocabulary].  ACCORD_E_ARG: more
 * tokens than the context holds, or one that is no token. */
accord_code pocket_engine_logits(struct pocket_engine *e, const int32_t *tokens, size_t n,
                                 float *logits, struct pocket_err *err);

#endif
