/* suite_read.h - the parts of the suite reader, one file each; suite.h is what others
 * use. */
#ifndef ACCORD_SUITE_READ_H
#define ACCORD_SUITE_READ_H

#include "base/json.h"
#include "run/suite.h"

/* [any] Members of the document, in the order in which they need each other: methods name
 * models. */
accord_code accord_suite_read_models(accord_suite *suite, const accord_json *root,
                                     accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_suite_read_methods(accord_suite *suite, const accord_json *root,
                                      accord_err *err) ACCORD_MUST_CHECK;
accord_code accord_suite_read_tasks(accord_suite *suite, const accord_json *root,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* [any] "eval": {"episodes": n}; absent leaves *out. */
accord_code accord_suite_read_eval(const accord_json *owner, uint64_t *out,
                                   accord_err *err) ACCORD_MUST_CHECK;

/* [any] The head of a model, method or task: its name is an id, it is an object with no
 * keys but `keys`, "plugin" is an id and "params" an object. */
accord_code accord_suite_read_head(const accord_json *j, const char *name,
                                   const char *const *keys, const char **plugin,
                                   const json_t **params,
                                   accord_err *err) ACCORD_MUST_CHECK;

/* [any] A whole number of at least `min`, or absent. */
accord_code accord_suite_read_count(const accord_json *owner, const char *key,
                                    uint64_t min, uint64_t max, uint64_t *out,
                                    accord_err *err) ACCORD_MUST_CHECK;
/* [any] A number above 0, or absent. */
accord_code accord_suite_read_positive(const accord_json *owner, const char *key,
                                       double *out, accord_err *err) ACCORD_MUST_CHECK;

/* [any] The key of `known` that is nearest to `word`, or NULL. */
const char *accord_suite_nearest(const json_t *known, const char *word);
/* [any] Fails with: unknown WHAT "word" (did you mean "near"?). */
accord_code accord_suite_unknown(const accord_json *j, const char *what, const char *word,
                                 const json_t *known, accord_err *err);

/* [any] One --set PATH=VALUE on a document that is not checked yet. */
accord_code accord_suite_set(json_t *document, const char *assignment,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [any] --method, --task, --seed and --limit on the document of a suite that was read;
 * the suite must be read again afterwards. */
accord_code accord_suite_filter(accord_suite *suite, const accord_suite_edit *edit,
                                accord_err *err) ACCORD_MUST_CHECK;

#endif
