/* plan.c - how fast planning problems are made with their optimal lengths, and how many
 * states the planner expands a second. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "problems.h"

static const int64_t least_ns = ACCORD_S_NS;

/* Makes problems of a level for about a second. */
static void measure_making(int is_logistics, int level) {
    int64_t begin = accord_now_ns(), now = begin;
    double steps = 0;
    uint64_t n = 0;

    for (; now - begin < least_ns; n++, now = accord_now_ns()) {
        const struct planning_key key = {.is_logistics = is_logistics,
                                         .seed = 1,
                                         .level = level,
                                         .split = (int)(n & 1),
                                         .item = n};
        struct planning_problem p;
        if (planning_generate(&key, &p))
            abort();
        steps += p.n_steps;
        planning_problem_fini(&p);
    }
    double seconds = (double)(now - begin) / ACCORD_S_NS;
    printf("%-12s %5d %12.0f %12.1f", is_logistics ? "logistics" : "blocksworld", level,
           (double)n / seconds, steps / (double)n);
}

/* Plans problems of a level, breadth first or with the heuristic from the start. */
static double states_a_second(int is_logistics, int level, long n_blind) {
    const struct strips_limits limits = {
        .n_states = 1000000, .n_bytes = (size_t)1 << 28, .n_blind = n_blind};
    int64_t spent = 0;
    double n_states = 0;

    for (uint64_t item = 0; item < 20 && spent < least_ns / 2; item++) {
        const struct planning_key key = {.is_logistics = is_logistics,
                                         .seed = 1,
                                         .level = level,
                                         .split = 0,
                                         .item = item};
        struct planning_problem p;
        struct strips_ground *g;
        struct strips_plan plan;
        if (planning_generate(&key, &p) || strips_ground_create(p.task, &g))
            abort();
        int64_t begin = accord_now_ns();
        strips_plan_find(g, &limits, &plan);
        spent += accord_now_ns() - begin;
        n_states += (double)plan.n_expanded;
        strips_plan_fini(&plan);
        strips_ground_destroy(g);
        planning_problem_fini(&p);
    }
    return n_states * ACCORD_S_NS / (double)spent;
}

int main(void) {
    printf("%-12s %5s %12s %12s %15s %15s\n", "problems", "level", "problems/s",
           "mean length", "blind states/s", "A* states/s");
    for (int is_logistics = 0; is_logistics < 2; is_logistics++)
        for (int level = 1; level <= PLANNING_LEVELS; level++) {
            measure_making(is_logistics, level);
            printf(" %15.0f %15.0f\n", states_a_second(is_logistics, level, 1000000),
                   states_a_second(is_logistics, level, 0));
            fflush(stdout);
        }
    return 0;
}
