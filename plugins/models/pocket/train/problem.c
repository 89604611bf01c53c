/* problem.c - see problem.h. */
#include "problem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "generate.h"
#include "grade.h"
#include "question.h"
#include "steps.h"
#include "verdict.h"

/* Text that stops at the end of its array and says so. */
typedef struct page {
    char *text; /* [POCKET_TEXT_BYTES] */
    size_t n;
    int is_full;
} page;

ACCORD_PRINTF(2, 3)
static void put(page *p, const char *fmt, ...) {
    va_list args;

    va_start(args, fmt);
    int n = vsnprintf(p->text + p->n, POCKET_TEXT_BYTES - p->n, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= POCKET_TEXT_BYTES - p->n)
        p->is_full = 1;
    else
        p->n += (size_t)n;
}

/* ---- maths ------------------------------------------------------------------------- */

static void put_operand(page *p, const struct math_operand *operand) {
    if (operand->from < 0)
        put(p, "%" PRId64, operand->value);
    else
        put(p, "the result of step %d", operand->from + 1);
}

/* "Then subtract 4 from the result of step 1." */
static void put_step(page *p, const struct math_step *s, const char *opener) {
    static const char *const verbs[] = {"add", "subtract", "multiply", "divide"};
    static const char *const links[] = {"and", "from", "by", "by"};
    static const char ops[] = "+-*/";
    int i = (int)(strchr(ops, s->op) - ops), is_turned = s->op == '-';

    put(p, "%s %s ", opener, verbs[i]);
    put_operand(p, is_turned ? &s->b : &s->a);
    put(p, " %s ", links[i]);
    put_operand(p, is_turned ? &s->a : &s->b);
    put(p, ".");
}

static accord_code make_maths(const pocket_key *key, pocket_problem *out) {
    struct math_story story;
    page reply = {.text = out->reply}, strategy = {.text = out->strategy};

    math_generate(key->seed, key->level, key->split, key->item, &story);
    snprintf(out->question, sizeof(out->question), "%s", story.question);
    put(&reply, "%s\nThe answer is \\boxed{%" PRId64 "}.", story.solution, story.answer);
    for (int i = 0; i < story.n_steps; i++)
        put_step(&strategy, &story.step[i], i ? " Then" : "First");
    return reply.is_full || strategy.is_full ? ACCORD_E_LIMIT : ACCORD_OK;
}

static void grade_maths(const pocket_problem *problem, const char *reply, int *is_right,
                        char *canon, size_t size) {
    char gold[64], answer[256];
    const char *rule;

    math_extract(problem->reply, MATH_ANSWER_NUMBER, 1, gold, sizeof(gold), &rule);
    if (!math_extract(reply, MATH_ANSWER_NUMBER, 0, answer, sizeof(answer), &rule))
        return;
    math_canon(answer, MATH_ANSWER_NUMBER, canon, size);
    *is_right = math_equal(gold, answer, MATH_ANSWER_NUMBER);
}

/* ---- Blocksworld ------------------------------------------------------------------- */

static accord_code blocks_open(const pocket_key *key, struct planning_problem *problem,
                               struct planning_lexicon *lexicon) {
    struct planning_key own = {
        .seed = key->seed, .level = key->level, .split = key->split, .item = key->item};

    accord_code rc = planning_generate(&own, problem);
    if (!rc)
        *lexicon = (struct planning_lexicon){.task = problem->task,
                                             .speech = planning_speech_of(problem->task)};
    return rc;
}

/* A fact "x is on y" of the goal that is not told yet while what y rests on is. */
static int next_fact(const struct strips_literals *goal, const char *is_told) {
    for (int i = 0; i < goal->n; i++) {
        int must_wait = is_told[i];
        for (int k = 0; k < goal->n; k++)
            must_wait |= !is_told[k] && goal->item[k].arg[0] == goal->item[i].arg[1];
        if (!must_wait)
            return i;
    }
    return -1;
}

/* The towers of the goal from the bottom up, which is the order in which a plan builds.
 */
