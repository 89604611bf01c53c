/* travel_lines.c - plans as lines, "Day 1:" and "Field: text", and as Markdown tables. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "travel_plan.h"

enum { MAX_COLUMNS = 16, MAX_NUMBER = 4, MIN_COLUMNS = 3 };

static struct travel_span from(struct travel_span s, size_t at) {
    return (struct travel_span){.p = s.p + at, .n = s.n - at};
}

/* The next line; 0 at the end. */
static int next_line(const char **rest, struct travel_span *line) {
    if (!**rest)
        return 0;
    size_t n = strcspn(*rest, "\n");
    *line = travel_trim((struct travel_span){.p = *rest, .n = n});
    *rest += n + ((*rest)[n] == '\n');
    return 1;
}

/* ---- lines ------------------------------------------------------------------------ */

/* Without the marks of headings, quotes, bold text and lists.  *is_item: it had the mark
 * of a list. */
static struct travel_span bare(struct travel_span s, int *is_item) {
    *is_item = 0;
    for (size_t skip = 1; s.n && skip; s = travel_trim(from(s, skip))) {
        size_t digits = 0;
        while (digits < s.n && digits < MAX_NUMBER && *s.p && s.p[digits] >= '0' &&
               s.p[digits] <= '9')
            digits++;
        skip = strchr("#>*_", *s.p) ? 1 : 0;
        *is_item |= s.n > 1 && strchr("*+-", *s.p) && s.p[1] == ' ';
        if (s.n > 1 && strchr("+-", *s.p) && s.p[1] == ' ')
            skip = 1;
        else if (s.n > 2 && memcmp(s.p, "\xe2\x80\xa2", 3) == 0)
            skip = 3;
        else if (digits && digits + 1 < s.n && strchr(".)", s.p[digits]))
            skip = digits + 1;
        *is_item |= skip > 1;
    }
    return s;
}

/* "Day 3", "Day 3:", "Day 3 (Monday)": the number, and what stands after the colon. */
static int day_heading(struct travel_span s, struct travel_span *rest) {
    size_t at = 3, number = 0, digits = 0;

    if (s.n < 4 || strncasecmp(s.p, "day", 3) != 0)
        return 0;
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '#'))
        at++;
    for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && digits < MAX_NUMBER; digits++)
        number = number * 10 + (size_t)(s.p[at++] - '0');
    if (!digits)
        return 0;
    while (at < s.n && strchr("*_ ", s.p[at]))
        at++;
    if (at < s.n && !strchr(":-(,", s.p[at]) && (unsigned char)s.p[at] < 0x80)
        return 0;
    const char *colon = memchr(s.p + at, ':', s.n - at);
    *rest = colon ? from(s, (size_t)(colon - s.p) + 1) : from(s, s.n);
    return (int)number;
}

/* "Lunch: ...": the field, and its text; an empty one may follow in the next line. */
static int field_line(struct travel_span s, struct travel_span *text, int *is_open) {
    const char *colon = memchr(s.p, ':', s.n);

    if (!colon)
        return TRAVEL_NO_FIELD;
    size_t at = (size_t)(colon - s.p);
    *text = from(s, at + 1);
    size_t marks = 0;
    while (marks < text->n && strchr("*_` ", text->p[marks]))
        marks++;
    *is_open = marks == text->n;
    return travel_field_of((struct travel_span){.p = s.p, .n = at});
}

struct lines {
    struct travel_plan *plan;
    struct travel_day *day; /* the current one */
    int field;              /* the last one */
    int is_open;            /* it had no text in its own line */
};

static void begin_day(struct lines *l, int number) {
    if (number == 1)
        l->plan->n_days = 0; /* once more from the start */
    l->day = travel_plan_add(l->plan);
    l->field = TRAVEL_NO_FIELD;
    l->is_open = 0;
    travel_day_set(l->plan, l->day, TRAVEL_DAY_NUMBER, travel_span_of("1"));
}

/* A line below "Attractions:" belongs to it. */
static void continue_field(struct lines *l, struct travel_span line, int is_item) {
    if (!l->is_open || l->field >= TRAVEL_FIELDS || !line.n)
        return;
    if (l->field == TRAVEL_ATTRACTION) {
        travel_day_attraction(l->plan, l->day, line);
        l->is_open = is_item;
    } else {
        travel_day_set(l->plan, l->day, l->field, line);
        l->is_open = 0;
    }
}

