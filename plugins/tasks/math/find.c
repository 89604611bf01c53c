/* find.c - the marks by which an answer is found in a reply. */
#include "find.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "clean.h"

static const math_span none = {NULL, 0};

static math_span span(const char *text, size_t n) {
    text = math_trim(text, &n);
    return n ? (math_span){text, n} : none;
}

/* The last place where `word` stands in text[n], or n. */
static size_t last_place(const char *text, size_t n, const char *word) {
    size_t len = strlen(word);

    for (size_t i = n; i >= len && i > 0; i--)
        if (text[i - len] == *word && !memcmp(text + i - len, word, len))
            return i - len;
    return n;
}

static size_t skip_blanks(const char *text, size_t n, size_t i) {
    while (i < n && isspace((unsigned char)text[i]))
        i++;
    return i;
}

static size_t closing(const char *text, size_t n, size_t i, const char *mark) {
    size_t len = strlen(mark);

    for (; i + len <= n; i++)
        if (!memcmp(text + i, mark, len))
            return i;
        else if (text[i] == '\\' && *mark == '$')
            i++;
    return n;
}

/* ---- boxes ------------------------------------------------------------------------ */

/* The content of the box whose name ends at `at`; *end is behind it.  n = 0 and *end =
 * the text's end for an unclosed one. */
static math_span box_content(const char *text, size_t n, size_t at, size_t *end) {
    size_t open = skip_blanks(text, n, at), depth = 0;

    *end = n;
    if (open < n && text[open] != '{') { /* \boxed 4 */
        size_t len = 0;
        while (open + len < n && !isspace((unsigned char)text[open + len]) &&
               !strchr("$.,;}", text[open + len]))
            len++;
        *end = open + len;
        return (math_span){text + open, len};
    }
    for (size_t i = open; i < n; i++) {
        if (text[i] == '\\') {
            i++;
        } else if (text[i] == '{') {
            depth++;
        } else if (text[i] == '}' && --depth == 0) {
            *end = i + 1;
            return (math_span){text + open + 1, i - open - 1};
        }
    }
    return (math_span){text + open + (open < n), 0};
}

math_span math_find_boxed(const char *text, size_t n, int *boxes, int *closed) {
    size_t at = last_place(text, n, "boxed"), end;

    *boxes = at < n && at > 0;
    *closed = 0;
    if (!*boxes)
        return none;
    math_span inside = box_content(text, n, at + 5, &end);
    *closed = inside.n > 0 || end < n;
    if (!*closed)
        inside.n = n - (size_t)(inside.text - text);
    return inside.n ? inside : none;
}

/* What stands between two boxes of one answer: a comma, "and", a unit; no new thought. */
static int joins(const char *text, size_t n) {
    static const char *const breaks[] = {"then",   "so ", "herefore", "not",   "but",
                                         "wait",   "no,", "ctually",  "hence", "final",
                                         "answer", ". ",  "\n\n",     "is "};

    if (n > 48)
        return 0;
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < sizeof(breaks) / sizeof(breaks[0]); b++) {
            size_t len = strlen(breaks[b]);
            if (i + len <= n && !strncasecmp(text + i, breaks[b], len))
                return 0;
        }
    return 1;
}

size_t math_find_boxes(const char *text, size_t n, char *buf, size_t size) {
    enum { MOST = 16 };
    math_span box[MOST];
    size_t limit = n, begin = n, used = 0;
    int count = 0;

    while (count < MOST) {
        size_t at = last_place(text, limit, "boxed"), end;
        if (at >= limit || at == 0)
            break;
        math_span inside = box_content(text, limit, at + 5, &end);
        if (!inside.n || (count && !joins(text + end, begin - end)))
            break;
        box[count++] = inside;
        /* the backslash is part of the box, the words before it are not */
        begin = limit = at - (text[at - 1] == '\\');
    }
    if (count < 2)
        return 0;
    while (count--) {
        if (used + box[count].n + 3 > size)
            return 0;
        memcpy(buf + used, box[count].text, box[count].n);
        used += box[count].n;
        memcpy(buf + used, ", ", 3);
        used += 2;
    }
    buf[used -= 2] = '\0';
    return used;
}

size_t math_find_thought(const char *text, size_t n) {
    size_t at = last_place(text, n, "</think>");

    return at < n && skip_blanks(text, n, at + 8) < n ? at + 8 : 0;
}

