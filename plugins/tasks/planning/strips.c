/* strips.c - problems that are stated in PDDL: the episodes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/sha256.h>

#include "instance.h"
#include "question.h"
#include "verdict.h"
#include "write.h"

/* Generated examples come from here on: no run trains that far. */
#define EXAMPLE_ITEMS (UINT64_C(1) << 63)

static const char *const modes[] = {"default", NULL};
static const char *const parts[] = {"valid", "goal_reached", "optimal", "failed_step",
                                    NULL};

static const char *const instructions[2][3] = {
    {"Write the plan, one action a line, and nothing else.",
     "Write the next action and nothing else.",
     "Write the plan, one action a line, and nothing else."},
    {"Write the plan in PDDL, one action a line, and nothing else.",
     "Write the next action in PDDL and nothing else.",
     "Write the plan in PDDL, one action a line, and nothing else."},
};

struct episode {
    struct planning_episode base;
    const struct strips_instance *task;
    struct strips_item item;
    struct strips_state state;        /* interactive: the present one */
    struct planning_buffer beginning; /* rules and worked example */
    struct planning_buffer question;  /* what is asked now */
    struct planning_buffer pddl;      /* domain and problem, from the present state */
    struct planning_buffer why, note;
    accord_record record;
    accord_extra extra[2];
    accord_example example[STRIPS_EXAMPLES];
    uint32_t n_taken; /* actions or plans so far */
    uint32_t n_done;  /* actions that could be carried out */
    int failed_step;  /* the first action that could not; 0: none */
    int is_over;
};

static int in_words(const struct strips_instance *t) {
    return t->choice[PLANNING_WORDING] == PLANNING_IN_WORDS;
}

static int play_of(const struct episode *e) {
    return e->task->choice[PLANNING_PLAY];
}

/* ---- creation ---------------------------------------------------------------------- */

/* The problem alone, without the rules: the question has those. */
static void write_example(const struct strips_instance *t, const struct strips_item *item,
                          struct strips_state *s, struct planning_buffer out[2]) {
    planning_ask_state(&item->lexicon, s, in_words(t), "Start", &out[0]);
    planning_tell_plan(&item->lexicon, &item->problem, in_words(t), &out[1]);
}

static accord_code add_example(struct strips_instance *t, uint64_t index,
                               accord_err *err) {
    const struct strips_limits limits = STRIPS_LIMITS;
    struct planning_buffer *text = t->example_text[t->n_examples];
    struct strips_item item;
    struct strips_state s = {0};

    accord_code rc = strips_item_open(t, ACCORD_SPLIT_TRAIN, index, &item, err);
    int verdict = rc ? STRIPS_GAVE_UP : planning_solve(&item.problem, &limits);
    if (!rc &&
        (verdict == STRIPS_PLAN_NO_MEMORY || !strips_state_init(&s, item.problem.task)))
        rc = strips_out_of_memory(t, err);
    if (!rc && verdict == STRIPS_SOLVED) {
        write_example(t, &item, &s, text);
        if (text[0].is_out_of_memory || text[1].is_out_of_memory)
            rc = strips_out_of_memory(t, err);
        t->example[t->n_examples++] = (accord_example){
            .question = planning_text(&text[0]), .solution = planning_text(&text[1])};
    }
    strips_state_fini(&s);
    strips_item_fini(&item);
    return rc;
}

/* Spread evenly over the train split. */
static accord_code choose_examples(struct strips_instance *t, accord_err *err) {
    uint64_t n_train = t->spec.n_items[ACCORD_SPLIT_TRAIN];
    accord_code rc = ACCORD_OK;

    for (uint64_t i = 0; i < STRIPS_CHOSEN && i < n_train && !rc; i++) {
        uint64_t n = n_train < STRIPS_CHOSEN ? n_train : STRIPS_CHOSEN;
        uint64_t index = n_train == ACCORD_ENDLESS ? EXAMPLE_ITEMS + i : i * n_train / n;
        rc = add_example(t, index, err);
    }
    return rc;
}

