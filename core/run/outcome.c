/* outcome.c - see outcome.h. */
#include "run/outcome.h"

#include <string.h>

static const char *failure(const accord_episode *e) {
    if (e->crashed)
        return "plugin_crash";
    if (e->out_of_budget)
        return "budget";
    if (e->out_of_time || e->timeouts > 0)
        return "timeout";
    if (e->api_errors > 0)
        return "api_error";
    if (e->last_finish == ACCORD_FINISH_REFUSED)
        return "refused";
    if (e->last_finish == ACCORD_FINISH_LENGTH)
        return "truncated";
    return "unparsed";
}

const char *accord_outcome_of(const accord_episode *e) {
    bool whole = e->end != ACCORD_END_NO && !e->crashed;

    if (e->spec->action.kind != ACCORD_TEXT)
        return whole ? "finished" : failure(e);
    if (!whole || !e->canon || !*e->canon)
        return failure(e);
    return e->score >= e->spec->score_max ? "correct" : "wrong";
}

bool accord_outcome_answered(const char *outcome) {
    return strcmp(outcome, "correct") == 0 || strcmp(outcome, "wrong") == 0 ||
           strcmp(outcome, "finished") == 0;
}
