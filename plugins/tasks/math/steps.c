/* steps.c - see steps.h. */
#include "steps.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Removes every <<...>> in place. */
static void drop_notes(char *text) {
    char *to = text;

    for (const char *from = text; *from;) {
        const char *end = strncmp(from, "<<", 2) == 0 ? strstr(from, ">>") : NULL;
        if (end)
            from = end + 2;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

static void trim_end(char *text) {
    size_t n = strlen(text);

    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
}

char *math_steps_gsm8k(char *text) {
    char *mark = NULL;

    for (char *p = text; (p = strstr(p, "####")); p += 4)
        mark = p;
    if (!mark)
        return NULL;
    char *answer = mark + 4 + strspn(mark + 4, " \t");
    trim_end(answer);
    *mark = '\0';
    drop_notes(text);
    trim_end(text);
    return answer;
}

/* True when the bracket that opens `text` is closed by its last character. */
static int is_bracketed(const char *text, size_t n) {
    int depth = 0;

    if (n < 2 || text[0] != '(' || text[n - 1] != ')')
        return 0;
    for (size_t i = 0; i < n - 1; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0)
            return 0;
    }
    return 1;
}

char *math_steps_equation(const char *equation, const char *answer) {
    size_t n = strlen(equation), used = 0;
    char *out = malloc(n + strlen(answer) + sizeof(" = ."));

    if (!out)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        char c = equation[i], before = used ? out[used - 1] : '(';
        if (c == '.' && equation[i + 1] == '0' &&
            !isdigit((unsigned char)equation[i + 2]))
            i++; /* 8.0 */
        else if (c == ' ' && (before == '(' || equation[i + 1] == ')'))
            continue;
        else
            out[used++] = c;
    }
    if (is_bracketed(out, used)) {
        memmove(out, out + 1, used - 2);
        used -= 2;
    }
    snprintf(out + used, strlen(answer) + sizeof(" = ."), " = %s.", answer);
    return out;
}

char *math_steps_facts(const char *list) {
    json_t *facts = json_loads(list, 0, NULL), *fact;
    size_t i, used = 0;
    char *out = json_is_array(facts) ? calloc(1, strlen(list) + 1) : NULL;

    if (out) {
        /* A fact is shorter than its JSON: quotes and comma pay for the blank. */
        json_array_foreach(facts, i, fact) {
            const char *text = json_string_value(fact);
            if (!text)
                continue;
            int n = snprintf(out + used, strlen(list) + 1 - used, "%s%s", used ? " " : "",
                             text);
            used += (size_t)n;
        }
    }
    json_decref(facts);
    return out;
}

char *math_number_text(double number) {
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (!(fabs(strtod(text, NULL) - number) > 0))
            break;
    }
    return strdup(text);
}
