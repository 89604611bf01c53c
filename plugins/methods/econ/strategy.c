/* strategy.c - see strategy.h. */
#include "strategy.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What the coordinators are told beside the sections. */
static const char plan_words[] =
    "You coordinate solvers who cannot see each other. Say in at most %u tokens how to "
    "work on the question: what is wanted, which steps may lead there, what goes wrong "
    "easily. Give no answer and no result of any step.";
static const char refine_words[] =
    "You coordinate a group of solvers who cannot see each other. Fit the plan to your "
    "group in at most %u tokens. Give no answer and no result of any step.";
static const char generic_plan[] =
    "Find out what is asked. Work through it step by step from what is given. Check each "
    "step, then answer in the format asked for.";

/* ---- leaks ------------------------------------------------------------------------ */

static const char *skip(const char *at, const char *set) {
    return at + strspn(at, set);
}

/* A number or a verdict stands here, perhaps in mathematical dress. */
static bool is_answer_at(const char *at) {
    static const char *const words[] = {"yes", "no", "true", "false"};

    if (isdigit((unsigned char)*skip(at, " \t:=*\"'$({[+-.\\")))
        return true;
    at = skip(at, " \t:=*\"'$({[");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = strlen(words[i]);
        if (strncasecmp(at, words[i], n) == 0 && !isalnum((unsigned char)at[n]))
            return strncasecmp(at + n, " or ", 4) != 0; /* "yes or no" is a format */
    }
    return false;
}

/* "\boxed{N}" is a format, "\boxed{\frac{1}{2}}" an answer. */
static bool is_boxed_at(const char *at) {
    static const char mark[] = "\\boxed{";

    if (strncmp(at, mark, sizeof(mark) - 1) != 0)
        return false;
    at += sizeof(mark) - 1;
    return strcspn(at, "0123456789") < strcspn(at, "}") || is_answer_at(at);
}

static bool is_announced_at(const char *at) {
    static const char *const marks[] = {"####", "answer is", "answer:", "answer ="};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t n = strlen(marks[i]);
        if (strncasecmp(at, marks[i], n) == 0 && is_answer_at(at + n))
            return true;
    }
    return false;
}

static bool announces(const char *plan) {
    for (const char *at = plan; *at; at++)
        if (is_boxed_at(at) || is_announced_at(at))
            return true;
    return false;
}

static bool states_result(const char *plan) {
    for (const char *at = strchr(plan, '='); at; at = strchr(at + 1, '='))
        if (isdigit((unsigned char)*skip(at + 1, " \t$+-.")))
            return true;
    return false;
}

bool econ_leaks(const char *plan, const char *canon) {
    return announces(plan) || states_result(plan) ||
           (canon && canon[strcspn(canon, " \t\n")]);
}

/* As a whole word: no letter, digit or decimal point goes on around it. */
static bool has_word(const char *text, const char *word) {
    size_t n = strlen(word);

    for (const char *at = strstr(text, word); n && at; at = strstr(at + 1, word)) {
        const char *end = at + n;
        bool begins = at == text || !isalnum((unsigned char)at[-1]);
        bool ends = !isalnum((unsigned char)*end) &&
                    !(*end == '.' && isdigit((unsigned char)end[1]));
        if (begins && ends)
            return true;
    }
    return false;
}

bool econ_reveals(const char *plan, const char *question, const char *canon) {
    return has_word(plan, canon) && !has_word(question, canon);
}

/* ---- asking ----------------------------------------------------------------------- */

/* Whose plan: number 0 is the strategy, k + 1 that of cluster k. */
static accord_request plan_request(const econ_episode *e, uint32_t k, uint32_t try) {
    const econ *c = e->self;
    accord_request request = ACCORD_REQUEST_INIT;

    request.model = k == 0 ? c->panel.coordinator : c->panel.local[k - 1];
    request.role = k == 0 ? "strategy" : "refine";
    request.agent = k == 0 ? 0 : k - 1;
    request.sample = try;
    request.temperature = c->o.strategy_temperature;
    request.max_tokens = c->o.strategy_limit;
    return request;
}

