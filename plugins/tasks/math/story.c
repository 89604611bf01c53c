/* story.c - see story.h. */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

int64_t math_below(struct math_writer *w, int64_t n) {
    return (int64_t)accord_rng_below(&w->rng, (uint64_t)n);
}

int64_t math_between(struct math_writer *w, int64_t lo, int64_t hi) {
    return lo + math_below(w, hi - lo + 1);
}

static struct math_slot *find_slot(struct math_writer *w, const char *name, size_t n) {
    for (size_t i = 0; i < w->n_slots; i++)
        if (strlen(w->slot[i].name) == n && memcmp(w->slot[i].name, name, n) == 0)
            return &w->slot[i];
    return NULL;
}

static void set_slot(struct math_writer *w, struct math_slot value) {
    struct math_slot *slot = find_slot(w, value.name, strlen(value.name));

    if (!slot && w->n_slots < MATH_MAX_SLOTS)
        slot = &w->slot[w->n_slots++];
    if (slot)
        *slot = value;
}

void math_word(struct math_writer *w, const char *slot, const char *word) {
    set_slot(w, (struct math_slot){.name = slot, .word = word});
}

void math_number(struct math_writer *w, const char *slot, int64_t number) {
    set_slot(w, (struct math_slot){.name = slot, .number = number});
}

static int put_step(const struct math_step *step, char *to, size_t room) {
    return snprintf(to, room, "%" PRId64 " %c %" PRId64 " = %" PRId64, step->a.value,
                    step->op, step->b.value, step->result);
}

/* The text of a slot; an unknown one stays as it is, for a test to find. */
static size_t put_slot(struct math_writer *w, const char *name, size_t n, char *to,
                       size_t room) {
    const struct math_slot *slot = find_slot(w, name, n);
    int wrote;

    if (n == 1 && *name == '=' && w->out->n_steps > 0)
        wrote = put_step(&w->out->step[w->out->n_steps - 1], to, room);
    else if (!slot)
        wrote = snprintf(to, room, "{%.*s}", (int)n, name);
    else if (slot->word)
        wrote = snprintf(to, room, "%s", slot->word);
    else
        wrote = snprintf(to, room, "%" PRId64, slot->number);
    return (size_t)wrote < room ? (size_t)wrote : room - 1;
}

/* Appends the filled sentence to text[MATH_STORY_BYTES], which holds *used bytes. */
static void put(struct math_writer *w, const char *sentence, char *text, size_t *used) {
    if (*used > 0 && *used < MATH_STORY_BYTES - 1)
        text[(*used)++] = ' ';
    while (*sentence && *used < MATH_STORY_BYTES - 1) {
        const char *end = *sentence == '{' ? strchr(sentence, '}') : NULL;
        if (end) {
            *used += put_slot(w, sentence + 1, (size_t)(end - sentence - 1), text + *used,
                              MATH_STORY_BYTES - *used);
            sentence = end + 1;
        } else {
            text[(*used)++] = *sentence++;
        }
    }
    text[*used] = '\0';
}

void math_tell(struct math_writer *w, const char *sentence) {
    put(w, sentence, w->out->question, &w->n_question);
}

void math_show(struct math_writer *w, const char *sentence) {
    put(w, sentence, w->out->solution, &w->n_solution);
}

void math_tell_one(struct math_writer *w, const char *const *sentences, size_t n) {
    math_tell(w, sentences[math_below(w, (int64_t)n)]);
}

void math_show_one(struct math_writer *w, const char *const *sentences, size_t n) {
    math_show(w, sentences[math_below(w, (int64_t)n)]);
}

struct math_operand math_given(int64_t value) {
    return (struct math_operand){.value = value, .from = MATH_GIVEN};
}

struct math_operand math_meant(int64_t value) {
    return (struct math_operand){.value = value, .from = MATH_WORD};
}

/* Division is exact or broken. */
static int64_t apply(int64_t a, char op, int64_t b) {
    switch (op) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    default:
        return b > 0 && a % b == 0 ? a / b : 0;
    }
}

static int is_sane(int64_t value) {
    return value >= 2 && value <= MATH_MOST;
}

struct math_operand math_work(struct math_writer *w, struct math_operand a, char op,
                              struct math_operand b) {
    int at = w->out->n_steps;
    int64_t result = apply(a.value, op, b.value);

    if (!is_sane(a.value) || !is_sane(b.value) || !is_sane(result))
        w->is_absurd = 1;
    if (at < MATH_MAX_STEPS) {
        w->out->step[at] = (struct math_step){.op = op, .a = a, .b = b, .result = result};
        w->out->n_steps++;
    }
    w->out->answer = result;
    return (struct math_operand){.value = result, .from = at};
}

int math_left(const struct math_writer *w) {
    return w->n_wanted - w->out->n_steps;
}

int math_distracts(struct math_writer *w) {
    static const int percent[MATH_LEVELS + 1] = {0, 0, 0, 30, 50, 70};

    return math_below(w, 100) < percent[w->level];
}

struct math_operand math_pick_percent(struct math_writer *w) {
    static const struct {
        int64_t percent, parts;
        const char *part;
    } known[] = {{10, 10, "tenth"}, {20, 5, "fifth"}, {25, 4, "quarter"}};
    int64_t i = math_below(w, 3);

    math_number(w, "percent", known[i].percent);
    math_word(w, "part", known[i].part);
    return math_meant(known[i].parts);
}
