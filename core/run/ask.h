/* ask.h - plugin code is not run in the parent: a child of the same executable is asked,
 * so that a plugin that crashes or hangs ends as a sentence that names it. */
#ifndef ACCORD_ASK_H
#define ACCORD_ASK_H

#include <jansson.h>

#include "base/err.h"

/* [main] Starts the hidden sub-command `command`, hands it `order` and waits for its
 * answer; *out is the caller's.  A child that fails, crashes or says nothing for
 * `timeout_ms` is a failure that tells what it was doing. */
accord_code accord_ask_child(const char *command, const json_t *order, int timeout_ms,
                             json_t **out, accord_err *err) ACCORD_MUST_CHECK;

/* ---- inside the child -------------------------------------------------------------- */

/* Fills the object `out` from an order.  A failure is handed to the parent. */
typedef accord_code (*accord_answer)(json_t *order, json_t *out, accord_err *err);

/* [main] The whole of such a sub-command; the process's exit status. */
int accord_ask_serve(accord_answer answer);

/* [main] Tells the parent what is done next: "task math: plugin math", "it was created".
 */
void accord_ask_note(const char *who, const char *doing);

#endif
