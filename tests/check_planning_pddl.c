/* check_planning_pddl.c - PDDL in, plans out: the reader's messages, the executor, and
 * the planner against a search that shares nothing with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/jsonl.h>
#include <accord/rng.h>

#include "chaos.h"
#include "host/host.h"
#include "problems.h"
#include "state.h"
#include "suites.h"
#include "write.h"

/* ---- the reader -------------------------------------------------------------------- */

static const char whole_domain[] =
    "(define (domain d)\n"
    "  (:requirements :strips :typing :negative-preconditions :equality)\n"
    "  (:types car - vehicle boat - vehicle vehicle town - object)\n"
    "  (:constants home - town)\n"
    "  (:predicates (at ?v - vehicle ?t - town) (closed ?t - town) (done))\n"
    "  (:action go ; a comment\n"
    "    :parameters (?v - (either car boat) ?a ?b - town)\n"
    "    :precondition (and (at ?v ?a) (not (closed ?b)) (not (= ?a ?b)))\n"
    "    :effect (and (at ?v ?b) (not (at ?v ?a))))\n"
    "  (:action Rest :parameters (?v - vehicle) :precondition (at ?v home)\n"
    "    :effect (done)))\n";
static const char whole_problem[] = "(define (problem p) (:domain D)\n"
                                    "  (:objects K - car x y - town)\n"
                                    "  (:init (at k x) (closed y))\n"
                                    "  (:goal (and (done) (not (at k x)))))\n";

static accord_code read_texts(const char *domain, const char *problem,
                              struct strips_source *source, struct strips_task **task) {
    const struct strips_text d = {"d.pddl", domain}, p = {"p.pddl", problem};

    return strips_task_read(&d, &p, source, task);
}

START_TEST(test_types_constants_negation_and_equality_are_read) {
    struct planning_problem p = {0};
    struct strips_source source;
    const struct strips_limits limits = STRIPS_LIMITS;
    char text[64];

    ck_assert_msg(!read_texts(whole_domain, whole_problem, &source, &p.task), "%s",
                  source.message);
    ck_assert_int_eq(p.task->n_objects, 4);
    ck_assert_int_eq(p.task->n_actions, 2);
    ck_assert_int_eq(planning_solve(&p, &limits), STRIPS_SOLVED);
    ck_assert_int_eq(p.n_steps, 2);
    strips_action_text(p.task, p.action[0], p.arg[0], text, sizeof(text));
    ck_assert_str_eq(text, "(go k x home)");
    strips_action_text(p.task, p.action[1], p.arg[1], text, sizeof(text));
    ck_assert_str_eq(text, "(rest k)");
    planning_problem_fini(&p);
}
END_TEST

/* A text in which `from` was changed to `to`. */
static char *change(const char *text, const char *from, const char *to) {
    const char *p = strstr(text, from);
    char *out;

    ck_assert_ptr_nonnull(p);
    ck_assert_int_gt(
        asprintf(&out, "%.*s%s%s", (int)(p - text), text, to, p + strlen(from)), 0);
    return out;
}

