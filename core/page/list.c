/* list.c - the list of episodes as data for the viewer, and the elements it fills. */
#include <stdlib.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"

#define MAX_DATA ((size_t)1 << 30)

enum { LIST_BYTES = 1 << 20 };

static void write_cells(const accord_page *p, accord_buf *b) {
    accord_json_key(b, "cells");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < p->n_cells; i++) {
        const accord_page_cell *c = &p->cells[i];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "run", c->run->name);
        accord_json_text(b, "path", c->run->path);
        accord_json_text(b, "task", c->cell->task);
        accord_json_text(b, "method", c->cell->method);
        accord_json_int(b, "seed", (int64_t)c->cell->seed);
        accord_json_bool(b, "acts", c->acts);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void write_item(const accord_page_item *item, accord_buf *b) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "[");
    accord_json_text(b, NULL, item->id);
    accord_json_text(b, NULL, item->mode);
    accord_buf_puts(b, "]");
}

/* [cell, item, outcome, score, tokens, ms, flipped, transcript] */
static void write_episode(const accord_page_ep *ep, size_t item, accord_buf *b) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "[");
    accord_json_int(b, NULL, ep->cell);
    accord_json_int(b, NULL, (int64_t)item);
    accord_json_int(b, NULL, ep->outcome);
    accord_json_real(b, NULL, ep->score);
    accord_json_int(b, NULL, (int64_t)ep->tokens);
    accord_json_int(b, NULL, (int64_t)(ep->us / 1000));
    accord_json_int(b, NULL, ep->urgency % 2 == 0);
    accord_json_int(b, NULL, ep->chosen);
    accord_buf_puts(b, "]");
}

/* The episodes to `b` and the items that they are about to `items`, while there is room.
 */
static accord_code write_episodes(accord_page *p, accord_buf *b, accord_buf *items,
                                  accord_err *err) {
    size_t most = p->how->max_list ? p->how->max_list : LIST_BYTES;
    size_t *numbers; /* of the items, from 1; 0 = not yet there */
    size_t n = 0;

    accord_code rc = accord_alloc(p->n_items, sizeof(*numbers), &numbers, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < p->n_eps && b->n + items->n < most; i++) {
        uint32_t item = p->eps[i].item;
        if (!numbers[item]) {
            numbers[item] = ++n;
            write_item(&p->items[item], items);
        }
        write_episode(&p->eps[i], numbers[item] - 1, b);
        p->found.listed++;
    }
    p->found.episodes = p->n_eps;
    free(numbers);
    return ACCORD_OK;
}

static accord_code write_data(accord_page *p, accord_buf *b, accord_err *err) {
    accord_buf eps, items;

    accord_buf_init(&eps, MAX_DATA);
    accord_buf_init(&items, MAX_DATA);
    accord_buf_puts(&eps, "[");
    accord_buf_puts(&items, "[");
    accord_code rc = write_episodes(p, &eps, &items, err);
    if (!rc)
        rc = accord_buf_check(&eps, "the list of episodes", err);
    if (!rc)
        rc = accord_buf_check(&items, "the list of items", err);
    accord_buf_puts(b, "{");
    accord_json_key(b, "outcomes");
    accord_buf_puts(b, "[");
    for (int i = 0; i < ACCORD_OUTCOMES; i++)
        accord_json_text(b, NULL, accord_outcomes[i]);
    accord_buf_puts(b, "]");
    write_cells(p, b);
    accord_json_key(b, "items");
    if (!rc)
        accord_buf_add(b, items.data, items.n);
    accord_buf_puts(b, "]");
    accord_json_key(b, "eps");
    if (!rc)
        accord_buf_add(b, eps.data, eps.n);
    accord_buf_puts(b, "]}");
    accord_buf_fini(&eps);
    accord_buf_fini(&items);
    return rc ? rc : accord_buf_check(b, "the list of episodes", err);
}

static void write_left_out(accord_page *p) {
    accord_buf *b = &p->b;

    accord_buf_puts(b, "<p>");
    if (p->found.talks || p->found.left_out)
        accord_buf_printf(b,
                          "<span id=\"kept\">This page holds <b>%zu</b> of %zu "
                          "transcripts",
                          p->found.talks, p->found.talks + p->found.left_out);
    if (p->found.left_out)
        accord_buf_printf(b,
                          ", wrong and flipped ones first; <b>%zu</b> are left out to "
                          "keep it small (<code>--transcripts MB</code> makes room)",
                          p->found.left_out);
    if (p->found.talks || p->found.left_out)
        accord_buf_puts(b, ".</span> ");
    else
        accord_buf_puts(b, "There are no transcripts: nothing was said in words. ");
    if (p->found.listed < p->found.episodes)
        accord_buf_printf(b,
                          "The list shows %zu of %zu episodes, wrong and flipped ones "
                          "first; <code>accord show</code> has all. ",
                          p->found.listed, p->found.episodes);
    accord_buf_puts(b, "<i>Flipped</i>: methods or seeds differ on the item.</p>\n");
}

accord_code accord_page_list(accord_page *p, accord_err *err) {
    accord_buf json;

    accord_page_section(&p->b, "episodes", "Episodes and transcripts");
    accord_buf_init(&json, MAX_DATA);
    accord_code rc = write_data(p, &json, err);
    write_left_out(p);
    accord_buf_puts(
        &p->b,
        "<noscript><p>The list and the transcripts need JavaScript; without it, "
        "<code>accord show RUN --item ID</code> prints them.</p></noscript>\n"
        "<div id=\"viewer\" hidden>\n"
        "<form id=\"filter\" role=\"search\" aria-label=\"Filter episodes\">\n"
        "<label>Search <input id=\"q\" type=\"search\" placeholder=\"item or method\" "
        "autocomplete=\"off\"></label>\n"
        "<label>Task <select id=\"task\"></select></label>\n"
        "<label>Method <select id=\"method\"></select></label>\n"
        "<label>Outcome <select id=\"outcome\"></select></label>\n"
        "<label class=\"check\"><input id=\"flipped\" type=\"checkbox\"> flipped "
        "only</label>\n"
        "<label class=\"check\"><input id=\"talks\" type=\"checkbox\"> with "
        "transcript</label>\n"
        "</form>\n<p id=\"count\" role=\"status\"></p>\n"
        "<div class=\"split\"><div class=\"wide\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"List of episodes\"><table id=\"list\"><caption "
        "class=\"quiet\">Episodes of the last evaluation</caption><thead><tr>"
        "<th scope=\"col\">Item</th><th scope=\"col\">Method</th>"
        "<th scope=\"col\">Outcome</th><th scope=\"col\" class=\"n\">Score</th>"
        "<th scope=\"col\" class=\"n\">Tokens</th></tr></thead><tbody></tbody></table>"
        "<button type=\"button\" id=\"more\" hidden>Show more</button></div>\n"
        "<article id=\"talk\" tabindex=\"-1\" aria-label=\"Transcript\"><p "
        "class=\"quiet\">Choose an episode to read what was said.</p></article></div>\n"
        "</div>\n</section>\n<script type=\"application/json\" id=\"data\">");
    if (!rc)
        accord_page_json(&p->b, json.data, json.n);
    accord_buf_puts(&p->b, "</script>\n");
    accord_buf_fini(&json);
    return rc;
}
