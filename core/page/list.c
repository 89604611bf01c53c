/* list.c - the list of episodes as data for the viewer, and the elements it fills. */
#include <string.h>

#include "page/escape.h"
#include "page/pages.h"

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

static void write_items(const accord_page *p, accord_buf *b) {
    accord_json_key(b, "items");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < p->n_items; i++) {
        accord_json_key(b, NULL);
        accord_buf_puts(b, "[");
        accord_json_text(b, NULL, p->items[i].id);
        accord_json_text(b, NULL, p->items[i].mode);
        accord_buf_puts(b, "]");
    }
    accord_buf_puts(b, "]");
}

/* [cell, item, outcome, score, tokens, ms, flipped, transcript] */
static void write_episode(const accord_page_ep *ep, accord_buf *b) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "[");
    accord_json_int(b, NULL, ep->cell);
    accord_json_int(b, NULL, ep->item);
    accord_json_int(b, NULL, ep->outcome);
    accord_json_real(b, NULL, ep->score);
    accord_json_int(b, NULL, (int64_t)ep->tokens);
    accord_json_int(b, NULL, (int64_t)(ep->us / 1000));
    accord_json_int(b, NULL, ep->urgency % 2 == 0);
    accord_json_int(b, NULL, ep->chosen);
    accord_buf_puts(b, "]");
}

static void write_data(accord_page *p, accord_buf *b) {
    size_t most = p->how->max_list ? p->how->max_list : LIST_BYTES;

    accord_buf_puts(b, "{");
    accord_json_key(b, "outcomes");
    accord_buf_puts(b, "[");
    for (int i = 0; i < ACCORD_OUTCOMES; i++)
        accord_json_text(b, NULL, accord_outcomes[i]);
    accord_buf_puts(b, "]");
    write_cells(p, b);
    write_items(p, b);
    accord_json_key(b, "eps");
    accord_buf_puts(b, "[");
    size_t begin = b->n;
    for (size_t i = 0; i < p->n_eps && b->n - begin < most; i++) {
        write_episode(&p->eps[i], b);
        p->found.listed++;
    }
    p->found.episodes = p->n_eps;
    accord_buf_puts(b, "]}");
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

void accord_page_list(accord_page *p) {
    accord_buf json;

    accord_page_section(&p->b, "episodes", "Episodes and transcripts");
    accord_buf_init(&json, (size_t)1 << 30);
    write_data(p, &json);
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
    if (json.failed)
        p->b.failed = true;
    else
        accord_page_json(&p->b, json.data, json.n);
    accord_buf_puts(&p->b, "</script>\n");
    accord_buf_fini(&json);
}
