/* check_visual_task.c - the task visual as a suite uses it: observations, episodes that
 * repeat, modes, a user's copy of the models, MuJoCo that gives up, memory that runs out.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mujoco/mujoco.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "domain.h"
#include "look.h"
#include "mjcf.h"
#include "scratch.h"
#include "task_rig.h"
#include "visual_suites.h"

enum { MAX_ACTION = 8 };

/* An episode that is played by hand. */
struct play {
    task_rig *rig;
    const accord_spec *spec;
    void *ep;
    accord_obs obs;
    const char *id;
    accord_step out;
    accord_err err;
};

static accord_code try_open(struct play *p, task_rig *rig, const char *mode,
                            uint64_t item, uint64_t seed) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = mode,
                            .item = item,
                            .seed = seed};

    *p = (struct play){.rig = rig, .obs = {.struct_size = sizeof(p->obs)}};
    accord_code rc = rig->ops->spec(rig->instance->self, mode, &p->spec, &p->err);
    if (!rc)
        rc = rig->ops->open(rig->instance->self, &key, &p->ep, &p->obs, &p->id, &p->err);
    return rc;
}

static void play_open(struct play *p, task_rig *rig, const char *mode, uint64_t item,
                      uint64_t seed) {
    ck_assert_msg(!try_open(p, rig, mode, item, seed), "%s", p->err.msg);
}

static accord_code try_act(struct play *p, const float *vector) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_VECTOR, .vector = vector};

    p->out = (accord_step){.struct_size = sizeof(p->out), .obs = &p->obs};
    return p->rig->ops->step(p->ep, &action, &p->out, &p->err);
}

/* An action that depends on the step. */
static void act(struct play *p, int t) {
    float vector[MAX_ACTION];

    for (int i = 0; i < MAX_ACTION; i++)
        vector[i] = (float)sin(1 + t * .7 + i);
    ck_assert_msg(!try_act(p, vector), "%s", p->err.msg);
}

static void play_close(struct play *p) {
    p->rig->ops->close(p->ep);
}

static size_t obs_bytes(const struct play *p) {
    const accord_space *s = &p->spec->obs;

    return s->kind == ACCORD_PIXELS ? (size_t)3 * s->height * s->width
                                    : s->n * sizeof(float);
}

static const void *obs_data(const struct play *p) {
    return p->obs.kind == ACCORD_PIXELS ? (const void *)p->obs.pixels
                                        : (const void *)p->obs.vector;
}

static bool same_obs(const struct play *a, const struct play *b) {
    return memcmp(obs_data(a), obs_data(b), obs_bytes(a)) == 0;
}

static void has(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in: %s", part, text);
}

/* ---- specs ------------------------------------------------------------------------ */

START_TEST(test_every_task_says_what_it_is) {
    static const struct {
        const char *params;
        uint32_t n_state, n_action, steps;
    } rows[] = {
        {"'domain':'cartpole'", 5, 1, 125},
        {"'domain':'cartpole','task':'balance'", 5, 1, 125},
        {"'domain':'ball_in_cup'", 8, 2, 250},
        {"'domain':'finger'", 9, 2, 500},
        {"'domain':'finger','task':'turn_hard'", 12, 2, 500},
        {"'domain':'walker'", 24, 6, 250},
        {"'domain':'walker','task':'stand','action_repeat':2", 24, 6, 500},
        {"'domain':'cheetah'", 17, 6, 250},
        {"'domain':'reacher'", 6, 2, 250},
    };
    char params[200];
    task_rig rig;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(params, sizeof(params), "{'observation':'state',%s}", rows[i].params);
        task_rig_begin(&rig, "visual", params);
        ck_assert_int_eq(rig.spec->obs.kind, ACCORD_VECTOR);
        ck_assert_uint_eq(rig.spec->obs.n, rows[i].n_state);
        ck_assert_int_eq(rig.spec->action.kind, ACCORD_VECTOR);
        ck_assert_uint_eq(rig.spec->action.n, rows[i].n_action);
        ck_assert_uint_eq(rig.spec->max_steps, rows[i].steps);
        ck_assert_str_eq(rig.spec->score, "return");
        ck_assert_ptr_null(rig.spec->files);
        ck_assert_uint_ne(rig.spec->flags & ACCORD_SPEC_SEEDED, 0);
        task_rig_end(&rig);
    }
}
END_TEST

