/* travel.c - trips as a kind of planning problem: TravelPlanner's complete tasks, and
 * trips made from a seed.  One answer, a plan of all days; 1 point where all constraints
 * hold. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "travel_items.h"
#include "travel_judge.h"
#include "travel_make.h"

#define TRAVEL_FILE "travelplanner/train_tasks.jsonl"

enum {
    N_EXAMPLES = 8,
    /* One more, because an item is no example of itself. */
    N_CHOSEN = N_EXAMPLES + 1,
    PART_DELIVERY = 0,
    PART_CONSTRAINTS = 1,
};

/* Generated examples come from here on: no run trains that far. */
#define EXAMPLE_ITEMS (UINT64_C(1) << 63)

struct task {
    const accord_host *host;
    accord_spec spec;
    int is_generated;
    uint64_t seed;
    int level;
    struct travel_set set;
    accord_example example[N_CHOSEN];
    char *example_text[N_CHOSEN][2]; /* question and solution */
    uint32_t n_examples;
};

struct episode {
    struct planning_episode head;
    const struct task *task;
    const struct travel_world *world;
    const struct travel_query *query;
    struct travel_trip trip; /* of a generated item */
    char *question;
    accord_record record;
    accord_extra extra[2];
    accord_example example[N_EXAMPLES];
    char id[96];
    char note[256];
};

static const char *const modes[] = {"default", NULL};

/* The groups before the slash have their micro and macro rates in the report. */
static const char *const parts[] = {
    "delivery",
    "commonsense/within_sandbox",
    "commonsense/complete_information",
    "commonsense/within_current_city",
    "commonsense/reasonable_city_route",
    "commonsense/diverse_restaurants",
    "commonsense/diverse_attractions",
    "commonsense/non_conflicting_transportation",
    "commonsense/minimum_nights_stay",
    "hard/budget",
    "hard/room_rule",
    "hard/room_type",
    "hard/cuisine",
    "hard/transportation",
    NULL,
};

static const char instruction[] =
    "Use only what is listed. Answer with a JSON list with one object for each day, in "
    "order, like this one:\n"
    "[{\"days\": 1, \"current_city\": \"from Alba to Borda\", \"transportation\": "
    "\"Flight Number: F1234567, from Alba to Borda, Departure Time: 10:05, Arrival Time: "
    "12:10\", \"breakfast\": \"-\", \"attraction\": \"Old Mill, Borda;Rose Garden, "
    "Borda;\", \"lunch\": \"-\", \"dinner\": \"Lido Grill, Borda\", \"accommodation\": "
    "\"Quiet Loft, Borda\"}, ...]\n"
    "On a day in one city, current_city is its name and transportation \"-\". Other ways "
    "are \"Self-driving, from A to B\" and \"Taxi, from A to B\"; self-driving goes with "
    "neither flights nor taxis. Places are written \"Name, City\", each attraction ends "
    "with \";\", and \"-\" means nothing. The trip begins on day 1 and returns on the "
    "last day; it needs three meals and an attraction on each day without travel, and an "
    "accommodation for every night. No restaurant and no attraction is visited twice, "
    "and "
    "an accommodation is kept for at least its minimum nights. The budget covers "
    "transportation, meals and rooms.";

static accord_code no_memory(const struct task *t, accord_err *err) {
    return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
}

/* The question as it is put; the caller's, NULL without memory. */
static char *ask(const char *query, const char *information) {
    char *text = NULL;

    if (asprintf(&text, "%s\n\n%s", query, information) < 0)
        return NULL;
    return text;
}

/* ---- worked examples -------------------------------------------------------------- */

/* Takes the solution. */
static accord_code add_example(struct task *t, const char *query, const char *information,
                               char *solution, accord_err *err) {
    char **text = t->example_text[t->n_examples];

    text[0] = ask(query, information);
    text[1] = solution;
    if (!text[0] || !text[1]) {
        free(text[0]);
        free(text[1]);
        return no_memory(t, err);
    }
    t->example[t->n_examples++] =
        (accord_example){.question = text[0], .solution = text[1]};
    return ACCORD_OK;
}