math_span math_find_hashes(const char *text, size_t n) {
    size_t at = last_place(text, n, "####"), len = 0;

    if (at >= n)
        return none;
    at += 4;
    while (at + len < n && text[at + len] != '\n')
        len++;
    return span(text + at, len);
}

/* ---- JSON ------------------------------------------------------------------------- */

/* "\frac" in a JSON string should be "\\frac"; models forget, and a form feed is never
 * meant.  1 if the letters after the backslash begin a command of LaTeX. */
static int is_command(const char *text, size_t left) {
    static const char *const commands[] = {
        "frac", "text",  "times", "tfrac", "theta", "tan",    "boxed", "begin",
        "beta", "binom", "bar",   "neq",   "right", "rangle", "bf",    "nu"};

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        size_t n = strlen(commands[i]);
        if (left >= n && !memcmp(text, commands[i], n))
            return 1;
    }
    return 0;
}

static char unescaped(char c) {
    switch (c) {
    case 'n':
    case 'r':
        return '\n';
    case 't':
    case 'b':
    case 'f':
        return ' ';
    default:
        return c;
    }
}

/* Decodes a string up to its quote; 0 if it is cut or does not fit. */
static size_t json_string(const char *text, size_t n, char *buf, size_t size) {
    size_t used = 0;

    for (size_t i = 0; i < n && used + 2 < size; i++) {
        if (text[i] == '"') {
            buf[used] = '\0';
            return used;
        }
        if (text[i] != '\\' || i + 1 >= n) {
            buf[used++] = text[i];
        } else if (isalpha((unsigned char)text[i + 1]) &&
                   (!strchr("nrtbfu", text[i + 1]) ||
                    is_command(text + i + 1, n - i - 1))) {
            buf[used++] = '\\';
        } else if (strchr("\\\"/nrtbf", text[i + 1])) {
            buf[used++] = unescaped(text[++i]);
        } else {
            buf[used++] = text[i];
        }
    }
    return 0;
}

size_t math_find_json(const char *text, size_t n, char *buf, size_t size, int *found) {
    size_t at = last_place(text, n, "\"answer\""), len = 0;

    *found = 0;
    if (at >= n)
        return 0;
    at = skip_blanks(text, n, at + 8);
    if (at >= n || text[at] != ':')
        return 0;
    *found = 1;
    at = skip_blanks(text, n, at + 1);
    if (at < n && text[at] == '"')
        return json_string(text + at + 1, n - at - 1, buf, size);
    int list = at < n && text[at] == '[';
    while (at + len < n && !strchr(list ? "]\n" : ",}\n", text[at + len]))
        len++;
    len += list && at + len < n;
    math_span value = span(text + at, len);
    if (value.n + 1 > size || (value.n == 4 && !memcmp(value.text, "null", 4)))
        return 0;
    memcpy(buf, value.text ? value.text : "", value.n);
    buf[value.n] = '\0';
    return value.n;
}

/* ---- sentences -------------------------------------------------------------------- */

/* Where the formula of \[, \( or $$ that begins at text[i] closes, or i; *open is set
 * once one does not, so that none is searched for again. */
static size_t behind_display(const char *text, size_t n, size_t i, int *open) {
    static const char *const marks[][2] = {{"\\[", "\\]"}, {"\\(", "\\)"}, {"$$", "$$"}};

    for (size_t m = 0; m < 3 && !*open && n - i >= 2; m++) {
        if (memcmp(text + i, marks[m][0], 2) != 0)
            continue;
        size_t end = closing(text, n, i + 2, marks[m][1]);
        *open = end == n;
        return *open ? i : end + 2;
    }
    return i;
}

/* Where the sentence that begins at text ends.  A period or a line's end inside a formula
 * does not end it, nor does a period in a number. */
static size_t sentence_end(const char *text, size_t n) {
    static const char *const turns[] = {" because", " since ", ", since", ", as ",
                                        "<|",       ", which", " where ", ", because"};
    int math = 0, open = 0;

    for (size_t i = 0; i < n; i++) {
        size_t behind = math ? i : behind_display(text, n, i, &open);
        if (behind > i) {
            i = behind - 1;
            continue;
        }
        if (text[i] == '\\' && i + 1 < n && text[i + 1] == '$')
            i++;
        else if (text[i] == '$')
            math = !math;
        if (text[i] == '\n' && i && !math)
            return i;
        if (text[i] == '.' && (i + 1 == n || isspace((unsigned char)text[i + 1])) &&
            !math)
            return i;
        for (size_t t = 0; t < sizeof(turns) / sizeof(turns[0]); t++)
            if (text[i] == *turns[t] && n - i >= strlen(turns[t]) &&
                !memcmp(text + i, turns[t], strlen(turns[t])))
                return i;
    }
    return n;
}

