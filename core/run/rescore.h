/* rescore.h - a run graded again: the final answers and candidates of text.jsonl go to
 * the tasks as they are now, and nothing is asked of a model.
 *
 * What is graded is the evaluation: episodes that ended as correct, wrong, refused,
 * truncated or unparsed with an answer.  What a crash, a deadline, a budget or a server
 * ended stays as it was, and so does training: what was learned then was learned from the
 * old verdicts. */
#ifndef ACCORD_RESCORE_H
#define ACCORD_RESCORE_H

#include "run/manifest.h"

#define ACCORD_GRADE_COMMAND "grade" /* the hidden sub-command of the child */

typedef struct accord_rescore {
    accord_manifest *run;
    accord_suite *suite; /* the run's, with the changes */
    json_t *described;   /* its tasks and their plugins now */
} accord_rescore;

/* [main] Reads the run, applies changes "tasks/NAME/params/KEY=VALUE" and asks the tasks
 * what they are.  ACCORD_E_CONFIG where the data of the questions changed,
 * ACCORD_E_UNSUPPORTED where a task has more than one step or its actions are no text.
 * accord_rescore_close() in any case. */
accord_code accord_rescore_open(const char *dir, const char *const *set, uint32_t n_set,
                                accord_rescore *out, accord_err *err) ACCORD_MUST_CHECK;
/* [main] */
void accord_rescore_close(accord_rescore *r);

/* [main] Writes DIR/manifest.json: the run's, with tasks, task plugins and suite as they
 * are now, and the member "rescored": {"run", "created", "accord"}. */
accord_code accord_rescore_manifest(const accord_rescore *r, const char *dir,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* [main] Grades a cell in a child.  With `dir`, journal.jsonl and text.jsonl of the cell
 * are written below it; lines whose verdict stands are copied as they are.  *out, the
 * caller's: {"finished": false} of a cell that was never finished, which is left out, or
 * {"finished": true, "modes": {MODE: {"n", "before", "after", "moved", "otherwise",
 * "kept"}}, "candidates": {"n", "moved"}, "moves": [{"mode", "item", "before", "after"}]}
 * of the last evaluation.  `before` and `after` are mean scores, or of a move
 * {"outcome", "score", "canon"}; `otherwise` counts episodes of the same verdict whose
 * answer was read in another way or whose parts differ.
 * ACCORD_E_CONFIG where the files are damaged or an item is another now. */
accord_code accord_rescore_cell(const accord_rescore *r, uint32_t cell, const char *dir,
                                json_t **out, accord_err *err) ACCORD_MUST_CHECK;

/* [main] The child's side; the process's exit status. */
int accord_grade_serve(void);

#endif
