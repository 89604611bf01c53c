/* chaos_plugin.h - plugins whose memory runs out on purpose: tests/chaos/NAME.so is
 * NAME.so with chaos.c linked in. */
#ifndef CHAOS_PLUGIN_H
#define CHAOS_PLUGIN_H

#include <accord/plugin.h>

typedef struct chaos_plugin {
    void (*fail_after)(uint64_t n);
    int (*stop)(void);
} chaos_plugin;

extern ACCORD_EXPORT const chaos_plugin chaos_plugin_entry;

/* Loads the plugin file `path`. */
const chaos_plugin *chaos_of(const char *path);

#endif
