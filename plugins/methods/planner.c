/* planner.c - the ceiling of a table: answers with a shortest plan, found by a classical
 * planner, where the observation carries the problem in PDDL (the extra "pddl"). */
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

#include "../tasks/planning/problems.h"
#include "../tasks/planning/state.h"

typedef struct planner {
    const accord_host *host;
    struct strips_limits limits;
} planner;

typedef struct planner_episode {
    const planner *self;
    struct planning_buffer answer;
} planner_episode;

static const accord_param params[] = {
    {"max_states", "states that are kept before the planner gives up", ACCORD_INT,
     .value = 1000000, .min = 1000, .max = 1e8},
};

static accord_code planner_create(const accord_host *host, const accord_setup *setup,
                                  void **self, accord_err *err) {
    planner *p = calloc(1, sizeof(*p));

    if (!p)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    p->host = host;
    p->limits = (struct strips_limits)STRIPS_LIMITS;
    p->limits.n_states = (long)setup->params[0].i;
    *self = p;
    return ACCORD_OK;
}

static accord_code planner_open(void *self, const accord_episode_info *info, void **ep,
                                accord_err *err) {
    const planner *p = self;
    planner_episode *e = calloc(1, sizeof(*e));

    if (!e)
        return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
    e->self = p;
    *ep = e;
    return ACCORD_OK;
}

static void planner_close(void *ep) {
    planner_episode *e = ep;

    planning_buffer_fini(&e->answer);
    free(e);
}

static const char *find_pddl(const accord_record *record) {
    for (uint32_t i = 0; i < record->n_extras; i++)
        if (strcmp(record->extras[i].name, "pddl") == 0)
            return record->extras[i].text;
    return NULL;
}

/* The end of the first list of a text; comments do not count. */
static const char *end_of_list(const char *text) {
    int depth = 0;

    for (; *text; text++) {
        if (*text == ';')
            text += strcspn(text, "\n");
        if (!*text)
            break;
        depth += (*text == '(') - (*text == ')');
        if (*text == ')' && depth <= 0)
            return text + 1;
    }
    return text;
}

/* Domain, then problem. */
static accord_code read_task(const planner *p, const char *pddl, struct strips_task **out,
                             accord_err *err) {
    const char *end = end_of_list(pddl);
    char *domain = strndup(pddl, (size_t)(end - pddl));
    const struct strips_text texts[] = {{"pddl (domain)", domain}, {"pddl", end}};
    struct strips_source source;

    if (!domain)
        return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
    accord_code rc = strips_task_read(&texts[0], &texts[1], &source, out);
    free(domain);
    return rc ? p->host->fail(p->host, err, rc, "%s", source.message) : ACCORD_OK;
}

static void write_plan(const struct planning_problem *problem,
                       struct planning_buffer *out) {
    char text[512];

    planning_buffer_clear(out);
    for (int i = 0; i < problem->n_steps; i++) {
        strips_action_text(problem->task, problem->action[i], problem->arg[i], text,
                           sizeof(text));
        planning_write(out, "%s%s", i ? "\n" : "", text);
    }
}

/* Without a plan there is no answer: the note is in the log. */
static accord_code answer(planner_episode *e, struct planning_problem *problem,
                          accord_err *err) {
    const accord_host *host = e->self->host;

    planning_buffer_clear(&e->answer);
    switch (planning_solve(problem, &e->self->limits)) {
    case STRIPS_SOLVED:
        write_plan(problem, &e->answer);
        break;
    case STRIPS_NO_PLAN:
        host->log(host, ACCORD_WARN, "the problem has no plan");
        break;
    case STRIPS_GAVE_UP:
        host->log(host, ACCORD_WARN, "gave up after %ld states",
                  e->self->limits.n_states);
        break;
    default:
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    return e->answer.is_out_of_memory
               ? host->fail(host, err, ACCORD_E_NOMEM, "out of memory")
               : ACCORD_OK;
}

static accord_code planner_act(void *ep, const accord_obs *obs, accord_action *action,
                               accord_err *err) {
    planner_episode *e = ep;
    const accord_host *host = e->self->host;
    struct planning_problem problem = {0};
    const char *pddl = find_pddl(obs->record);

    if (!pddl)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "the task's observation has no \"pddl\": the method planner is "
                          "for tasks that state their problem in PDDL");
    accord_code rc = read_task(e->self, pddl, &problem.task, err);
    if (!rc)
        rc = answer(e, &problem, err);
    planning_problem_fini(&problem);
    action->text = planning_text(&e->answer);
    return rc;
}

static const accord_method_ops method = {
    .struct_size = sizeof(method),
    .obs_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .action_kinds = ACCORD_KIND_BIT(ACCORD_TEXT),
    .open = planner_open,
    .act = planner_act,
    .close = planner_close,
};

static const void *planner_extension(const char *id) {
    return strcmp(id, ACCORD_METHOD) == 0 ? &method : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = planner_create,
    .destroy = free,
    .extension = planner_extension,
};

static const char *const needs[] = {NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "planner",
    .version = "1.0",
    .summary = "a shortest plan, found by A* with LM-cut: the ceiling of planning tasks",
    .reference = "https://doi.org/10.1609/icaps.v19i1.13370",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
