/* speaker.h - a trained model that answers problems, and what its answers are worth. */
#ifndef ACCORD_POCKET_SPEAKER_H
#define ACCORD_POCKET_SPEAKER_H

#include <accord/chat.h>

#include "engine.h"
#include "problem.h"

typedef struct pocket_speaker {
    const char *name; /* "m", of a recipe; static or the caller's */
    struct pocket_weights weights;
    struct pocket_engine *engine;
} pocket_speaker;

/* One answer, with the verdict of the task. */
typedef struct pocket_said {
    char *text; /* its own */
    char *canon;
    int is_right;
} pocket_said;

/* How a round of answers is drawn. */
typedef struct pocket_round {
    const char *task; /* ACCORD_TASK_... */
    double temperature;
    uint32_t samples;          /* of each problem */
    uint32_t own;              /* 1: `before` begins with the model's own last answer */
    uint32_t peers;            /* answers of others that are shown */
    const pocket_said *before; /* [n][own + peers], or NULL */
    uint64_t seed;
} pocket_round;

/* [any] Opens a file of weights.  The caller's, also on failure, and not to be moved: the
 * engine reads s->weights. */
accord_code pocket_speaker_open(pocket_speaker *s, const char *name, const char *path,
                                struct pocket_err *err);
void pocket_speaker_close(pocket_speaker *s);

/* [any] Answers problems[n]: out[n][round->samples], each to be freed with
 * pocket_said_fini().  ACCORD_E_NOMEM, or why an answer could not be given. */
accord_code pocket_speak(pocket_speaker *s, const pocket_problem *problems, size_t n,
                         const pocket_round *round, pocket_said *out,
                         struct pocket_err *err);
void pocket_said_fini(pocket_said *said, size_t n);

/* [any] Share of said[n] that is right. */
double pocket_accuracy(const pocket_said *said, size_t n);
/* [any] Share of n problems on which the answer that most of `of` samples gave is right:
 * those at said[i * stride .. + of - 1]; of tied ones the one that came first. */
double pocket_majority(const pocket_said *said, size_t n, size_t stride, size_t of);

#endif