static accord_code plan_chat(const econ_episode *e, uint32_t k, accord_chat **out,
                             accord_err *err) {
    char words[sizeof(plan_words) + 16];

    *out = accord_chat_create();
    if (!*out)
        return econ_nomem(e->self, err);
    snprintf(words, sizeof(words), k == 0 ? plan_words : refine_words,
             e->self->o.strategy_tokens);
    accord_chat_message(*out, "system");
    accord_chat_text(*out, words);
    accord_chat_ask(*out, ACCORD_TASK_PLAN, e->record);
    if (k > 0)
        accord_chat_section(*out, "Plan", e->plan[0].text);
    return ACCORD_OK;
}

/* Takes a reply for plan k if it will do. */
static accord_code take(econ_episode *e, uint32_t k, const accord_reply *reply,
                        accord_err *err) {
    const econ *c = e->self;
    const econ_reader reader = {c->host, c->canon, e->host};
    econ_answer plan;

    if (!*reply->text || reply->finish != ACCORD_FINISH_STOP ||
        reply->completion_tokens > c->o.strategy_limit)
        return ACCORD_OK;
    accord_code rc = econ_answer_read(&reader, reply->text, &plan, err);
    if (!rc && !econ_leaks(plan.text, plan.canon))
        e->plan[k].text = plan.text;
    econ_answer_fini(&plan);
    return rc;
}

/* Asks at once for those of the plans first .. last that are missing. */
static accord_code ask_missing(econ_episode *e, uint32_t first, uint32_t last,
                               uint32_t try, accord_err *err) {
    accord_request requests[1 + ECON_MAX_CLUSTERS];
    accord_chat *chats[1 + ECON_MAX_CLUSTERS] = {NULL};
    uint32_t which[1 + ECON_MAX_CLUSTERS], n = 0;
    const accord_reply *const *replies;
    accord_code rc = ACCORD_OK;

    for (uint32_t k = first; k <= last && !rc; k++) {
        if (e->plan[k].text)
            continue;
        which[n] = k;
        requests[n] = plan_request(e, k, try);
        rc = plan_chat(e, k, &chats[n], err);
        if (!rc && accord_chat_request(chats[n], &requests[n]))
            rc = econ_nomem(e->self, err);
        n++;
    }
    if (!rc && n > 0)
        rc = e->self->models->complete(e->host, requests, n, &replies, err);
    for (uint32_t i = 0; i < n; i++) {
        if (!rc)
            rc = take(e, which[i], replies[i], err);
        accord_chat_destroy(chats[i]);
    }
    return rc;
}

static accord_code ask_plans(econ_episode *e, uint32_t first, uint32_t last,
                             const char *otherwise, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (uint32_t try = 0; try < e->self->o.strategy_tries && !rc; try++)
        rc = ask_missing(e, first, last, try, err);
    for (uint32_t k = first; k <= last && !rc; k++)
        if (!e->plan[k].text)
            e->plan[k].text = otherwise;
    return rc;
}

accord_code econ_plan(econ_episode *e, accord_err *err) {
    const econ *c = e->self;
    uint32_t n_own = c->panel.n_clusters > 1 ? c->panel.n_clusters : 0;
    accord_code rc = ACCORD_OK;

    for (uint32_t k = 0; k <= n_own; k++)
        e->plan[k].text = c->o.has_strategy ? NULL : "";
    if (!c->o.has_strategy)
        return ACCORD_OK;
    rc = ask_plans(e, 0, 0, generic_plan, err);
    if (!rc)
        c->metrics->record(c->host, e->host, "generic_plan",
                           e->plan[0].text == generic_plan);
    if (!rc && n_own)
        rc = ask_plans(e, 1, n_own, e->plan[0].text, err);
    return rc;
}
