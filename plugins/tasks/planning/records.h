/* records.h - problems that come from files: PlanBench's records, or PDDL. */
#ifndef ACCORD_PLANNING_RECORDS_H
#define ACCORD_PLANNING_RECORDS_H

#include "kind.h"

struct planning_record {
    char *id;
    char *name;      /* what messages call it: "FILE:LINE" or the file */
    char *text;      /* the problem in PDDL */
    char *published; /* PlanBench's prompt, or NULL */
};

struct planning_records {
    struct planning_record *item;
    size_t n, room;
    char **file; /* [n_files + 1] that were read, NULL-terminated */
    size_t n_files;
};

/* [any] Reads the records of "file" that have a prompt with as many examples as the
 * option "shots" says.  *out is the caller's, also on failure. */
accord_code planning_records_read(const accord_host *host,
                                  const struct planning_options *options,
                                  struct planning_records *out, accord_err *err);

/* [any] Reads the problem, or the folder's "*.pddl" in the order of their names.  *domain
 * is the text of "domain_file" (malloc'd), or NULL where none is given. */
accord_code planning_files_read(const accord_host *host,
                                const struct planning_options *options, char **domain,
                                struct planning_records *out, accord_err *err);

/* [any] Frees what is in it. */
void planning_records_fini(struct planning_records *r);

#endif
