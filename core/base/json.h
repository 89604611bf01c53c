/* json.h - reading JSON documents with errors that name the place:
 * "suite.json: /models/m/price: expected an object, found a number".
 *
 * An accord_json is a jansson value together with the path that led to it; values are
 * borrowed from the document.  Nothing but the rooms of core may include this. */
#ifndef ACCORD_JSON_H
#define ACCORD_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

typedef struct accord_json {
    json_t *value;        /* borrowed; NULL when the member is absent */
    const char *document; /* the file's name, borrowed */
    char path[160];       /* "/models/m/price", "" for the root */
} accord_json;

/* [any] Parses a file: *out is the caller's (json_decref).  ACCORD_E_IO or
 * ACCORD_E_CONFIG with line and column; duplicate keys are errors. */
accord_code accord_json_load(const char *file, json_t **out,
                             accord_err *err) ACCORD_MUST_CHECK;
accord_json accord_json_root(json_t *value, const char *document);

/* [any] A member or element; absent ones have value NULL. */
accord_json accord_json_get(const accord_json *j, const char *key);
accord_json accord_json_at(const accord_json *j, size_t i);

/* [any] Records "document: path: ..." and returns ACCORD_E_CONFIG. */
accord_code accord_json_fail(const accord_json *j, accord_err *err, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);

/* [any] Typed reads.  An absent member leaves *out as it is: set the default first. */
accord_code accord_json_read_text(const accord_json *j, const char **out,
                                  accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_json_read_int(const accord_json *j, int64_t min, int64_t max,
                                 int64_t *out, accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_json_read_real(const accord_json *j, double *out,
                                  accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_json_read_bool(const accord_json *j, bool *out,
                                  accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_json_expect(const accord_json *j, json_type type,
                               accord_err *err) ACCORD_MUST_CHECK;

/* [any] Fails on a member that is not among `keys` (NULL-terminated) and names the
 * nearest one. */
accord_code accord_json_only(const accord_json *j, const char *const *keys,
                             accord_err *err) ACCORD_MUST_CHECK;

#endif