static uint32_t max_steps(const struct strips_instance *t) {
    switch (t->choice[PLANNING_PLAY]) {
    case PLANNING_INTERACTIVE:
        return (uint32_t)t->max_actions;
    case PLANNING_BACKPROMPT:
        return 1 + (uint32_t)t->rounds;
    default:
        return 1;
    }
}

static void fill_spec(struct strips_instance *t) {
    int is_endless = t->choice[PLANNING_SOURCE] == PLANNING_GENERATED;

    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .obs = {.kind = ACCORD_TEXT},
        .action = {.kind = ACCORD_TEXT},
        .n_items = {t->record.n - t->n_eval, t->n_eval},
        .max_steps = max_steps(t),
        .higher_is_better = 1,
        .score = "accuracy",
        .score_max = 1,
        .modes = modes,
        .parts = parts,
        .files = (const char *const *)t->record.file,
    };
    if (is_endless)
        t->spec.n_items[0] = t->spec.n_items[1] = ACCORD_ENDLESS;
}

static void strips_destroy(void *self) {
    struct strips_instance *t = self;

    if (!t)
        return;
    planning_records_fini(&t->record);
    for (int i = 0; i < STRIPS_CHOSEN; i++) {
        planning_buffer_fini(&t->example_text[i][0]);
        planning_buffer_fini(&t->example_text[i][1]);
    }
    free(t->domain);
    free(t);
}

static accord_code check_shots(const struct strips_instance *t, accord_err *err) {
    int is_published = t->choice[PLANNING_SOURCE] == PLANNING_PLANBENCH &&
                       t->choice[PLANNING_NAMES] == PLANNING_PLAIN && in_words(t) &&
                       t->choice[PLANNING_PLAY] != PLANNING_INTERACTIVE;

    if (!t->shots || is_published || t->n_examples > 0)
        return ACCORD_OK;
    return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                         "\"shots\" is 1, but there is no train split to take a worked "
                         "example from");
}

static accord_code strips_create(const accord_host *host,
                                 const struct planning_options *options, void **self,
                                 accord_err *err) {
    struct strips_instance *t = calloc(1, sizeof(*t));

    *self = NULL;
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    memcpy(t->choice, options->choice, sizeof(t->choice));
    t->seed = (uint64_t)options->value[PLANNING_SEED].i;
    t->level = (int)options->value[PLANNING_LEVEL].i;
    t->shots = (int)options->value[PLANNING_SHOTS].i;
    t->max_actions = (int)options->value[PLANNING_MAX_ACTIONS].i;
    t->rounds = (int)options->value[PLANNING_ROUNDS].i;
    accord_code rc = strips_load(t, options, err);
    fill_spec(t);
    if (!rc)
        rc = choose_examples(t, err);
    if (!rc)
        rc = check_shots(t, err);
    if (rc) {
        strips_destroy(t);
        return rc;
    }
    *self = t;
    return ACCORD_OK;
}

static const accord_spec *strips_spec(void *self) {
    return &((struct strips_instance *)self)->spec;
}

/* ---- observations ------------------------------------------------------------------ */

/* The examples but the one that asks the same. */
static void show_examples(struct episode *e, const char *problem) {
    uint32_t n = 0;

    for (uint32_t i = 0; i < e->task->n_examples && n < STRIPS_EXAMPLES; i++)
        if (strcmp(e->task->example[i].question, problem) != 0)
            e->example[n++] = e->task->example[i];
    e->record.examples = e->example;
    e->record.n_examples = n;
}