/* Skips what may stand between "answer" and its value: "s", stars, quotes, "is", "are",
 * ":" and "="; 0 if none of the last four is there. */
static size_t behind_answer(const char *text, size_t n) {
    size_t i = 0;
    int said = 0;

    while (i < n) {
        if (strchr("*_\"'` \t", text[i]) || (i == 0 && (text[i] | 32) == 's')) {
            i++;
        } else if (text[i] == ':' || text[i] == '=') {
            said = 1;
            i++;
        } else if (text[i] == '\n' && said) {
            i++;
        } else if (n - i > 3 && (!strncasecmp(text + i, "is ", 3) ||
                                 !strncasecmp(text + i, "is:", 3))) {
            said = 1;
            i += 2;
        } else if (n - i > 4 && !strncasecmp(text + i, "are ", 4)) {
            said = 1;
            i += 3;
        } else if (n - i > 8 && !strncasecmp(text + i, "would be", 8)) {
            said = 1;
            i += 8;
        } else {
            break;
        }
    }
    return said ? i : 0;
}

/* "answer to the question is": the verb stands a little further. */
static size_t behind_verb(const char *text, size_t n) {
    size_t limit = n < 80 ? n : 80;

    for (size_t i = 0; i + 4 < limit && text[i] != '.' && text[i] != '\n'; i++)
        if (!memcmp(text + i, " is ", 4) || !memcmp(text + i, " is:", 4))
            return i + 4;
    return 0;
}

math_span math_find_answer_is(const char *text, size_t n) {
    size_t limit = n;

    for (int tries = 0; tries < 64; tries++) {
        size_t at = limit;
        while (at > 5 && strncasecmp(text + at - 6, "answer", 6) != 0)
            at--;
        if (at <= 5)
            return none;
        limit = at - 1;
        size_t skip = behind_answer(text + at, n - at);
        if (!skip)
            skip = behind_verb(text + at, n - at);
        if (!skip)
            continue;
        size_t begin = skip_blanks(text, n, at + skip);
        math_span found = span(text + begin, sentence_end(text + begin, n - begin));
        if (found.n)
            return found;
    }
    return none;
}

/* ---- formulas and numbers --------------------------------------------------------- */

math_span math_find_math(const char *text, size_t n) {
    static const char *const opens[] = {"$$", "$", "\\(", "\\["};
    static const char *const closes[] = {"$$", "$", "\\)", "\\]"};
    size_t open_until[4] = {0}; /* no mark closes before this place: not searched again */
    math_span last = none;

    for (size_t i = 0; i < n; i++) {
        size_t kind = 0;
        while (kind < 4 && (n - i < strlen(opens[kind]) || open_until[kind] > i ||
                            memcmp(text + i, opens[kind], strlen(opens[kind])) != 0))
            kind++;
        if (kind == 4) {
            i += text[i] == '\\';
            continue;
        }
        size_t from = i + strlen(opens[kind]), to = closing(text, n, from, closes[kind]);
        if (to == n) {
            open_until[kind] = n;
            continue;
        }
        if (span(text + from, to - from).n)
            last = (math_span){text + from, to - from};
        i = to + strlen(closes[kind]) - 1;
    }
    return last;
}

static int is_digit_at(const char *text, size_t n, size_t i) {
    return i < n && isdigit((unsigned char)text[i]);
}

static size_t digits_from(const char *text, size_t n, size_t i) {
    while (is_digit_at(text, n, i))
        i++;
    return i;
}

/* The end of the number that begins at i: thousands commas, a decimal point or comma,
 * an exponent, a fraction, a percent sign. */
