/* check_visual_look.c - what the renderer is told in each mode. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chaos.h"
#include "host/host.h"
#include "look.h"
#include "look_model.h"
#include "scratch.h"
#include "visual_pictures.h"
#include "visual_scene.h"
#include "visual_suites.h"

static const accord_host *const host = &accord_host_default;

enum { WIDTH = 16, HEIGHT = 12 };

static visual_scene scene;

/* A world without published data. */
static void begin(void) {
    char *root;

    scratch_begin();
    root = scratch_path("");
    ck_assert_int_eq(setenv("ACCORD_DATA", root, 1), 0);
    ck_assert_int_eq(setenv("XDG_DATA_HOME", root, 1), 0);
    free(root);
    visual_scene_begin(&scene, "walker", "walk");
    ck_assert_int_eq(environment_reset(&scene.e, &(uint64_t){1}, NULL), ACCORD_OK);
}

static void end(void) {
    visual_scene_end(&scene);
    scratch_end();
}

static look_options options_of(const char *mode) {
    return (look_options){.mode = mode,
                          .domain = "walker",
                          .clips = "",
                          .intensity = 0.1,
                          .width = WIDTH,
                          .height = HEIGHT,
                          .action_repeat = 4};
}

static accord_code try_source(const look_options *o, look_source **s, accord_err *err) {
    return look_source_open(host, o, scene.w.model.m, s, err);
}

static look_source *source_of(const look_options *o) {
    look_source *s;
    accord_err err = {0};

    ck_assert_msg(try_source(o, &s, &err) == ACCORD_OK, "%s", err.msg);
    return s;
}

static look *look_of(look_source *s) {
    look *l;

    ck_assert_int_eq(look_open(s, &l, NULL), ACCORD_OK);
    return l;
}

static void reset(look *l, uint64_t seed, uint64_t item) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = "any",
                            .item = item,
                            .seed = seed};
    accord_err err = {0};

    ck_assert_msg(look_reset(l, &key, &err) == ACCORD_OK, "%s", err.msg);
}

static const render_look *now(look *l) {
    return look_now(l, scene.w.model.m, scene.e.data);
}

/* All that a look tells the renderer, for comparisons. */
struct told {
    unsigned char background[WIDTH * HEIGHT * 3];
    float materials[16][4], colours[9], alpha;
    render_camera camera;
    bool flags[3];
};

static struct told told_by(look *l) {
    const render_look *r = now(l);
    const size_t n = (size_t)scene.w.model.m->nmat;
    struct told t;

    memset(&t, 0, sizeof(t));
    if (!r)
        return t;
    if (r->background)
        memcpy(t.background, r->background, sizeof(t.background));
    if (r->materials)
        memcpy(t.materials, r->materials, n * sizeof(t.materials[0]));
    if (r->grid)
        memcpy(t.colours, r->grid, 6 * sizeof(float));
    if (r->sky)
        memcpy(t.colours + 6, r->sky, 3 * sizeof(float));
    if (r->camera)
        t.camera = *r->camera;
    t.alpha = r->floor_alpha;
    t.flags[0] = r->background_floor;
    t.flags[1] = r->key;
    t.flags[2] = r->has_floor_alpha;
    return t;
}

START_TEST(test_training_looks_like_the_model) {
    const look_options o = options_of("train");
    look_source *s = source_of(&o);
    look *l = look_of(s);

    reset(l, 1, 0);
    ck_assert_ptr_null(now(l));
    ck_assert_int_eq(look_step(l, 1, NULL), ACCORD_OK);
    ck_assert_ptr_null(now(l));
    ck_assert_str_eq(look_source_provenance(s), "the model's own look");
    ck_assert_ptr_null(look_source_files(s)[0]);
    look_close(l);
    look_source_close(s);
}
END_TEST

