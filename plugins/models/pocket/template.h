/* template.h - the chat template: messages into the tokens that a pocket model reads.
 *
 * What counts in a message are the sections of <accord/chat.h>, lines that begin with
 * "Task:", "Question:", "Format:", "Plan:", "Answer:" or "Peer 2:"; each runs on to the
 * next one.  Text before the first section is dropped.  A message of a user without any
 * section is a question; of a system, nothing.  A message of an assistant is a reply,
 * whole.
 *
 *   TASK_ANSWER QUESTION ... FORMAT ... REPLY ... END      a worked example
 *   TASK_REVISE QUESTION ... FORMAT ... ANSWER ... PEER ... PEER ... REPLY
 *
 * Peers' numbers are dropped, their order stays.  White space around a text is dropped.
 */
#ifndef ACCORD_POCKET_TEMPLATE_H
#define ACCORD_POCKET_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

#include "fail.h"

/* [any] Writes the tokens of messages[n], with POCKET_REPLY at the end, and sets
 * *n_tokens, which may be more than `room`; then the first `room` are written.
 * ACCORD_E_ARG with a sentence: no text at all, a Task that is none of the four, a role
 * that is none of the three. */
accord_code pocket_prompt(const accord_message *messages, uint32_t n, int32_t *tokens,
                          size_t room, size_t *n_tokens, struct pocket_err *err);

/* [any] Appends the tokens of a reply and POCKET_END, as pocket_prompt() counts. */
void pocket_reply(const char *text, int32_t *tokens, size_t room, size_t *n_tokens);

/* [any] SHA-256, in hexadecimal, of what the template makes of a conversation that
 * <accord/chat.h> writes with every section in it: changes when either does.
 * ACCORD_E_NOMEM. */
accord_code pocket_sections_hash(char hex[65], struct pocket_err *err);

#endif
