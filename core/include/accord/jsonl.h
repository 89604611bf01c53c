/* jsonl.h - the one reader of .jsonl and .jsonl.gz: one JSON object a line.
 *
 * Lines are read one at a time; empty lines are skipped.  Every error names the file and
 * the line.  Link libaccord-plugin.a, jansson and zlib. */
#ifndef ACCORD_JSONL_H
#define ACCORD_JSONL_H

#include <accord/plugin.h>

typedef struct accord_jsonl accord_jsonl;

/* [any] Opens `path` (compressed or not, told by its content).  *out is the caller's, see
 * accord_jsonl_close().  ACCORD_E_IO if it cannot be read. */
accord_code accord_jsonl_open(const accord_host *host, const char *path,
                              accord_jsonl **out, accord_err *err);

/* [any] Reads the next object; *more is 0 at the end.  What the accessors gave of the
 * last one is gone.  ACCORD_E_CONFIG for a malformed line or a damaged archive,
 * ACCORD_E_LIMIT for a line over 64 MiB.  After a failure, only close. */
accord_code accord_jsonl_next(accord_jsonl *r, int *more, accord_err *err);

/* [any] The next object among the lines that contain `bytes`.  The others are not parsed,
 * which is ten times as fast; of them only that each begins and ends with a brace is
 * checked. */
accord_code accord_jsonl_next_with(accord_jsonl *r, const char *bytes, int *more,
                                   accord_err *err);

/* [any] The line number of the current object, from 1. */
uint64_t accord_jsonl_line(const accord_jsonl *r);

/* [any] The current line as it stands in the file, with its line end. */
const char *accord_jsonl_raw(const accord_jsonl *r);

/* [any] A field of the current object as text, or NULL if it is absent or null: a string
 * as it is, a number or true/false as in JSON (1.50 as 1.5), an object or array as
 * compact JSON.  Also NULL without memory: the next accord_jsonl_next() reports it. */
const char *accord_jsonl_text(accord_jsonl *r, const char *field);

/* [any] A field that must be a string.  ACCORD_E_CONFIG names file, line and field. */
accord_code accord_jsonl_string(accord_jsonl *r, const char *field, const char **out,
                                accord_err *err);

/* [any] A field that must be a number. */
accord_code accord_jsonl_number(accord_jsonl *r, const char *field, double *out,
                                accord_err *err);

/* [any] NULL is allowed. */
void accord_jsonl_close(accord_jsonl *r);

#endif
