/* retry.c - which failures pass by themselves, and how long to wait before another try.
 */
#include <accord/rng.h>

#include "base/clock.h"
#include "llm/pool_parts.h"

bool accord_pool_retry_status(long status) {
    return status == 408 || status == 409 || status == 429 || status >= 500;
}

bool accord_pool_retry_curl(CURLcode code) {
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        return true;
    default:
        return false;
    }
}

int64_t accord_pool_retry_delay(accord_pool *p, uint32_t tries, int64_t retry_after_s) {
    int64_t most = p->backoff_ns;

    for (uint32_t i = 1; i < tries && most < p->backoff_max_ns; i++)
        most *= 2;
    if (most > p->backoff_max_ns)
        most = p->backoff_max_ns;
    int64_t delay = (int64_t)((double)most * accord_rng_uniform(&p->jitter));
    /* The jitter comes on top: those who were sent away together return one by one. */
    return retry_after_s > 0 ? retry_after_s * ACCORD_S_NS + delay : delay;
}