static void say_towers(const struct planning_lexicon *l, struct planning_buffer *out) {
    enum { MOST = 64 };
    const struct strips_literals *goal = &l->task->goal;
    char is_told[MOST] = {0};

    for (int n = 0; n < goal->n && n < MOST; n++) {
        int i = next_fact(goal, is_told);
        if (i < 0)
            return;
        planning_write(out, n ? " Then " : "First ");
        planning_say_fact(l, &goal->item[i], NULL, out);
        planning_write(out, ".");
        is_told[i] = 1;
    }
}

static accord_code copy_text(struct planning_buffer *from, page *to) {
    accord_code rc = from->is_out_of_memory ? ACCORD_E_NOMEM : ACCORD_OK;

    put(to, "%s", planning_text(from));
    planning_buffer_fini(from);
    return to->is_full && !rc ? ACCORD_E_LIMIT : rc;
}

static accord_code make_blocks(const pocket_key *key, pocket_problem *out) {
    struct planning_problem problem;
    struct planning_lexicon lexicon;
    struct planning_buffer question = {0}, plan = {0}, strategy = {0};
    struct strips_state state = {0};

    accord_code rc = blocks_open(key, &problem, &lexicon);
    if (rc)
        return rc;
    if (!strips_state_init(&state, problem.task))
        rc = ACCORD_E_NOMEM;
    if (!rc) {
        planning_ask_rules(&lexicon, planning_blocksworld, 1, &question);
        planning_ask_state(&lexicon, &state, 1, "Start", &question);
        planning_tell_plan(&lexicon, &problem, 1, &plan);
        say_towers(&lexicon, &strategy);
        rc = copy_text(&question, &(page){.text = out->question});
    }
    if (!rc)
        rc = copy_text(&plan, &(page){.text = out->reply});
    if (!rc)
        rc = copy_text(&strategy, &(page){.text = out->strategy});
    planning_buffer_fini(&question);
    planning_buffer_fini(&plan);
    planning_buffer_fini(&strategy);
    strips_state_fini(&state);
    planning_problem_fini(&problem);
    return rc;
}

static accord_code grade_blocks(const pocket_problem *problem, const char *reply,
                                int *is_right, char *canon, size_t size) {
    struct planning_problem own;
    struct planning_lexicon lexicon;
    struct planning_buffer text = {0}, why = {0};
    struct planning_verdict verdict = {0};
    struct planning_steps steps;
    struct strips_state state = {0};

    accord_code rc = blocks_open(&problem->key, &own, &lexicon);
    if (rc)
        return rc;
    planning_read_steps(&lexicon, reply, &steps);
    planning_write_steps(own.task, &steps, &text);
    if (steps.is_out_of_memory || text.is_out_of_memory ||
        !strips_state_init(&state, own.task) ||
        !planning_judge(&lexicon, &state, &steps, 1, &verdict, &why))
        rc = ACCORD_E_NOMEM;
    *is_right = verdict.reaches_goal;
    snprintf(canon, size, "%s", planning_text(&text));
    strips_state_fini(&state);
    planning_steps_fini(&steps);
    planning_buffer_fini(&text);
    planning_buffer_fini(&why);
    planning_problem_fini(&own);
    return rc;
}

/* ---- both -------------------------------------------------------------------------- */

accord_code pocket_problem_make(const pocket_key *key, pocket_problem *out) {
    out->key = *key;
    out->question[0] = out->reply[0] = out->strategy[0] = '\0';
    return key->kind == POCKET_MATHS ? make_maths(key, out) : make_blocks(key, out);
}

/* The words of math.c and strips.c; a test compares them with what the tasks say. */
const char *pocket_problem_format(int kind) {
    return kind == POCKET_MATHS ? "Think step by step. End with the sentence \"The "
                                  "answer is \\boxed{N}.\", "
                                  "where N is a number without a unit."
                                : "Write the plan, one action a line, and nothing else.";
}

accord_code pocket_grade(const pocket_problem *problem, const char *reply, int *is_right,
                         char *canon, size_t size) {
    *is_right = 0;
    canon[0] = '\0';
    if (problem->key.kind != POCKET_MATHS)
        return grade_blocks(problem, reply, is_right, canon, size);
    grade_maths(problem, reply, is_right, canon, size);
    return ACCORD_OK;
}