/* What does not change: rules, and with "shots" a worked example. */
static void write_beginning(struct episode *e) {
    const struct strips_instance *t = e->task;
    struct planning_buffer *out = &e->beginning;
    struct planning_buffer problem = {0};

    planning_ask_state(&e->item.lexicon, &e->state, in_words(t), "Start", &problem);
    show_examples(e, planning_text(&problem));
    out->is_out_of_memory |= problem.is_out_of_memory;
    planning_buffer_fini(&problem);
    if (e->item.published && play_of(e) != PLANNING_INTERACTIVE) {
        planning_write(out, "%s", e->item.published);
        return;
    }
    planning_ask_rules(&e->item.lexicon, planning_text(&e->item.domain), in_words(t),
                       out);
    if (t->shots && e->record.n_examples > 0)
        planning_write(out, "An example.\n%sThe plan:\n%s\nNow this one.\n",
                       e->example[0].question, e->example[0].solution);
}

static void write_pddl(struct episode *e) {
    planning_buffer_clear(&e->pddl);
    planning_write(&e->pddl, "%s", planning_text(&e->item.domain));
    planning_write_problem(&e->state, &e->pddl);
}

/* The question now; `last` is what was answered before, or NULL. */
static void write_question(struct episode *e, const char *last) {
    struct planning_buffer *out = &e->question;
    int is_whole = e->item.published && play_of(e) != PLANNING_INTERACTIVE;

    planning_buffer_clear(out);
    planning_write(out, "%s", planning_text(&e->beginning));
    if (!is_whole)
        planning_ask_state(&e->item.lexicon, &e->state, in_words(e->task),
                           play_of(e) == PLANNING_INTERACTIVE ? "Now" : "Start", out);
    if (!last)
        return;
    if (play_of(e) == PLANNING_INTERACTIVE)
        planning_write(out, "Last action: %s\n", last);
    else
        planning_write(out, "%sYour last plan:\n%s\nIt is wrong: %s.\nGive a new plan.\n",
                       is_whole ? "\n\n" : "", last, planning_text(&e->why));
}

static accord_code show(struct episode *e, accord_obs *obs, accord_err *err) {
    uint32_t n = 0;

    if (e->question.is_out_of_memory || e->pddl.is_out_of_memory ||
        e->beginning.is_out_of_memory || e->why.is_out_of_memory)
        return strips_out_of_memory(e->task, err);
    e->extra[n++] = (accord_extra){"pddl", planning_text(&e->pddl)};
    if (e->why.n > 0 && play_of(e) != PLANNING_WHOLE)
        e->extra[n++] = (accord_extra){"verifier", planning_text(&e->why)};
    e->record.struct_size = sizeof(e->record);
    e->record.question = planning_text(&e->question);
    e->record.extras = e->extra;
    e->record.n_extras = n;
    obs->kind = ACCORD_TEXT;
    obs->record = &e->record;
    return ACCORD_OK;
}

static void strips_close(void *ep) {
    struct episode *e = ep;

    strips_item_fini(&e->item);
    strips_state_fini(&e->state);
    planning_buffer_fini(&e->beginning);
    planning_buffer_fini(&e->question);
    planning_buffer_fini(&e->pddl);
    planning_buffer_fini(&e->why);
    planning_buffer_fini(&e->note);
    free(e);
}

static accord_code begin(struct episode *e, const accord_key *key, accord_obs *obs,
                         accord_err *err) {
    const struct strips_instance *t = e->task;

    accord_code rc = strips_item_open(t, key->split, key->item, &e->item, err);
    if (rc)
        return rc;
    if (!strips_state_init(&e->state, e->item.problem.task))
        return strips_out_of_memory(t, err);
    write_beginning(e);
    write_question(e, NULL);
    write_pddl(e);
    e->record.instruction = e->item.published && play_of(e) != PLANNING_INTERACTIVE
                                ? ""
                                : instructions[!in_words(t)][play_of(e)];
    return show(e, obs, err);
}

static accord_code strips_open(void *self, const accord_key *key, void **ep,
                               accord_obs *obs, const char **id, accord_err *err) {
    const struct strips_instance *t = self;

    if (key->split < 0 || key->split > 1 || key->item >= t->spec.n_items[key->split])
        return t->host->fail(t->host, err, ACCORD_E_ARG, "no item %" PRIu64, key->item);
    struct episode *e = calloc(1, sizeof(*e));
    if (!e)
        return strips_out_of_memory(t, err);
    e->base.kind = &planning_strips;
    e->task = t;
    accord_code rc = begin(e, key, obs, err);
    if (rc) {
        strips_close(e);
        return rc;
    }
    *id = e->item.id;
    *ep = e;
    return ACCORD_OK;
}

