/* gradients_parts.h - what the files of gradients.h share. */
#ifndef CONTROL_GRADIENTS_PARTS_H
#define CONTROL_GRADIENTS_PARTS_H

#include <stdbool.h>

#include "gradients.h"

/* Rows are read in blocks of this many components; the last one is filled up with zeros,
 * which change no sum and cast no vote.  So loops have a fixed length that compilers turn
 * into vectors, and every sum has one order, whatever the CPU. */
enum { CONTROL_BLOCK = 256 };

/* The views that count. */
typedef struct control_views {
    uint32_t n;
    const float *row[CONTROL_MAX_VIEWS]; /* [size] */
    size_t size;
    double gram[CONTROL_MAX_VIEWS][CONTROL_MAX_VIEWS]; /* inner products */
    double norm[CONTROL_MAX_VIEWS];
} control_views;

/* A block of a row: the row itself, or, where it ends within the block, a copy in `room`
 * [CONTROL_BLOCK]. */
const float *control_block(const float *row, size_t at, size_t size, float *room);

/* Inner products of v->row into v->gram.  That of a row with itself is finite exactly
 * when the row is: no square of a float overflows a double. */
void control_gram(control_views *v);

/* The solver's weights; all 0 where it finds no agreement at all. */
void control_weights(const control_views *v, int32_t gas, double weight[]);

/* PCGrad's result as weights of the rows, given the members weight[i] row[i]. */
void control_pcgrad(const control_views *v, const double weight[], uint64_t *rng,
                    double result[]);

/* What surgery counted. */
typedef struct control_surgery {
    uint64_t voters;    /* components with a non-zero member */
    uint64_t conflicts; /* of them, those whose signs differ */
    double mask;        /* sum over the voters */
    double squares;     /* of the result */
    double agreed;      /* AGR_RAND: sum of |result| before noise is filled in */
} control_surgery;

/* out = surgery on the members coefficient[i] row[i].  The signs that vote are those of
 * weight[i] row[i]; but for PCGRAD, the coefficients are all one multiple of the weights.
 * `rng` is for AGR_RAND. */
void control_operate(const control_combine *how, const control_views *v,
                     const double weight[], const double coefficient[], uint64_t *rng,
                     float *out, control_surgery *done);

#endif
