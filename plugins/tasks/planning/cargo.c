/* cargo.c - logistics problems: packages, trucks inside cities, planes between them. */
#include "problems.h"

#include <accord/rng.h>

/* The domain of the planning competitions of 1998 and 2000, with types. */
const char planning_logistics[] =
    "(define (domain logistics)\n"
    "  (:requirements :strips :typing)\n"
    "  (:types package truck plane place city - object\n"
    "          airport - place)\n"
    "  (:predicates (at ?x - (either package truck plane) ?l - place)\n"
    "               (in ?p - package ?v - (either truck plane))\n"
    "               (in-city ?l - place ?c - city))\n"
    "  (:action load-truck\n"
    "    :parameters (?p - package ?t - truck ?l - place)\n"
    "    :precondition (and (at ?p ?l) (at ?t ?l))\n"
    "    :effect (and (in ?p ?t) (not (at ?p ?l))))\n"
    "  (:action load-airplane\n"
    "    :parameters (?p - package ?a - plane ?l - airport)\n"
    "    :precondition (and (at ?p ?l) (at ?a ?l))\n"
    "    :effect (and (in ?p ?a) (not (at ?p ?l))))\n"
    "  (:action unload-truck\n"
    "    :parameters (?p - package ?t - truck ?l - place)\n"
    "    :precondition (and (in ?p ?t) (at ?t ?l))\n"
    "    :effect (and (at ?p ?l) (not (in ?p ?t))))\n"
    "  (:action unload-airplane\n"
    "    :parameters (?p - package ?a - plane ?l - airport)\n"
    "    :precondition (and (in ?p ?a) (at ?a ?l))\n"
    "    :effect (and (at ?p ?l) (not (in ?p ?a))))\n"
    "  (:action drive-truck\n"
    "    :parameters (?t - truck ?l - place ?m - place ?c - city)\n"
    "    :precondition (and (at ?t ?l) (in-city ?l ?c) (in-city ?m ?c)\n"
    "                       (not (= ?l ?m)))\n"
    "    :effect (and (at ?t ?m) (not (at ?t ?l))))\n"
    "  (:action fly-airplane\n"
    "    :parameters (?a - plane ?l - airport ?m - airport)\n"
    "    :precondition (and (at ?a ?l) (not (= ?l ?m)))\n"
    "    :effect (and (at ?a ?m) (not (at ?a ?l)))))\n";

struct size {
    int cities, places, packages, planes; /* places of each city */
};

static const struct size sizes[PLANNING_LEVELS] = {
    {1, 2, 1, 0}, {1, 3, 2, 0}, {2, 2, 1, 1}, {2, 2, 2, 1},
    {3, 2, 2, 1}, {3, 2, 3, 1}, {4, 2, 4, 1},
};

static int below(uint64_t *state, int n) {
    return (int)accord_rng_below(state, (uint64_t)n);
}

/* A problem on its way out.  Numbers begin anywhere, or small levels would have few
 * problems. */
struct writer {
    const struct size *size;
    struct planning_buffer *out;
    uint64_t state;
    int p, t, a, l, c; /* before the first package, truck, plane, place, city */
};

/* The first place of a city is its airport. */
static void write_objects(const struct writer *w) {
    const struct size *s = w->size;

    planning_write(w->out, "  (:objects");
    for (int i = 1; i <= s->packages; i++)
        planning_write(w->out, " p%d", w->p + i);
    planning_write(w->out, " - package");
    for (int i = 1; i <= s->cities; i++)
        planning_write(w->out, " t%d", w->t + i);
    planning_write(w->out, " - truck");
    for (int i = 1; i <= s->planes; i++)
        planning_write(w->out, " a%d - plane", w->a + i);
    for (int i = 0; i < s->cities * s->places; i++)
        planning_write(w->out, " l%d - %s", w->l + i + 1,
                       i % s->places ? "place" : "airport");
    for (int i = 1; i <= s->cities; i++)
        planning_write(w->out, " c%d", w->c + i);
    planning_write(w->out, " - city)\n");
}

static void write_packages(struct writer *w) {
    for (int i = 1; i <= w->size->packages; i++)
        planning_write(w->out, " (at p%d l%d)", w->p + i,
                       w->l + 1 + below(&w->state, w->size->cities * w->size->places));
}

void planning_cargo_write(uint64_t state, int level, struct planning_buffer *out) {
    const struct size *s = &sizes[level - 1];
    struct writer w = {.size = s, .out = out, .state = state};

    w.p = below(&w.state, 9);
    w.t = below(&w.state, 9);
    w.a = below(&w.state, 9);
    w.l = below(&w.state, 9);
    w.c = below(&w.state, 9);
    planning_write(out, "(define (problem cargo-%d)\n  (:domain logistics)\n", level);
    write_objects(&w);
    planning_write(out, "  (:init");
    write_packages(&w);
    for (int i = 0; i < s->cities; i++)
        planning_write(out, " (at t%d l%d)", w.t + i + 1,
                       w.l + 1 + i * s->places + below(&w.state, s->places));
    for (int i = 1; i <= s->planes; i++)
        planning_write(out, " (at a%d l%d)", w.a + i,
                       w.l + 1 + s->places * below(&w.state, s->cities));
    for (int i = 0; i < s->cities * s->places; i++)
        planning_write(out, " (in-city l%d c%d)", w.l + i + 1, w.c + 1 + i / s->places);
    planning_write(out, ")\n  (:goal (and");
    write_packages(&w);
    planning_write(out, ")))\n");
}