/* ---- verdicts ---------------------------------------------------------------------- */

/* PlanBench's rule is for words; what is written in PDDL needs no translation. */
static void read_steps(const struct episode *e, const char *reply,
                       struct planning_steps *out) {
    planning_read_steps(&e->item.lexicon, reply ? reply : "", out);
    if (e->task->choice[PLANNING_READING] == PLANNING_FLEXIBLE ||
        out->form == PLANNING_FORM_PDDL || out->is_out_of_memory)
        return;
    planning_steps_fini(out);
    planning_read_published(&e->item.lexicon, reply ? reply : "", out);
}

/* Is a plan of `n` steps that reaches the goal a shortest one?  The planner is asked only
 * then; where it gives up, no plan is called optimal. */
static int is_optimal(struct episode *e, uint32_t n) {
    const struct strips_limits limits = STRIPS_LIMITS;
    struct planning_problem *p = &e->item.problem;

    if (p->n_steps == 0 && planning_solve(p, &limits) != STRIPS_SOLVED)
        return 0;
    return (uint32_t)p->n_steps == n;
}

static void fill(struct episode *e, const struct planning_verdict *v, uint32_t n,
                 accord_step *out) {
    out->reward = v->reaches_goal;
    out->parts[0] = v->is_valid;
    out->parts[1] = v->reaches_goal;
    out->parts[2] = v->reaches_goal && is_optimal(e, n);
    out->parts[3] = v->failed_step;
}

static void write_note(struct episode *e, const char *form, accord_step *out) {
    planning_buffer_clear(&e->note);
    planning_write(&e->note, e->why.n ? "%s; %s" : "%s", form, planning_text(&e->why));
    out->note = planning_text(&e->note);
}

/* A whole plan, from the initial state. */
static accord_code judge(struct episode *e, const struct planning_steps *steps,
                         struct planning_verdict *v, accord_err *err) {
    struct strips_state s;

    planning_buffer_clear(&e->why);
    int is_ok =
        !steps->is_out_of_memory && strips_state_init(&s, e->item.problem.task) &&
        planning_judge(&e->item.lexicon, &s, steps, in_words(e->task), v, &e->why);
    strips_state_fini(&s);
    return is_ok ? ACCORD_OK : strips_out_of_memory(e->task, err);
}

static accord_code step_plan(struct episode *e, const char *reply, accord_step *out,
                             accord_err *err) {
    struct planning_buffer last = {0};
    struct planning_verdict v;
    struct planning_steps steps;

    read_steps(e, reply, &steps);
    accord_code rc = judge(e, &steps, &v, err);
    if (!rc) {
        fill(e, &v, (uint32_t)steps.n, out);
        write_note(e, planning_form_name(&steps), out);
    }
    if (!rc && !v.reaches_goal && e->n_taken < e->task->spec.max_steps) {
        planning_write_steps(e->item.problem.task, &steps, &last);
        write_question(e, planning_text(&last));
        rc = last.is_out_of_memory ? strips_out_of_memory(e->task, err)
                                   : show(e, out->obs, err);
    } else {
        out->end = v.reaches_goal || play_of(e) == PLANNING_WHOLE ? ACCORD_END_TERMINATED
                                                                  : ACCORD_END_TRUNCATED;
    }
    planning_buffer_fini(&last);
    planning_steps_fini(&steps);
    return rc;
}

