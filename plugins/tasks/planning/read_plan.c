/* read_plan.c - planning_read_steps(): the plan in a reply, line by line. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "read_step.h"

/* What may stand before a step: "Step 3: then I". */
static const char lead[] =
    "step steps action actions then next now first firstly second secondly third finally "
    "lastly and also i you we robot will let us let's again plan move command text "
    "texttt "
    "mathrm textbf textit mathtt boxed item name operator op do perform execute use "
    "apply "
    "start afterwards after that hand the-plan s solution answer final sequence";

/* A line with one of the first and one of the second kind announces another plan. */
static const char plan_words[] =
    "plan plans sequence solution steps actions answer it version approach";
static const char again_words[] =
    "corrected correct revised final better optimized optimised optimal new updated "
    "efficient improved instead redo again retry simpler shorter simplified fixed over "
    "alternative detailed restart formal proper";
/* A list that begins anew after one of these goes on. */
static const char part_words[] =
    "phase part stage goal subgoal section task half remaining rest continue";

struct reading {
    const struct planning_lexicon *lexicon;
    struct planning_steps *out;
    int last_number;  /* of the list; 0: none */
    int is_announced; /* another plan begins with the next step */
    int is_part;      /* a heading said that the list goes on */
    int has_gap;      /* a line without a step since the last one */
    int n_fences;     /* opened or closed so far */
    int fence;        /* n_fences at the last step */
};

static void forget(struct reading *r) {
    r->out->n = 0;
    r->out->is_numbered = r->out->is_too_long = 0;
    r->out->form = PLANNING_NO_FORM;
    r->last_number = 0;
}

/* ---- where a new plan begins ------------------------------------------------------- */

/* Is a step written so, numbered so, the first of another plan? */
static int begins_anew(const struct reading *r, int form, int number) {
    if (r->out->n == 0)
        return 0;
    if (r->is_announced)
        return 1;
    if (form == PLANNING_FORM_PDDL && r->out->form != PLANNING_FORM_PDDL && r->has_gap)
        return 1;
    if (r->is_part)
        return 0;
    if (number == 1 && r->last_number >= 1)
        return 1;
    return r->fence % 2 == 1 && r->n_fences % 2 == 1 && r->fence != r->n_fences &&
           r->has_gap;
}

static void take(struct reading *r, const struct planning_found *f, int number) {
    struct planning_steps *out = r->out;

    /* What comes after a plan in PDDL explains it. */
    if (out->n > 0 && out->form == PLANNING_FORM_PDDL && f->form != PLANNING_FORM_PDDL &&
        r->has_gap && !r->is_announced)
        return;
    if (begins_anew(r, f->form, number))
        forget(r);
    /* One step in words makes a plan in words, one in PDDL a plan in PDDL. */
    if (out->n == 0 || f->form == PLANNING_FORM_PDDL ||
        (f->form < out->form && out->form != PLANNING_FORM_PDDL))
        out->form = f->form;
    planning_add_step(out, &f->step);
    if (number) {
        r->last_number = number;
        out->is_numbered = 1;
    }
    r->is_announced = r->is_part = r->has_gap = 0;
    r->fence = r->n_fences;
}

static void note_heading(struct reading *r, struct planning_cursor c) {
    struct planning_token t;
    int is_plan = 0, is_again = 0;

    r->has_gap = 1;
    for (int n = 0; n < 64 && planning_next_token(&c, &t); n++) {
        if (t.mark)
            continue;
        is_plan |= planning_is_in(plan_words, t.word);
        is_again |= planning_is_in(again_words, t.word);
        r->is_part |= planning_is_in(part_words, t.word);
    }
    if (is_plan && is_again)
        r->is_announced = 1;
}

/* ---- one line ---------------------------------------------------------------------- */