/* Of 100 settings, numpy's RandomState(42 + 0) draws 51, 92, 14; seed 42 - 42. */
START_TEST(test_colours_change_the_agent_the_floor_and_the_sky) {
    const look_options o = options_of(_i ? "color_hard" : "color_easy");
    const mjModel *m = scene.w.model.m;
    const int self = mj_name2id(m, mjOBJ_MATERIAL, "self");
    look_source *s = source_of(&o);
    look *l = look_of(s);

    reset(l, 0, 0);
    const render_look *r = now(l);
    ck_assert(!r->background && !r->camera && !r->has_floor_alpha && !r->key);
    ck_assert(r->materials && r->grid && r->sky);
    for (int i = 0; i < m->nmat; i++) {
        const size_t n = 4 * sizeof(float);

        ck_assert_int_eq(memcmp(r->materials[i], m->mat_rgba + 4 * i, n) != 0, i == self);
        ck_assert(r->materials[i][3] == m->mat_rgba[4 * i + 3]);
    }
    ck_assert_ptr_nonnull(strstr(look_source_provenance(s), "generated colours, 100"));
    look_close(l);
    look_source_close(s);
}
END_TEST

static void published_colours(void) {
    char text[20000], *folder = scratch_path("dmcgb");
    size_t n = 0;

    for (int i = 0; i < 100; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "{\"grid_rgb1\": [0,0,0.%02d], \"grid_rgb2\": [0,0,0], "
                              "\"self_rgb\": [0.%02d,0,0], \"skybox_rgb\": [0,0,0]}\n",
                              i, i);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    free(scratch_text("dmcgb/color_hard.jsonl", text));
    free(folder);
}

/* The published evaluation adds 42 to the seed and draws on: 51, 92, 14, ... */
START_TEST(test_published_colours_come_in_the_published_order) {
    static const int order[] = {51, 92, 14, 71, 60, 20};
    const look_options o = options_of("color_hard");
    const int self = mj_name2id(scene.w.model.m, mjOBJ_MATERIAL, "self");

    published_colours();
    look_source *s = source_of(&o);
    look *l = look_of(s);
    for (uint64_t item = 0; item < 6; item++) {
        reset(l, 0, item);
        ck_assert_int_eq(lrintf(100 * now(l)->materials[self][0]), order[item]);
        ck_assert_int_eq(lrintf(100 * now(l)->grid[2]), order[item]);
    }
    ck_assert_str_eq(look_source_provenance(s),
                     "published colours dmcgb/color_hard.jsonl, 100 settings");
    ck_assert_ptr_nonnull(strstr(look_source_files(s)[0], "/dmcgb/color_hard.jsonl"));
    ck_assert_ptr_null(look_source_files(s)[1]);
    look_close(l);
    look_source_close(s);
}
END_TEST

/* Three clips of two frames; a frame's shade tells both. */
static void make_clips(const char *folder) {
    char name[64];

    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "%s/video%d", folder, i);
        char *path = scratch_path(name);
        ck_assert_int_eq(mkdir(path, 0700), 0);
        free(path);
        for (int k = 0; k < 2; k++) {
            snprintf(name, sizeof(name), "%s/video%d/%03d.png", folder, i, k);
            pictures_write(name, PICTURES_PNG, WIDTH, HEIGHT, 40 * i + 10 * k);
        }
    }
}

static void make_folder(const char *name) {
    char *path = scratch_path(name);

    ck_assert_int_eq(mkdir(path, 0700), 0);
    free(path);
}

/* The second clip first; then frame after frame, and round again. */
START_TEST(test_clips_come_in_the_published_order) {
    look_options o = options_of("video_hard");

    if (!pictures_can(PICTURES_PNG))
        return;
    make_folder("mine");
    make_clips("mine");
    o.clips = "mine";
    o.key = _i == 1;
    look_source *s = source_of(&o);
    look *l = look_of(s);
    for (uint64_t item = 0; item < 5; item++) {
        const int clip = (int)(item + 1) % 3;

        reset(l, item, item);
        for (uint64_t t = 0; t < 5; t++) {
            if (t > 0)
                ck_assert_int_eq(look_step(l, t, NULL), ACCORD_OK);
            const render_look *r = now(l);
            ck_assert_int_eq(r->background[0], 40 * clip + 10 * (int)(t % 2));
            ck_assert(r->background_floor && r->key == (_i == 1));
            ck_assert(!r->materials && !r->camera && !r->grid && !r->sky);
        }
    }
    const char *words = look_source_provenance(s);
    ck_assert_ptr_nonnull(
        strstr(words, "the user's clips in mine, 3 of them, names and"));
    ck_assert_ptr_nonnull(strstr(words, _i ? "; published colour key" : "; exact masks"));
    look_close(l);
    look_source_close(s);
}
END_TEST

