/* check_control_replay.c - the replay buffer: stacks at the edges of episodes, what a
 * resume finds, what a full or a broken one says. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/rng.h>

#include "base/err.h"
#include "chaos.h"
#include "control_suites.h"
#include "host/host.h"
#include "replay.h"
#include "sac.h"
#include "scratch.h"

enum {
    PIXELS = 4,
    FRAME = 3 * PIXELS * PIXELS,
    STACK = CONTROL_FRAMES * FRAME,
    ACTIONS = 2
};

static accord_host_instance host;
static accord_err err;

static void begin(void) {
    scratch_begin();
    accord_host_init(&host, "test", NULL, NULL);
    err = (accord_err){0};
}

static control_replay *make(const char *folder, uint64_t capacity) {
    control_replay *r;

    ck_assert_msg(
        !control_replay_create(&host.host, folder, capacity, PIXELS, ACTIONS, &r, &err),
        "%s", err.msg);
    return r;
}

/* Every pixel of a frame is its number. */
static const uint8_t *frame(int number) {
    static uint8_t pixels[FRAME];

    memset(pixels, number, sizeof(pixels));
    return pixels;
}

/* An episode of `n` steps whose frames are first, first + 1, ...  The action and the
 * reward of a step name the frame in which it was taken. */
static void play(control_replay *r, int first, int n, int32_t terminated) {
    ck_assert_int_eq(control_replay_begin(r, frame(first), &err), ACCORD_OK);
    for (int i = 0; i < n; i++) {
        const float action[ACTIONS] = {(float)(first + i), -(float)(first + i)};
        ck_assert_int_eq(control_replay_add(r, action, (float)(first + i),
                                            terminated && i == n - 1,
                                            frame(first + i + 1), &err),
                         ACCORD_OK);
    }
}

/* One transition by the frame in which its action was taken; seen[k] counts the draws of
 * each frame. */
typedef struct drawn {
    int obs[CONTROL_FRAMES], next[CONTROL_FRAMES];
    float reward, not_done;
} drawn;

static void unstack(const uint8_t *stack, int *numbers) {
    for (int k = 0; k < CONTROL_FRAMES; k++) {
        numbers[k] = stack[k * FRAME];
        ck_assert(memcmp(stack + k * FRAME, frame(numbers[k]), FRAME) == 0);
    }
}

static void draw_all(const control_replay *r, drawn by_frame[256], int seen[256]) {
    enum { N = 64 };
    static uint8_t obs[N * STACK], next[N * STACK];
    float action[N * ACTIONS], reward[N], not_done[N];
    uint64_t rng = 7;

    memset(seen, 0, 256 * sizeof(*seen));
    for (int round = 0; round < 32; round++) {
        control_replay_sample(r, N, &rng, obs, next, action, reward, not_done);
        for (int k = 0; k < N; k++) {
            int f = (int)action[k * ACTIONS];
            ck_assert(action[k * ACTIONS + 1] == -action[k * ACTIONS]);
            unstack(obs + k * STACK, by_frame[f].obs);
            unstack(next + k * STACK, by_frame[f].next);
            by_frame[f].reward = reward[k];
            by_frame[f].not_done = not_done[k];
            seen[f]++;
        }
    }
}

static void expect(const int *got, int a, int b, int c) {
    ck_assert_msg(got[0] == a && got[1] == b && got[2] == c, "%d %d %d, not %d %d %d",
                  got[0], got[1], got[2], a, b, c);
}

