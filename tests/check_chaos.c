/* check_chaos.c - the ground floor when memory runs out: the n-th allocation fails, for
 * every n until all goes well.  Each must end as ACCORD_E_NOMEM, without a leak (the
 * address sanitizer looks) and without a whole result.  No assertion stands between
 * chaos_fail_after() and chaos_stop(): Check allocates too. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/chat.h>
#include <accord/jsonl.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "chaos.h"
#include "host/host.h"
#include "pictures/picture.h"
#include "run/actions.h"
#include "scratch.h"
#include "suites.h"

static accord_code buf_once(const char *path, bool *whole) {
    accord_buf b;

    accord_buf_init(&b, 10000);
    for (int i = 0; i < 100; i++)
        accord_json_int(&b, "number", i);
    accord_code rc = accord_buf_check(&b, "the text", NULL);
    *whole = strstr(b.data ? b.data : "", "99") != NULL;
    accord_buf_fini(&b);
    return rc;
}

static accord_code chat_once(const char *path, bool *whole) {
    static const accord_example example = {"1 + 1?", "2"};
    accord_record record = {
        .n_examples = 1, .question = "q", .instruction = "f", .examples = &example};
    accord_chat *c = accord_chat_create();
    accord_request request = {0};

    for (int i = 0; i < 20; i++) {
        accord_chat_examples(c, &record, 1);
        accord_chat_ask(c, ACCORD_TASK_ANSWER, &record);
        accord_chat_peer(c, 1, "a text that is longer than the others are");
    }
    accord_code rc = accord_chat_request(c, &request);
    *whole = request.n_messages == 60;
    accord_chat_destroy(c);
    return rc;
}

/* A field of which no text can be made counts as absent, and the next line fails. */
static accord_code jsonl_once(const char *path, bool *whole) {
    accord_jsonl *r;
    int more, n = 0, texts = 0;
    accord_code rc = accord_jsonl_open(&accord_host_default, path, &r, NULL);

    if (rc)
        return rc;
    while ((rc = accord_jsonl_next(r, &more, NULL)) == ACCORD_OK && more) {
        texts += accord_jsonl_text(r, "n") != NULL;
        texts += accord_jsonl_text(r, "x") != NULL;
        texts += accord_jsonl_text(r, "l") != NULL;
        n++;
    }
    accord_jsonl_close(r);
    *whole = n == 2 && texts == 6;
    return rc;
}

static accord_code json_once(const char *path, bool *whole) {
    json_t *document;
    accord_code rc = accord_json_load(path, &document, NULL);

    *whole = document != NULL;
    json_decref(document);
    return rc;
}

static accord_code file_once(const char *path, bool *whole) {
    char *text = NULL;
    size_t n;
    accord_code rc = accord_file_read(path, 1 << 20, &text, &n, NULL);

    *whole = text != NULL;
    free(text);
    return rc;
}

static accord_code record_once(const char *path, bool *whole) {
    const accord_space space = {.kind = ACCORD_VECTOR, .n = 3};
    const float vector[3] = {1.0f, -1.0f, 0.5f};
    accord_action action = {.kind = ACCORD_VECTOR, .vector = vector};
    accord_actions a, back = {0};
    json_t *line = NULL;
    accord_buf b;

    accord_actions_begin(&a, &space);
    for (int i = 0; i < 200; i++)
        accord_actions_add(&a, &action);
    accord_buf_init(&b, 1 << 16);
    accord_buf_puts(&b, "{");
    accord_actions_write(&a, &b);
    accord_buf_puts(&b, "}");
    accord_code rc = accord_actions_check(&a, whole, NULL);
    if (!rc)
        rc = accord_buf_check(&b, "the line", NULL);
    if (!rc && !(line = json_loads(b.data, 0, NULL)))
        rc = ACCORD_E_NOMEM;
    if (!rc)
        rc = accord_actions_read(line, &space, &back, NULL);
    *whole = !rc && back.steps == 200 && back.bytes.n == a.bytes.n;
    json_decref(line);
    accord_buf_fini(&b);
    accord_actions_fini(&a);
    accord_actions_fini(&back);
    return rc;
}

#ifdef HAVE_PNG
static accord_code picture_once(const char *path, bool *whole) {
    static const uint8_t pixels[3 * 4 * 5];
    const accord_picture p = {pixels, 4, 5};
    char *file = scratch_path("chaos.png");

    unlink(file);
    accord_code rc = accord_png_write(file, &p, NULL);
    *whole = accord_file_exists(file);
    free(file);
    return rc;
}
#endif

static const struct {
    const char *name;
    accord_code (*once)(const char *path, bool *whole);
    int least;   /* allocations that it certainly makes */
    bool parses; /* without memory, jansson's lexer says "invalid token" */
} cases[] = {
    {"buf", buf_once, 5, false},         {"chat", chat_once, 8, false},
    {"jsonl", jsonl_once, 15, true},     {"json", json_once, 10, true},
    {"file", file_once, 1, false},       {"record", record_once, 6, true},
#ifdef HAVE_PNG
    {"picture", picture_once, 2, false},
#endif
};

START_TEST(test_every_allocation_may_fail) {
    char *path = scratch_text("t.jsonl", "{\"n\": 1, \"x\": 0.25, \"l\": [1, \"a\"]}\n"
                                         "{\"n\": 2, \"x\": 1e9, \"l\": {\"k\": 3}}\n");
    if (cases[_i].once == json_once || cases[_i].once == file_once) {
        free(path);
        path =
            scratch_text("t.json", "{\"a\": {\"b\": [1, 2, 3.5, \"text\"]}, \"c\": 1}");
    }
    uint64_t n = 0;
    bool whole;
    accord_code rc;

    for (;; n++) {
        chaos_fail_after(n);
        whole = false;
        rc = cases[_i].once(path, &whole);
        if (!chaos_stop())
            break;
        ck_assert_msg((rc == ACCORD_E_NOMEM || (rc && cases[_i].parses)) && !whole,
                      "%s: allocation %d: code %d", cases[_i].name, (int)n, (int)rc);
    }
    ck_assert_int_eq(rc, ACCORD_OK);
    ck_assert(whole);
    ck_assert_msg((int)n >= cases[_i].least, "%s: only %d allocations", cases[_i].name,
                  (int)n);
    free(path);
}
END_TEST

Suite *suite_chaos(void) {
    Suite *s = suite_create("chaos");
    TCase *tc = tcase_create("memory runs out");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_loop_test(tc, test_every_allocation_may_fail, 0,
                        sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(s, tc);
    return s;
}