START_TEST(test_published_clips_are_found_once_they_are_unpacked) {
    const look_options o = options_of("video_easy");
    look_source *s = source_of(&o);

    ck_assert_str_eq(look_source_provenance(s),
                     "generated films, 10 of them; exact masks");
    look_source_close(s);
    make_folder("dmcgb");
    make_folder("dmcgb/video_easy");
    free(scratch_text("dmcgb/video_easy/video0.mp4", "a film"));
    s = source_of(&o);
    ck_assert_str_eq(look_source_provenance(s),
                     "generated films, 10 of them: no clip "
                     "folders in dmcgb/video_easy; exact masks");
    look_source_close(s);
    if (!pictures_can(PICTURES_PNG))
        return;
    make_clips("dmcgb/video_easy");
    s = source_of(&o);
    ck_assert_ptr_nonnull(strstr(look_source_provenance(s),
                                 "published clips in dmcgb/video_easy, 3 of them"));
    look *l = look_of(s);
    reset(l, 0, 0);
    ck_assert(!now(l)->background_floor);
    ck_assert_int_eq(now(l)->background[0], 40);
    look_close(l);
    look_source_close(s);
}
END_TEST

START_TEST(test_distraction_moves_camera_colours_and_film) {
    const look_options o = options_of("distracting");
    look_source *s = source_of(&o);
    look *l = look_of(s);

    reset(l, 0, 0);
    const struct told first = told_by(l);
    const render_look *r = now(l);
    ck_assert(r->background && r->camera && r->materials && r->has_floor_alpha);
    ck_assert(!r->background_floor && !r->key && r->floor_alpha == 1.0f);
    ck_assert_int_eq(look_step(l, 1, NULL), ACCORD_OK);
    const struct told next = told_by(l);
    ck_assert_mem_ne(first.background, next.background, sizeof(next.background));
    ck_assert_mem_ne(first.materials, next.materials, sizeof(next.materials));
    ck_assert_mem_ne(&first.camera, &next.camera, sizeof(next.camera));
    ck_assert_str_eq(look_source_provenance(s),
                     "generated films, 4 of them; intensity 0.1");
    look_close(l);
    look_source_close(s);
}
END_TEST

/* The walker's camera follows it; the cartpole's stands. */
START_TEST(test_a_wandering_camera_follows_where_the_models_does) {
    static const char *const names[] = {"walker", "cartpole"};
    look_options o = options_of("distracting");
    double qpos[DOMAIN_MAX_STATE] = {0}, qvel[DOMAIN_MAX_STATE] = {0};

    visual_scene_end(&scene);
    visual_scene_begin(&scene, names[_i], "");
    ck_assert_int_eq(environment_set(&scene.e, qpos, qvel, NULL), ACCORD_OK);
    o.domain = names[_i];
    look_source *s = source_of(&o);
    look *l = look_of(s);
    reset(l, 3, 3);
    const render_camera before = *now(l)->camera;
    qpos[_i == 0 ? 1 : 0] = 0.8; /* the walker's second coordinate is along x */
    ck_assert_int_eq(environment_set(&scene.e, qpos, qvel, NULL), ACCORD_OK);
    const render_camera after = *now(l)->camera;
    ck_assert(fabs((double)(after.pos[0] - before.pos[0]) - (_i == 0 ? 0.8 : 0)) < 1e-4);
    ck_assert_mem_eq(after.forward, before.forward, sizeof(after.forward));
    look_close(l);
    look_source_close(s);
}
END_TEST

START_TEST(test_the_models_camera_is_where_mujoco_has_it) {
    const mjModel *m = scene.w.model.m;
    render_camera c;
    float target[3];

    look_camera(m, scene.e.data, 0, &c, target);
    for (int i = 0; i < 3; i++) {
        ck_assert(c.pos[i] == (float)scene.e.data->cam_xpos[i]);
        ck_assert(fabsf(c.forward[i] + (float)scene.e.data->cam_xmat[3 * i + 2]) < 1e-6f);
    }
    /* The nearest point of the axis to the walker's centre of mass. */
    const int body = m->cam_bodyid[0];
    double along = 0;
    for (int i = 0; i < 3; i++)
        along += (scene.e.data->subtree_com[3 * body + i] - (double)target[i]) *
                 (double)c.forward[i];
    ck_assert(fabs(along) < 1e-5);
}
END_TEST

