/* domains.c - the table of domains. */
#include <string.h>

#include "domain.h"

const domain *const domains[] = {&domain_ball_in_cup, &domain_cartpole, &domain_cheetah,
                                 &domain_finger,      &domain_reacher,  &domain_walker};
const int n_domains = sizeof(domains) / sizeof(domains[0]);

const domain *domain_find(const char *name) {
    for (int i = 0; i < n_domains; i++)
        if (strcmp(domains[i]->name, name) == 0)
            return domains[i];
    return NULL;
}

const domain_task *domain_find_task(const domain *d, const char *name) {
    for (int i = 0; i < d->n_tasks; i++)
        if (strcmp(d->tasks[i].name, name) == 0)
            return &d->tasks[i];
    return NULL;
}
