/* check_visual_modes.c - the numbers behind the modes: published draws, colours, walks.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <accord/rng.h>

#include "chaos.h"
#include "distract.h"
#include "host/host.h"
#include "numpy_random.h"
#include "palette.h"
#include "scratch.h"
#include "steady.h"
#include "visual_suites.h"

static const accord_host *const host = &accord_host_default;

/* numpy 1.24: RandomState(seed), then a thousand randint(100) in a row: the first six and
 * the last. */
static const struct {
    uint32_t seed;
    uint32_t first[6], last;
} draws[] = {
    {0, {44, 47, 64, 67, 67, 9}, 96},
    {42, {51, 92, 14, 71, 60, 20}, 85},
    {7, {47, 68, 25, 67, 83, 23}, 72},
    {UINT32_MAX, {35, 34, 12, 71, 52, 64}, 58},
};

START_TEST(test_draws_are_numpys) {
    numpy_random r;

    numpy_random_seed(&r, draws[_i].seed);
    for (int i = 0; i < 1000; i++) {
        uint32_t x = numpy_random_below(&r, 100);

        ck_assert(i >= 6 || x == draws[_i].first[i]);
        ck_assert(i != 999 || x == draws[_i].last);
    }
}
END_TEST

/* RandomState(42): eight randint(10), two randint(2^31), randint(1), randint(64). */
START_TEST(test_draws_of_other_ranges_are_numpys) {
    static const uint32_t n[] = {10, 10, 10,          10,          10, 10,
                                 10, 10, 2147483648u, 2147483648u, 1,  64};
    static const uint32_t x[] = {6, 3, 7, 4, 6, 9, 2, 6, 249467210, 1972458954, 0, 23};
    numpy_random r;

    numpy_random_seed(&r, 42);
    for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++)
        ck_assert_uint_eq(numpy_random_below(&r, n[i]), x[i]);
}
END_TEST

START_TEST(test_steady_mathematics_is_right) {
    for (double x = -2; x <= 2; x += 0.001) {
        ck_assert(fabs(steady_sin(x) - sin(x)) < 1e-12);
        ck_assert(fabs(steady_cos(x) - cos(x)) < 1e-12);
    }
    for (double x = 1e-12; x < 1e12; x *= 1.01)
        ck_assert(fabs(steady_log(x) - log(x)) <= 1e-14 * fabs(log(x)) + 1e-15);
}
END_TEST

/* Moments of a standard normal, each within five standard errors. */
START_TEST(test_normal_numbers_are_normal) {
    enum { N = 200000 };
    double sum[5] = {0};
    uint64_t state = 1;

    for (int i = 0; i < N; i++) {
        const double x = steady_normal(&state);

        for (int k = 1; k < 5; k++)
            sum[k] += pow(x, k);
    }
    ck_assert(fabs(sum[1] / N) < 5 * sqrt(1.0 / N));
    ck_assert(fabs(sum[2] / N - 1) < 5 * sqrt(2.0 / N));
    ck_assert(fabs(sum[3] / N) < 5 * sqrt(15.0 / N));
    ck_assert(fabs(sum[4] / N - 3) < 5 * sqrt(96.0 / N));
}
END_TEST

/* Rows as published; ACCORD_DATA is the scratch folder. */
static void write_colours(const char *rows) {
    char *folder = scratch_path("dmcgb"), *root = scratch_path("");

    ck_assert_int_eq(mkdir(folder, 0700), 0);
    ck_assert_int_eq(setenv("ACCORD_DATA", root, 1), 0);
    free(scratch_text("dmcgb/color_easy.jsonl", rows));
    free(folder);
    free(root);
}

#define ROW(r1, r2, self, sky) \
    "{\"index\": 0, \"grid_rgb1\": " r1 ", \"self_rgb\": " self ", \"skybox_rgb\": " sky \
    ", \"grid_rgb2\": " r2 "}\n"