/* The first action of the reply, from the present state. */
static void take_action(struct episode *e, const struct planning_steps *steps,
                        struct planning_buffer *last) {
    int is_done = 0;

    planning_buffer_clear(&e->why);
    if (steps->n == 0) {
        planning_write(&e->why, "no action was found in the reply");
    } else {
        is_done = planning_try_step(&e->item.lexicon, &e->state, &steps->step[0],
                                    in_words(e->task), &e->why);
        if (is_done) {
            planning_say_action(&e->item.lexicon, steps->step[0].action,
                                steps->step[0].arg, last);
            planning_write(last, " was done.");
        }
    }
    if (!is_done)
        planning_write(last, "it could not be done: %s.", planning_text(&e->why));
    e->n_done += (uint32_t)is_done;
    if (!is_done && !e->failed_step)
        e->failed_step = (int)e->n_taken;
}

static accord_code step_action(struct episode *e, const char *reply, accord_step *out,
                               accord_err *err) {
    struct planning_buffer last = {0};
    struct planning_steps steps;
    struct planning_verdict v = {0};
    accord_code rc = ACCORD_OK;

    read_steps(e, reply, &steps);
    take_action(e, &steps, &last);
    v.is_valid = !e->failed_step;
    v.failed_step = e->failed_step;
    v.reaches_goal = !strips_missing_goal(&e->state);
    fill(e, &v, e->n_taken, out);
    write_note(e, planning_form_name(&steps), out);
    write_question(e, planning_text(&last));
    write_pddl(e);
    if (v.reaches_goal)
        out->end = ACCORD_END_TERMINATED;
    else if (e->n_taken >= e->task->spec.max_steps)
        out->end = ACCORD_END_TRUNCATED;
    rc = steps.is_out_of_memory || last.is_out_of_memory
             ? strips_out_of_memory(e->task, err)
             : show(e, out->obs, err);
    planning_buffer_fini(&last);
    planning_steps_fini(&steps);
    return rc;
}

static accord_code strips_step(void *ep, const accord_action *action, accord_step *out,
                               accord_err *err) {
    struct episode *e = ep;
    const accord_host *host = e->task->host;

    if (e->is_over)
        return host->fail(host, err, ACCORD_E_ARG, "step after the episode ended");
    e->n_taken++;
    accord_code rc = play_of(e) == PLANNING_INTERACTIVE
                         ? step_action(e, action->text, out, err)
                         : step_plan(e, action->text, out, err);
    e->is_over = out->end != ACCORD_END_NO;
    if (!rc && e->note.is_out_of_memory)
        rc = strips_out_of_memory(e->task, err);
    return rc;
}

/* A text that does not fit ends in its hash, so that equal bytes stay equal plans. */
static void copy_canon(const char *text, size_t n, char *buf, size_t size) {
    enum { TAIL = 32 };
    accord_sha256 hash;
    char hex[65];

    if (n < size) {
        memcpy(buf, text, n + 1);
        return;
    }
    if (size <= TAIL)
        return;
    accord_sha256_init(&hash);
    accord_sha256_update(&hash, text, n);
    accord_sha256_hex(&hash, hex);
    snprintf(buf, size, "%.*s\n; %.24s", (int)(size - TAIL), text, hex);
}

static accord_code strips_canon(void *ep, const accord_action *action, char *buf,
                                size_t size, accord_err *err) {
    const struct episode *e = ep;
    struct planning_buffer text = {0};
    struct planning_steps steps;

    if (size > 0)
        buf[0] = '\0';
    read_steps(e, action->text, &steps);
    if (play_of(e) == PLANNING_INTERACTIVE && steps.n > 1)
        steps.n = 1;
    planning_write_steps(e->item.problem.task, &steps, &text);
    int is_ok = !steps.is_out_of_memory && !text.is_out_of_memory;
    if (is_ok)
        copy_canon(planning_text(&text), text.n, buf, size);
    planning_buffer_fini(&text);
    planning_steps_fini(&steps);
    return is_ok ? ACCORD_OK : strips_out_of_memory(e->task, err);
}

const struct planning_kind planning_strips = {
    .create = strips_create,
    .destroy = strips_destroy,
    .spec = strips_spec,
    .open = strips_open,
    .step = strips_step,
    .canon = strips_canon,
    .close = strips_close,
};
