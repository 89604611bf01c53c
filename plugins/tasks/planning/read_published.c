/* read_published.c - planning_read_published(): the rule by which PlanBench judged its
 * recorded replies.  It passes over lines that name more objects than the action takes,
 * and so calls some right plans wrong; it is here to be comparable. */
#include <string.h>

#include "reply.h"
#include "tokens.h"

enum { LINE = 1024 };

/* Lower case, without "*", the names of actions with "-" as the domain has them. */
static void simplify(const struct strips_task *t, const char *from, size_t n, char *out) {
    size_t k = 0;

    for (size_t i = 0; i < n && k < LINE - 1; i++)
        if (from[i] != '*')
            out[k++] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + 32 : from[i]);
    out[k] = '\0';
    for (int a = 0; a < t->n_actions; a++) {
        const char *name = t->action[a].name;
        size_t length = strlen(name);
        for (char *p = out; strlen(p) >= length; p++) {
            size_t i = 0;
            while (i < length && (p[i] == name[i] || (p[i] == ' ' && name[i] == '-')))
                i++;
            if (i == length)
                memcpy(p, name, length);
        }
    }
}

/* The first action of the domain, in its order, that is a word between blanks. */
static int find_action(const struct strips_task *t, const char *line) {
    char blanks[LINE];
    size_t n = strlen(line);

    for (size_t i = 0; i <= n; i++)
        blanks[i] = (char)(line[i] == '\t' || line[i] == '\r' ? ' ' : line[i]);
    for (int a = 0; a < t->n_actions; a++)
        if (planning_is_in(blanks, t->action[a].name))
            return a;
    return -1;
}

/* Objects by where "NAME block" stands first; the number of them. */
static int find_objects(const struct planning_lexicon *l, const char *line,
                        int object[STRIPS_ARGS]) {
    const char *place[STRIPS_ARGS];
    int n = 0;

    for (int i = 0; i < l->n_aliases; i++) {
        char name[PLANNING_WORD + 8];
        size_t length = strlen(l->alias[i].name);
        if (length >= PLANNING_WORD)
            continue;
        memcpy(name, l->alias[i].name, length);
        memcpy(name + length, " block", sizeof(" block"));
        const char *p = strstr(line, name);
        if (!p)
            continue;
        if (n == STRIPS_ARGS)
            return n + 1;
        int at = n++;
        for (; at > 0 && place[at - 1] > p; at--) {
            place[at] = place[at - 1];
            object[at] = object[at - 1];
        }
        place[at] = p;
        object[at] = l->alias[i].object;
    }
    return n;
}

void planning_read_published(const struct planning_lexicon *l, const char *reply,
                             struct planning_steps *out) {
    *out = (struct planning_steps){.form = PLANNING_FORM_WORDS};
    while (*reply) {
        struct planning_step step = {0};
        char line[LINE];
        size_t n = strcspn(reply, "\n");
        simplify(l->task, reply, n, line);
        reply += n + (reply[n] == '\n');
        step.action = find_action(l->task, line);
        if (step.action < 0)
            continue;
        step.n_args = find_objects(l, line, step.arg);
        if (step.n_args == l->task->action[step.action].n_args)
            planning_add_step(out, &step);
    }
}