static accord_code choose_items(struct task *t, accord_err *err) {
    const struct travel_items *train = &t->set.part[ACCORD_SPLIT_TRAIN];
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < train->n && t->n_examples < N_CHOSEN && !rc; i++) {
        const struct travel_item *item = &train->item[i];
        if (item->solution)
            rc = add_example(t, item->query.text, item->information,
                             strdup(item->solution), err);
    }
    return rc;
}

static accord_code choose_trip(struct task *t, uint64_t item, accord_err *err) {
    struct travel_trip trip;
    struct travel_plan plan = {0};
    accord_code rc = ACCORD_OK;
    const char *information = NULL;

    if (travel_make(t->seed, t->level, ACCORD_SPLIT_TRAIN, item, &trip) &&
        travel_construct(&trip, 0, &plan))
        information = travel_information(&trip.world);
    rc = information
             ? add_example(t, trip.query.text, information, travel_plan_json(&plan), err)
             : no_memory(t, err);
    travel_plan_fini(&plan);
    travel_trip_fini(&trip);
    return rc;
}

static accord_code choose_trips(struct task *t, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (uint64_t i = 0; i < N_CHOSEN && !rc; i++)
        rc = choose_trip(t, EXAMPLE_ITEMS + i, err);
    return rc;
}

/* ---- creation --------------------------------------------------------------------- */

static void fill_spec(struct task *t) {
    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .obs = {.kind = ACCORD_TEXT},
        .action = {.kind = ACCORD_TEXT},
        .n_items = {t->set.part[0].n, t->set.part[1].n},
        .max_steps = 1,
        .higher_is_better = 1,
        .score = "final_pass",
        .score_max = 1,
        .modes = modes,
        .parts = parts,
    };
    if (t->is_generated)
        t->spec.n_items[0] = t->spec.n_items[1] = ACCORD_ENDLESS;
    else
        t->spec.files = (const char *const *)t->set.file;
}

static void travel_destroy(void *self) {
    struct task *t = self;

    if (!t)
        return;
    travel_set_fini(&t->set);
    for (uint32_t i = 0; i < t->n_examples; i++) {
        free(t->example_text[i][0]);
        free(t->example_text[i][1]);
    }
    free(t);
}

static accord_code load(struct task *t, const struct planning_options *options,
                        accord_err *err) {
    if (t->is_generated)
        return choose_trips(t, err);
    int holdout = (int)options->value[PLANNING_HOLDOUT].i;
    accord_code rc = travel_set_read(t->host, TRAVEL_FILE, holdout, &t->set, err);
    return rc ? rc : choose_items(t, err);
}

static accord_code travel_create(const accord_host *host,
                                 const struct planning_options *options, void **self,
                                 accord_err *err) {
    struct task *t = calloc(1, sizeof(*t));

    *self = NULL;
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    t->is_generated = options->choice[PLANNING_SOURCE] == PLANNING_GENERATED;
    t->seed = (uint64_t)options->value[PLANNING_SEED].i;
    t->level = (int)options->value[PLANNING_LEVEL].i;
    accord_code rc = load(t, options, err);
    if (rc) {
        travel_destroy(t);
        return rc;
    }
    fill_spec(t);
    *self = t;
    return ACCORD_OK;
}

static const accord_spec *travel_spec(void *self) {
    struct task *t = self;

    return &t->spec;
}

/* ---- episodes --------------------------------------------------------------------- */

static void travel_close(void *ep) {
    struct episode *e = ep;

    if (!e)
        return;
    travel_trip_fini(&e->trip);
    free(e->question);
    free(e);
}

/* The information of a made trip, NULL without memory. */
static const char *open_trip(struct episode *e, const accord_key *key) {
    const struct task *t = e->task;

    snprintf(e->id, sizeof(e->id), "travel-generated-%" PRIu64 "-level%d-%s-%" PRIu64,
             t->seed, t->level, key->split == ACCORD_SPLIT_TRAIN ? "train" : "eval",
             key->item);
    if (!travel_make(t->seed, t->level, key->split, key->item, &e->trip))
        return NULL;
    e->world = &e->trip.world;
    e->query = &e->trip.query;
    return travel_information(&e->trip.world);
}

