/* planroom.c - see planroom.h. */
#include "planroom.h"

#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "scratch.h"

static const struct {
    const char *folder, *plugin;
} fixtures[] = {
    {"tasks", "fix_plan_task"},      {"models", "fix_plan_model"},
    {"methods", "fix_plan_method"},  {"methods", "fix_plan_random"},
    {"methods", "fix_plan_learner"},
};

void planroom_begin(void) {
    scratch_begin();
    for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
        char so[PATH_MAX];
        char *dir = scratch_path(fixtures[i].folder);
        char *built = accord_xasprintf("tests/%s.so", fixtures[i].plugin);
        char *link = accord_xasprintf("%s/%s.so", dir, fixtures[i].plugin);
        ck_assert_int_eq(accord_mkdirs(dir, NULL), ACCORD_OK);
        ck_assert_msg(realpath(built, so) != NULL, "no %s", built);
        ck_assert_int_eq(symlink(so, link), 0);
        free(link);
        free(built);
        free(dir);
    }
    char *root = scratch_path("");
    setenv("ACCORD_PLUGIN_PATH", root, 1);
    setenv("ACCORD_LOG", "error", 1);
    free(root);
}

static char *expand(const char *members) {
    static const struct {
        const char *name, *text;
    } words[] = {{"#TASK", "'plugin':'fix_plan_task'"},
                 {"#MODEL", "'plugin':'fix_plan_model'"},
                 {"#METHOD", "'plugin':'fix_plan_method'"},
                 {"#RANDOM", "'plugin':'fix_plan_random'"},
                 {"#LEARNER", "'plugin':'fix_plan_learner'"}};
    accord_buf b;

    accord_buf_init(&b, 1 << 16);
    accord_buf_puts(&b, "{'suite':'test','seeds':[1,2,3],");
    for (const char *p = members; *p;) {
        size_t w = 0, n_words = sizeof(words) / sizeof(words[0]);
        while (w < n_words && strncmp(p, words[w].name, strlen(words[w].name)) != 0)
            w++;
        if (w < n_words) {
            accord_buf_puts(&b, words[w].text);
            p += strlen(words[w].name);
        } else {
            accord_buf_add(&b, p++, 1);
        }
    }
    accord_buf_puts(&b, "}");
    char *text = accord_buf_take(&b);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    return text;
}

accord_suite *planroom_suite(const char *members) {
    accord_err err = {0};
    json_error_t why;
    accord_suite *suite;
    char *text = expand(members);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);

    ck_assert_msg(json != NULL, "%s in %s", why.text, text);
    ck_assert_msg(!accord_suite_take(json, "s.json", &suite, &err), "%s", err.msg);
    free(text);
    return suite;
}

accord_plan *planroom_plan(const accord_suite *suite) {
    accord_err err = {0};
    accord_plan *plan;

    ck_assert_msg(!accord_plan_make(suite, &plan, &err), "%s", err.msg);
    return plan;
}

const char *planroom_refusal(const char *members) {
    static accord_err err;
    accord_suite *suite = planroom_suite(members);
    accord_plan *plan;

    err = (accord_err){0};
    accord_code code = accord_plan_make(suite, &plan, &err);
    accord_plan_destroy(plan);
    accord_suite_destroy(suite);
    ck_assert_int_ne(code, ACCORD_OK);
    ck_assert_int_eq(code, err.code);
    return err.msg;
}