START_TEST(test_published_colours_are_read) {
    palette p;

    write_colours(ROW("[0, 0.25, 1]", "[0.5,0.5,0.5]", "[0.1,0.2,0.3]", "[1,1.0,1e-1]")
                      ROW("[0,0,0]", "[0,0,0]", "[0,0,0]", "[0.0,0.5,0.0]"));
    ck_assert_int_eq(palette_open(host, "color_easy", 0.1, &p, NULL), ACCORD_OK);
    ck_assert_uint_eq(p.n, 2);
    ck_assert_ptr_nonnull(strstr(p.file, "dmcgb/color_easy.jsonl"));
    ck_assert(p.setting[0].grid[0] == 0.0f && p.setting[0].grid[1] == 0.25f);
    ck_assert(p.setting[0].grid[3] == 0.5f && p.setting[0].self[2] == 0.3f);
    ck_assert(p.setting[0].sky[2] == 0.1f && p.setting[1].sky[1] == 0.5f);
    palette_fini(&p);
}
END_TEST

static const struct {
    const char *row, *words;
} bad_rows[] = {
    {ROW("[0,0]", "[0,0,0]", "[0,0,0]", "[0,0,0]"), ":2: grid_rgb1 is not three numbers"},
    {ROW("[0,0,0]", "[0,0,1.5]", "[0,0,0]", "[0,0,0]"), ":2: grid_rgb2 is not"},
    {ROW("[0,0,0]", "[0,0,0]", "[0,0,-1]", "[0,0,0]"), ":2: self_rgb is not"},
    {ROW("[0,0,0]", "[0,0,0]", "[0,0,0]", "\"red\""), ":2: skybox_rgb is not"},
    {ROW("[0,0,0]", "[0,0,0]", "[0,0,0]", "[0,0,0,1]"), ":2: skybox_rgb is not"},
    {"{}\n", ":2: grid_rgb1 is not"},
    {"[]\n", ":2"},
};

START_TEST(test_a_bad_row_of_colours_is_named) {
    char text[1024];
    accord_err err = {0};
    palette p;

    snprintf(text, sizeof(text), "%s%s", ROW("[0,0,0]", "[0,0,0]", "[0,0,0]", "[0,0,0]"),
             bad_rows[_i].row);
    write_colours(text);
    ck_assert_int_eq(palette_open(host, "color_easy", 0.1, &p, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, bad_rows[_i].words) != NULL, "%s", err.msg);
    palette_fini(&p);
}
END_TEST

START_TEST(test_a_file_without_colours_is_a_sentence) {
    accord_err err = {0};
    palette p;

    write_colours("\n");
    ck_assert_int_eq(palette_open(host, "color_easy", 0.1, &p, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "color_easy.jsonl: no colours in it"));
    palette_fini(&p);
}
END_TEST

/* No such file there. */
static void open_generated(const char *name, double spread, palette *p) {
    char *root = scratch_path("");

    ck_assert_int_eq(setenv("ACCORD_DATA", root, 1), 0);
    ck_assert_int_eq(setenv("XDG_DATA_HOME", root, 1), 0);
    ck_assert_int_eq(palette_open(host, name, spread, p, NULL), ACCORD_OK);
    free(root);
}

/* Mean and spread of the agent's green, which the clipping hardly touches. */
START_TEST(test_generated_colours_follow_the_published_distribution) {
    const double spread = _i ? 0.2 : 0.1;
    double sum = 0, squares = 0;
    palette p;

    open_generated(_i ? "color_hard" : "color_easy", spread, &p);
    ck_assert_ptr_null(p.file);
    ck_assert_uint_eq(p.n, 100);
    for (size_t k = 0; k < p.n; k++) {
        const palette_setting *s = &p.setting[k];

        for (int i = 0; i < 3; i++) {
            ck_assert(s->grid[i] >= 0 && s->grid[i] <= 1 && s->sky[i] <= 1);
            ck_assert(fabs((double)(s->grid[3 + i] - s->grid[i]) - 0.1) < 1e-6);
        }
        sum += (double)s->self[1] - 0.5;
        squares += pow((double)s->self[1] - 0.5, 2);
    }
    ck_assert(fabs(sum / 100) < 3 * spread / 10);
    ck_assert(fabs(sqrt(squares / 100) / spread - 1) < 0.25);
    palette_fini(&p);
}
END_TEST