/* Two episodes of a source played one after the other, in the other order, and in a
 * source of its own. */
START_TEST(test_an_episode_looks_the_same_in_any_order) {
    const look_options o = options_of(look_modes[_i]);
    look_source *s = source_of(&o), *other = source_of(&o);
    look *l = look_of(s), *k = look_of(other);
    struct told a[2], b[2];

    for (uint64_t item = 0; item < 2; item++) {
        reset(l, 5, item);
        ck_assert_int_eq(look_step(l, 7, NULL), ACCORD_OK);
        a[item] = told_by(l);
    }
    for (int item = 1; item >= 0; item--) {
        reset(k, 5, (uint64_t)item);
        for (uint64_t t = 1; t <= 7; t++)
            ck_assert_int_eq(look_step(k, t, NULL), ACCORD_OK);
        b[item] = told_by(k);
    }
    ck_assert_mem_eq(a, b, sizeof(a));
    if (_i > 0)
        ck_assert_mem_ne(&a[0], &a[1], sizeof(a[0]));
    look_close(l);
    look_close(k);
    look_source_close(s);
    look_source_close(other);
}
END_TEST

/* A picture and the geom in the middle of each of its pixels. */
enum { SIDE = 84 };

struct shot {
    unsigned char planar[3][SIDE][SIDE];
    int kind[SIDE][SIDE]; /* -1 sky, 0 floor, 1 all else */
};

static void shoot(render *r, look *l, struct shot *out) {
    const mjModel *m = scene.w.model.m;
    int stride;
    accord_err err = {0};

    ck_assert_msg(
        !render_frame(r, m, scene.e.data, 0, now(l), &out->planar[0][0][0], &err), "%s",
        err.msg);
    const int16_t *ids = render_ids(r, &stride);
    const mjvScene *drawn = render_scene(r);
    int floor = 0;
    while (drawn->geoms[floor].type != mjGEOM_PLANE)
        floor++;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const int id = ids[y * stride + x];

            out->kind[y][x] = id == RENDER_SKY ? -1 : id != floor;
        }
}

/* The pixel and all around it show one kind, so that no edge passes through it. */
static bool inside(const struct shot *s, int x, int y) {
    for (int j = y - 1; j <= y + 1; j++)
        for (int i = x - 1; i <= x + 1; i++)
            if (j < 0 || i < 0 || j >= SIDE || i >= SIDE ||
                s->kind[j][i] != s->kind[y][x])
                return false;
    return true;
}

/* Compares a pixel with the film's or the plain picture's. */
static bool same(const struct shot *s, const struct shot *plain, const render_look *r,
                 int x, int y, bool film) {
    for (int c = 0; c < 3; c++)
        if (s->planar[c][y][x] !=
            (film ? r->background[3 * (y * SIDE + x) + c] : plain->planar[c][y][x]))
            return false;
    return true;
}

static look *look_at_side(const char *mode, const char *name, look_source **s) {
    look_options o = options_of(mode);

    o.width = o.height = SIDE;
    o.domain = name;
    *s = source_of(&o);
    look *l = look_of(*s);
    reset(l, 2, 2);
    return l;
}

/* Domain after name, video_easy and video_hard: sky is film, the floor is in the
 * second, and the agent is what it was. */
