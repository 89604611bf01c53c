/* dryrun.h - a plan as people read it. */
#ifndef ACCORD_DRYRUN_H
#define ACCORD_DRYRUN_H

#include <stdio.h>

#include "run/plan.h"

/* [main] What `accord run --dry-run` shows: cells, skipped pairs with their reason, calls
 * and, where prices are given, the cost.  Calls are the methods' own estimates;
 * completions count with their bound; of prompts only question and instruction count, at
 * 4 bytes a token, from the first items.  `json`: one document instead of tables. */
accord_code accord_plan_print(const accord_suite *suite, const accord_plan *plan,
                              bool json, FILE *out, accord_err *err) ACCORD_MUST_CHECK;

#endif