static const struct {
    const char *from, *to;
    const char *message;
    int in_problem;
} slips[] = {
    {"(define (domain d)", "(domain d)", "d.pddl:", 0},
    {"(domain d)", "(problem d)", "d.pddl:1: expected \"(domain NAME)\", found a list",
     0},
    {":equality", ":fluents",
     "d.pddl:2: expected :strips, :typing, "
     ":negative-preconditions or :equality, found \":fluents\"",
     0},
    {"vehicle town", "vehicle - car town", "d.pddl:3: type car is its own ancestor", 0},
    {"home - town", "home - city", "d.pddl:4: expected a declared type, found \"city\"",
     0},
    {"(done))", "(done) (done))", "d.pddl:5: predicate done is declared twice", 0},
    {"(?v - (either car boat)", "(v - car", "d.pddl:7: expected a variable (\"?x\")", 0},
    {"(at ?v ?a) (not", "(at ?v ?c) (not",
     "d.pddl:8: expected a parameter of action go, found \"?c\"", 0},
    {"(not (closed ?b))", "(or (closed ?b))",
     "d.pddl:8: expected an atom: \"or\" is not part of :strips", 0},
    {"(at ?v ?b) (not", "(at ?v) (not", "d.pddl:9: at takes 2 arguments, not 1", 0},
    {":effect (and (at", ":effects (and (at",
     "d.pddl:9: expected one :parameters, :precondition or :effect, found \":effects\"",
     0},
    {"(:action Rest", "(:action go", "d.pddl:10: action go is declared twice", 0},
    {"(:action Rest", "(:axiom Rest",
     "d.pddl:10: expected a known section, found "
     "\":axiom\"",
     0},
    {"(done)))\n", "(done))\n",
     "d.pddl:12: the text ends inside the list begun in line 1", 0},
    {"(done)))\n", "(done)))\n)", "d.pddl:12: expected nothing after the closing", 0},
    {"(:domain D)", "(:domain e)",
     "p.pddl:1: expected the domain's name \"d\", found "
     "\"e\"",
     1},
    {"K - car", "K - car home - town", "p.pddl:2: object home is declared twice", 1},
    {"(at k x) (closed", "(at k z) (closed",
     "p.pddl:3: expected a declared object, found \"z\"", 1},
    {"(at k x) (closed", "(at x k) (closed",
     "p.pddl:3: object x has the wrong type for argument 1 of at", 1},
    {"(closed y)", "(shut y)", "p.pddl:3: expected a declared predicate, found \"shut\"",
     1},
    {"(closed y)", "(closed y", "p.pddl:", 1},
    {"(:goal (and (done) (not (at k x))))", "", "p.pddl:1: expected a section :goal", 1},
    {"(not (at k x))", "(forall (?x) (done))", "is not part of :strips", 1},
    {"(closed y)", "\x01", "p.pddl:3: unexpected byte 0x01", 1},
};

START_TEST(test_bad_pddl_is_told_with_file_line_and_what_was_expected) {
    struct strips_source source;
    struct strips_task *task;
    char *text = change(slips[_i].in_problem ? whole_problem : whole_domain,
                        slips[_i].from, slips[_i].to);

    accord_code rc = slips[_i].in_problem
                         ? read_texts(whole_domain, text, &source, &task)
                         : read_texts(text, whole_problem, &source, &task);
    ck_assert_int_eq(rc, ACCORD_E_CONFIG);
    ck_assert_ptr_null(task);
    ck_assert_msg(strstr(source.message, slips[_i].message) != NULL, "%s",
                  source.message);
    free(text);
}
END_TEST

static double cpu_seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Deep nesting, megabytes of one thing, and a grounding of 100^8. */
START_TEST(test_hostile_pddl_ends_in_a_sentence) {
    enum { MUCH = 20 << 20 };
    struct strips_source source;
    struct strips_task *task;
    char *text = malloc(MUCH + 1);
    double begin = cpu_seconds();

    memset(text, "(x\n)"[_i], MUCH);
    text[MUCH] = '\0';
    ck_assert_int_eq(read_texts(text, whole_problem, &source, &task), ACCORD_E_LIMIT);
    text[1 << 20] = '\0';
    ck_assert_int_ne(read_texts(text, whole_problem, &source, &task), ACCORD_OK);
    for (int i = 0; i < 1 << 19; i++)
        memcpy(text + 2 * i, "x ", 2);
    memcpy(text, "(define", 7);
    ck_assert_int_ne(read_texts(text, whole_problem, &source, &task), ACCORD_OK);
    ck_assert_int_gt(strlen(source.message), 10);
    ck_assert(cpu_seconds() - begin < 20);
    free(text);
}
END_TEST

START_TEST(test_a_huge_grounding_is_given_up) {
    struct planning_buffer domain = {0}, problem = {0};
    struct planning_problem p = {0};
    const struct strips_limits limits = STRIPS_LIMITS;
    struct strips_source source;

    planning_write(&domain, "(define (domain d) (:predicates (p ?a) (q ?a ?b ?c ?d)) "
                            "(:action a :parameters (?a ?b ?c ?d ?e ?f ?g ?h) "
                            ":precondition (p ?a) :effect (q ?e ?f ?g ?h)))");
    planning_write(&problem, "(define (problem p) (:domain d) (:objects");
    for (int i = 0; i < 100; i++)
        planning_write(&problem, " o%d", i);
    planning_write(&problem, ") (:init (p o1)) (:goal (q o1 o2 o3 o4)))");
    ck_assert_int_eq(read_texts(domain.text, problem.text, &source, &p.task), ACCORD_OK);
    double begin = cpu_seconds();
    ck_assert_int_eq(planning_solve(&p, &limits), STRIPS_GAVE_UP);
    ck_assert(cpu_seconds() - begin < 20);
    planning_problem_fini(&p);
    planning_buffer_fini(&domain);
    planning_buffer_fini(&problem);
}
END_TEST