static void check_two_episodes(const control_replay *r) {
    drawn d[256];
    int seen[256];

    draw_all(r, d, seen);
    expect(d[10].obs, 10, 10, 10);
    expect(d[10].next, 10, 10, 11);
    expect(d[11].obs, 10, 10, 11);
    expect(d[11].next, 10, 11, 12);
    expect(d[12].obs, 10, 11, 12);
    expect(d[13].next, 12, 13, 14);
    expect(d[50].obs, 50, 50, 50); /* nothing of the episode before */
    expect(d[51].obs, 50, 50, 51);
    ck_assert(d[13].not_done == 0 && d[12].not_done == 1 && d[51].not_done == 1);
    for (int i = 0; i < 256; i++)
        ck_assert(seen[i] == 0 || d[i].reward == (float)i);
    for (int i = 0; i < 256; i++) /* 2048 draws of 6 transitions, 5 standard deviations */
        ck_assert_msg((i >= 10 && i < 14) || i == 50 || i == 51 ? abs(seen[i] - 341) < 85
                                                                : seen[i] == 0,
                      "%d was drawn %d times", i, seen[i]);
}

START_TEST(test_stacks_repeat_the_first_frame_and_keep_to_their_episode) {
    char *folder = scratch_path("");
    control_replay *r = make(_i ? folder : NULL, 10);

    play(r, 10, 4, 1);
    play(r, 50, 2, 0);
    ck_assert_uint_eq(control_replay_size(r), 6);
    check_two_episodes(r);
    control_replay_destroy(r);
    free(folder);
}
END_TEST

/* Sums of at most three rewards, by hand. */
START_TEST(test_looking_ahead_stops_where_an_episode_does) {
    control_replay *r = make(NULL, 10);
    drawn d[256];
    int seen[256];

    play(r, 10, 4, 1);
    play(r, 50, 2, 0);
    control_replay_look_ahead(r, 3, 0.5);
    draw_all(r, d, seen);
    ck_assert(d[10].reward == 10 + 5.5f + 3 && d[10].not_done == 0.25f);
    expect(d[10].obs, 10, 10, 10);
    expect(d[10].next, 11, 12, 13);
    ck_assert(d[11].reward == 11 + 6 + 3.25f && d[11].not_done == 0);
    expect(d[11].next, 12, 13, 14);
    ck_assert(d[12].reward == 12 + 6.5f && d[12].not_done == 0);
    ck_assert(d[13].reward == 13 && d[13].not_done == 0);
    ck_assert(d[50].reward == 50 + 25.5f && d[50].not_done == 0.5f);
    expect(d[50].next, 50, 51, 52);
    ck_assert(d[51].reward == 51 && d[51].not_done == 1);
    control_replay_destroy(r);
}
END_TEST

START_TEST(test_a_resume_takes_what_the_checkpoint_knew_and_goes_on) {
    char *folder = scratch_path("");
    control_replay *r = make(folder, 10);

    play(r, 10, 4, 1);
    ck_assert_int_eq(control_replay_flush(r, &err), ACCORD_OK);
    play(r, 90, 3, 0); /* after the checkpoint: forgotten */
    control_replay_destroy(r);
    r = make(folder, 10);
    ck_assert_uint_eq(control_replay_size(r), 0);
    ck_assert_int_eq(control_replay_restore(r, 4, &err), ACCORD_OK);
    play(r, 50, 2, 0);
    check_two_episodes(r);
    control_replay_destroy(r);
    r = make(folder, 10); /* and once more, from the end */
    ck_assert_int_eq(control_replay_restore(r, 6, &err), ACCORD_OK);
    check_two_episodes(r);
    control_replay_destroy(r);
    free(folder);
}
END_TEST

START_TEST(test_without_a_restore_the_file_begins_anew) {
    char *folder = scratch_path("");
    control_replay *r = make(folder, 10);

    play(r, 90, 7, 0);
    control_replay_destroy(r);
    r = make(folder, 10);
    play(r, 10, 4, 1);
    play(r, 50, 2, 0);
    check_two_episodes(r);
    control_replay_destroy(r);
    r = make(folder, 10); /* the longer past is gone */
    ck_assert_int_eq(control_replay_restore(r, 7, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "has fewer"));
    control_replay_destroy(r);
    free(folder);
}
END_TEST