START_TEST(test_pictures_have_the_size_that_was_asked_for) {
    task_rig rig;
    struct play p;
    const int size[] = {84, 31};
    const char *params[] = {"{}", "{'size':31,'camera':1,'domain':'walker'}"};

    for (int i = 0; i < 2; i++) {
        task_rig_begin(&rig, "visual", params[i]);
        ck_assert_int_eq(rig.spec->obs.kind, ACCORD_PIXELS);
        ck_assert_uint_eq(rig.spec->obs.height, size[i]);
        ck_assert_uint_eq(rig.spec->obs.width, size[i]);
        has(rig.spec->provenance, "the model's own look; own models, MuJoCo ");
        play_open(&p, &rig, NULL, 0, 1);
        ck_assert_int_eq(p.obs.kind, ACCORD_PIXELS);
        int first = p.obs.pixels[0], differ = 0;
        for (size_t k = 0; k < obs_bytes(&p); k++)
            differ += p.obs.pixels[k] != first;
        ck_assert_int_gt(differ, 100);
        play_close(&p);
        task_rig_end(&rig);
    }
}
END_TEST

START_TEST(test_options_that_cannot_be_are_refused) {
    static const char *const rows[][2] = {
        {"{'task':'fly'}", "cartpole has no task \"fly\""},
        {"{'camera':2}", "no camera 2: cartpole has 2, counted from 0"},
        {"{'observation':'state','size':64}",
         "\"size\" is for pictures, and \"observation\" is \"state\""},
        {"{'observation':'state','intensity':0.2}", "\"intensity\" is for pictures"},
        {"{'observation':'state','clips':'x'}", "\"clips\" is for pictures"},
        {"{'domain':'dog'}", "domain"},
        {"{'assets':'./no-such-folder'}", "no data file ./no-such-folder/cartpole.xml"},
    };
    const char *const *row = rows[_i];
    accord_err err = {0};
    task_rig rig;

    ck_assert(task_rig_try(&rig, "visual", row[0], &err));
    has(err.msg, row[1]);
}
END_TEST

/* ---- modes ------------------------------------------------------------------------ */

START_TEST(test_a_mode_that_is_not_there_is_refused) {
    struct play p;
    task_rig rig;

    task_rig_begin(&rig, "visual", "{'observation':'state'}");
    ck_assert_int_eq(try_open(&p, &rig, "color_hard", 0, 1), ACCORD_E_NOTFOUND);
    has(p.err.msg, "no mode \"color_hard\" of the state: the modes are for pictures");
    task_rig_end(&rig);
    task_rig_begin(&rig, "visual", "{}");
    ck_assert_int_eq(try_open(&p, &rig, "color_harder", 0, 1), ACCORD_E_NOTFOUND);
    has(p.err.msg, "no mode \"color_harder\"");
    task_rig_end(&rig);
}
END_TEST

/* The host would read ACCORD_E_NOTFOUND as "no such mode". */
START_TEST(test_missing_clips_are_no_missing_mode) {
    struct play p;
    task_rig rig;

    task_rig_begin(&rig, "visual", "{'clips':'./no-such-clips'}");
    ck_assert_int_eq(try_open(&p, &rig, "video_easy", 0, 1), ACCORD_E_CONFIG);
    has(p.err.msg, "./no-such-clips");
    p.err = (accord_err){0};
    play_open(&p, &rig, "train", 0, 1);
    play_close(&p);
    task_rig_end(&rig);
}
END_TEST

/* What is seen differs, what happens does not. */
START_TEST(test_modes_differ_in_looks_only) {
    struct play p[2];
    task_rig rig;

    task_rig_begin(&rig, "visual", "{'domain':'walker'}");
    for (int m = 1; look_modes[m]; m++) {
        play_open(&p[0], &rig, "train", 3, 7);
        play_open(&p[1], &rig, look_modes[m], 3, 7);
        ck_assert_str_eq(p[0].id, p[1].id);
        ck_assert(!same_obs(&p[0], &p[1]));
        ck_assert_ptr_nonnull(p[1].spec->provenance);
        for (int t = 0; t < 5; t++) {
            act(&p[0], t);
            act(&p[1], t);
            ck_assert_double_eq(p[0].out.reward, p[1].out.reward);
        }
        ck_assert_msg(!same_obs(&p[0], &p[1]), "%s", look_modes[m]);
        play_close(&p[0]);
        play_close(&p[1]);
    }
    task_rig_end(&rig);
}
END_TEST