START_TEST(test_a_film_is_where_the_sky_is_and_nowhere_else) {
    const char *name = domains[_i / 2]->name;
    const bool hard = _i % 2 == 1;
    look_source *plain_source, *source;
    static struct shot plain, shown;
    int counts[2] = {0};
    render *r;

    visual_scene_end(&scene);
    visual_scene_begin(&scene, name, "");
    ck_assert_int_eq(environment_reset(&scene.e, &(uint64_t){3}, NULL), ACCORD_OK);
    ck_assert_int_eq(render_new(host, scene.w.model.m, SIDE, SIDE, &r, NULL), ACCORD_OK);
    look *own = look_at_side("train", name, &plain_source);
    look *l = look_at_side(hard ? "video_hard" : "video_easy", name, &source);
    shoot(r, own, &plain);
    shoot(r, l, &shown);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const bool film = plain.kind[y][x] < (hard ? 1 : 0);

            if (!inside(&plain, x, y))
                continue;
            counts[film]++;
            ck_assert_msg(same(&shown, &plain, now(l), x, y, film),
                          "%s, %d right, %d down: %s", name, x, y,
                          film ? "not the film" : "not the agent");
        }
    /* reacher's picture has no sky. */
    ck_assert_int_gt(counts[true], hard || strcmp(name, "reacher") != 0 ? 1000 : -1);
    ck_assert_int_gt(counts[false], hard ? 0 : 500);
    look_close(own);
    look_close(l);
    look_source_close(plain_source);
    look_source_close(source);
    render_free(r);
}
END_TEST

START_TEST(test_wrong_options_are_sentences) {
    static const struct {
        const char *mode, *domain, *clips;
        double intensity;
        accord_code code;
        const char *words;
    } bad[] = {
        {"video", "walker", "", 0.1, ACCORD_E_NOTFOUND,
         "no mode video: there are train,"},
        {"distracting", "walker", "", 0, ACCORD_E_CONFIG,
         "intensity 0: the published ones are 0.025, 0.05,"},
        {"distracting", "hopper", "", 0.1, ACCORD_E_CONFIG,
         "mode distracting does not know the domain hopper"},
        {"video_easy", "walker", "./nowhere", 0.1, ACCORD_E_NOTFOUND,
         "no data file ./nowhere"},
        {"distracting", "walker", "empty", 0.1, ACCORD_E_CONFIG,
         "every clip is a folder of pictures"},
    };

    make_folder("empty");
    look_options o = options_of(bad[_i].mode);
    o.domain = bad[_i].domain;
    o.clips = bad[_i].clips;
    o.intensity = bad[_i].intensity;
    look_source *s;
    accord_err err = {0};
    ck_assert_int_eq(try_source(&o, &s, &err), bad[_i].code);
    ck_assert_ptr_null(s);
    ck_assert_msg(strstr(err.msg, bad[_i].words) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_memory_that_runs_out_is_an_error) {
    const look_options o = options_of(look_modes[_i]);
    const accord_key key = {.struct_size = sizeof(key), .split = ACCORD_SPLIT_EVAL};
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        look_source *s = NULL;
        look *l = NULL;

        chaos_fail_after(n);
        accord_code rc = try_source(&o, &s, NULL);
        if (!rc)
            rc = look_open(s, &l, NULL);
        if (!rc)
            rc = look_reset(l, &key, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        look_close(l);
        look_source_close(s);
    }
}
END_TEST

Suite *suite_visual_look(void) {
    Suite *s = suite_create("visual_look");
    TCase *tc = tcase_create("look");

    tcase_add_checked_fixture(tc, begin, end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_training_looks_like_the_model);
    tcase_add_loop_test(tc, test_colours_change_the_agent_the_floor_and_the_sky, 0, 2);
    tcase_add_test(tc, test_published_colours_come_in_the_published_order);
    tcase_add_loop_test(tc, test_clips_come_in_the_published_order, 0, 2);
    tcase_add_test(tc, test_published_clips_are_found_once_they_are_unpacked);
    tcase_add_test(tc, test_distraction_moves_camera_colours_and_film);
    tcase_add_loop_test(tc, test_a_wandering_camera_follows_where_the_models_does, 0, 2);
    tcase_add_test(tc, test_the_models_camera_is_where_mujoco_has_it);
    tcase_add_loop_test(tc, test_an_episode_looks_the_same_in_any_order, 0, 6);
    tcase_add_loop_test(tc, test_a_film_is_where_the_sky_is_and_nowhere_else, 0,
                        2 * n_domains);
    tcase_add_loop_test(tc, test_wrong_options_are_sentences, 0, 5);
    tcase_add_loop_test(tc, test_memory_that_runs_out_is_an_error, 0, 6);
    suite_add_tcase(s, tc);
    return s;
}
