/* parts.h - what the programs that draw pictures of the control tasks share: the task, as
 * a run would use it, and a sheet of squares. */
#ifndef BENCHMARKS_VISUAL_PARTS_H
#define BENCHMARKS_VISUAL_PARTS_H

#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "host/instance.h"

enum { PARTS_DOMAINS = 6 };
extern const char *const parts_domains[PARTS_DOMAINS];

/* The task visual with pictures of `size` pixels a side.  *params must outlive it. */
accord_code parts_task(const char *domain, uint32_t size, json_t **params,
                       accord_instance **out, accord_err *err);
/* Random actions from *state, `steps` of them; obs is the last one's. */
accord_code parts_play(const accord_task_ops *task, void *ep, uint32_t n_actions,
                       int steps, uint64_t *state, accord_obs *obs, accord_err *err);

/* Squares on white. */
typedef struct parts_sheet {
    uint32_t side, width, height;
    uint8_t *pixels; /* [3][height][width]; free() it */
} parts_sheet;

accord_code parts_sheet_make(parts_sheet *s, uint32_t rows, uint32_t columns,
                             uint32_t side, accord_err *err);
/* pixels[3][side][side] */
void parts_paste(parts_sheet *s, uint32_t row, uint32_t column, const uint8_t *pixels);
accord_code parts_write(const parts_sheet *s, const char *path, accord_err *err);

#endif