/* Each episode of one step has two frames: more than was reserved. */
START_TEST(test_short_episodes_make_the_file_grow) {
    char *folder = scratch_path("");
    control_replay *r = make(_i ? folder : NULL, 200);
    drawn d[256];
    int seen[256];

    for (int i = 0; i < 200; i++)
        play(r, i, 1, 1);
    draw_all(r, d, seen);
    for (int i = 0; i < 200; i++) {
        expect(d[i].obs, i, i, i);
        expect(d[i].next, i, i, i + 1);
    }
    control_replay_destroy(r);
    if (_i) { /* a file that grew is taken up as it is */
        r = make(folder, 200);
        ck_assert_int_eq(control_replay_restore(r, 200, &err), ACCORD_OK);
        control_replay_destroy(r);
    }
    free(folder);
}
END_TEST

START_TEST(test_a_full_buffer_says_so) {
    control_replay *r = make(NULL, 3);
    const float action[ACTIONS] = {0};

    play(r, 1, 3, 0);
    ck_assert_int_eq(control_replay_add(r, action, 0, 0, frame(5), &err), ACCORD_E_LIMIT);
    ck_assert_ptr_nonnull(strstr(err.msg, "is full after 3 transitions"));
    err = (accord_err){0};
    ck_assert_int_eq(control_replay_begin(r, frame(1), &err), ACCORD_E_LIMIT);
    ck_assert_uint_eq(control_replay_size(r), 3);
    control_replay_destroy(r);
}
END_TEST

START_TEST(test_a_transition_needs_a_first_frame) {
    control_replay *r = make(NULL, 3);
    const float action[ACTIONS] = {0};

    ck_assert_int_eq(control_replay_add(r, action, 0, 0, frame(5), &err), ACCORD_E_ARG);
    control_replay_destroy(r);
}
END_TEST

/* A buffer of 10 transitions in a file, the last of them an episode's end; then the file
 * is spoilt.  What does the resume say? */
static void cut(const char *path) {
    ck_assert_int_eq(truncate(path, 5000), 0);
}
static void empty(const char *path) {
    ck_assert_int_eq(truncate(path, 0), 0);
}
static void overwrite(const char *path) {
    FILE *f = fopen(path, "r+");
    fputs("something else", f);
    fclose(f);
}
static void remove_it(const char *path) {
    ck_assert_int_eq(unlink(path), 0);
}
static void spoil_index(const char *path) {
    FILE *f = fopen(path, "r+");
    const uint32_t wild = 4000000000u;
    fseek(f, 4096 + 4, SEEK_SET);
    fwrite(&wild, sizeof(wild), 1, f);
    fclose(f);
}
static const struct {
    void (*spoil)(const char *path);
    const char *says;
} spoilt[] = {
    {cut, "was cut short"},      {empty, "is empty"},
    {remove_it, "is empty"},     {overwrite, "is no replay buffer"},
    {spoil_index, "is damaged"},
};

START_TEST(test_a_resume_says_what_is_wrong_with_the_file) {
    char *folder = scratch_path(""), *path = scratch_path("replay");
    control_replay *r = make(folder, 10);

    play(r, 10, 10, 0);
    control_replay_destroy(r);
    spoilt[_i].spoil(path);
    r = make(folder, 10);
    ck_assert_int_eq(control_replay_restore(r, 4, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, spoilt[_i].says) && strstr(err.msg, path), "%s",
                  err.msg);
    ck_assert_int_eq(control_replay_restore(r, 0, &err), ACCORD_OK); /* needs nothing */
    play(r, 10, 4, 1);
    play(r, 50, 2, 0);
    check_two_episodes(r);
    control_replay_destroy(r);
    free(path);
    free(folder);
}
END_TEST

START_TEST(test_a_file_of_another_task_is_not_taken_up) {
    char *folder = scratch_path("");
    control_replay *r = make(folder, 10);

    play(r, 10, 10, 0);
    control_replay_destroy(r);
    r = make(folder, 11);
    ck_assert_int_eq(control_replay_restore(r, 4, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.msg, "another task or another number of steps"));
    control_replay_destroy(r);
    free(folder);
}
END_TEST