/* The published rule on hundred settings, whatever order episodes come in. */
START_TEST(test_an_episodes_colours_do_not_depend_on_the_others) {
    static const size_t order[] = {3, 0, 5, 1, 2, 4, 3};
    palette p;

    open_generated("color_hard", 0.2, &p);
    for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
        const size_t i = order[k];

        ck_assert_ptr_eq(palette_draw(&p, 42, i), &p.setting[draws[1].first[i]]);
        ck_assert_ptr_eq(palette_draw(&p, 7, i), &p.setting[draws[2].first[i]]);
    }
    ck_assert_ptr_eq(palette_draw(&p, 0, 999), &p.setting[96]);
    ck_assert_ptr_eq(palette_draw(&p, 0, UINT64_MAX),
                     palette_draw(&p, 0, (1u << 20) - 1));
    palette_fini(&p);
}
END_TEST

START_TEST(test_colours_without_memory_are_an_error) {
    int failed = 1;

    write_colours(ROW("[0,0,0]", "[0,0,0]", "[0,0,0]", "[0,0,0]"));
    for (uint64_t n = 0; failed; n++) {
        palette p;

        chaos_fail_after(n);
        accord_code rc =
            palette_open(host, _i ? "color_easy" : "color_hard", 0.1, &p, NULL);
        failed = chaos_stop();
        /* Without room for a field's text the field counts as absent. */
        ck_assert(failed ? rc == ACCORD_E_NOMEM || rc == ACCORD_E_CONFIG
                         : rc == ACCORD_OK);
        palette_fini(&p);
    }
}
END_TEST