/* Passes over numbering, marks and words that may lead a step; notes its number. */
static void skip_lead(struct planning_cursor *c, int *number) {
    struct planning_cursor at = *c;
    struct planning_token t;

    while (planning_next_token(&at, &t)) {
        if (isdigit((unsigned char)t.word[0])) {
            size_t n = strspn(t.word, "0123456789");
            if (t.word[n] || n > 6)
                return;
            if (*number == 0)
                for (size_t i = 0; i < n; i++)
                    *number = *number * 10 + (t.word[i] - '0');
        } else if (t.mark == '(' ||
                   (!t.mark && !planning_is_in(lead, t.word) && strlen(t.word) > 1)) {
            return;
        } else if (!t.mark && strlen(t.word) == 1 &&
                   (at.p >= at.end || !strchr(").:", *at.p)) && t.word[0] != 'i') {
            return; /* not "a)" */
        }
        *c = at;
    }
}

static void skip_parentheses(struct planning_cursor *c) {
    struct planning_token t;
    int depth = 0;

    do {
        if (!planning_next_token(c, &t))
            return;
        depth += (t.mark == '(') - (t.mark == ')');
    } while (depth > 0);
}

/* "... is not possible", "(no, this cannot be right)": the reply takes the step back. */
static int is_taken_back(struct planning_cursor c) {
    struct planning_token t, next;

    for (int n = 0; n < 10 && planning_next_token(&c, &t); n++) {
        int is_open = t.mark == '(';
        if (is_open && !planning_next_token(&c, &t))
            return 0;
        if (planning_is_in("cannot can't impossible invalid", t.word) ||
            (is_open && planning_is_in("no wait", t.word) &&
             planning_peek_token(&c, &next) &&
             (next.mark || planning_is_in("this that it", next.word))))
            return 1;
        if (is_open || (t.mark && strchr(".;,:", t.mark)))
            return 0;
        if (planning_is_in("isn't wasn't", t.word))
            return 1;
        if (planning_is_in("is was", t.word) && planning_next_token(&c, &t))
            return planning_is_in("impossible wrong incorrect invalid", t.word) ||
                   (strcmp(t.word, "not") == 0 && planning_peek_token(&c, &next) &&
                    planning_is_in("possible correct needed necessary allowed valid "
                                   "the required right a an",
                                   next.word));
    }
    return 0;
}

/* Moves behind the next mark or word after which another step may stand. */
static int find_joint(struct planning_cursor *c) {
    struct planning_cursor at;
    struct planning_token t;

    for (;;) {
        at = *c;
        if (!planning_next_token(&at, &t))
            return 0;
        if (t.mark == '(') {
            skip_parentheses(c);
            continue;
        }
        *c = at;
        if ((t.mark && strchr(",;.\"}]|\x01>&", t.mark)) ||
            planning_is_in("then and so instead", t.word))
            return 1;
    }
}

/* Further steps of a line: "pick up red, then stack it on blue". */
static void read_rest(struct reading *r, struct planning_cursor c) {
    struct planning_found f;

    while (find_joint(&c)) {
        struct planning_cursor at = c;
        int number = 0;
        skip_lead(&at, &number);
        const struct planning_step *before =
            r->out->n ? &r->out->step[r->out->n - 1] : NULL;
        if (planning_read_words(r->lexicon, &at, before, &f) && f.is_complete) {
            if (!is_taken_back(at))
                take(r, &f, number);
            c = at;
        }
    }
}

/* Every "(unstack b c)" of a line; at its head also one with a mistake in it. */
static int read_pddl_line(struct reading *r, struct planning_cursor line,
                          const char *head, int number) {
    struct planning_found f;
    int n = 0;

    for (const char *p = line.p; (p = memchr(p, '(', (size_t)(line.end - p))); p++) {
        struct planning_cursor at = {p, line.end};
        if (planning_read_pddl(r->lexicon, &at, &f) && (f.is_complete || p == head)) {
            take(r, &f, n == 0 ? number : 0);
            n++;
            p = at.p - 1;
        }
    }
    return n > 0;
}

/* A step after a colon: "Plan: unstack b c, put-down b". */
static int read_after_colon(struct reading *r, struct planning_cursor line) {
    const char *colon = memchr(line.p, ':', (size_t)(line.end - line.p));
    struct planning_found f;
    int number = 0;

    if (!colon)
        return 0;
    struct planning_cursor c = {colon + 1, line.end};
    skip_lead(&c, &number);
    if (!planning_read_words(r->lexicon, &c, NULL, &f) || !f.is_complete)
        return 0;
    take(r, &f, number);
    read_rest(r, c);
    return 1;
}

