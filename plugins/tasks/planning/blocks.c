/* blocks.c - Blocksworld problems. */
#include "problems.h"

#include <accord/rng.h>

enum { MOST = 8 };

/* Four operators (Slaney and Thiebaux, 2001, tell of the domain and its long history). */
const char planning_blocksworld[] =
    "(define (domain blocksworld-4ops)\n"
    "  (:requirements :strips)\n"
    "  (:predicates (on ?x ?y) (ontable ?x) (clear ?x) (handempty) (holding ?x))\n"
    "  (:action pick-up\n"
    "    :parameters (?x)\n"
    "    :precondition (and (clear ?x) (ontable ?x) (handempty))\n"
    "    :effect (and (holding ?x) (not (clear ?x)) (not (ontable ?x))\n"
    "                 (not (handempty))))\n"
    "  (:action put-down\n"
    "    :parameters (?x)\n"
    "    :precondition (holding ?x)\n"
    "    :effect (and (clear ?x) (handempty) (ontable ?x) (not (holding ?x))))\n"
    "  (:action stack\n"
    "    :parameters (?x ?y)\n"
    "    :precondition (and (clear ?y) (holding ?x))\n"
    "    :effect (and (handempty) (clear ?x) (on ?x ?y) (not (clear ?y))\n"
    "                 (not (holding ?x))))\n"
    "  (:action unstack\n"
    "    :parameters (?x ?y)\n"
    "    :precondition (and (on ?x ?y) (clear ?x) (handempty))\n"
    "    :effect (and (holding ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x))\n"
    "                 (not (handempty)))))\n";

static const char *const colors[MOST] = {"red",   "blue",  "orange", "yellow",
                                         "white", "green", "black",  "pink"};

/* What each block stands on: another, or -1 for the table.  Blocks come in random order,
 * each onto the table or one of the towers, all as likely. */
static void arrange(uint64_t *state, const int *block, int n, int on[MOST]) {
    int order[MOST] = {0}, top[MOST] = {0}, n_towers = 0;

    for (int i = 0; i < n; i++) {
        int j = (int)accord_rng_below(state, (uint64_t)i + 1);
        order[i] = order[j];
        order[j] = block[i];
    }
    for (int i = 0; i < MOST; i++)
        on[i] = -1;
    for (int i = 0; i < n; i++) {
        int tower = (int)accord_rng_below(state, (uint64_t)n_towers + 1);
        on[order[i]] = tower < n_towers ? top[tower] : -1;
        n_towers += tower == n_towers;
        top[tower] = order[i];
    }
}

/* Which colours there are, in the order of the list. */
static void choose(uint64_t *state, int n, int block[MOST]) {
    for (int i = 0, k = 0; i < MOST && k < n; i++)
        if (accord_rng_below(state, (uint64_t)(MOST - i)) < (uint64_t)(n - k))
            block[k++] = i;
}

static void write_init(const int *block, int n, const int *on,
                       struct planning_buffer *out) {
    planning_write(out, "  (:init (handempty)");
    for (int i = 0; i < n; i++) {
        int b = block[i], is_clear = 1;
        if (on[b] < 0)
            planning_write(out, " (ontable %s)", colors[b]);
        else
            planning_write(out, " (on %s %s)", colors[b], colors[on[b]]);
        for (int k = 0; k < n; k++)
            is_clear &= on[block[k]] != b;
        if (is_clear)
            planning_write(out, " (clear %s)", colors[b]);
    }
    planning_write(out, ")\n");
}

void planning_blocks_write(uint64_t state, int level, struct planning_buffer *out) {
    int block[MOST] = {0}, from[MOST], to[MOST], n = level + 1;

    choose(&state, n, block);
    arrange(&state, block, n, from);
    arrange(&state, block, n, to);
    planning_write(out,
                   "(define (problem blocks-%d)\n  (:domain blocksworld-4ops)\n"
                   "  (:objects",
                   n);
    for (int i = 0; i < n; i++)
        planning_write(out, " %s", colors[block[i]]);
    planning_write(out, ")\n");
    write_init(block, n, from, out);
    planning_write(out, "  (:goal (and");
    for (int i = 0; i < n; i++)
        if (to[block[i]] >= 0)
            planning_write(out, " (on %s %s)", colors[block[i]], colors[to[block[i]]]);
    planning_write(out, ")))\n");
}
