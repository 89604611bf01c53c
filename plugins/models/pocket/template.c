/* template.c - see template.h. */
#include "template.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <accord/chat.h>
#include <accord/sha256.h>

#include "tokenizer.h"

enum { MARK_TASK = -1, MARK_NONE = -2 };

struct writer {
    int32_t *tokens;
    size_t room, n;
};

/* A part of a message, without the white space around it. */
struct section {
    int32_t mark; /* POCKET_QUESTION, ..., MARK_TASK; MARK_NONE before the first */
    const char *text;
    size_t n;
};

static void put(struct writer *w, int32_t token) {
    if (w->n < w->room)
        w->tokens[w->n] = token;
    w->n++;
}

static void put_text(struct writer *w, const char *text, size_t n) {
    size_t used = w->n < w->room ? w->n : w->room;

    w->n += pocket_encode(text, n, w->tokens ? w->tokens + used : NULL, w->room - used);
}

static void trim(const char **text, size_t *n) {
    while (*n > 0 && isspace((unsigned char)**text)) {
        ++*text;
        --*n;
    }
    while (*n > 0 && isspace((unsigned char)(*text)[*n - 1]))
        --*n;
}

/* Which section begins with the line, and the length of its name. */
static int32_t mark_of(const char *line, size_t *length) {
    static const struct {
        const char *name;
        int32_t mark;
    } marks[] = {{"Task:", MARK_TASK},
                 {"Question:", POCKET_QUESTION},
                 {"Format:", POCKET_FORMAT},
                 {"Plan:", POCKET_PLAN},
                 {"Answer:", POCKET_ANSWER}};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        *length = strlen(marks[i].name);
        if (strncmp(line, marks[i].name, *length) == 0)
            return marks[i].mark;
    }
    if (strncmp(line, "Peer ", 5) != 0)
        return MARK_NONE;
    size_t digits = strspn(line + 5, "0123456789");
    *length = 5 + digits + 1;
    return digits > 0 && line[5 + digits] == ':' ? POCKET_PEER : MARK_NONE;
}

static const char *next_line(const char *line) {
    const char *end = strchr(line, '\n');

    return end ? end + 1 : line + strlen(line);
}

/* Cuts the next section off *text; 0 when nothing is left. */
static int next_section(const char **text, struct section *out) {
    const char *at = *text, *end;
    size_t length;

    if (!*at)
        return 0;
    out->mark = mark_of(at, &length);
    out->text = out->mark == MARK_NONE ? at : at + length;
    for (end = next_line(at); *end && mark_of(end, &length) == MARK_NONE;)
        end = next_line(end);
    out->n = (size_t)(end - out->text);
    trim(&out->text, &out->n);
    *text = end;
    return 1;
}

static int has_sections(const char *text) {
    struct section s;

    while (next_section(&text, &s))
        if (s.mark != MARK_NONE)
            return 1;
    return 0;
}

static int is_role(const accord_message *m, const char *role) {
    return strcmp(m->role, role) == 0;
}

static accord_code task_of(const struct section *s, int32_t *task,
                           struct pocket_err *err) {
    static const struct {
        const char *name;
        int32_t token;
    } tasks[] = {{ACCORD_TASK_ANSWER, POCKET_TASK_ANSWER},
                 {ACCORD_TASK_REVISE, POCKET_TASK_REVISE},
                 {ACCORD_TASK_PLAN, POCKET_TASK_PLAN},
                 {ACCORD_TASK_MERGE, POCKET_TASK_MERGE}};

    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
        if (strlen(tasks[i].name) == s->n && memcmp(tasks[i].name, s->text, s->n) == 0) {
            *task = tasks[i].token;
            return ACCORD_OK;
        }
    return pocket_fail(err, ACCORD_E_ARG,
                       "the prompt's task is \"%.*s\", not answer, revise, plan or merge",
                       (int)(s->n < 60 ? s->n : 60), s->text);
}

/* The task of messages[n], of which the last one counts. */
static accord_code find_task(const accord_message *messages, uint32_t n, int32_t *task,
                             struct pocket_err *err) {
    struct section s;

    *task = POCKET_TASK_ANSWER;
    for (uint32_t i = 0; i < n; i++)
        for (const char *text = messages[i].text; next_section(&text, &s);)
            if (s.mark == MARK_TASK && task_of(&s, task, err))
                return ACCORD_E_ARG;
    return ACCORD_OK;
}

static void put_sections(struct writer *w, const accord_message *m) {
    struct section s;
    int is_marked = has_sections(m->text);

    if (!is_marked && !is_role(m, "user"))
        return;
    for (const char *text = m->text; next_section(&text, &s);) {
        int32_t mark = is_marked ? s.mark : POCKET_QUESTION;
        if (mark < 0 || s.n == 0)
            continue;
        put(w, mark);
        put_text(w, s.text, s.n);
    }
}

