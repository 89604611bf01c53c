/* planroom.h - a folder with the planner's fixtures as plugins, and suites of them. */
#ifndef PLANROOM_H
#define PLANROOM_H

#include "run/plan.h"

/* A checked fixture: the scratch folder with methods/, tasks/ and models/, searched
 * first. */
void planroom_begin(void);

/* A suite, named s.json, with these members beside a name; single quotes stand for
 * double ones, and "seeds" is [1, 2, 3].  A #TASK, #METHOD, ... is a plugin's name. */
accord_suite *planroom_suite(const char *members);

/* Its plan; it must have one. */
accord_plan *planroom_plan(const accord_suite *suite);

/* What is said against it. */
const char *planroom_refusal(const char *members);

#endif