/* ---- episodes --------------------------------------------------------------------- */

START_TEST(test_the_same_key_gives_the_same_episode) {
    static const char *const kinds[] = {"state", "pixels"};
    struct play p[2];
    task_rig rig[2];
    char params[100];

    for (int d = 0; d < n_domains; d++) {
        snprintf(params, sizeof(params), "{'domain':'%s','observation':'%s'}",
                 domains[d]->name, kinds[_i]);
        task_rig_begin(&rig[0], "visual", params);
        task_rig_begin(&rig[1], "visual", params);
        /* An episode before must leave no trace. */
        play_open(&p[1], &rig[1], "train", 8, 1);
        act(&p[1], 0);
        play_close(&p[1]);
        for (int k = 0; k < 2; k++)
            play_open(&p[k], &rig[k], "train", 4, 2);
        ck_assert(same_obs(&p[0], &p[1]));
        for (int t = 0; t < 20; t++) {
            act(&p[0], t);
            act(&p[1], t);
            ck_assert(same_obs(&p[0], &p[1]));
            ck_assert_double_eq(p[0].out.reward, p[1].out.reward);
        }
        for (int k = 0; k < 2; k++) {
            play_close(&p[k]);
            task_rig_end(&rig[k]);
        }
    }
}
END_TEST

START_TEST(test_item_and_seed_move_the_start) {
    struct play a, b;
    task_rig rig;
    accord_obs obs;
    const char *id;

    task_rig_begin(&rig, "visual", "{'observation':'state'}");
    play_open(&a, &rig, NULL, 4, 1);
    ck_assert_str_eq(a.id, "eval-4");
    play_open(&b, &rig, NULL, 5, 1);
    ck_assert(!same_obs(&a, &b));
    play_close(&b);
    play_open(&b, &rig, NULL, 4, 2);
    ck_assert(!same_obs(&a, &b));
    play_close(&b);
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_TRAIN, 4, &obs, &id);
    ck_assert_str_eq(id, "train-4");
    ck_assert(memcmp(obs.vector, a.obs.vector, obs_bytes(&a)) != 0);
    task_rig_close(&rig, ep);
    play_close(&a);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_the_end_is_a_truncation) {
    struct play p;
    task_rig rig;
    float still[1] = {0};
    double sum = 0;

    task_rig_begin(&rig, "visual", "{'observation':'state','task':'balance'}");
    play_open(&p, &rig, NULL, 0, 1);
    for (uint32_t t = 1; t <= rig.spec->max_steps; t++) {
        ck_assert(!try_act(&p, still));
        sum += p.out.reward;
        ck_assert_int_eq(p.out.end,
                         t < rig.spec->max_steps ? ACCORD_END_NO : ACCORD_END_TRUNCATED);
        ck_assert_double_ge(p.out.reward, 0);
        ck_assert_double_le(p.out.reward, 8);
    }
    ck_assert_double_le(sum, rig.spec->score_max);
    ck_assert_int_eq(try_act(&p, still), ACCORD_E_ARG);
    has(p.err.msg, "step after the episode ended");
    play_close(&p);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_an_action_that_is_no_number_is_refused) {
    const float bad[] = {0, NAN};
    struct play p;
    task_rig rig;

    task_rig_begin(&rig, "visual", "{'observation':'state','domain':'reacher'}");
    play_open(&p, &rig, NULL, 0, 1);
    ck_assert_int_eq(try_act(&p, bad), ACCORD_E_ARG);
    has(p.err.msg, "number 1 of the action is not finite");
    p.err = (accord_err){0};
    ck_assert_int_eq(try_act(&p, NULL), ACCORD_E_ARG);
    p.err = (accord_err){0};
    act(&p, 1);
    play_close(&p);
    task_rig_end(&rig);
}
END_TEST

