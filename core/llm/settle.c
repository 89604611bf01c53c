/* settle.c - what becomes of an attempt: a reply, another try, or the end of the call. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "llm/pool_parts.h"

static void send_reply(accord_pool_call *c, int32_t outcome, long status,
                       const char *type, const void *body, size_t n_body) {
    accord_wire_reply head = {
        .id = c->id,
        .ticket = (uint64_t)c->generation << 32 | c->slot,
        .sent_ns = c->sent_ns,
        .first_ns = c->first_ns,
        .done_ns = c->done_ns,
        .outcome = outcome,
        .status = (int32_t)status,
        .tries = c->tries,
        .n_type = (uint32_t)strlen(type) + 1,
        .n_body = (uint32_t)n_body + 1,
    };
    const struct iovec parts[] = {
        {&head, sizeof(head)},
        {(void *)(uintptr_t)type, head.n_type},
        {(void *)(uintptr_t)body, n_body},
        {(void *)(uintptr_t) "", 1},
    };

    accord_pool_peer_put(c->worker, ACCORD_FRAME_REPLY, parts, 4);
}

void accord_pool_call_end(accord_pool_call *c, int32_t outcome, const char *message) {
    if (!c->done_ns)
        c->done_ns = accord_now_ns();
    if (c->tries)
        c->lane->pool->usage.calls++;
    send_reply(c, outcome, 0, "", message, strlen(message));
    accord_pool_call_close(c);
}

/* Waits for another try, if the bounds leave one: number of tries, the episode's
 * deadline, the run's budget. */
static void try_again(accord_pool_call *c, int32_t outcome, int64_t retry_after_s,
                      const char *why) {
    accord_pool *p = c->lane->pool;
    int64_t delay = accord_pool_retry_delay(p, c->tries, retry_after_s);
    int64_t now = accord_now_ns();
    bool in_time = !c->deadline_ns || delay < c->deadline_ns - now;
    char message[400];

    if (p->usage.budget_spent) {
        accord_pool_call_end(c, ACCORD_OUTCOME_STOPPED, "the run's budget is spent");
        return;
    }
    if (c->tries > c->lane->set.retries || !in_time) {
        snprintf(message, sizeof(message), "%s%s", why,
                 in_time ? "" : " (the episode has no time left for another try)");
        accord_pool_call_end(c, outcome, message);
        return;
    }
    accord_log(ACCORD_DEBUG, "llm", "try %" PRIu32 " of a call in %.3f s: %s",
               c->tries + 1, (double)delay / 1e9, why);
    accord_pool_call_leave_window(c);
    p->usage.in_flight--;
    c->state = CALL_WAITING;
    accord_pool_timer_set(c, now + delay);
}

static const char *plural(uint32_t tries) {
    return tries == 1 ? "try" : "tries";
}

/* curl brought no answer. */
static void settle_transport(accord_pool_call *c, CURLcode result) {
    accord_pool_http *h = c->http;
    bool timeout = result == CURLE_OPERATION_TIMEDOUT;
    char why[300];

    if (h->too_long)
        snprintf(why, sizeof(why), "the reply is longer than %zu bytes",
                 ACCORD_WIRE_BODY_MAX);
    else
        snprintf(why, sizeof(why), "no answer after %" PRIu32 " %s: %s", c->tries,
                 plural(c->tries), h->why[0] ? h->why : curl_easy_strerror(result));
    accord_pool_http_release(h);
    if (accord_pool_retry_curl(result))
        try_again(c, timeout ? ACCORD_OUTCOME_TIMEOUT : ACCORD_OUTCOME_FAILED, 0, why);
    else
        accord_pool_call_end(c, ACCORD_OUTCOME_FAILED, why);
}

/* The server answered, but not with what was asked for. */
static void settle_status(accord_pool_call *c, long status) {
    accord_pool_http *h = c->http;
    curl_off_t retry_after = 0;
    char text[240];
    char why[320];

    accord_pool_http_error_text(h, text, sizeof(text));
    curl_easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &retry_after);
    snprintf(why, sizeof(why), "HTTP %ld after %" PRIu32 " %s%s%s", status, c->tries,
             plural(c->tries), text[0] ? ": " : "", text);
    accord_pool_http_release(h);
    if (!accord_pool_retry_status(status))
        accord_pool_call_end(c, ACCORD_OUTCOME_FAILED, why);
    else
        try_again(c, ACCORD_OUTCOME_FAILED,
                  status == 429 || status == 503 ? (int64_t)retry_after : 0, why);
}

static void settle_answer(accord_pool_call *c, long status) {
    accord_pool_http *h = c->http;
    char *type = NULL;

    curl_easy_getinfo(h->easy, CURLINFO_CONTENT_TYPE, &type);
    send_reply(c, ACCORD_OUTCOME_HTTP, status, type ? type : "", h->body.data,
               h->body.end);
    accord_pool_http_release(h);
    c->state = CALL_JUDGED;
    /* With a budget the place in the window is kept until the tokens are known, so that
     * no more calls than the window holds are issued beyond it. */
    if (!c->lane->pool->token_budget && !(c->lane->pool->cost_budget > 0))
        accord_pool_call_leave_window(c);
}

void accord_pool_call_settle(accord_pool_call *c, CURLcode result) {
    curl_off_t first_us = 0;
    long status = 0;

    c->done_ns = accord_now_ns();
    curl_easy_getinfo(c->http->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_us);
    curl_easy_getinfo(c->http->easy, CURLINFO_RESPONSE_CODE, &status);
    c->first_ns = first_us > 0 ? c->sent_ns + first_us * 1000 : c->done_ns;
    if (result != CURLE_OK)
        settle_transport(c, result);
    else if (status < 200 || status > 299)
        settle_status(c, status);
    else
        settle_answer(c, status);
}

void accord_pool_call_verdict(accord_pool_call *c, const accord_wire_verdict *v,
                              const char *message) {
    bool again = v->verdict == ACCORD_VERDICT_RETRY;
    char why[320];

    accord_pool_budget_add(c->lane, again ? 0 : 1, v->prompt_tokens,
                           v->completion_tokens);
    if (!again) {
        accord_pool_call_close(c);
        return;
    }
    snprintf(why, sizeof(why), "no usable reply after %" PRIu32 " %s: %.200s", c->tries,
             plural(c->tries), message);
    try_again(c, ACCORD_OUTCOME_FAILED, 0, why);
}
