/* show.c - `accord show`: the episodes of cells, or all that was said about an item. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"
#include "report/sheet.h"
#include "report/talk.h"
#include "report/tally.h"

#define MAX_TALK ((size_t)1 << 30)

typedef struct show {
    const accord_show *what;
    FILE *out;
    accord_rundir run;
    char *near; /* the item that comes nearest to the one that was asked for */
    size_t distance;
    size_t found;
} show;

static accord_code print(accord_buf *b, FILE *out, accord_err *err) {
    accord_code rc = accord_buf_check(b, "the transcript", err);

    if (!rc && fwrite(b->data ? b->data : "", 1, b->n, out) != b->n)
        rc = accord_fail(err, ACCORD_E_IO, "cannot write the transcript: %s",
                         strerror(errno));
    accord_buf_clear(b);
    return rc;
}

/* Tokens by episode, [n_eps]. */
static accord_code tokens_of(const accord_tally *t, uint64_t **out, accord_err *err) {
    accord_code rc = accord_alloc(t->n_eps, sizeof(**out), out, err);

    for (size_t i = 0; !rc && i < t->n_calls; i++) {
        uint32_t ep = accord_map_find(&t->of_ep, t->calls[i].ep);
        if (ep != ACCORD_MAP_NEW)
            (*out)[ep] += t->calls[i].prompt + t->calls[i].completion;
    }
    return rc;
}

static int in_order(const void *a, const void *b) {
    const accord_tally_ep *x = *(const accord_tally_ep *const *)a;
    const accord_tally_ep *y = *(const accord_tally_ep *const *)b;

    if (x->phase != y->phase)
        return x->phase < y->phase ? -1 : 1;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->mode != y->mode)
        return x->mode < y->mode ? -1 : 1;
    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return (x->visit > y->visit) - (x->visit < y->visit);
}

/* `acts`: it is a course of steps, in which models may have been asked, too. */
static void list_episode(const accord_tally *t, const accord_tally_ep *ep,
                         uint64_t tokens, bool acts, accord_buf *b) {
    static const char *const phases[ACCORD_IN_N] = {"train", "eval", "probe"};

    accord_buf_printf(b, "  %-12s %10.4g", accord_outcomes[ep->outcome], ep->score);
    if (acts)
        accord_buf_printf(b, " %6u steps", ep->steps);
    if (!acts || t->n_calls)
        accord_buf_printf(b, " %9llu tokens", (unsigned long long)tokens);
    accord_buf_printf(b, " %9.3f s  ", (double)ep->us / 1e6);
    accord_report_clean(b, accord_tally_item(t, ep), false);
    if (ep->phase != ACCORD_IN_EVAL || ep->step || ep->visit ||
        strcmp(t->modes.items[ep->mode], "default") != 0)
        accord_buf_printf(b, "  (%s at %llu, %s, visit %u)", phases[ep->phase],
                          (unsigned long long)ep->step, t->modes.items[ep->mode],
                          ep->visit);
    accord_buf_puts(b, "\n");
}

static accord_code list_episodes(show *s, const accord_tally *t, bool acts, accord_buf *b,
                                 accord_err *err) {
    const accord_tally_ep **eps = NULL;
    uint64_t *tokens = NULL;

    accord_code rc = tokens_of(t, &tokens, err);
    if (!rc)
        rc = accord_alloc(t->n_eps, sizeof(*eps), &eps, err);
    for (size_t i = 0; !rc && i < t->n_eps; i++)
        eps[i] = &t->eps[i];
    if (!rc)
        qsort(eps, t->n_eps, sizeof(*eps), in_order);
    for (size_t i = 0; !rc && i < t->n_eps; i++) {
        list_episode(t, eps[i], tokens[eps[i] - t->eps], acts, b);
        if (b->n > 1 << 16)
            rc = print(b, s->out, err);
    }
    free(eps);
    free(tokens);
    return rc;
}