static size_t number_end(const char *text, size_t n, size_t i) {
    i = digits_from(text, n, i);
    while (i < n && text[i] == ',' && is_digit_at(text, n, i + 1))
        i = digits_from(text, n, i + 1);
    if (i < n && text[i] == '.' && is_digit_at(text, n, i + 1))
        i = digits_from(text, n, i + 1);
    if (i + 1 < n && (text[i] | 32) == 'e') {
        size_t e = i + 1 + (text[i + 1] == '-' || text[i + 1] == '+');
        i = is_digit_at(text, n, e) ? digits_from(text, n, e) : i;
    }
    if (i < n && text[i] == '/' && is_digit_at(text, n, i + 1))
        i = digits_from(text, n, i + 1);
    if (i + 1 < n && text[i] == '\\' && text[i + 1] == '%')
        return i + 2;
    return i + (i < n && text[i] == '%');
}

/* The minus of -5 and -$5, but not the one of 7-5. */
static size_t sign_before(const char *text, size_t i) {
    size_t at = i;

    while (at > 0 && strchr("$\\", text[at - 1]))
        at--;
    if (at == 0 || text[at - 1] != '-')
        return i;
    return at == 1 || strchr(" (=:$\n{", text[at - 2]) ? at - 1 : i;
}

static int is_code(const char *text, size_t n) {
    static const char *const marks[] = {"__", "('",  "(\"",    "()",
                                        "['", "[\"", "lambda", "import "};

    for (size_t i = 0; i < n; i++)
        for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
            if (text[i] == *marks[m] && n - i >= strlen(marks[m]) &&
                !memcmp(text + i, marks[m], strlen(marks[m])))
                return 1;
    return 0;
}

static int in_code(const char *text, size_t n, size_t at) {
    size_t from = at, to = at;

    while (from > 0 && text[from - 1] != '\n')
        from--;
    while (to < n && text[to] != '\n')
        to++;
    return is_code(text + from, to - from);
}

math_span math_find_number(const char *text, size_t n, int first, int *count) {
    size_t at = n, end = n;

    *count = 0;
    for (size_t i = 0; i < n; i++) {
        int begins =
            is_digit_at(text, n, i) || (text[i] == '.' && is_digit_at(text, n, i + 1));
        if (!begins || (i && (isalnum((unsigned char)text[i - 1]) || text[i - 1] == '_')))
            continue;
        size_t behind = number_end(text, n, i);
        if (!*count || !first) {
            at = i;
            end = behind;
        }
        ++*count;
        i = behind;
    }
    if (at == n || in_code(text, n, at)) {
        *count = 0;
        return none;
    }
    at = sign_before(text, at);
    return (math_span){text + at, end - at};
}

/* ---- words and letters ------------------------------------------------------------ */

math_span math_find_yes_no(const char *text, size_t n, int first) {
    static const char *const words[] = {"yes", "no", "true", "false"};
    math_span last = none;

    for (size_t i = 0; i < n; i++) {
        size_t len = 0;
        while (i + len < n && isalpha((unsigned char)text[i + len]))
            len++;
        for (size_t w = 0; len && w < 4; w++)
            if (math_is_word(text + i, len, words[w]))
                last = (math_span){text + i, len};
        if (len && first)
            return last;
        i += len;
    }
    return last;
}

/* An answer that begins with its letter: "(b)", "C. 42 apples". */
static math_span leading_choice(const char *text, size_t n) {
    size_t i = 0;

    while (i < n && strchr("( \t\n*{$", text[i]))
        i++;
    if (i >= n || !isalpha((unsigned char)text[i]) || (text[i] | 32) > 'j')
        return none;
    int marked = i + 1 == n || strchr(")].:*}", text[i + 1]) != NULL;
    return marked ? (math_span){text + i, 1} : none;
}

math_span math_find_choice(const char *text, size_t n) {
    math_span last = leading_choice(text, n);

    if (last.n)
        return last;

    for (size_t i = 0; i < n; i++) {
        int alone = (i == 0 || !isalnum((unsigned char)text[i - 1])) &&
                    (i + 1 == n || !isalnum((unsigned char)text[i + 1]));
        /* "A" begins sentences and "I" is a person; both count only when marked */
        int marked = (i > 0 && strchr("({*:", text[i - 1])) ||
                     (i + 1 < n && strchr(").}*:", text[i + 1])) || n <= 3;
        if (alone && text[i] >= 'A' && text[i] <= 'J' &&
            (marked || !strchr("AI", text[i])))
            last = (math_span){text + i, 1};
    }
    return last;
}