static const char *open_item(struct episode *e, const accord_key *key) {
    const struct travel_item *item = &e->task->set.part[key->split].item[key->item];

    snprintf(e->id, sizeof(e->id), "%s", item->id);
    e->world = &item->world;
    e->query = &item->query;
    return item->information;
}

/* The examples but the one that asks the same. */
static void show_examples(struct episode *e) {
    const struct task *t = e->task;
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->n_examples && n < N_EXAMPLES; i++)
        if (strcmp(t->example[i].question, e->question) != 0)
            e->example[n++] = t->example[i];
    e->record.examples = e->example;
    e->record.n_examples = n;
}

/* Nothing of the query but its words: its parsed fields are for scoring only. */
static void show(struct episode *e, const char *information) {
    e->extra[0] = (accord_extra){.name = "query", .text = e->query->text};
    e->extra[1] = (accord_extra){.name = "information", .text = information};
    e->record.struct_size = sizeof(e->record);
    e->record.question = e->question;
    e->record.instruction = instruction;
    e->record.extras = e->extra;
    e->record.n_extras = 2;
    show_examples(e);
}

static accord_code travel_open(void *self, const accord_key *key, void **ep,
                               accord_obs *obs, const char **id, accord_err *err) {
    const struct task *t = self;

    if (key->split < 0 || key->split > 1 || key->item >= t->spec.n_items[key->split])
        return t->host->fail(t->host, err, ACCORD_E_ARG, "no item %" PRIu64, key->item);
    struct episode *e = calloc(1, sizeof(*e));
    if (!e)
        return no_memory(t, err);
    e->head.kind = &planning_travel;
    e->task = t;
    const char *information = t->is_generated ? open_trip(e, key) : open_item(e, key);
    if (information)
        e->question = ask(e->query->text, information);
    if (!e->question) {
        travel_close(e);
        return no_memory(t, err);
    }
    show(e, information);
    obs->kind = ACCORD_TEXT;
    obs->record = &e->record;
    *id = e->id;
    *ep = e;
    return ACCORD_OK;
}

/* "json", "json: Budget: the trip costs ...", "no plan: the reply is empty". */
static void write_note(struct episode *e, const struct travel_plan *plan,
                       const struct travel_judgement *j) {
    const char *form = plan->form ? plan->form : "no plan";

    snprintf(e->note, sizeof(e->note), "%s", form);
    if (!j->delivered) {
        snprintf(e->note, sizeof(e->note), "no plan: %s", plan->reason);
        return;
    }
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        if (j->of[i].state == TRAVEL_VIOLATED) {
            snprintf(e->note, sizeof(e->note), "%s: %s: %s", form,
                     travel_constraint_name[i], j->of[i].reason);
            return;
        }
}

static void write_parts(const struct travel_judgement *j, double *out) {
    out[PART_DELIVERY] = j->delivered;
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        out[PART_CONSTRAINTS + i] = j->of[i].state == TRAVEL_NOT_ASKED
                                        ? (double)NAN
                                        : j->of[i].state == TRAVEL_HOLDS;
}

static accord_code travel_step(void *ep, const accord_action *action, accord_step *out,
                               accord_err *err) {
    struct episode *e = ep;
    struct travel_plan plan;
    struct travel_judgement j;

    int ok = travel_plan_read(action->text, &plan);
    travel_judge(e->world, e->query, &plan, &j);
    write_note(e, &plan, &j);
    travel_plan_fini(&plan);
    if (!ok)
        return no_memory(e->task, err);
    out->end = ACCORD_END_TERMINATED;
    out->reward = j.final;
    out->note = e->note;
    write_parts(&j, out->parts);
    return ACCORD_OK;
}

static accord_code travel_canon(void *ep, const accord_action *action, char *buf,
                                size_t size, accord_err *err) {
    const struct episode *e = ep;
    struct travel_plan plan;

    int ok = travel_plan_read(action->text, &plan);
    travel_plan_canon(&plan, buf, size);
    travel_plan_fini(&plan);
    return ok ? ACCORD_OK : no_memory(e->task, err);
}

const struct planning_kind planning_travel = {
    .create = travel_create,
    .destroy = travel_destroy,
    .spec = travel_spec,
    .open = travel_open,
    .step = travel_step,
    .canon = travel_canon,
    .close = travel_close,
};
