/* check_visual_render.c - the renderer: its masks, looks and levels, and what it refuses.
 * That its pictures are MuJoCo's own: check_visual_gl.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/sha256.h>

#include "base/err.h"
#include "chaos.h"
#include "domain.h"
#include "host/host.h"
#include "model.h"
#include "render.h"
#include "render_poses.h"
#include "visual_suites.h"

enum { SIDE = 84, N_PIXELS = SIDE * SIDE, N_DOMAINS = 6 };

static const accord_host *const host = &accord_host_default;

/* A model with something in it to look at. */
struct stage {
    struct model model;
    mjData *d;
    render *r;
    unsigned char pixels[3 * N_PIXELS];
};

static void begin(struct stage *s, const char *text) {
    accord_err err = {0};

    ck_assert_msg(!model_parse(host, "stage", text, &s->model, &err), "%s", err.msg);
    s->d = model_data(s->model.m);
    render_pose(s->model.m, s->d, 3);
    ck_assert_msg(!render_new(host, s->model.m, SIDE, SIDE, &s->r, &err), "%s", err.msg);
}

static void end(struct stage *s) {
    render_free(s->r);
    mj_deleteData(s->d);
    model_fini(&s->model);
}

static void draw(struct stage *s, const render_look *look) {
    accord_err err = {0};

    ck_assert_msg(!render_frame(s->r, s->model.m, s->d, 0, look, s->pixels, &err), "%s",
                  err.msg);
}

/* ---- the same bytes everywhere ---------------------------------------------------- */

static void hash_size(accord_sha256 *hash, const mjModel *m, mjData *d, int level,
                      int width, int height) {
    unsigned char *pixels = malloc(3 * (size_t)width * (size_t)height);
    render *r;

    ck_assert(!render_new(host, m, width, height, &r, NULL));
    ck_assert(render_use_level(r, level));
    for (int pose = 0; pose < 3; pose++) {
        render_pose(m, d, pose);
        for (int camera = 0; camera < 2; camera++) {
            ck_assert(!render_frame(r, m, d, camera, NULL, pixels, NULL));
            accord_sha256_update(hash, pixels, 3 * (size_t)width * (size_t)height);
        }
    }
    render_free(r);
    free(pixels);
}

static bool has_level(int level) {
    struct stage s;

    begin(&s, domain_walker.mjcf);
    bool has = render_use_level(s.r, level);
    end(&s);
    return has;
}

/* Made with gcc 12 at level 0; other levels, clang 14 and the sanitizers agree. */
static const char all_frames[] =
    "4eea28c1884ca7ceaae4096a05c0a5d75f9ae828ca8abea89a76682709b82556";

START_TEST(test_every_level_draws_the_same_bytes) {
    accord_sha256 hash;
    char hex[65];

    if (!has_level(_i))
        return;
    accord_sha256_init(&hash);
    for (int i = 0; i < n_domains; i++) {
        struct model model;
        ck_assert(!model_parse(host, domains[i]->name, domains[i]->mjcf, &model, NULL));
        mjData *d = model_data(model.m);
        hash_size(&hash, model.m, d, _i, 84, 84);
        hash_size(&hash, model.m, d, _i, 37, 29);
        mj_deleteData(d);
        model_fini(&model);
    }
    accord_sha256_hex(&hash, hex);
    ck_assert_str_eq(hex, all_frames);
}
END_TEST

/* Transparent floor, coloured light, moved camera, film: whatever is not the usual. */
static void draw_unusual(struct stage *s, int level, char hex[65]) {
    static unsigned char film[3 * N_PIXELS];
    static const float sky[3] = {0.8f, 0.1f, 0.3f};
    static const float odd[6] = {2, -1, 0.5f, 9, 0, -3}; /* beyond what a colour is */
    const render_camera camera = {
        .pos = {0.3f, -2, 1}, .forward = {0, 1, 0}, .up = {0, 0, 1}};
    const render_look looks[] = {
        {.has_floor_alpha = true, .floor_alpha = 0.4f},
        {.sky = sky, .camera = &camera},
        {.sky = odd, .grid = odd},
        {.background = film, .background_floor = true},
        {.background = film, .background_floor = true, .key = true},
    };
    accord_sha256 hash;

    for (int i = 0; i < 3 * N_PIXELS; i++)
        film[i] = (unsigned char)(i * 7);
    ck_assert(render_use_level(s->r, level));
    s->model.m->light_diffuse[1] = 0.2f;
    accord_sha256_init(&hash);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        draw(s, &looks[i]);
        accord_sha256_update(&hash, s->pixels, sizeof s->pixels);
    }
    accord_sha256_hex(&hash, hex);
}