static double length(const float v[3]) {
    return sqrt((double)(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
}

static double inner(const float a[3], const float b[3]) {
    return (double)(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

/* A level camera 4 metres in front, and one that looks down. */
static const render_camera cameras[] = {
    {{0, -4, 1}, {0, 1, 0}, {0, 0, 1}},
    {{0, 0, 0.75f}, {0, 0, -1}, {0, 1, 0}},
    {{1, -3, 2}, {0, 0.8f, -0.6f}, {0, 0.6f, 0.8f}},
};
static const float targets[][3] = {{0, 0, 1}, {0, 0, 0}, {1, -0.6f, 0.2f}};

START_TEST(test_a_camera_that_does_not_wander_is_the_models) {
    camera_walk w = {.at = {0, 0, 1}, .above = true};
    render_camera c;

    camera_walk_pose(&w, &cameras[_i], targets[_i], &c);
    for (int i = 0; i < 3; i++) {
        ck_assert(fabs((double)(c.pos[i] - cameras[_i].pos[i])) < 1e-6);
        ck_assert(fabs((double)(c.forward[i] - cameras[_i].forward[i])) < 1e-6);
        ck_assert(fabs((double)(c.up[i] - cameras[_i].up[i])) < 1e-6);
    }
}
END_TEST

/* To the right by 0.3 radians, at 1.5 times the distance, rolled by 0.1. */
START_TEST(test_a_camera_strays_as_it_says) {
    camera_walk w = {.at = {0.3, 0, 1.5}, .roll = 0.1};
    render_camera c;

    camera_walk_pose(&w, &cameras[0], targets[0], &c);
    ck_assert(fabs((double)c.pos[0] - 6 * sin(0.3)) < 1e-6);
    ck_assert(fabs((double)c.pos[1] + 6 * cos(0.3)) < 1e-6);
    ck_assert(fabs((double)c.pos[2] - 1) < 1e-6);
    ck_assert(fabs((double)c.forward[0] + sin(0.3)) < 1e-6);
    ck_assert(fabs((double)c.up[2] - cos(0.1)) < 1e-6);
    ck_assert(fabs((double)c.up[0] - sin(0.1) * cos(0.3)) < 1e-6);
    w = (camera_walk){.at = {0, -0.2, 1}, .above = false};
    camera_walk_pose(&w, &cameras[0], targets[0], &c);
    ck_assert(fabs((double)c.pos[2] - (1 - 4 * sin(0.2))) < 1e-6);
    w.above = true;
    camera_walk_pose(&w, &cameras[0], targets[0], &c);
    ck_assert(fabs((double)c.pos[2] - 1) < 1e-6);
}
END_TEST

static void check_pose(const camera_walk *w, int number) {
    const render_camera *own = &cameras[number];
    float to[3];
    double far = 0;
    render_camera c;

    camera_walk_pose(w, own, targets[number], &c);
    for (int i = 0; i < 3; i++) {
        to[i] = targets[number][i] - c.pos[i];
        far += pow((double)(own->pos[i] - targets[number][i]), 2);
    }
    ck_assert(fabs(length(c.forward) - 1) < 1e-5 && fabs(length(c.up) - 1) < 1e-5);
    ck_assert(fabs(inner(c.forward, c.up)) < 1e-5);
    ck_assert(fabs(inner(to, c.forward) - length(to)) < 1e-5);
    ck_assert(fabs(length(to) - w->at[2] * sqrt(far)) < 1e-5);
    if (w->above)
        ck_assert(c.pos[2] >= targets[number][2] - 1e-5f);
}

/* Over a long walk it keeps the published limits, comes close to them, and always looks
 * at its point. */
START_TEST(test_a_wandering_camera_keeps_its_limits) {
    const double s = 0.3, angle = 1.5707963267948966 * s;
    double most[4] = {0}, nearest = 9;
    uint64_t state = 5;
    camera_walk w;

    camera_walk_begin(&w, s, _i != 1, &state);
    for (int t = 0; t < 20000; t++) {
        const double before[3] = {w.at[0], w.at[1], w.at[2]};
        double moved = 0;

        camera_walk_step(&w, &state);
        check_pose(&w, _i);
        for (int i = 0; i < 3; i++) {
            moved += pow(w.at[i] - before[i], 2);
            most[i] = fmax(most[i], fabs(w.at[i]));
        }
        ck_assert(sqrt(moved) <= 0.1 * s + 1e-12);
        most[3] = fmax(most[3], fabs(w.roll));
        nearest = fmin(nearest, w.at[2]);
    }
    ck_assert(most[0] <= angle && most[1] <= angle && most[3] <= angle);
    ck_assert(most[2] <= 1 + 1.5 * s && nearest >= 1 - 0.5 * s);
    ck_assert(most[0] > 0.9 * angle && most[1] > 0.9 * angle && most[3] > 0.9 * angle);
    ck_assert(most[2] > 1.4 * s + 1 && nearest < 1 - 0.4 * s);
}
END_TEST

START_TEST(test_only_published_intensities_and_domains_exist) {
    distract_rules r = {0};

    ck_assert(!distract_at(0, &r) && !distract_at(0.25, &r) && !distract_at(1, &r));
    ck_assert(distract_at(0.025, &r) && r.n_films == 2);
    ck_assert(distract_at(0.2, &r) && r.n_films == 8);
    ck_assert(distract_at(0.5, &r) && r.n_films == 60);
    ck_assert(!distract_domain("hopper", &r));
    ck_assert(distract_domain("reacher", &r) && r.floor_alpha == 0.0f && !r.above);
    ck_assert(distract_domain("walker", &r) && r.floor_alpha == 1.0f && r.above);
    ck_assert(distract_domain("finger", &r) && r.floor_alpha == 0.3f && r.above);
}
END_TEST

static const distract_rules rules = {.intensity = 0.2, .n_films = 8, .above = true};
static const float home[2][4] = {{0.7f, 0.5f, 0.3f, 1}, {1, 1, 0.05f, 0.5f}};

static void begin(distract *d, float (*rgba)[4], size_t film_length) {
    *d = (distract){.rules = &rules, .n_materials = 2, .home = home, .rgba = rgba};
    distract_begin(d, 60, 99);
    distract_film(d, film_length, 99);
}

START_TEST(test_distraction_changes_on_every_second_step) {
    float a[2][4], before[2][4];
    distract d;

    begin(&d, a, 500);
    ck_assert_uint_lt(d.film, 8);
    for (uint64_t step = 0; step < 40; step++) {
        const size_t frame = d.frame;
        const double x = d.camera.at[0];

        memcpy(before, a, sizeof(a));
        distract_advance(&d, step);
        const bool changes = step > 0 && step % 2 == 0;
        ck_assert_int_eq(memcmp(before, a, sizeof(a)) != 0, changes);
        ck_assert_int_eq(frame != d.frame, changes);
        ck_assert_int_eq(x != d.camera.at[0], changes);
    }
}
END_TEST

START_TEST(test_steps_taken_together_or_apart_are_the_same) {
    float a[2][4], b[2][4];
    distract d, e;

    begin(&d, a, 500);
    begin(&e, b, 500);
    for (uint64_t step = 0; step <= 100; step += 4)
        distract_advance(&d, step);
    distract_advance(&e, 100);
    ck_assert_mem_eq(a, b, sizeof(a));
    ck_assert_uint_eq(d.frame, e.frame);
    ck_assert_mem_eq(&d.camera, &e.camera, sizeof(d.camera));
}
END_TEST

START_TEST(test_wandering_colours_keep_their_box) {
    float a[2][4];
    double lowest = 1, highest = 0;
    distract d;

    begin(&d, a, 500);
    for (uint64_t step = 0; step < 20000; step += 2) {
        distract_advance(&d, step);
        for (int m = 0; m < 2; m++)
            for (int c = 0; c < 3; c++) {
                ck_assert(fabs((double)(a[m][c] - home[m][c])) < 0.2 + 1e-6);
                ck_assert(a[m][c] >= 0 && a[m][c] <= 1);
            }
        ck_assert(a[0][3] == 1.0f && a[1][3] == 0.5f);
        lowest = fmin(lowest, (double)a[0][1]);
        highest = fmax(highest, (double)a[0][1]);
    }
    ck_assert(lowest < 0.33 && highest > 0.67);
}
END_TEST

/* 0 1 2 3 4 3 2 1 0 1 ... from wherever it begins. */
START_TEST(test_a_film_turns_back_at_its_ends) {
    float a[2][4];
    int ends = 0;
    distract d;

    begin(&d, a, 5);
    for (uint64_t step = 2; step < 80; step += 2) {
        const size_t before = d.frame;

        distract_advance(&d, step);
        ck_assert_int_eq(abs((int)d.frame - (int)before), 1);
        ck_assert_uint_lt(d.frame, 5);
        ends += d.frame == 0 || d.frame == 4;
    }
    ck_assert_int_ge(ends, 8);
    begin(&d, a, 1);
    distract_advance(&d, 10);
    ck_assert_uint_eq(d.frame, 0);
}
END_TEST

Suite *suite_visual_modes(void) {
    Suite *s = suite_create("visual_modes");
    TCase *tc = tcase_create("modes");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_loop_test(tc, test_draws_are_numpys, 0, sizeof(draws) / sizeof(draws[0]));
    tcase_add_test(tc, test_draws_of_other_ranges_are_numpys);
    tcase_add_test(tc, test_steady_mathematics_is_right);
    tcase_add_test(tc, test_normal_numbers_are_normal);
    tcase_add_test(tc, test_published_colours_are_read);
    tcase_add_loop_test(tc, test_a_bad_row_of_colours_is_named, 0,
                        sizeof(bad_rows) / sizeof(bad_rows[0]));
    tcase_add_test(tc, test_a_file_without_colours_is_a_sentence);
    tcase_add_loop_test(tc, test_generated_colours_follow_the_published_distribution, 0,
                        2);
    tcase_add_test(tc, test_an_episodes_colours_do_not_depend_on_the_others);
    tcase_add_loop_test(tc, test_colours_without_memory_are_an_error, 0, 2);
    tcase_add_loop_test(tc, test_a_camera_that_does_not_wander_is_the_models, 0, 3);
    tcase_add_test(tc, test_a_camera_strays_as_it_says);
    tcase_add_loop_test(tc, test_a_wandering_camera_keeps_its_limits, 0, 3);
    tcase_add_test(tc, test_only_published_intensities_and_domains_exist);
    tcase_add_test(tc, test_distraction_changes_on_every_second_step);
    tcase_add_test(tc, test_steps_taken_together_or_apart_are_the_same);
    tcase_add_test(tc, test_wandering_colours_keep_their_box);
    tcase_add_test(tc, test_a_film_turns_back_at_its_ends);
    suite_add_tcase(s, tc);
    return s;
}
