/* check_visual_gl.c - the renderer's pictures are MuJoCo's own, which OSMesa draws.  Each
 * test is a process of its own.  Without OSMesa they say so and are passed over. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain.h"
#include "host/host.h"
#include "model.h"
#include "mujoco_gl.h"
#include "render.h"
#include "render_poses.h"
#include "visual_suites.h"

enum { N_DOMAINS = 6 };

/* What is asked for: mean difference in levels of 255, share of pixels whose geom
 * differs. */
static const double most_difference = 2.5, most_ids = 0.002;

static const accord_host *const host = &accord_host_default;

struct pair {
    struct model model;
    mjData *d;
    render *r;
    mujoco_gl gl;
    int width, height;
    unsigned char *ours, *theirs;
    int16_t *ids;
};

/* False, with a sentence, where there is no OpenGL. */
static bool begin(struct pair *p, int number, int width, int height) {
    size_t n = (size_t)width * (size_t)height;

    memset(p, 0, sizeof *p);
    ck_assert(!model_parse(host, domains[number]->name, domains[number]->mjcf, &p->model,
                           NULL));
    p->d = model_data(p->model.m);
    p->width = width;
    p->height = height;
    p->ours = malloc(3 * n);
    p->theirs = malloc(3 * n);
    p->ids = malloc(n * sizeof *p->ids);
    ck_assert(!render_new(host, p->model.m, width, height, &p->r, NULL));
    const char *missing = mujoco_gl_open(&p->gl, p->model.m, width, height, false);
    if (missing)
        fprintf(stderr, "not compared with MuJoCo's own pictures: %s\n", missing);
    return !missing;
}

static void end(struct pair *p) {
    mujoco_gl_close(&p->gl);
    render_free(p->r);
    mj_deleteData(p->d);
    model_fini(&p->model);
    free(p->ours);
    free(p->theirs);
    free(p->ids);
}

static void draw(struct pair *p, int camera, const render_look *look) {
    accord_err err = {0};

    ck_assert_msg(!render_frame(p->r, p->model.m, p->d, camera, look, p->ours, &err),
                  "%s", err.msg);
}

/* Of the two pictures as they stand. */
static void check_difference(const struct pair *p, const char *what) {
    int n = p->width * p->height;
    double sum = 0;

    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            sum += abs(p->ours[k * n + i] - p->theirs[3 * i + k]);
    ck_assert_msg(sum / (3 * n) < most_difference, "%s: %.2f levels apart", what,
                  sum / (3 * n));
}

static int count_other_ids(struct pair *p, int camera) {
    int stride, other = 0;
    const int16_t *ids = render_ids(p->r, &stride);

    mujoco_gl_look(&p->gl, p->model.m, p->d, camera);
    mujoco_gl_ids(&p->gl, p->ids);
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            other += ids[y * stride + x] != p->ids[y * p->width + x];
    return other;
}

static void compare(struct pair *p, int camera, int n_poses) {
    int other = 0;
    char what[40];

    for (int pose = 0; pose < n_poses; pose++) {
        render_pose(p->model.m, p->d, pose);
        draw(p, camera, NULL);
        mujoco_gl_look(&p->gl, p->model.m, p->d, camera);
        mujoco_gl_draw(&p->gl, p->theirs);
        snprintf(what, sizeof what, "camera %d, pose %d", camera, pose);
        check_difference(p, what);
        other += count_other_ids(p, camera);
    }
    double share = (double)other / (p->width * p->height * n_poses);
    ck_assert_msg(share < most_ids, "%.2f %% of the ids", 100 * share);
}

START_TEST(test_pictures_are_mujocos) {
    struct pair p;

    if (begin(&p, _i, 84, 84))
        compare(&p, 0, 20);
    end(&p);
}
END_TEST

START_TEST(test_camera_1_is_mujocos) {
    struct pair p;

    if (begin(&p, _i, 84, 84))
        compare(&p, 1, 4);
    end(&p);
}
END_TEST

START_TEST(test_other_sizes_are_mujocos) {
    struct pair p;

    if (begin(&p, _i, 100, 64))
        compare(&p, 0, 3);
    end(&p);
    if (begin(&p, _i, 48, 48))
        compare(&p, 0, 3);
    end(&p);
}
END_TEST

/* Aside, and rolled by a tenth of a radian. */
static render_camera move_camera(mjvScene *s) {
    const float c = cosf(0.1f), sine = sinf(0.1f);
    const float *f = s->camera[0].forward, *u = s->camera[0].up;
    const float right[3] = {f[1] * u[2] - f[2] * u[1], f[2] * u[0] - f[0] * u[2],
                            f[0] * u[1] - f[1] * u[0]};
    render_camera moved;

    for (int i = 0; i < 3; i++) {
        moved.pos[i] =
            0.5f * (s->camera[0].pos[i] + s->camera[1].pos[i]) + 0.05f * (float)(i + 1);
        moved.forward[i] = f[i];
        moved.up[i] = c * u[i] + sine * right[i];
    }
    for (int eye = 0; eye < 2; eye++) {
        memcpy(s->camera[eye].pos, moved.pos, sizeof moved.pos);
        memcpy(s->camera[eye].up, moved.up, sizeof moved.up);
    }
    return moved;
}