START_TEST(test_every_level_draws_the_unusual_alike) {
    char first[65], hex[65];
    struct stage s;

    begin(&s, domains[_i]->mjcf);
    draw_unusual(&s, 0, first);
    for (int level = 1; level < 3; level++)
        if (render_use_level(s.r, level)) {
            draw_unusual(&s, level, hex);
            ck_assert_str_eq(hex, first);
        }
    end(&s);
}
END_TEST

/* ---- looks ------------------------------------------------------------------------ */

/* One renderer for environments of different looks: none leaves a trace.  (The last two
 * domains are left out: the reacher shows no sky.) */
START_TEST(test_looks_do_not_stick) {
    static const float sky[3] = {0.1f, 0.9f, 0.1f};
    static const float grid[6] = {1, 0, 0, 0, 1, 0};
    static float materials[16][4];
    static unsigned char film[3 * N_PIXELS], plain[3 * N_PIXELS];
    const render_camera away = {
        .pos = {5, -5, 2}, .forward = {-1, 0, 0}, .up = {0, 0, 1}};
    const render_look looks[] = {
        {.sky = sky},
        {.grid = grid},
        {.materials = (const float(*)[4])materials},
        {.camera = &away},
        {.background = film, .background_floor = true},
        {.background = film, .key = true, .background_floor = true},
        {.has_floor_alpha = true, .floor_alpha = 0.2f},
    };
    struct stage s;

    begin(&s, domains[_i]->mjcf);
    ck_assert_int_le(s.model.m->nmat, 16);
    for (int i = 0; i < 16; i++)
        materials[i][0] = materials[i][3] = 1;
    draw(&s, NULL);
    memcpy(plain, s.pixels, sizeof plain);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        draw(&s, &looks[i]);
        ck_assert_msg(memcmp(plain, s.pixels, sizeof plain) != 0, "look %zu: no change",
                      i);
        draw(&s, NULL);
        ck_assert_msg(memcmp(plain, s.pixels, sizeof plain) == 0, "look %zu stuck", i);
    }
    end(&s);
}
END_TEST

static double difference(const unsigned char *a, const unsigned char *b) {
    double sum = 0;

    for (int i = 0; i < 3 * N_PIXELS; i++)
        sum += abs(a[i] - b[i]);
    return sum / (3 * N_PIXELS);
}

/* A model whose sky was made in another colour shows what the look makes of ours. */
START_TEST(test_a_sky_takes_another_colour) {
    static const float rgb1[3] = {0.9f, 0.2f, 0.5f};
    static unsigned char seen[3 * N_PIXELS];
    struct stage s, other;
    char text[20000];

    begin(&s, domain_walker.mjcf);
    draw(&s, &(render_look){.sky = rgb1});
    memcpy(seen, s.pixels, sizeof seen);
    end(&s);
    const char *at = strstr(domain_walker.mjcf, "rgb1='.4 .6 .8'");
    ck_assert_ptr_nonnull(at);
    snprintf(text, sizeof text, "%.*srgb1='.9 .2 .5'%s", (int)(at - domain_walker.mjcf),
             domain_walker.mjcf, at + strlen("rgb1='.4 .6 .8'"));
    begin(&other, text);
    draw(&other, NULL);
    double far = difference(seen, other.pixels);
    end(&other);
    ck_assert_msg(far < 0.5, "%.2f levels away", far);
}
END_TEST

/* Is pixel i of kind `id`, and all around it? */
static bool inside(const struct stage *s, int i, int id) {
    int stride;
    const int16_t *ids = render_ids(s->r, &stride);
    int x = i % SIDE, y = i / SIDE;

    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE &&
                ids[(y + dy) * stride + x + dx] != id)
                return false;
    return true;
}

/* The film stands where the sky was and, if wanted, the floor; the body stays. */
static void check_film(struct stage *s, const unsigned char *plain,
                       const unsigned char *film, bool floor) {
    int n_sky = 0, n_body = 0;

    for (int i = 0; i < N_PIXELS; i++) {
        bool covered = inside(s, i, RENDER_SKY) || (floor && inside(s, i, 0));
        bool kept = inside(s, i, 1);
        for (int k = 0; k < 3 && covered; k++)
            ck_assert_int_eq(s->pixels[k * N_PIXELS + i], film[3 * i + k]);
        for (int k = 0; k < 3 && kept; k++)
            ck_assert_int_eq(s->pixels[k * N_PIXELS + i], plain[k * N_PIXELS + i]);
        n_sky += covered;
        n_body += kept;
    }
    ck_assert_int_gt(n_sky, N_PIXELS / 4);
    ck_assert_int_gt(n_body, 20);
}