/* Bytes changed, taken out, doubled.  What is still PDDL must survive the planner. */
START_TEST(test_mutated_pddl_never_crashes) {
    uint64_t state = accord_rng_fold(1, (uint64_t)_i);
    const struct strips_limits limits = {.n_states = 2000, .n_bytes = 1 << 22};
    static const char bytes[] = "()?-:=; \n\0axyz";
    int n_read = 0;

    for (int round = 0; round < 1500; round++) {
        char *text[2] = {strdup(whole_domain), strdup(whole_problem)};
        struct planning_problem p = {0};
        struct strips_source source;
        for (uint64_t k = accord_rng_below(&state, 4) + 1; k > 0; k--) {
            char *t = text[accord_rng_below(&state, 2)];
            size_t n = strlen(t), at = accord_rng_below(&state, n + 1);
            size_t to = accord_rng_below(&state, n + 1);
            if (accord_rng_below(&state, 2) || at == n || to > at)
                t[at] = bytes[accord_rng_below(&state, sizeof(bytes))];
            else
                memmove(t + to, t + at, n - at + 1);
        }
        accord_code rc = read_texts(text[0], text[1], &source, &p.task);
        if (rc == ACCORD_OK) {
            n_read++;
            planning_solve(&p, &limits);
        } else {
            ck_assert_int_gt(strlen(source.message), 8);
        }
        planning_problem_fini(&p);
        free(text[0]);
        free(text[1]);
    }
    ck_assert_int_gt(n_read, 10);
}
END_TEST

/* ---- the executor ------------------------------------------------------------------ */

START_TEST(test_the_missing_condition_is_named) {
    const struct planning_key key = {.level = 2, .split = 1};
    struct planning_problem p;
    struct strips_state s;
    struct strips_failure failure;
    char text[64];

    ck_assert_int_eq(planning_generate(&key, &p), ACCORD_OK);
    ck_assert(strips_state_init(&s, p.task));
    int put_down = strips_find_action(p.task, "put-down"), arg[STRIPS_ARGS] = {0};
    ck_assert_int_eq(strips_apply(&s, &p.task->action[put_down], arg, &failure),
                     STRIPS_MISSING);
    strips_literal_text(p.task, failure.literal, arg, text, sizeof(text));
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "(holding %s)", p.task->object[0].name);
    ck_assert_str_eq(text, wanted);
    strips_state_fini(&s);
    planning_problem_fini(&p);
}
END_TEST

/* Carries out the problem's plan; 1 when it reaches the goal. */
static int reaches(const struct planning_problem *p) {
    struct strips_state s;
    struct strips_failure failure;
    int is_good = strips_state_init(&s, p->task);

    for (int i = 0; i < p->n_steps && is_good; i++)
        is_good = strips_apply(&s, &p->task->action[p->action[i]], p->arg[i], &failure) ==
                  STRIPS_DONE;
    is_good = is_good && !strips_missing_goal(&s);
    strips_state_fini(&s);
    return is_good;
}

/* ---- the planner and an independent search ----------------------------------------- */

/* Blocksworld as digits: what each block stands on (a block, TABLE, or HAND). */
enum { MOST_BLOCKS = 5, TABLE = 6, HAND = 7, STATES = 8 * 8 * 8 * 8 * 8 };

struct world {
    int n;
    int on[MOST_BLOCKS];
};

static int code_of(const struct world *w) {
    int code = 0;

    for (int i = 0; i < w->n; i++)
        code = code * 8 + w->on[i];
    return code;
}

static void decode(int code, struct world *w) {
    for (int i = w->n - 1; i >= 0; i--) {
        w->on[i] = code % 8;
        code /= 8;
    }
}

static int has_on_top(const struct world *w, int block) {
    for (int i = 0; i < w->n; i++)
        if (w->on[i] == block)
            return 1;
    return 0;
}

