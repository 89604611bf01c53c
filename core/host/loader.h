/* loader.h - open plugin files and decide whether they fit this host. */
#ifndef ACCORD_LOADER_H
#define ACCORD_LOADER_H

#include "base/err.h"

/* [main] Opens `path` and sets *out to its descriptor, which lives until the process
 * ends: a plugin that was accepted is never unloaded, because leak reports would lose its
 * names and its atexit handlers would point nowhere. ACCORD_E_IO if there is no such
 * library, ACCORD_E_ABI if it does not fit. */
accord_code accord_loader_open(const char *path, const accord_plugin **out,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [any] "method", "task", "model". */
const char *accord_role_name(int32_t role);

#endif
