/* read.c - what an engine makes of a text that is there already. */
#include <stdlib.h>
#include <string.h>

#include "engine_parts.h"
#include "tokenizer.h"

/* Hands the hidden states (scratch.y) and logits of a block of rows on. */
typedef void take_rows(struct pocket_engine *e, void *user, size_t n);

/* Reads tokens[n] into slot 0 in blocks. */
static void read_all(struct pocket_engine *e, const int32_t *tokens, size_t n,
                     take_rows *take, void *user) {
    struct pocket_row rows[POCKET_ROWS];

    for (size_t at = 0; at < n;) {
        size_t count = 0;
        for (; at < n && count < POCKET_ROWS; at++)
            rows[count++] = (struct pocket_row){
                .position = (uint32_t)at, .token = tokens[at], .wants_logits = 1};
        pocket_forward(e, rows, count);
        take(e, user, count);
    }
}

static void take_logits(struct pocket_engine *e, void *user, size_t n) {
    size_t vocabulary = e->shape.vocabulary;
    float **to = user;

    for (size_t r = 0; r < n; r++, *to += vocabulary)
        memcpy(*to, e->scratch.logits + r * e->embed.rows, vocabulary * sizeof(float));
}

accord_code pocket_engine_logits(struct pocket_engine *e, const int32_t *tokens, size_t n,
                                 float *logits, struct pocket_err *err) {
    if (n > e->shape.context)
        return pocket_fail(err, ACCORD_E_ARG, "%zu tokens, and the context holds %u", n,
                           e->shape.context);
    for (size_t i = 0; i < n; i++)
        if (tokens[i] < 0 || tokens[i] >= (int32_t)e->shape.vocabulary)
            return pocket_fail(err, ACCORD_E_ARG, "%d is no token", (int)tokens[i]);
    read_all(e, tokens, n, take_logits, &logits);
    return ACCORD_OK;
}

static void take_hidden(struct pocket_engine *e, void *user, size_t n) {
    size_t width = e->shape.width;
    double *sum = user;

    for (size_t r = 0; r < n; r++)
        for (size_t i = 0; i < width; i++)
            sum[i] += (double)e->scratch.y[r * width + i];
}

/* Pieces begin like a question, which is what the model knows texts to be. */
accord_code pocket_engine_embed(struct pocket_engine *e, const char *text, float *out,
                                struct pocket_err *err) {
    size_t n_bytes = strlen(text), width = e->shape.width, n_read = 0, piece, n;
    int32_t head[2] = {POCKET_TASK_ANSWER, POCKET_QUESTION};
    size_t most = e->shape.context - 2;
    int32_t *tokens = malloc((2 * n_bytes + 2) * sizeof(*tokens));
    double *sum = calloc(width, sizeof(*sum));

    if (!tokens || !sum) {
        free(tokens);
        free(sum);
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    }
    n = pocket_encode(text, n_bytes, tokens + 2, 2 * n_bytes);
    for (size_t at = 0; at == 0 || at < n; at += piece) {
        piece = n - at < most ? n - at : most;
        /* What stands before the piece has been read. */
        memcpy(tokens + at, head, sizeof(head));
        read_all(e, tokens + at, piece + 2, take_hidden, sum);
        n_read += piece + 2;
        if (n == 0)
            break;
    }
    for (size_t i = 0; i < width; i++)
        out[i] = (float)(sum[i] / (double)n_read);
    free(tokens);
    free(sum);
    return ACCORD_OK;
}