static int satisfies(const struct world *w, const int *goal) {
    for (int i = 0; i < w->n; i++)
        if (goal[i] >= 0 && w->on[i] != goal[i])
            return 0;
    return 1;
}

/* The states that one move leads to. */
static int moves(const struct world *w, int *next) {
    int held = -1, n = 0;

    for (int i = 0; i < w->n; i++)
        if (w->on[i] == HAND)
            held = i;
    for (int i = 0; i < w->n; i++) {
        struct world to = *w;
        if (held < 0 && !has_on_top(w, i)) {
            to.on[i] = HAND;
            next[n++] = code_of(&to);
        } else if (held >= 0 && i != held && !has_on_top(w, i)) {
            to.on[held] = i;
            next[n++] = code_of(&to);
        }
    }
    if (held >= 0) {
        struct world to = *w;
        to.on[held] = TABLE;
        next[n++] = code_of(&to);
    }
    return n;
}

/* The length of a shortest plan, or -1: all states, breadth first. */
static int shortest(const struct world *from, const int *goal) {
    static short distance[STATES];
    static int queue[STATES];
    int head = 0, tail = 0, next[MOST_BLOCKS + 1];

    memset(distance, -1, sizeof(distance));
    queue[tail++] = code_of(from);
    distance[queue[0]] = 0;
    while (head < tail) {
        struct world w = {.n = from->n};
        decode(queue[head], &w);
        if (satisfies(&w, goal))
            return distance[queue[head]];
        for (int n = moves(&w, next), i = 0; i < n; i++)
            if (distance[next[i]] < 0) {
                distance[next[i]] = (short)(distance[queue[head]] + 1);
                queue[tail++] = next[i];
            }
        head++;
    }
    return -1;
}

/* Random towers; in a goal some blocks do not matter, and now and then two stand on one
 * another or on the same, which nothing reaches. */
static void random_world(uint64_t *rng, struct world *w) {
    int top[MOST_BLOCKS], n_towers = 0;

    for (int i = 0; i < w->n; i++) {
        int tower = (int)accord_rng_below(rng, (uint64_t)n_towers + 1);
        w->on[i] = tower < n_towers ? top[tower] : TABLE;
        n_towers += tower == n_towers;
        top[tower] = i;
    }
}

static void random_goal(uint64_t *rng, int n, int *goal) {
    struct world w = {.n = n};
    int name[MOST_BLOCKS];

    random_world(rng, &w);
    for (int i = 0; i < n; i++) {
        int j = (int)accord_rng_below(rng, (uint64_t)i + 1);
        name[i] = name[j];
        name[j] = i;
    }
    for (int i = 0; i < n; i++)
        goal[name[i]] = accord_rng_below(rng, 4) == 0 ? -1
                        : w.on[i] == TABLE            ? TABLE
                                                      : name[w.on[i]];
    if (n > 1 && accord_rng_below(rng, 5) == 0)
        goal[0] = accord_rng_below(rng, 2) ? 0 : goal[1];
}

static void write_world(const struct world *w, const int *goal,
                        struct planning_buffer *out) {
    planning_write(out, "(define (problem p) (:domain blocksworld-4ops) (:objects");
    for (int i = 0; i < w->n; i++)
        planning_write(out, " b%d", i);
    planning_write(out, ") (:init (handempty)");
    for (int i = 0; i < w->n; i++) {
        if (w->on[i] == TABLE)
            planning_write(out, " (ontable b%d)", i);
        else
            planning_write(out, " (on b%d b%d)", i, w->on[i]);
        if (!has_on_top(w, i))
            planning_write(out, " (clear b%d)", i);
    }
    planning_write(out, ") (:goal (and");
    for (int i = 0; i < w->n; i++) {
        if (goal[i] == TABLE)
            planning_write(out, " (ontable b%d)", i);
        else if (goal[i] >= 0)
            planning_write(out, " (on b%d b%d)", i, goal[i]);
    }
    planning_write(out, ")))");
}

