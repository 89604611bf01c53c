/* travel_rows.c - see travel_rows.h. */
#include "travel_rows.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "host/host.h"

#define NAME "travelplanner/train_tasks.jsonl"

static void read_records(travel_rows *rows) {
    FILE *f = fopen(rows->set.file[0], "r");
    char *line = NULL;
    size_t room = 0;

    ck_assert_ptr_nonnull(f);
    rows->record = calloc(rows->set.part[ACCORD_SPLIT_EVAL].n, sizeof(*rows->record));
    while (getline(&line, &room, f) > 0)
        rows->record[rows->n++] = json_loads(line, 0, NULL);
    free(line);
    fclose(f);
}

int travel_rows_read(travel_rows *rows, int own) {
    const char *srcdir = getenv("srcdir");
    char path[4096] = NAME;
    accord_err err = {0};

    *rows = (travel_rows){0};
    if (own)
        snprintf(path, sizeof(path), "%s/tests/data/" NAME, srcdir ? srcdir : ".");
    accord_code rc = travel_set_read(&accord_host_default, path, 0, &rows->set, &err);
    if (rc == ACCORD_E_NOTFOUND && !own) {
        fprintf(stderr, "skipped: trips: ACCORD_DATA has no " NAME "\n");
        travel_set_fini(&rows->set);
        return 0;
    }
    ck_assert_msg(!rc, "%s", err.msg);
    read_records(rows);
    return 1;
}

void travel_rows_fini(travel_rows *rows) {
    for (size_t i = 0; i < rows->n; i++)
        json_decref(rows->record[i]);
    free(rows->record);
    travel_set_fini(&rows->set);
}

void travel_rows_plan(const travel_rows *rows, size_t i, struct travel_plan *out) {
    char *text = json_dumps(json_object_get(rows->record[i], "reference_plan"), 0);

    ck_assert(travel_plan_read(text, out));
    free(text);
}