/* What is said up to a reply: the task, and the sections of messages[n]. */
static accord_code put_turn(struct writer *w, const accord_message *messages, uint32_t n,
                            struct pocket_err *err) {
    int32_t task;
    accord_code rc = find_task(messages, n, &task, err);

    if (rc)
        return rc;
    put(w, task);
    size_t before = w->n;
    for (uint32_t i = 0; i < n; i++)
        put_sections(w, &messages[i]);
    if (w->n == before)
        return pocket_fail(err, ACCORD_E_ARG, "the prompt is empty: %s",
                           n ? "no message asks anything"
                             : "there is no message before the reply");
    put(w, POCKET_REPLY);
    return ACCORD_OK;
}

static accord_code check_roles(const accord_message *messages, uint32_t n,
                               struct pocket_err *err) {
    for (uint32_t i = 0; i < n; i++)
        if (!is_role(&messages[i], "user") && !is_role(&messages[i], "system") &&
            !is_role(&messages[i], "assistant"))
            return pocket_fail(err, ACCORD_E_ARG,
                               "a message has the role \"%.40s\", not system, user or "
                               "assistant",
                               messages[i].role);
    return ACCORD_OK;
}

void pocket_reply(const char *text, int32_t *tokens, size_t room, size_t *n_tokens) {
    struct writer w = {.tokens = tokens, .room = room, .n = *n_tokens};
    size_t n = strlen(text);

    trim(&text, &n);
    put_text(&w, text, n);
    put(&w, POCKET_END);
    *n_tokens = w.n;
}

accord_code pocket_prompt(const accord_message *messages, uint32_t n, int32_t *tokens,
                          size_t room, size_t *n_tokens, struct pocket_err *err) {
    struct writer w = {.tokens = tokens, .room = room};
    uint32_t from = 0;
    accord_code rc = check_roles(messages, n, err);

    for (uint32_t i = 0; i < n && !rc; i++) {
        if (!is_role(&messages[i], "assistant"))
            continue;
        rc = put_turn(&w, messages + from, i - from, err);
        pocket_reply(messages[i].text, tokens, room, &w.n);
        from = i + 1;
    }
    if (!rc)
        rc = put_turn(&w, messages + from, n - from, err);
    *n_tokens = w.n;
    return rc;
}

/* Tokens by their names, so that the hash does not change with the vocabulary. */
static void hash_token(accord_sha256 *sha, int32_t last, int32_t token) {
    char piece[POCKET_LONGEST_PIECE], name[16];

    if (token < POCKET_BYTES) {
        snprintf(name, sizeof(name), "<%d>", (int)token);
        accord_sha256_update(sha, name, strlen(name));
        return;
    }
    accord_sha256_update(sha, piece, pocket_piece(last, token, piece));
}

static void write_every_section(accord_chat *chat) {
    static const char *const tasks[] = {ACCORD_TASK_ANSWER, ACCORD_TASK_REVISE,
                                        ACCORD_TASK_PLAN, ACCORD_TASK_MERGE};
    accord_example example = {"1 + 1", "2"};
    accord_record record = {.struct_size = sizeof(record),
                            .n_examples = 1,
                            .question = "2 + 2",
                            .instruction = "a number",
                            .examples = &example};

    accord_chat_examples(chat, &record, 1);
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
        accord_chat_text(chat, i ? "Other words.\n" : "");
        accord_chat_ask(chat, tasks[i], &record);
        accord_chat_section(chat, "Plan", "add");
        accord_chat_section(chat, "Answer", "5");
        accord_chat_peer(chat, 1, "4\nPeer 7: 3");
        accord_chat_peer(chat, 2, "6");
        if (i + 1 < sizeof(tasks) / sizeof(tasks[0]))
            accord_chat_message(chat, "assistant");
    }
}

accord_code pocket_sections_hash(char hex[65], struct pocket_err *err) {
    enum { ROOM = 1024 };
    accord_request request = ACCORD_REQUEST_INIT;
    accord_chat *chat = accord_chat_create();
    int32_t tokens[ROOM];
    accord_sha256 sha;
    size_t n = 0;

    write_every_section(chat);
    accord_code rc = accord_chat_request(chat, &request);
    if (rc)
        pocket_fail(err, rc, "out of memory");
    else
        rc = pocket_prompt(request.messages, request.n_messages, tokens, ROOM, &n, err);
    accord_chat_destroy(chat);
    accord_sha256_init(&sha);
    for (size_t i = 0; i < n && i < ROOM; i++)
        hash_token(&sha, i ? tokens[i - 1] : POCKET_REPLY, tokens[i]);
    accord_sha256_hex(&sha, hex);
    return rc;
}