START_TEST(test_a_moved_camera_is_mujocos) {
    struct pair p;

    if (begin(&p, _i, 84, 84))
        for (int pose = 0; pose < 3; pose++) {
            render_pose(p.model.m, p.d, pose);
            mujoco_gl_look(&p.gl, p.model.m, p.d, 0);
            const render_camera moved = move_camera(&p.gl.scene);
            mujoco_gl_draw(&p.gl, p.theirs);
            draw(&p, 0, &(render_look){.camera = &moved});
            check_difference(&p, "moved camera");
        }
    end(&p);
}
END_TEST

START_TEST(test_a_moved_coloured_light_is_mujocos) {
    static const float diffuse[3] = {0.9f, 0.4f, 0.1f};
    struct pair p;

    if (begin(&p, _i, 84, 84)) {
        mjModel *m = p.model.m;
        memcpy(m->light_diffuse, diffuse, sizeof diffuse);
        m->light_dir[0] = 0.3;
        m->light_pos[0] -= 0.3;
        compare(&p, 0, 3);
    }
    end(&p);
}
END_TEST

/* Paints the model as the look does. */
static void paint(mjModel *m, const float grid[6], const float materials[][4]) {
    for (int t = 0; t < m->ntex; t++)
        for (int i = 0;
             m->tex_type[t] == mjTEXTURE_2D && i < m->tex_width[t] * m->tex_height[t];
             i++) {
            int x = i % m->tex_width[t], y = i / m->tex_width[t];
            int second = (x < m->tex_width[t] / 2) != (y < m->tex_height[t] / 2);
            for (int k = 0; k < 3; k++)
                m->tex_rgb[m->tex_adr[t] + 3 * i + k] =
                    (mjtByte)(255 * grid[3 * second + k]);
        }
    memcpy(m->mat_rgba, materials, (size_t)m->nmat * sizeof *materials);
}

START_TEST(test_other_colours_are_mujocos) {
    static const float grid[6] = {0.8f, 0.1f, 0.1f, 0.1f, 0.6f, 0.2f};
    static float materials[16][4];
    const render_look look = {.grid = grid, .materials = (const float(*)[4])materials};
    struct pair p;

    for (int i = 0; i < 16; i++)
        for (int k = 0; k < 4; k++)
            materials[i][k] = k == 3 ? 1 : (float)((5 * i + 3 * k) % 8) / 7;
    if (begin(&p, _i, 84, 84)) {
        ck_assert_int_le(p.model.m->nmat, 16);
        render_pose(p.model.m, p.d, 1);
        draw(&p, 0, &look);
        mujoco_gl_close(&p.gl);
        paint(p.model.m, grid, (const float(*)[4])materials);
        ck_assert_ptr_null(mujoco_gl_open(&p.gl, p.model.m, 84, 84, false));
        mujoco_gl_look(&p.gl, p.model.m, p.d, 0);
        mujoco_gl_draw(&p.gl, p.theirs);
        check_difference(&p, "other colours");
    }
    end(&p);
}
END_TEST

START_TEST(test_a_transparent_floor_is_mujocos) {
    static const float alphas[] = {0.3f, 0.8f};
    struct pair p;

    if (begin(&p, _i, 84, 84))
        for (int k = 0; k < 2; k++) {
            render_pose(p.model.m, p.d, k);
            mujoco_gl_look(&p.gl, p.model.m, p.d, 0);
            ck_assert_int_eq(p.gl.scene.geoms[0].type, mjGEOM_PLANE);
            p.gl.scene.geoms[0].rgba[3] = alphas[k];
            mujoco_gl_draw(&p.gl, p.theirs);
            draw(&p, 0,
                 &(render_look){.has_floor_alpha = true, .floor_alpha = alphas[k]});
            check_difference(&p, "transparent floor");
        }
    end(&p);
}
END_TEST

Suite *suite_visual_gl(void) {
    Suite *s = suite_create("visual_gl");
    TCase *tc = tcase_create("gl");

    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, test_pictures_are_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_camera_1_is_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_other_sizes_are_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_a_moved_camera_is_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_a_moved_coloured_light_is_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_other_colours_are_mujocos, 0, N_DOMAINS);
    tcase_add_loop_test(tc, test_a_transparent_floor_is_mujocos, 0, N_DOMAINS);
    suite_add_tcase(s, tc);
    return s;
}
