/* travel_items.c - see travel_items.h: the file, row by row. */
#include "travel_items.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/jsonl.h>
#include <accord/sha256.h>

#include "travel_judge.h"
#include "travel_reference.h"

enum { HOLDOUT_MOD = 5 };

static accord_code no_memory(const accord_host *host, accord_err *err) {
    return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
}

static void item_fini(struct travel_item *item) {
    travel_world_fini(&item->world);
}

static void items_fini(struct travel_items *items) {
    for (size_t i = 0; i < items->n; i++)
        item_fini(&items->item[i]);
    free(items->item);
    *items = (struct travel_items){0};
}

/* Takes the item, also when it fails. */
static accord_code items_add(const accord_host *host, struct travel_items *items,
                             struct travel_item *item, accord_err *err) {
    if (items->n == items->room) {
        size_t room = items->room ? items->room * 2 : 16;
        struct travel_item *more = realloc(items->item, room * sizeof(*more));
        if (!more) {
            item_fini(item);
            return no_memory(host, err);
        }
        items->item = more;
        items->room = room;
    }
    items->item[items->n++] = *item;
    return ACCORD_OK;
}

/* The published plan, in JSON, as an example of a right answer. */
static accord_code read_solution(struct travel_reading *r, struct travel_item *out,
                                 accord_err *err) {
    const char *text = accord_jsonl_text(r->row, "reference_plan");
    struct travel_plan plan;
    struct travel_judgement j;

    if (!text)
        return ACCORD_OK;
    int ok = travel_plan_read(text, &plan);
    travel_judge(&out->world, &out->query, &plan, &j);
    travel_plan_fini(&plan);
    if (ok && j.final)
        out->solution = travel_copy(&out->world.arena, text, strlen(text));
    return ok ? ACCORD_OK : no_memory(r->host, err);
}

static accord_code read_row(struct travel_reading *r, struct travel_item *out,
                            accord_err *err) {
    int idx;

    accord_code rc = travel_read_int(r, "idx", 0, INT_MAX, &idx, err);
    if (!rc)
        rc = travel_read_query(r, &out->query, err);
    if (!rc)
        rc = travel_read_reference(r, err);
    if (!rc)
        rc = read_solution(r, out, err);
    if (rc)
        return rc;
    snprintf(out->id, sizeof(out->id), "travelplanner-train-%d", idx);
    out->information = travel_information(&out->world);
    if (!out->information || out->world.arena.failed)
        return no_memory(r->host, err);
    return ACCORD_OK;
}

static int is_held_out(const struct travel_item *item) {
    const char *text = item->query.text;

    return accord_sha256_mod(text, strlen(text), HOLDOUT_MOD) == 0;
}

static int has_id(const struct travel_items *items, const char *id) {
    for (size_t i = 0; i < items->n; i++)
        if (strcmp(items->item[i].id, id) == 0)
            return 1;
    return 0;
}

static accord_code take_row(struct travel_reading *r, int holdout, struct travel_set *out,
                            accord_err *err) {
    struct travel_item item = {0};

    r->world = &item.world;
    accord_code rc = read_row(r, &item, err);
    if (!rc && (has_id(&out->part[0], item.id) || has_id(&out->part[1], item.id)))
        rc = r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: a second task %s",
                           r->path, (unsigned long long)accord_jsonl_line(r->row),
                           item.id);
    if (rc) {
        item_fini(&item);
        return rc;
    }
    int split = holdout && is_held_out(&item) ? ACCORD_SPLIT_TRAIN : ACCORD_SPLIT_EVAL;
    return items_add(r->host, &out->part[split], &item, err);
}

accord_code travel_set_read(const accord_host *host, const char *name, int holdout,
                            struct travel_set *out, accord_err *err) {
    char found[PATH_MAX];
    int more = 0;

    *out = (struct travel_set){0};
    accord_code rc = host->data_path(host, name, found, sizeof(found), err);
    if (rc)
        return rc;
    out->file[0] = realpath(found, NULL);
    if (!out->file[0])
        return host->fail(host, err, ACCORD_E_IO, "cannot open %s", found);
    struct travel_reading r = {.host = host, .path = out->file[0]};
    rc = accord_jsonl_open(host, r.path, &r.row, err);
    while (!rc && !(rc = accord_jsonl_next(r.row, &more, err)) && more)
        rc = take_row(&r, holdout, out, err);
    accord_jsonl_close(r.row);
    if (!rc && out->part[ACCORD_SPLIT_EVAL].n == 0)
        rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: no task to evaluate", r.path);
    return rc;
}

void travel_set_fini(struct travel_set *set) {
    items_fini(&set->part[0]);
    items_fini(&set->part[1]);
    free(set->file[0]);
    *set = (struct travel_set){0};
}
