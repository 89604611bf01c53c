/* params.h - options of a plugin: data in a table, checked here. */
#ifndef ACCORD_PARAMS_H
#define ACCORD_PARAMS_H

#include "base/err.h"
#include "base/json.h"

/* [main] Turns the suite's object `j` (may be absent) into one value for each entry of
 * the plugin's table: *out is an array of n_params, free() it; strings borrow from the
 * document or the table.  ACCORD_E_CONFIG names the path, the option and what would be
 * right; unknown names are errors that name the nearest one. */
accord_code accord_params_read(const accord_plugin *plugin, const accord_json *j,
                               accord_param_value **out,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [main] Refuses a table with a bad name, type, bound or default: part of the loader's
 * check. */
accord_code accord_params_check(const accord_plugin *plugin,
                                accord_err *err) ACCORD_MUST_CHECK;

#endif
