/* fingerprint.h - what of a task can move its scores: two runs, or a run and a baseline,
 * are compared only where it is the same. */
#ifndef ACCORD_FINGERPRINT_H
#define ACCORD_FINGERPRINT_H

#include "judge/sentences.h"
#include "report/rundir.h"

/* [main] Of a task: {"plugin","version","params","score","higher_is_better","min","max",
 * "data":{FILE:sha256}}, the data without the files that a model reads.
 * json_decref() it; NULL without memory. */
json_t *accord_fingerprint(const accord_rundir *run, const char *task);

/* [main] Adds to `why` a sentence for each thing that makes the scores of `task`
 * incomparable; `a` and `b` name the sides in them. */
void accord_fingerprint_differ(const char *task, const json_t *of_a, const char *a,
                               const json_t *of_b, const char *b, accord_sentences *why);

/* [main] Adds to `out` a sentence when cells of the run have no summary; returns how
 * many. */
size_t accord_run_missing(const accord_rundir *run, accord_sentences *out);

#endif
