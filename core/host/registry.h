/* registry.h - where plugins are found: --plugin-path, ACCORD_PLUGIN_PATH, the user's
 * data directory (XDG_DATA_HOME/accord/plugins), then the installed or build directory;
 * each holds methods/, tasks/ and models/.  The first file of a name wins. */
#ifndef ACCORD_REGISTRY_H
#define ACCORD_REGISTRY_H

#include <limits.h>

#include "base/err.h"

/* [main] Puts the folders of --plugin-path (colon-separated) in front of
 * ACCORD_PLUGIN_PATH, so that worker processes search them too.  NULL for none. */
void accord_registry_path(const char *path);

/* [main] Writes the file of plugin `id` to path[PATH_MAX].  ACCORD_E_NOTFOUND names the
 * nearest id and the folders that were searched. */
accord_code accord_registry_find(int32_t role, const char *id, char *path,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [main] Finds and opens. */
accord_code accord_registry_open(int32_t role, const char *id, const accord_plugin **out,
                                 char *path, accord_err *err) ACCORD_MUST_CHECK;

/* [main] Calls `visit` for each plugin file of a role, by id in byte order, each id once.
 */
void accord_registry_each(int32_t role, void (*visit)(void *ctx, const char *path),
                          void *ctx);

#endif
