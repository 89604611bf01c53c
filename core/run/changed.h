/* changed.h - what has changed since a run began, asked before it goes on. */
#ifndef ACCORD_CHANGED_H
#define ACCORD_CHANGED_H

#include "run/manifest.h"

/* [main] Compares what a run with open cells would be played with now to its manifest.
 * Other data would be other questions: ACCORD_E_CONFIG, with the file.  Another plugin or
 * another Accord may be the mending that the run waits for: a warning each. */
accord_code accord_run_unchanged(const accord_manifest *m,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [main] Compares the data to the manifest before answers are graded again:
 * ACCORD_E_CONFIG, with the file.  What models answered from is not needed for that and
 * may be gone. */
accord_code accord_run_same_questions(const accord_manifest *m,
                                      accord_err *err) ACCORD_MUST_CHECK;

#endif
