/* check_random_policy.c - the method random_policy: uniform, from the host's stream. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/instance.h"
#include "suites.h"

enum { N = 3, DRAWS = 3000 };

/* The stream is the episode's own address in disguise: tests choose it. */
static uint64_t stream(accord_episode *e, uint32_t agent, const char *role,
                       uint32_t round, uint32_t sample) {
    return *(uint64_t *)(void *)e;
}

static const accord_random_service service = {.struct_size = sizeof(service),
                                              .stream = stream};
static const accord_service services[] = {{ACCORD_RANDOM, &service}, {NULL, NULL}};

static accord_instance *create(const accord_spec *task) {
    const accord_instance_setup setup = {.role = ACCORD_ROLE_METHOD,
                                         .plugin = "random_policy",
                                         .name = "random",
                                         .services = services,
                                         .task = task};
    accord_instance *m;
    accord_err err = {0};

    ck_assert_msg(!accord_instance_create(&setup, &m, &err), "%s", err.msg);
    return m;
}

static void *open_episode(accord_instance *m, uint64_t *seed) {
    const accord_episode_info info = {.struct_size = sizeof(info),
                                      .episode = (accord_episode *)(void *)seed};
    accord_err err = {0};
    void *ep;

    ck_assert_msg(!m->method->open(m->self, &info, &ep, &err), "%s", err.msg);
    return ep;
}

static accord_action act(accord_instance *m, void *ep, int32_t kind) {
    const accord_obs obs = {.struct_size = sizeof(obs)};
    accord_action action = {.struct_size = sizeof(action), .kind = kind};

    ck_assert_int_eq(m->method->act(ep, &obs, &action, NULL), ACCORD_OK);
    return action;
}

START_TEST(test_vectors_are_uniform) {
    const accord_spec spec = {.struct_size = sizeof(spec),
                              .obs = {.kind = ACCORD_PIXELS, .height = 8, .width = 8},
                              .action = {.kind = ACCORD_VECTOR, .n = N}};
    accord_instance *m = create(&spec);
    uint64_t seed = 5;
    double sum[N] = {0}, squares[N] = {0};
    void *ep = open_episode(m, &seed);

    for (int k = 0; k < DRAWS; k++) {
        const float *v = act(m, ep, ACCORD_VECTOR).vector;
        for (int i = 0; i < N; i++) {
            ck_assert(v[i] >= -1 && v[i] <= 1);
            sum[i] += (double)v[i] / DRAWS;
            squares[i] += (double)v[i] * (double)v[i] / DRAWS;
        }
    }
    for (int i = 0; i < N; i++) {
        ck_assert_double_eq_tol(sum[i], 0, 4 / sqrt(3. * DRAWS));
        ck_assert_double_eq_tol(squares[i], 1. / 3, .03);
    }
    m->method->close(ep);
    accord_instance_destroy(m);
}
END_TEST

START_TEST(test_choices_are_uniform) {
    const accord_spec spec = {.struct_size = sizeof(spec),
                              .obs = {.kind = ACCORD_DISCRETE, .n = 2},
                              .action = {.kind = ACCORD_DISCRETE, .n = N}};
    accord_instance *m = create(&spec);
    uint64_t seed = 5;
    int counts[N] = {0};
    void *ep = open_episode(m, &seed);

    for (int k = 0; k < DRAWS; k++)
        counts[act(m, ep, ACCORD_DISCRETE).index]++;
    for (int i = 0; i < N; i++)
        ck_assert_int_le(abs(counts[i] - DRAWS / N), 110); /* four standard deviations */
    m->method->close(ep);
    accord_instance_destroy(m);
}
END_TEST

/* Two episodes at once, as the host plays them, keep their own streams. */
START_TEST(test_an_episode_repeats_from_its_stream) {
    const accord_spec spec = {.struct_size = sizeof(spec),
                              .obs = {.kind = ACCORD_VECTOR, .n = 2},
                              .action = {.kind = ACCORD_VECTOR, .n = N}};
    accord_instance *m = create(&spec);
    uint64_t seeds[] = {5, 6, 5};
    float first[3][N], later[3][N];
    void *ep[3];

    for (int i = 0; i < 3; i++)
        ep[i] = open_episode(m, &seeds[i]);
    for (int i = 0; i < 3; i++)
        memcpy(first[i], act(m, ep[i], ACCORD_VECTOR).vector, sizeof(first[i]));
    for (int i = 0; i < 3; i++)
        memcpy(later[i], act(m, ep[i], ACCORD_VECTOR).vector, sizeof(later[i]));
    ck_assert_mem_eq(first[0], first[2], sizeof(first[0]));
    ck_assert_mem_eq(later[0], later[2], sizeof(first[0]));
    ck_assert_mem_ne(first[0], first[1], sizeof(first[0]));
    ck_assert_mem_ne(first[0], later[0], sizeof(first[0]));
    for (int i = 0; i < 3; i++)
        m->method->close(ep[i]);
    accord_instance_destroy(m);
}
END_TEST

Suite *suite_random_policy(void) {
    Suite *s = suite_create("random_policy");
    TCase *tc = tcase_create("draws");

    tcase_add_test(tc, test_vectors_are_uniform);
    tcase_add_test(tc, test_choices_are_uniform);
    tcase_add_test(tc, test_an_episode_repeats_from_its_stream);
    suite_add_tcase(s, tc);
    return s;
}