/* First as it is, then with the heuristic from the first state on. */
START_TEST(test_the_planner_agrees_with_breadth_first_search_on_1000_seeds) {
    struct strips_limits limits = STRIPS_LIMITS;
    int n_hopeless = 0;

    if (_i)
        limits.n_blind = 0;

    for (uint64_t seed = 0; seed < 1000; seed++) {
        uint64_t rng = accord_rng_fold(77, seed);
        struct world w = {.n = 1 + (int)accord_rng_below(&rng, MOST_BLOCKS)};
        struct planning_problem p = {0};
        struct planning_buffer text = {0};
        struct strips_source source;
        int goal[MOST_BLOCKS];

        random_world(&rng, &w);
        random_goal(&rng, w.n, goal);
        write_world(&w, goal, &text);
        ck_assert_msg(!read_texts(planning_blocksworld, text.text, &source, &p.task),
                      "%s", source.message);
        int wanted = shortest(&w, goal);
        int verdict = planning_solve(&p, &limits);
        ck_assert_msg(verdict == (wanted < 0 ? STRIPS_NO_PLAN : STRIPS_SOLVED), "seed %d",
                      (int)seed);
        if (wanted >= 0) {
            ck_assert_int_eq(p.n_steps, wanted);
            ck_assert(reaches(&p));
        }
        n_hopeless += wanted < 0;
        planning_problem_fini(&p);
        planning_buffer_fini(&text);
    }
    ck_assert_int_gt(n_hopeless, 50);
}
END_TEST

START_TEST(test_a_search_that_is_cut_short_says_so) {
    const struct planning_key key = {.level = 6, .split = 0, .seed = 3};
    const struct strips_limits few = {.n_states = 20, .n_bytes = 1 << 20};
    struct planning_problem p;

    ck_assert_int_eq(planning_generate(&key, &p), ACCORD_OK);
    ck_assert_int_eq(planning_solve(&p, &few), STRIPS_GAVE_UP);
    planning_problem_fini(&p);
}
END_TEST

/* ---- generated problems ------------------------------------------------------------ */

START_TEST(test_generated_problems_lie_in_their_band_and_split) {
    for (int is_logistics = 0; is_logistics < 2; is_logistics++)
        for (uint64_t item = 0; item < 10; item++) {
            struct planning_key key = {.is_logistics = is_logistics,
                                       .seed = 5,
                                       .level = _i,
                                       .split = (int)(item & 1),
                                       .item = item};
            struct planning_problem p, again;
            int least, most;
            planning_band(is_logistics, _i, &least, &most);
            ck_assert_int_eq(planning_generate(&key, &p), ACCORD_OK);
            ck_assert_int_ge(p.n_steps, least);
            ck_assert_int_le(p.n_steps, most);
            ck_assert(reaches(&p));
            ck_assert_int_eq(planning_split(p.text.text), key.split);
            if (!is_logistics)
                ck_assert_int_eq(p.task->n_objects, _i + 1);
            ck_assert_int_eq(planning_generate(&key, &again), ACCORD_OK);
            ck_assert_str_eq(p.text.text, again.text.text);
            planning_problem_fini(&p);
            planning_problem_fini(&again);
        }
}
END_TEST

START_TEST(test_a_written_problem_is_read_as_the_same) {
    const struct planning_key key = {.is_logistics = _i, .level = 3, .split = 1};
    const char *domain = _i ? planning_logistics : planning_blocksworld;
    const struct strips_limits limits = STRIPS_LIMITS;
    struct planning_problem p, again = {0};
    struct planning_buffer text = {0};
    struct strips_state s;
    struct strips_source source;

    ck_assert_int_eq(planning_generate(&key, &p), ACCORD_OK);
    ck_assert(strips_state_init(&s, p.task));
    planning_write_problem(&s, &text);
    ck_assert_msg(!read_texts(domain, text.text, &source, &again.task), "%s",
                  source.message);
    ck_assert_int_eq(planning_solve(&again, &limits), STRIPS_SOLVED);
    ck_assert_int_eq(again.n_steps, p.n_steps);
    strips_state_fini(&s);
    planning_buffer_fini(&text);
    planning_problem_fini(&again);
    planning_problem_fini(&p);
}
END_TEST

/* ---- memory ------------------------------------------------------------------------ */

START_TEST(test_every_allocation_may_fail) {
    const struct planning_key key = {
        .is_logistics = _i, .level = 3, .split = 1, .item = 3};
    struct planning_problem p;
    accord_code rc;
    int failed;
    uint64_t n = 0;

    do {
        chaos_fail_after(n++);
        rc = planning_generate(&key, &p);
        failed = chaos_stop();
        if (!rc)
            planning_problem_fini(&p);
        if (failed)
            ck_assert_int_eq(rc, ACCORD_E_NOMEM);
    } while (failed);
    ck_assert_int_eq(rc, ACCORD_OK);
    ck_assert_uint_gt(n, 20);
}
END_TEST