START_TEST(test_a_film_takes_the_place_of_the_sky) {
    static unsigned char film[3 * N_PIXELS], plain[3 * N_PIXELS];
    const render_look look = {
        .background = film, .background_floor = _i & 1, .key = _i & 2};
    struct stage s;

    begin(&s, domain_walker.mjcf);
    for (int i = 0; i < 3 * N_PIXELS; i++)
        film[i] = (unsigned char)(i % 251);
    draw(&s, NULL);
    memcpy(plain, s.pixels, sizeof plain);
    draw(&s, &look);
    check_film(&s, plain, film, look.background_floor);
    end(&s);
}
END_TEST

/* Hue 100 to 185 degrees, saturation and value high enough: as the key is published. */
static bool is_green(double r, double g, double b) {
    double high = fmax(r, fmax(g, b)), range = high - fmin(r, fmin(g, b));
    if (high < 70 || range * 255 < 80 * high || range == 0)
        return false;
    double hue = high == r   ? 60 * (g - b) / range
                 : high == g ? 120 + 60 * (b - r) / range
                             : 240 + 60 * (r - g) / range;
    return hue >= 100 && hue <= 185;
}

START_TEST(test_the_key_leaves_no_green) {
    static unsigned char film[3 * N_PIXELS];
    const render_look look = {.background = film, .background_floor = true, .key = true};
    struct stage s;

    begin(&s, domains[_i]->mjcf);
    for (int i = 0; i < N_PIXELS; i++)
        film[3 * i] = 200;
    draw(&s, &look);
    for (int i = 0; i < N_PIXELS; i++)
        ck_assert(
            !is_green(s.pixels[i], s.pixels[N_PIXELS + i], s.pixels[2 * N_PIXELS + i]));
    end(&s);
}
END_TEST

/* A thread of a third of a pixel gives every row it passes its share. */
START_TEST(test_a_thin_geom_is_no_row_of_dots) {
    struct stage s;
    double least = 1e9, most = 0;

    begin(&s, "<mujoco><visual><headlight ambient='1 1 1' diffuse='0 0 0'"
              " specular='0 0 0'/></visual><worldbody>"
              "<camera pos='0 -1 0' xyaxes='1 0 0 0 0 1'/>"
              "<geom type='capsule' fromto='-.1 0 -.5 .1 0 .5' size='.0016'"
              " rgba='1 1 1 1'/></worldbody></mujoco>");
    draw(&s, NULL);
    for (int y = 4; y < SIDE - 4; y++) {
        double sum = 0;
        for (int x = 0; x < SIDE; x++)
            sum += s.pixels[y * SIDE + x];
        least = fmin(least, sum / 255);
        most = fmax(most, sum / 255);
    }
    end(&s);
    ck_assert_msg(least >= 0.24 && most <= 0.76, "rows hold %.2f to %.2f", least, most);
}
END_TEST

/* ---- refusals --------------------------------------------------------------------- */

static const struct {
    const char *text, *says;
} strange[] = {
    {"<mujoco><asset><mesh name='t' vertex='0 0 0 1 0 0 0 1 0 0 0 1'/></asset><worldbody>"
     "<geom name='blob' type='mesh' mesh='t'/></worldbody></mujoco>",
     "blob, is a mesh"},
    {"<mujoco><asset><hfield name='h' nrow='2' ncol='2' size='1 1 1 1'/></asset>"
     "<worldbody><geom name='hill' type='hfield' hfield='h'/></worldbody></mujoco>",
     "hill, is a height field"},
    {"<mujoco><asset><texture name='t' type='cube' builtin='flat' width='8' height='8'/>"
     "<material name='m' texture='t'/></asset><worldbody>"
     "<geom name='ball' size='1' material='m'/></worldbody></mujoco>",
     "ball, wears a texture"},
    {"<mujoco><asset><texture name='t' type='2d' builtin='gradient' width='8' height='8'"
     " rgb1='1 0 0' rgb2='0 1 0'/><material name='m' texture='t'/></asset><worldbody>"
     "<geom name='lawn' type='plane' size='1 1 1' material='m'/></worldbody></mujoco>",
     "lawn, wears a texture that is no checker"},
};