static void take_line(struct lines *l, struct travel_span line) {
    struct travel_span rest, text = {.p = ""};
    int is_item;

    line = bare(line, &is_item);
    int number = day_heading(line, &rest);
    if (number > 0) {
        begin_day(l, number);
        line = bare(rest, &is_item);
    }
    int is_open = 0, field = field_line(line, &text, &is_open);
    if (field < TRAVEL_FIELDS && l->day) {
        travel_day_set(l->plan, l->day, field, text);
        l->field = field;
        l->is_open = is_open;
    } else if (number <= 0 && l->day) {
        continue_field(l, line, is_item);
    }
}

int travel_read_days(const char *reply, struct travel_plan *plan) {
    struct lines l = {.plan = plan};
    struct travel_span line;
    int filled = 0;

    while (next_line(&reply, &line))
        take_line(&l, line);
    for (int day = 0; day < plan->n_days; day++)
        filled |= plan->day[day].n_filled > 1;
    plan->form = "days";
    if (!filled)
        plan->n_days = 0;
    return filled || *plan->reason;
}

/* ---- tables ----------------------------------------------------------------------- */

static int split_row(struct travel_span line, struct travel_span cell[MAX_COLUMNS]) {
    int n = 0;

    if (line.n && *line.p == '|')
        line = from(line, 1);
    if (line.n && line.p[line.n - 1] == '|')
        line.n--;
    while (n < MAX_COLUMNS) {
        const char *bar = memchr(line.p, '|', line.n);
        size_t width = bar ? (size_t)(bar - line.p) : line.n;
        cell[n++] = (struct travel_span){.p = line.p, .n = width};
        if (!bar)
            break;
        line = from(line, width + 1);
    }
    return n;
}

/* The fields of a heading; how many are known. */
static int read_heading(struct travel_span line, int field[MAX_COLUMNS]) {
    struct travel_span cell[MAX_COLUMNS];
    int n = split_row(line, cell), known = 0;

    for (int i = 0; i < MAX_COLUMNS; i++) {
        field[i] = i < n ? travel_field_of(cell[i]) : TRAVEL_NO_FIELD;
        known += field[i] < TRAVEL_FIELDS;
    }
    return known;
}

/* "A<br>B" is two attractions. */
static void take_cell(struct travel_plan *plan, struct travel_day *day, int field,
                      struct travel_span cell) {
    if (field != TRAVEL_ATTRACTION) {
        travel_day_set(plan, day, field, cell);
        return;
    }
    travel_day_set(plan, day, field, travel_span_of(""));
    for (const char *br; (br = memmem(cell.p, cell.n, "<br", 3));) {
        size_t at = (size_t)(br - cell.p);
        const char *end = memchr(br, '>', cell.n - at);
        travel_day_attraction(plan, day, (struct travel_span){.p = cell.p, .n = at});
        cell = from(cell, end ? (size_t)(end - cell.p) + 1 : cell.n);
    }
    travel_day_attraction(plan, day, cell);
}

static void take_row(struct travel_plan *plan, struct travel_span line,
                     const int field[MAX_COLUMNS]) {
    struct travel_span cell[MAX_COLUMNS];
    int n = split_row(line, cell);
    struct travel_day *day = travel_plan_add(plan);

    for (int i = 0; i < n; i++)
        if (field[i] != TRAVEL_NO_FIELD)
            take_cell(plan, day, field[i], cell[i]);
}

static int is_rule(struct travel_span line) {
    for (size_t i = 0; i < line.n; i++)
        if (!strchr("|-: ", line.p[i]))
            return 0;
    return 1;
}

int travel_read_table(const char *reply, struct travel_plan *plan) {
    struct travel_span line;
    int field[MAX_COLUMNS], new_field[MAX_COLUMNS];
    int inside = 0;

    while (next_line(&reply, &line)) {
        if (!line.n || !memchr(line.p, '|', line.n)) {
            inside = 0;
        } else if (read_heading(line, new_field) >= MIN_COLUMNS) {
            memcpy(field, new_field, sizeof(field));
            plan->n_days = 0; /* the last table counts */
            inside = 1;
        } else if (inside && !is_rule(line)) {
            take_row(plan, line, field);
        }
    }
    plan->form = "table";
    return plan->n_days > 0 || *plan->reason;
}
