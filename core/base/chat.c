/* chat.c - see <accord/chat.h>. */
#include <accord/chat.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct accord_chat {
    accord_message *messages; /* texts are made in accord_chat_request() */
    size_t *starts;           /* of each message's text in `text` */
    size_t n, cap;
    char *text; /* all texts, each with its NUL */
    size_t n_text, cap_text;
    bool failed;
};

accord_chat *accord_chat_create(void) {
    return calloc(1, sizeof(accord_chat));
}

void accord_chat_destroy(accord_chat *c) {
    if (!c)
        return;
    free(c->messages);
    free(c->starts);
    free(c->text);
    free(c);
}

/* Room for n_extra more bytes of text. */
static bool reserve(accord_chat *c, size_t n_extra) {
    if (c->failed || c->n_text + n_extra <= c->cap_text)
        return !c->failed;
    size_t cap = c->cap_text ? c->cap_text : 256;
    while (cap < c->n_text + n_extra)
        cap *= 2;
    char *text = realloc(c->text, cap);
    c->failed = !text;
    if (text) {
        c->text = text;
        c->cap_text = cap;
    }
    return text != NULL;
}

void accord_chat_message(accord_chat *c, const char *role) {
    if (!c || !reserve(c, 1))
        return;
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 8;
        accord_message *messages = realloc(c->messages, cap * sizeof(*messages));
        if (messages)
            c->messages = messages;
        size_t *starts = realloc(c->starts, cap * sizeof(*starts));
        if (starts)
            c->starts = starts;
        c->failed = !messages || !starts;
        if (c->failed)
            return;
        c->cap = cap;
    }
    c->starts[c->n] = c->n_text;
    c->messages[c->n++] = (accord_message){.role = role};
    c->text[c->n_text++] = '\0';
}

static void append(accord_chat *c, const char *text, size_t n) {
    if (c && c->n == 0)
        accord_chat_message(c, "user");
    if (!c || !reserve(c, n))
        return;
    memcpy(c->text + c->n_text - 1, text, n);
    c->n_text += n;
    c->text[c->n_text - 1] = '\0';
}

/* A mark counts at the beginning of a line only. */
static void begin_line(accord_chat *c) {
    if (!c || c->failed || c->n == 0 || c->n_text - 1 == c->starts[c->n - 1])
        return;
    if (c->text[c->n_text - 2] != '\n')
        append(c, "\n", 1);
}

void accord_chat_text(accord_chat *c, const char *text) {
    append(c, text, strlen(text));
}

static bool starts_with(const char *line, const char *mark) {
    return strncmp(line, mark, strlen(mark)) == 0;
}

static bool is_mark(const char *line) {
    static const char *const marks[] = {
        "Task:", "Question:", "Format:", "Plan:", "Answer:", "Peer "};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (starts_with(line, marks[i]))
            return true;
    return false;
}

void accord_chat_section(accord_chat *c, const char *name, const char *text) {
    if (!text || !*text)
        return;
    begin_line(c);
    append(c, name, strlen(name));
    append(c, ": ", 2);
    while (*text) {
        size_t n = strcspn(text, "\n");
        append(c, text, n);
        text += n;
        if (*text == '\n' && *++text)
            append(c, is_mark(text) ? "\n " : "\n", is_mark(text) ? 2 : 1);
    }
    append(c, "\n", 1);
}

void accord_chat_peer(accord_chat *c, uint32_t k, const char *text) {
    char name[24];

    snprintf(name, sizeof(name), "Peer %u", k);
    accord_chat_section(c, name, text);
}

void accord_chat_examples(accord_chat *c, const accord_record *record, uint32_t shots) {
    for (uint32_t i = 0; i < shots && i < record->n_examples; i++) {
        accord_chat_message(c, "user");
        accord_chat_section(c, "Task", ACCORD_TASK_ANSWER);
        accord_chat_section(c, "Question", record->examples[i].question);
        accord_chat_section(c, "Format", record->instruction);
        accord_chat_message(c, "assistant");
        accord_chat_text(c, record->examples[i].solution);
    }
}

void accord_chat_ask(accord_chat *c, const char *task, const accord_record *record) {
    accord_chat_message(c, "user");
    accord_chat_section(c, "Task", task);
    accord_chat_section(c, "Question", record->question);
    accord_chat_section(c, "Format", record->instruction);
}

accord_code accord_chat_request(accord_chat *c, accord_request *request) {
    if (!c || c->failed)
        return ACCORD_E_NOMEM;
    for (size_t i = 0; i < c->n; i++)
        c->messages[i].text = c->text + c->starts[i];
    request->messages = c->messages;
    request->n_messages = (uint32_t)c->n;
    return ACCORD_OK;
}
