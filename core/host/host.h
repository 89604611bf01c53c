/* host.h - the services that this process offers to plugins: one accord_host an instance.
 */
#ifndef ACCORD_HOST_H
#define ACCORD_HOST_H

#include "base/err.h"

/* A service table by id; an array ends with id NULL. */
typedef struct accord_service {
    const char *id;
    const void *table;
} accord_service;

/* The host as an instance sees it (`host` is the first member, so services cast back). */
typedef struct accord_host_instance {
    accord_host host;
    const char *name;               /* for the log; borrowed */
    const accord_service *services; /* borrowed, or NULL */
    void *ctx;                      /* of whoever offers the services */
} accord_host_instance;

/* [any] Fills *h. */
void accord_host_init(accord_host_instance *h, const char *name,
                      const accord_service *services, void *ctx);

/* [any] True for the id of a service that a run offers: what needs[] is checked against.
 */
int accord_host_knows(const char *id);

/* For core's own use of the public libraries (<accord/jsonl.h>): no services. */
extern const accord_host accord_host_default;

#endif
