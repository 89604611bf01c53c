/* llmroom.h - both ends of model calls in one process: a pool on a thread of its own, a
 * worker's side, the openai plugin, and the scripted server behind them. */
#ifndef LLMROOM_H
#define LLMROOM_H

#include <pthread.h>
#include <stdatomic.h>

#include "llm/llm.h"
#include "llm/pool.h"
#include "server.h"

#define ROOM_KEY "sk-secret-of-the-test"

typedef struct room {
    server *server;
    /* Set before room_open(), or 0 for the test's defaults. */
    accord_pool_model set;
    accord_pool_setup pool_setup;
    const char *params; /* more options of openai: ", \"seed\": false" */
    accord_pool *pool;
    accord_pool_worker *worker;
    accord_llm *llm;
    accord_llm_model model;
    const accord_plugin *plugin;
    accord_param_value *values;
    void *json; /* the options' document */
    int fds[2]; /* the parent's, the worker's */
    pthread_t thread;
    pthread_mutex_t token;
    atomic_int quit;
    atomic_int gone;   /* GONE frames of workers */
    atomic_int frames; /* other frames at the worker */
    pthread_mutex_t lock;
    accord_pool_usage usage;         /* after the last turn of the pool */
    void (*between)(struct room *r); /* runs once on the pool's thread */
} room;

/* Only the plugin and its options. */
void room_model(room *r, const char *url);
void room_model_close(room *r);
/* Only the worker's side, on fds[1]. */
void room_worker(room *r);
/* All of it, with a server that plays these acts. */
void room_open(room *r, const server_act *acts, uint32_t n);
void room_close(room *r);
/* Runs on the pool's thread, and waits for it. */
void room_do(room *r, void (*what)(room *r));
/* What the pool has accounted, once it is so many calls. */
accord_pool_usage room_usage(room *r, uint64_t calls);

/* One request with this text, whatever becomes of it.  The job is the caller's. */
accord_code room_ask(room *r, const char *text, int64_t deadline_ns, accord_llm_job *job);

#endif