START_TEST(test_what_it_cannot_draw_is_named) {
    struct model model;
    accord_err err = {0};
    render *r;

    ck_assert_msg(!model_parse(host, "strange", strange[_i].text, &model, &err), "%s",
                  err.msg);
    ck_assert_int_eq(render_new(host, model.m, SIDE, SIDE, &r, &err),
                     ACCORD_E_UNSUPPORTED);
    ck_assert_msg(strstr(err.msg, strange[_i].says) != NULL, "%s", err.msg);
    ck_assert_ptr_null(r);
    model_fini(&model);
}
END_TEST

START_TEST(test_bad_arguments_are_sentences) {
    static const int sizes[][2] = {{0, 84}, {84, -1}, {5000, 84}};
    struct stage s;
    render *r;

    begin(&s, domain_cartpole.mjcf);
    for (int i = 0; i < 3; i++) {
        accord_err err = {0};
        ck_assert_int_eq(render_new(host, s.model.m, sizes[i][0], sizes[i][1], &r, &err),
                         ACCORD_E_ARG);
        ck_assert_ptr_nonnull(strstr(err.msg, "1 to 4096"));
    }
    for (int camera = -1; camera <= 2; camera += 3) {
        accord_err err = {0};
        ck_assert_int_eq(render_frame(s.r, s.model.m, s.d, camera, NULL, s.pixels, &err),
                         ACCORD_E_ARG);
        ck_assert_ptr_nonnull(strstr(err.msg, "cameras 0 to 1"));
    }
    end(&s);
}
END_TEST

START_TEST(test_numbers_that_are_none_are_refused) {
    const render_camera nowhere = {
        .pos = {NAN, 0, 0}, .forward = {0, 1, 0}, .up = {0, 0, 1}};
    struct stage s;
    accord_err err = {0};

    begin(&s, domain_cartpole.mjcf);
    ck_assert_int_eq(render_frame(s.r, s.model.m, s.d, 0,
                                  &(render_look){.camera = &nowhere}, s.pixels, &err),
                     ACCORD_E_LIMIT);
    ck_assert_int_eq(
        render_frame(s.r, s.model.m, s.d, 0,
                     &(render_look){.has_floor_alpha = true, .floor_alpha = NAN},
                     s.pixels, &err),
        ACCORD_E_LIMIT);
    s.d->geom_xpos[3] = (mjtNum)INFINITY;
    ck_assert_int_eq(render_frame(s.r, s.model.m, s.d, 0, NULL, s.pixels, &err),
                     ACCORD_E_LIMIT);
    end(&s);
}
END_TEST

START_TEST(test_memory_may_run_out) {
    struct stage s;
    int failed = 1;

    begin(&s, domain_walker.mjcf);
    for (uint64_t n = 0; failed; n++) {
        accord_err err = {0};
        render *r;
        chaos_fail_after(n);
        accord_code rc = render_new(host, s.model.m, SIDE, SIDE, &r, &err);
        if (!rc)
            rc = render_frame(r, s.model.m, s.d, 0, NULL, s.pixels, &err);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        render_free(r);
    }
    end(&s);
}
END_TEST

Suite *suite_visual_render(void) {
    Suite *s = suite_create("visual_render");
    TCase *tc = tcase_create("render");

    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, test_every_level_draws_the_same_bytes, 0, 3);
    tcase_add_loop_test(tc, test_every_level_draws_the_unusual_alike, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_looks_do_not_stick, 0, 4);
    tcase_add_test(tc, test_a_sky_takes_another_colour);
    tcase_add_loop_test(tc, test_a_film_takes_the_place_of_the_sky, 0, 4);
    tcase_add_loop_test(tc, test_the_key_leaves_no_green, 0, N_DOMAINS);
    tcase_add_test(tc, test_a_thin_geom_is_no_row_of_dots);
    tcase_add_loop_test(tc, test_what_it_cannot_draw_is_named, 0,
                        sizeof strange / sizeof strange[0]);
    tcase_add_test(tc, test_bad_arguments_are_sentences);
    tcase_add_test(tc, test_numbers_that_are_none_are_refused);
    tcase_add_test(tc, test_memory_may_run_out);
    suite_add_tcase(s, tc);
    return s;
}
