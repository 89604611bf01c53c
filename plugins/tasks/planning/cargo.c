/* cargo.c - logistics problems: packages, trucks inside cities, planes between them. */
#include "generate.h"

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

/* "l4" is the second place of city c2 where a city has two; the first is its airport. */
static void write_objects(const struct size *s, struct planning_buffer *out) {
    planning_write(out, "  (:objects");
    for (int i = 1; i <= s->packages; i++)
        planning_write(out, " p%d", i);
    planning_write(out, " - package");
    for (int i = 1; i <= s->cities; i++)
        planning_write(out, " t%d", i);
    planning_write(out, " - truck");
    for (int i = 1; i <= s->planes; i++)
        planning_write(out, " a%d - plane", i);
    for (int i = 0; i < s->cities * s->places; i++)
        planning_write(out, " l%d - %s", i + 1, i % s->places ? "place" : "airport");
    for (int i = 1; i <= s->cities; i++)
        planning_write(out, " c%d", i);
    planning_write(out, " - city)\n");
}

void planning_cargo_write(uint64_t state, int level, struct planning_buffer *out) {
    const struct size *s = &sizes[level - 1];
    int n_places = s->cities * s->places;

    planning_write(out, "(define (problem cargo-%d)\n  (:domain logistics)\n", level);
    write_objects(s, out);
    planning_write(out, "  (:init");
    for (int i = 1; i <= s->packages; i++)
        planning_write(out, " (at p%d l%d)", i, 1 + below(&state, n_places));
    for (int i = 0; i < s->cities; i++)
        planning_write(out, " (at t%d l%d)", i + 1,
                       1 + i * s->places + below(&state, s->places));
    for (int i = 1; i <= s->planes; i++)
        planning_write(out, " (at a%d l%d)", i, 1 + s->places * below(&state, s->cities));
    for (int i = 0; i < n_places; i++)
        planning_write(out, " (in-city l%d c%d)", i + 1, 1 + i / s->places);
    planning_write(out, ")\n  (:goal (and");
    for (int i = 1; i <= s->packages; i++)
        planning_write(out, " (at p%d l%d)", i, 1 + below(&state, n_places));
    planning_write(out, ")))\n");
}