START_TEST(test_a_folder_that_is_not_there_is_named) {
    control_replay *r;
    char *folder = scratch_path("none");

    ck_assert_int_eq(
        control_replay_create(&host.host, folder, 10, PIXELS, ACTIONS, &r, &err),
        ACCORD_E_IO);
    ck_assert_ptr_null(r);
    ck_assert_msg(strstr(err.msg, folder) && strstr(err.msg, "No such file"), "%s",
                  err.msg);
    free(folder);
}
END_TEST

/* A disk without room, as a limit of the file's size. */
START_TEST(test_a_full_disk_is_found_when_the_buffer_is_made) {
    char *folder = scratch_path("");
    const struct rlimit limit = {100 << 10, 100 << 10};
    control_replay *r;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(
        control_replay_create(&host.host, folder, 10000, PIXELS, ACTIONS, &r, &err),
        ACCORD_E_IO);
    ck_assert_msg(strstr(err.msg, "cannot reserve the replay buffer"), "%s", err.msg);
    free(folder);
}
END_TEST

START_TEST(test_memory_that_runs_out_is_said) {
    char *folder = scratch_path("");
    control_replay *r;

    chaos_fail_after(0);
    accord_code rc =
        control_replay_create(&host.host, folder, 10, PIXELS, ACTIONS, &r, &err);
    ck_assert_int_eq(chaos_stop(), 1);
    ck_assert_int_eq(rc, ACCORD_E_NOMEM);
    ck_assert_ptr_null(r);
    free(folder);
}
END_TEST

/* The promise of the front page: 100,000 steps. */
START_TEST(test_a_frame_is_kept_once) {
    static const struct {
        uint32_t pixels;
        double gigabytes;
    } of[] = {{84, 2.3}, {48, 0.8}};

    for (int i = 0; i < 2; i++) {
        control_replay *r;
        ck_assert_int_eq(
            control_replay_create(&host.host, NULL, 100000, of[i].pixels, 6, &r, &err),
            ACCORD_OK);
        ck_assert(control_replay_bytes(r) * 1e-9 < of[i].gigabytes);
        ck_assert(control_replay_bytes(r) >
                  UINT64_C(300000) * of[i].pixels * of[i].pixels);
        control_replay_destroy(r);
    }
}
END_TEST

Suite *suite_control_replay(void) {
    Suite *s = suite_create("control_replay");
    TCase *tc = tcase_create("replay");

    tcase_add_checked_fixture(tc, begin, scratch_end);
    tcase_add_loop_test(tc, test_stacks_repeat_the_first_frame_and_keep_to_their_episode,
                        0, 2);
    tcase_add_test(tc, test_looking_ahead_stops_where_an_episode_does);
    tcase_add_test(tc, test_a_resume_takes_what_the_checkpoint_knew_and_goes_on);
    tcase_add_test(tc, test_without_a_restore_the_file_begins_anew);
    tcase_add_loop_test(tc, test_short_episodes_make_the_file_grow, 0, 2);
    tcase_add_test(tc, test_a_full_buffer_says_so);
    tcase_add_test(tc, test_a_transition_needs_a_first_frame);
    tcase_add_loop_test(tc, test_a_resume_says_what_is_wrong_with_the_file, 0,
                        sizeof(spoilt) / sizeof(spoilt[0]));
    tcase_add_test(tc, test_a_file_of_another_task_is_not_taken_up);
    tcase_add_test(tc, test_a_folder_that_is_not_there_is_named);
    tcase_add_test(tc, test_a_full_disk_is_found_when_the_buffer_is_made);
    tcase_add_test(tc, test_memory_that_runs_out_is_said);
    tcase_add_test(tc, test_a_frame_is_kept_once);
    suite_add_tcase(s, tc);
    return s;
}
