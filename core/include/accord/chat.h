/* chat.h - prompts in marked sections, which every model reads and every built-in method
 * writes.  A section is a line "Name: text", its text running on to the next mark:
 *
 *   Task: answer            what is wanted: answer, revise, plan or merge
 *   Question: ...           the item's question
 *   Format: ...             the answer format that the task wants
 *   Plan: ...               a strategy to follow
 *   Answer: ...             the agent's own last answer
 *   Peer 2: ...             another agent's answer, numbered from 1
 *
 * The wording around the sections may change; the pocket models keep the sections and
 * drop the rest.  Worked examples become earlier turns of the conversation.
 * Link libaccord-plugin.a. */
#ifndef ACCORD_CHAT_H
#define ACCORD_CHAT_H

#include <accord/plugin.h>

#define ACCORD_TASK_ANSWER "answer"
#define ACCORD_TASK_REVISE "revise"
#define ACCORD_TASK_PLAN   "plan"
#define ACCORD_TASK_MERGE  "merge"

/* A conversation being written.  Its texts are its own. */
typedef struct accord_chat accord_chat;

/* [any] NULL when memory is out; every function below takes NULL and keeps silent, and
 * accord_chat_request() reports it. */
accord_chat *accord_chat_create(void);
/* [any] NULL is allowed. */
void accord_chat_destroy(accord_chat *c);

/* [any] Begins a message; `role` is static: "system", "user" or "assistant".  Text before
 * the first message begins a "user" message. */
void accord_chat_message(accord_chat *c, const char *role);
/* [any] Plain text at the end of the message. */
void accord_chat_text(accord_chat *c, const char *text);
/* [any] A section "Name: text" on a line of its own, nothing for an empty text.  A line
 * of `text` that looks like a mark of this list is indented by a blank, so that no answer
 * can forge a section. */
void accord_chat_section(accord_chat *c, const char *name, const char *text);
/* [any] The section "Peer k". */
void accord_chat_peer(accord_chat *c, uint32_t k, const char *text);

/* [any] The turns of the first `shots` worked examples: question, then solution. */
void accord_chat_examples(accord_chat *c, const accord_record *record, uint32_t shots);
/* [any] A user message with Task, Question and Format of a record.  More sections may
 * follow. */
void accord_chat_ask(accord_chat *c, const char *task, const accord_record *record);

/* [any] Puts the messages into `request`; they live until the chat changes.
 * ACCORD_E_NOMEM if memory ran out on the way. */
accord_code accord_chat_request(accord_chat *c, accord_request *request);

#endif