/* ---- the published problems -------------------------------------------------------- */

static void check_published_plan(struct planning_problem *p, accord_jsonl *lines) {
    const char *plan = accord_jsonl_text(lines, "optimal_plan");
    struct strips_state s;
    struct strips_failure failure;
    char word[3][32];
    double length;
    int n = 0;

    ck_assert(strips_state_init(&s, p->task));
    for (; (plan = strchr(plan, '(')); plan++, n++) {
        int n_words =
            sscanf(plan, "(%31[^ )] %31[^ )] %31[^ )]", word[0], word[1], word[2]);
        int action = strips_find_action(p->task, word[0]), arg[STRIPS_ARGS] = {0};
        for (int i = 1; i < n_words; i++)
            arg[i - 1] = strips_find_object(p->task, word[i]);
        ck_assert_int_ge(action, 0);
        ck_assert_int_eq(strips_apply(&s, &p->task->action[action], arg, &failure),
                         STRIPS_DONE);
    }
    ck_assert_ptr_null(strips_missing_goal(&s));
    ck_assert_int_eq(accord_jsonl_number(lines, "optimal_length", &length, NULL), 0);
    ck_assert_int_eq(n, (int)length);
    ck_assert_int_eq(p->n_steps, n);
    strips_state_fini(&s);
}

START_TEST(test_published_plans_reach_the_goal_and_are_shortest) {
    static const char *const files[] = {"planbench/blocksworld.jsonl",
                                        "planbench/blocksworld_3.jsonl"};
    const struct strips_limits limits = STRIPS_LIMITS;
    char path[4096];
    accord_jsonl *lines;
    int more, n = 0;

    if (accord_host_default.data_path(&accord_host_default, files[_i], path, sizeof(path),
                                      NULL)) {
        fprintf(stderr, "skipped: published plans: ACCORD_DATA has no %s\n", files[_i]);
        return;
    }
    ck_assert_int_eq(accord_jsonl_open(&accord_host_default, path, &lines, NULL), 0);
    while (!accord_jsonl_next(lines, &more, NULL) && more) {
        struct planning_problem p = {0};
        struct strips_source source;
        ck_assert_msg(!read_texts(planning_blocksworld, accord_jsonl_text(lines, "pddl"),
                                  &source, &p.task),
                      "%s", source.message);
        ck_assert_int_eq(planning_solve(&p, &limits), STRIPS_SOLVED);
        check_published_plan(&p, lines);
        planning_problem_fini(&p);
        n++;
    }
    ck_assert_int_eq(n, _i == 0 ? 501 : 101);
    accord_jsonl_close(lines);
}
END_TEST

Suite *suite_planning_pddl(void) {
    Suite *s = suite_create("planning_pddl");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_types_constants_negation_and_equality_are_read);
    tcase_add_loop_test(tc, test_bad_pddl_is_told_with_file_line_and_what_was_expected, 0,
                        sizeof(slips) / sizeof(slips[0]));
    tcase_add_loop_test(tc, test_hostile_pddl_ends_in_a_sentence, 0, 4);
    tcase_add_test(tc, test_a_huge_grounding_is_given_up);
    tcase_add_loop_test(tc, test_mutated_pddl_never_crashes, 0, 4);
    tcase_add_test(tc, test_the_missing_condition_is_named);
    tcase_add_loop_test(
        tc, test_the_planner_agrees_with_breadth_first_search_on_1000_seeds, 0, 2);
    tcase_add_test(tc, test_a_search_that_is_cut_short_says_so);
    tcase_add_loop_test(tc, test_generated_problems_lie_in_their_band_and_split, 1, 7);
    tcase_add_loop_test(tc, test_a_written_problem_is_read_as_the_same, 0, 2);
    tcase_add_loop_test(tc, test_every_allocation_may_fail, 0, 2);
    tcase_add_loop_test(tc, test_published_plans_reach_the_goal_and_are_shortest, 0, 2);
    suite_add_tcase(s, tc);
    return s;
}