/* 64 in flight, stepped in turns, are what each is alone. */
START_TEST(test_many_environments_do_not_mix) {
    enum { N = 64 };
    struct play *p = accord_xalloc(N * sizeof(*p)), alone;
    task_rig rig;

    task_rig_begin(&rig, "visual", "{'domain':'reacher'}");
    for (int i = 0; i < N; i++)
        play_open(&p[i], &rig, "train", (uint64_t)i, 1);
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < N; i++)
            act(&p[i], t + i);
    for (int i = 0; i < N; i += 9) {
        play_open(&alone, &rig, "train", (uint64_t)i, 1);
        for (int t = 0; t < 3; t++)
            act(&alone, t + i);
        ck_assert(same_obs(&alone, &p[i]));
        play_close(&alone);
    }
    for (int i = 0; i < N; i++)
        play_close(&p[i]);
    free(p);
    task_rig_end(&rig);
}
END_TEST

/* ---- a user's copy ---------------------------------------------------------------- */

/* `text` with the first `from` replaced.  The caller's. */
static char *replaced(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    char *out = accord_xalloc(strlen(text) + strlen(to) + 1);

    ck_assert_msg(at != NULL, "no %s", from);
    snprintf(out, strlen(text) + strlen(to) + 1, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    return out;
}

/* Writes FOLDER/NAME.xml as the published suite has it: with the look in another file.
 * `from` and `to` change it, if given. */
static void write_copy(const domain *d, const char *from, const char *to) {
    char name[64];
    char *text = replaced(d->mjcf, MJCF_LOOK, "<include file='./common/look.xml'/>");

    if (from) {
        char *changed = replaced(text, from, to);
        free(text);
        text = changed;
    }
    snprintf(name, sizeof(name), "%s.xml", d->name);
    free(scratch_text(name, text));
    free(text);
}

static void write_look(void) {
    char *folder = scratch_path("common");

    ck_assert_int_eq(mkdir(folder, 0777), 0);
    free(folder);
    free(scratch_text("common/look.xml", "<mujoco>" MJCF_LOOK "</mujoco>"));
}

/* The parameters of a task of the copy.  The caller's. */
static char *copy_params(const char *more) {
    char *folder = scratch_path(""), *params = accord_xalloc(4096);

    snprintf(params, 4096, "{'assets':'%s'%s}", folder, more);
    free(folder);
    return params;
}

START_TEST(test_a_users_copy_plays_like_our_own) {
    const domain *d = domains[_i];
    char more[100];
    struct play p[2];
    task_rig rig[2];

    write_look();
    write_copy(d, NULL, NULL);
    snprintf(more, sizeof(more), ",'domain':'%s'", d->name);
    char *params = copy_params(more);
    task_rig_begin(&rig[0], "visual", params);
    free(params);
    snprintf(more, sizeof(more), "{'domain':'%s'}", d->name);
    task_rig_begin(&rig[1], "visual", more);
    ck_assert_ptr_null(rig[1].spec->files[0]);
    has(rig[0].spec->files[0], d->name);
    has(rig[0].spec->provenance, "the user's models, MuJoCo ");
    has(rig[0].spec->files[1], "/common/look.xml");
    ck_assert_ptr_null(rig[0].spec->files[2]);
    for (int k = 0; k < 2; k++)
        play_open(&p[k], &rig[k], "train", 0, 1);
    for (int t = 0; t < 5; t++) {
        act(&p[0], t);
        act(&p[1], t);
        ck_assert(same_obs(&p[0], &p[1]));
        ck_assert_double_eq(p[0].out.reward, p[1].out.reward);
    }
    for (int k = 0; k < 2; k++) {
        play_close(&p[k]);
        task_rig_end(&rig[k]);
    }
}
END_TEST

START_TEST(test_a_copy_that_does_not_fit_is_refused) {
    static const char *const rows[][3] = {
        {"<body name='cart'", "<body name='cart' colour='red'", "colour"},
        {"</mujoco>", "", "cartpole.xml"},
        {"./common/look.xml", "./common/none.xml", "none.xml"},
        {"name='hinge_1'", "name='hinge'",
         "no joint named \"hinge_1\", which the task needs"},
        {"<joint name='hinge_1' type='hinge' axis='0 1 0' damping='2e-6'/>",
         "<joint name='hinge_1' type='ball'/>",
         "5 positions, 4 velocities, 1 motors and 3 bodies where the task has 2, 2, 1 "
         "and 3"},
    };
    const char *const *row = rows[_i];
    accord_err err = {0};
    task_rig rig;

    write_look();
    write_copy(&domain_cartpole, row[0], row[1]);
    char *params = copy_params("");
    ck_assert_int_eq(task_rig_try(&rig, "visual", params, &err), ACCORD_E_CONFIG);
    has(err.msg, "cartpole.xml");
    has(err.msg, row[2]);
    ck_assert_ptr_null(strchr(err.msg, '\n'));
    free(params);
}
END_TEST

/* An endless include must not be followed for ever. */
START_TEST(test_a_file_that_includes_itself_is_refused) {
    accord_err err = {0};
    task_rig rig;

    write_look();
    write_copy(&domain_cartpole, "./common/look.xml", "cartpole.xml");
    char *params = copy_params("");
    ck_assert_int_eq(task_rig_try(&rig, "visual", params, &err), ACCORD_E_CONFIG);
    free(params);
}
END_TEST

/* ---- MuJoCo gives up -------------------------------------------------------------- */

/* By itself MuJoCo would wait for a key here, or write a file and go on. */
START_TEST(test_a_simulation_that_explodes_is_a_sentence) {
    struct play p;
    task_rig rig;
    accord_code rc = ACCORD_OK;
    float push[1] = {1};

    write_look();
    write_copy(&domain_cartpole, "gear='10'", "gear='1e13'");
    char *params = copy_params(",'observation':'state'");
    task_rig_begin(&rig, "visual", params);
    free(params);
    play_open(&p, &rig, NULL, 0, 1);
    for (int t = 0; t < 100 && !rc; t++)
        rc = try_act(&p, push);
    ck_assert_int_eq(rc, ACCORD_E_INTERNAL);
    has(p.err.msg, "MuJoCo at 0.");
    has(p.err.msg, "Nan, Inf or huge value");
    p.err = (accord_err){0};
    ck_assert_int_eq(try_act(&p, push), ACCORD_E_ARG);
    play_close(&p);
    push[0] = 0;
    play_open(&p, &rig, NULL, 1, 1);
    ck_assert_msg(!try_act(&p, push), "%s", p.err.msg);
    play_close(&p);
    task_rig_end(&rig);
}
END_TEST

/* More contacts than there is room for, at the start. */
START_TEST(test_a_scene_that_is_too_full_is_a_sentence) {
    enum { N = 40 };
    static const char ball[] = "<geom type='sphere' size='1.2'/>",
                      cart[] = "<geom name='cart'";
    char *geoms = accord_xalloc(N * sizeof(ball) + sizeof(cart)), *at = geoms;
    struct play p;
    task_rig rig;

    for (int i = 0; i < N; i++)
        at = stpcpy(at, ball);
    stpcpy(at, cart);
    char *text = replaced(domain_cartpole.mjcf, "contact='disable'", "contact='enable'");
    char *full = replaced(text, cart, geoms);
    free(scratch_text("cartpole.xml", full));
    char *params = copy_params(",'observation':'state'");
    task_rig_begin(&rig, "visual", params);
    ck_assert_int_eq(try_open(&p, &rig, NULL, 0, 1), ACCORD_E_INTERNAL);
    has(p.err.msg, "MuJoCo at 0.000 s: ");
    has(p.err.msg, "full");
    task_rig_end(&rig);
    free(params);
    free(full);
    free(text);
    free(geoms);
}
END_TEST

/* ---- memory runs out -------------------------------------------------------------- */

static const char *const short_params[] = {"{'observation':'state'}", "{'size':8}",
                                           "{'size':8,'intensity':0.2}",
                                           "{'assets':'.','observation':'state'}"};
static const char *const short_modes[] = {"train", "color_easy", "distracting", "train"};

static accord_code play_once(task_rig *rig, const char *mode, accord_err *err) {
    struct play p;
    float still[1] = {0};

    accord_code rc = try_open(&p, rig, mode, 0, 1);
    if (!rc) {
        rc = try_act(&p, still);
        play_close(&p);
    }
    *err = p.err;
    return rc;
}

START_TEST(test_memory_that_runs_out_is_a_sentence) {
    const chaos_plugin *chaos = chaos_of("tests/chaos/tasks/visual.so");
    const bool copy = _i == 3;
    char *params = copy ? copy_params(",'observation':'state'") : NULL;
    uint64_t n = 0;
    int failed;

    if (copy) {
        write_look();
        write_copy(&domain_cartpole, NULL, NULL);
    }
    setenv("ACCORD_PLUGIN_PATH", "tests/chaos", 1);
    unsetenv("ACCORD_DATA"); /* a line cut short by jansson has another sentence */
    do {
        task_rig rig;
        accord_err err = {0};
        chaos->fail_after(n);
        accord_code rc =
            task_rig_try(&rig, "visual", copy ? params : short_params[_i], &err);
        bool created = !rc;
        if (created)
            rc = play_once(&rig, short_modes[_i], &err);
        failed = chaos->stop();
        ck_assert_msg(!rc == !failed && !rc == !err.msg[0], "%llu: %d %s",
                      (unsigned long long)n, rc, err.msg);
        ck_assert_msg(!rc || rc == ACCORD_E_NOMEM, "%d %s", rc, err.msg);
        if (created)
            task_rig_end(&rig);
        n++;
    } while (failed);
    ck_assert_uint_ge(n, 4);
    free(params);
}
END_TEST

static void *no_memory(size_t size) {
    return NULL;
}

/* MuJoCo's own memory: it gives up, and the episode does not begin. */
START_TEST(test_mujoco_without_memory_is_a_sentence) {
    struct play p;
    task_rig rig;

    accord_err err = {0};
    mju_user_malloc = no_memory;
    ck_assert(task_rig_try(&rig, "visual", "{'observation':'state'}", &err));
    mju_user_malloc = NULL;
    has(err.msg, "allocate");
    task_rig_begin(&rig, "visual", "{}");
    mju_user_malloc = no_memory;
    ck_assert_int_eq(try_open(&p, &rig, NULL, 0, 1), ACCORD_E_NOMEM);
    mju_user_malloc = NULL;
    has(p.err.msg, "out of memory");
    p.err = (accord_err){0};
    play_open(&p, &rig, NULL, 0, 1);
    play_close(&p);
    task_rig_end(&rig);
}
END_TEST

Suite *suite_visual_task(void) {
    Suite *s = suite_create("visual_task");
    TCase *tc = tcase_create("task");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_every_task_says_what_it_is);
    tcase_add_test(tc, test_pictures_have_the_size_that_was_asked_for);
    tcase_add_loop_test(tc, test_options_that_cannot_be_are_refused, 0, 7);
    tcase_add_test(tc, test_a_mode_that_is_not_there_is_refused);
    tcase_add_test(tc, test_missing_clips_are_no_missing_mode);
    tcase_add_test(tc, test_modes_differ_in_looks_only);
    tcase_add_loop_test(tc, test_the_same_key_gives_the_same_episode, 0, 2);
    tcase_add_test(tc, test_item_and_seed_move_the_start);
    tcase_add_test(tc, test_the_end_is_a_truncation);
    tcase_add_test(tc, test_an_action_that_is_no_number_is_refused);
    tcase_add_test(tc, test_many_environments_do_not_mix);
    tcase_add_loop_test(tc, test_a_users_copy_plays_like_our_own, 0, n_domains);
    tcase_add_loop_test(tc, test_a_copy_that_does_not_fit_is_refused, 0, 5);
    tcase_add_test(tc, test_a_file_that_includes_itself_is_refused);
    tcase_add_test(tc, test_a_simulation_that_explodes_is_a_sentence);
    tcase_add_test(tc, test_a_scene_that_is_too_full_is_a_sentence);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_a_sentence, 0, 4);
    tcase_add_test(tc, test_mujoco_without_memory_is_a_sentence);
    suite_add_tcase(s, tc);
    return s;
}
