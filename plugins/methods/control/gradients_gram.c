/* gradients_gram.c - inner products of all rows, in one pass over memory.
 *
 * The product of two floats is exact in double, so only additions round, and they run in
 * a fixed order: eight lanes in a block, then the blocks. */
#include <string.h>

#include "gradients_parts.h"

typedef double two __attribute__((vector_size(16)));

const float *control_block(const float *row, size_t at, size_t size, float *room) {
    if (size - at >= CONTROL_BLOCK)
        return row + at;
    memset(room, 0, CONTROL_BLOCK * sizeof(float));
    memcpy(room, row + at, (size - at) * sizeof(float));
    return room;
}

static void widen(double *restrict y, const float *restrict x) {
    for (int k = 0; k < CONTROL_BLOCK; k++)
        y[k] = (double)x[k];
}

static double dot(const double *a, const double *b) {
    const two *x = (const two *)a, *y = (const two *)b;
    two s0 = {0, 0}, s1 = s0, s2 = s0, s3 = s0;

    for (int k = 0; k < CONTROL_BLOCK / 2; k += 4) {
        s0 += x[k] * y[k];
        s1 += x[k + 1] * y[k + 1];
        s2 += x[k + 2] * y[k + 2];
        s3 += x[k + 3] * y[k + 3];
    }
    s0 = (s0 + s1) + (s2 + s3);
    return s0[0] + s0[1];
}

void control_gram(control_views *v) {
    _Alignas(16) double wide[CONTROL_MAX_VIEWS][CONTROL_BLOCK];
    float room[CONTROL_BLOCK];

    memset(v->gram, 0, sizeof(v->gram));
    for (size_t at = 0; at < v->size; at += CONTROL_BLOCK) {
        for (uint32_t i = 0; i < v->n; i++) {
            widen(wide[i], control_block(v->row[i], at, v->size, room));
            for (uint32_t j = 0; j <= i; j++)
                v->gram[i][j] += dot(wide[i], wide[j]);
        }
    }
    for (uint32_t i = 0; i < v->n; i++)
        for (uint32_t j = 0; j < i; j++)
            v->gram[j][i] = v->gram[i][j];
}
