/* sac_sizes.c - the networks that there are. */
#include "sac.h"

#include <string.h>

static const control_size sizes[] = {
    {.name = "paper",
     .pixels = 84,
     .layers = 11,
     .filters = 32,
     .strided = 1,
     .features = 100,
     .hidden = 1024},
    {.name = "laptop",
     .pixels = 48,
     .layers = 4,
     .filters = 16,
     .strided = 2,
     .features = 50,
     .hidden = 256},
};

const control_size *control_size_find(const char *name) {
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (strcmp(sizes[i].name, name) == 0)
            return &sizes[i];
    return NULL;
}
