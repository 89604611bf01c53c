/* server.h - an HTTP/1.1 server on loopback that does what its script says, request by
 * request: threads of this process, a port of the system's choice. */
#ifndef SERVER_H
#define SERVER_H

#include <stdint.h>

typedef enum server_fault {
    SERVER_ANSWERS = 0,
    SERVER_SLOW,   /* the body byte by byte */
    SERVER_CUTS,   /* closes in the middle of the body */
    SERVER_DROPS,  /* closes without an answer */
    SERVER_SILENT, /* never answers */
} server_fault;

/* What happens to one request. */
typedef struct server_act {
    server_fault fault;
    int status;          /* 0 = 200 */
    const char *headers; /* more lines, each with "\r\n" */
    const char *type;    /* NULL = application/json */
    const char *body;    /* NULL = a completion that repeats the last message */
    uint64_t pad;        /* a completion of so many x instead */
    uint32_t gather;     /* wait until so many requests are here at once */
    uint32_t retry_date; /* Retry-After: the date in so many seconds */
} server_act;

typedef struct server server;

/* Request k gets acts[k]; those beyond get the last one.  The acts are borrowed. */
server *server_start(const server_act *acts, uint32_t n);
void server_stop(server *s);
/* "http://127.0.0.1:PORT/v1" */
const char *server_url(const server *s);

/* What it saw. */
typedef struct server_seen {
    uint32_t requests;
    uint32_t connections;
    uint32_t most_at_once;
    int64_t at_ns[8]; /* arrival of the first requests */
    char authorization[128];
    char path[128];
    char body[4096]; /* of the last request */
} server_seen;
void server_look(server *s, server_seen *out);
/* Waits until so many requests have come. */
void server_await(server *s, uint32_t requests);

#endif