static int read_line(struct reading *r, struct planning_cursor line) {
    struct planning_cursor c = line;
    struct planning_found f;
    int number = 0;

    skip_lead(&c, &number);
    if (read_pddl_line(r, line, c.p, number))
        return 1;
    const struct planning_step *before = r->out->n ? &r->out->step[r->out->n - 1] : NULL;
    if (!planning_read_words(r->lexicon, &c, before, &f))
        return read_after_colon(r, line);
    if (is_taken_back(c)) {
        read_rest(r, c);
        return 1;
    }
    if (f.is_comment || (!f.is_complete && f.step.n_args == 0 && number == 0)) {
        read_rest(r, c);
        return 0;
    }
    take(r, &f, number);
    read_rest(r, c);
    return 1;
}

/* ---- the reply --------------------------------------------------------------------- */

/* The last place of a mark in any case, from `begin` on. */
static const char *find_last(const char *begin, const char *end, const char *mark) {
    const char *last = NULL;
    size_t n = strlen(mark);

    for (const char *p = begin; (p = memchr(p, mark[0], (size_t)(end - p))); p++)
        if ((size_t)(end - p) >= n && strncasecmp(p, mark, n) == 0)
            last = p;
    return last;
}

static const char *find_first(const char *begin, const char *end, const char *mark) {
    size_t n = strlen(mark);

    for (const char *p = begin; (p = memchr(p, mark[0], (size_t)(end - p))); p++)
        if ((size_t)(end - p) >= n && strncasecmp(p, mark, n) == 0)
            return p;
    return NULL;
}

static void read_lines(struct reading *r, const char *begin, const char *end) {
    while (begin < end) {
        const char *stop = memchr(begin, '\n', (size_t)(end - begin));
        struct planning_cursor line = {begin, stop ? stop : end};
        struct planning_token t;
        begin = stop ? stop + 1 : end;
        if (!planning_peek_token(&line, &t))
            continue;
        if (strncmp(t.begin, "```", 3) == 0 || strncmp(t.begin, "~~~", 3) == 0) {
            r->n_fences++;
            r->has_gap = 1;
            continue;
        }
        if (!read_line(r, line))
            note_heading(r, line);
    }
}

/* Thoughts are no answer, and what follows "[STATEMENT]" is another problem. */
static void bound(const char **begin, const char **end) {
    const char *thought = find_last(*begin, *end, "</think>");
    const char *next;

    if (thought)
        *begin = thought + strlen("</think>");
    next = find_first(*begin, *end, "[STATEMENT]");
    if (next && next > *begin)
        *end = next;
}

/* The part between the last [PLAN] and its end; 0 without one. */
static int find_tagged(const char **begin, const char **end) {
    const char *tag = find_last(*begin, *end, "[PLAN]");
    const char *from = tag ? tag + strlen("[PLAN]") : *begin;
    const char *stop = find_first(from, *end, "[PLAN END]");

    if (!stop)
        stop = find_first(from, *end, "[/PLAN]");
    if (!stop)
        stop = find_first(from, *end, "[END");
    if (!tag && !stop)
        return 0;
    *begin = from;
    *end = stop ? stop : *end;
    return 1;
}

void planning_read_steps(const struct planning_lexicon *lexicon, const char *reply,
                         struct planning_steps *out) {
    const char *begin = reply, *end = reply + strlen(reply);
    struct reading r = {.lexicon = lexicon, .out = out};

    *out = (struct planning_steps){0};
    if (end - begin > PLANNING_MAX_REPLY) {
        begin = end - PLANNING_MAX_REPLY;
        const char *line = memchr(begin, '\n', PLANNING_MAX_REPLY);
        begin = line ? line + 1 : end;
        out->is_too_long = 1;
    }
    bound(&begin, &end);
    const char *from = begin, *to = end;
    if (find_tagged(&from, &to)) {
        read_lines(&r, from, to);
        out->is_tagged = out->n > 0;
    }
    if (out->n == 0) {
        r = (struct reading){.lexicon = lexicon, .out = out};
        read_lines(&r, begin, end);
    }
}
