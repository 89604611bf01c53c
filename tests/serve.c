/* serve.c - the scripted server as a program, for runs of whole suites: prints its
 * address, serves until SIGTERM, prints how many requests came.  "flaky" fails in every
 * way once; "stuck" never answers the fifth request. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "server.h"

#define LENGTH(a) (uint32_t)(sizeof(a) / sizeof((a)[0]))

static const server_act flaky[] = {
    {.status = 429, .headers = "Retry-After: 0\r\n", .body = "{}"},
    {.status = 500, .body = "{}"},
    {.fault = SERVER_CUTS},
    {.fault = SERVER_DROPS},
    {.body = "{\"choices\": ["},
    {.body = "{\"choices\": []}"},
    {.fault = SERVER_ANSWERS},
};
static const server_act stuck[] = {
    {.fault = SERVER_ANSWERS}, {.fault = SERVER_ANSWERS}, {.fault = SERVER_ANSWERS},
    {.fault = SERVER_ANSWERS}, {.fault = SERVER_SILENT},  {.fault = SERVER_ANSWERS},
};
static const server_act honest[] = {{.fault = SERVER_ANSWERS}};

int main(int argc, char **argv) {
    int number;
    sigset_t set;
    server_seen seen;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    const char *script = argc > 1 ? argv[1] : "honest";
    server *s = strcmp(script, "flaky") == 0   ? server_start(flaky, LENGTH(flaky))
                : strcmp(script, "stuck") == 0 ? server_start(stuck, LENGTH(stuck))
                                               : server_start(honest, LENGTH(honest));
    puts(server_url(s));
    fflush(stdout);
    sigwait(&set, &number);
    server_look(s, &seen);
    printf("%u\n", seen.requests);
    server_stop(s);
    return 0;
}