static accord_code list_cell(show *s, const accord_run_cell *cell, accord_err *err) {
    char path[PATH_MAX];
    accord_tally t = {0};
    accord_buf b;

    accord_code rc = accord_rundir_file(&s->run, cell, "journal.jsonl", path, err);
    if (rc)
        return rc;
    bool begun = accord_file_exists(path);
    if (begun)
        rc = accord_tally_read(path, 0, &t, err);
    accord_buf_init(&b, MAX_TALK);
    accord_buf_printf(&b, "%s/%s/%llu: ", cell->task, cell->method,
                      (unsigned long long)cell->seed);
    if (begun)
        accord_buf_printf(&b, "%zu episodes, %zu calls%s\n", t.n_eps, t.n_calls,
                          t.done ? "" : ", not finished");
    else
        accord_buf_puts(&b, "not begun\n");
    if (!rc)
        rc = list_episodes(s, &t, accord_rundir_acts(&s->run, cell->task), &b, err);
    if (!rc)
        rc = print(&b, s->out, err);
    accord_buf_fini(&b);
    accord_tally_fini(&t);
    return rc;
}

static accord_code show_item(show *s, const accord_run_cell *cell, accord_err *err) {
    accord_talk talk;
    accord_buf b;

    accord_buf_init(&b, MAX_TALK);
    accord_code rc =
        accord_talk_read(&s->run, cell, s->what->item, s->what->raw ? &b : NULL, &talk,
                         &s->near, &s->distance, err);
    s->found += talk.n;
    if (!rc && !s->what->raw)
        rc = accord_talk_print(&talk, &s->run, cell, &b, err);
    if (!rc)
        rc = print(&b, s->out, err);
    accord_buf_fini(&b);
    accord_talk_fini(&talk);
    return rc;
}

/* The lines of a cell as they stand. */
static accord_code copy_cell(show *s, const accord_run_cell *cell, accord_err *err) {
    static const char *const files[] = {"journal.jsonl", "text.jsonl"};
    accord_code rc = ACCORD_OK;

    for (int f = 0; !rc && f < 2; f++) {
        char path[PATH_MAX], block[1 << 14];
        size_t n;
        rc = accord_rundir_file(&s->run, cell, files[f], path, err);
        FILE *in = rc ? NULL : fopen(path, "re");
        while (in && !rc && (n = fread(block, 1, sizeof(block), in)) > 0)
            if (fwrite(block, 1, n, s->out) != n)
                rc = accord_fail(err, ACCORD_E_IO, "cannot write the transcript: %s",
                                 strerror(errno));
        if (in)
            fclose(in);
    }
    return rc;
}

static accord_code show_cells(show *s, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t cells = 0;

    for (size_t i = 0; !rc && i < s->run.n_cells; i++) {
        const accord_run_cell *cell = &s->run.cells[i];
        if (!accord_rundir_is_cell(cell, s->what->cell))
            continue;
        cells++;
        if (s->what->item)
            rc = show_item(s, cell, err);
        else
            rc = s->what->raw ? copy_cell(s, cell, err) : list_cell(s, cell, err);
    }
    if (!rc && cells == 0 && s->what->cell)
        rc = accord_rundir_no_cell(&s->run, s->what->cell, err);
    if (!rc && cells > 0 && s->what->item && s->found == 0)
        rc = accord_talk_no_item(s->what->item,
                                 s->what->cell ? s->what->cell : s->run.path, s->near,
                                 s->distance, err);
    return rc;
}

accord_code accord_report_show(const accord_show *what, FILE *out, accord_err *err) {
    show s = {.what = what, .out = out, .distance = SIZE_MAX};

    accord_code rc = accord_rundir_open(what->run_dir, &s.run, err);
    if (!rc)
        rc = show_cells(&s, err);
    if (!rc && fflush(out))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write the transcript: %s",
                         strerror(errno));
    accord_rundir_fini(&s.run);
    free(s.near);
    return rc;
}
