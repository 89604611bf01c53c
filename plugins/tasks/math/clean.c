/* clean.c - one plain spelling of an answer. */
#include "clean.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct writer {
    char *out;
    size_t n;
    int full;
};

static void put_bytes(struct writer *w, const char *text, size_t n) {
    if (w->n + n >= MATH_CLEAN_MAX) {
        w->full = 1;
        return;
    }
    memcpy(w->out + w->n, text, n);
    w->n += n;
    w->out[w->n] = '\0';
}

static void put(struct writer *w, const char *text) {
    put_bytes(w, text, strlen(text));
}

int math_is(const char *text, size_t n, const char *word) {
    return strlen(word) == n && !memcmp(text, word, n);
}

int math_is_word(const char *text, size_t n, const char *word) {
    return strlen(word) == n && !strncasecmp(text, word, n);
}

const char *math_trim(const char *text, size_t *n) {
    while (*n && strchr(" \t\r\n\"'`*", *text))
        text++, --*n;
    while (*n && strchr(" \t\r\n\"'`*.,;\\", text[*n - 1])) {
        /* "\," and "\;" at the end are spacing, the backslash goes next. */
        --*n;
    }
    return text;
}

/* ---- signs ------------------------------------------------------------------------ */

struct spelling {
    const char *from;
    const char *to;
};

static const struct spelling signs[] = {
    {"\u2212", "-"},        {"\u2013", "-"},           {"\u2014", "-"},
    {"\u00d7", "*"},        {"\u00b7", "*"},           {"\u22c5", "*"},
    {"\u00f7", "/"},        {"\u2044", "/"},           {"\u2264", "<="},
    {"\u2265", ">="},       {"\u2260", "!="},          {"\u03c0", "\\pi "},
    {"\u221e", "\\infty "}, {"\u00b0", "^\\circ "},    {"\u222a", "\\cup "},
    {"\u2229", "\\cap "},   {"\u2208", "\\in "},       {"\u221a", "\\sqrt "},

    {"\u00bd", " 1/2"},     {"\u00bc", " 1/4"},        {"\u00be", " 3/4"},
    {"\u2153", " 1/3"},     {"\u2154", " 2/3"},        {"\u2205", "\\emptyset "},
    {"\u00b1", "\\pm "},    {"\u2248", "\\approx "},   {"\u20ac", " "},
    {"\u00a3", " "},        {"\u00a5", " "},           {"\u20b9", " "},
    {"\u00a0", " "},        {"\u202f", " "},           {"\u2009", " "},
    {"\u200b", ""},         {"\u2019", "'"},           {"\u201c", ""},
    {"\u201d", ""},         {"\u211d", "\\mathbb{R}"}, {"\u2211", "\\sum "},
    {"\u03b1", "\\alpha "}, {"\u03b2", "\\beta "},     {"\u03b8", "\\theta "},
    {"\u03bb", "\\lambda "}};

/* Commands that only set type or space, longest of a common beginning first. */
static const struct spelling decorations[] = {
    {"\\displaystyle", " "},
    {"\\textstyle", " "},
    {"\\nonumber", " "},
    {"\\limits", " "},
    {"\\qquad", " "},
    {"\\quad", " "},
    {"\\Biggl", ""},
    {"\\Biggr", ""},
    {"\\biggl", ""},
    {"\\biggr", ""},
    {"\\Bigg", ""},
    {"\\bigg", ""},
    {"\\Bigl", ""},
    {"\\Bigr", ""},
    {"\\bigl", ""},
    {"\\bigr", ""},
    {"\\Big", ""},
    {"\\big", ""},
    {"\\left.", ""},
    {"\\right.", ""},
    {"\\left", ""},
    {"\\right", ""},
    {"\\$", " "},
    {"\\!", ""},
    {"\\,", " "},
    {"\\;", " "},
    {"\\:", " "},
    {"\\ ", " "},
    {"\\\n", " "},
    {"\\>", " "},
    {"\\(", " "},
    {"\\)", " "},
    {"\\[", " "},
    {"\\]", " "},
    {"\\#", " "},
    {"~", " "},
    {"$", " "},
    {"**", "^"},
    {"\t", " "},
    {"\n", " "},
    {"\r", " "},
    {"`", " "},
};

/* Commands that begin like a decoration and are none. */
static const char *const kept[] = {"\\bigcup", "\\bigcap", "\\leftarrow", "\\rightarrow",
                                   "\\lefteqn"};

static const struct spelling *find(const struct spelling *table, size_t n,
                                   const char *text, size_t left) {
    for (size_t i = 0; i < n; i++)
        if (strlen(table[i].from) <= left &&
            !memcmp(text, table[i].from, strlen(table[i].from)))
            return &table[i];
    return NULL;
}

static const struct spelling *respell(const char *text, size_t left) {
    if ((unsigned char)*text >= 0x80)
        return find(signs, sizeof(signs) / sizeof(signs[0]), text, left);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (strlen(kept[i]) <= left && !memcmp(text, kept[i], strlen(kept[i])))
            return NULL;
    return find(decorations, sizeof(decorations) / sizeof(decorations[0]), text, left);
}

/* ---- thousands, words ------------------------------------------------------------- */

static size_t skip_blanks(const char *text, size_t left, size_t i) {
    while (i < left && (text[i] == ' ' || text[i] == '\n'))
        i++;
    return i;
}

/* The length of a thousands mark that no list uses, or 0: {,} and ,\! everywhere, \, ~
 * and ' between a digit and three digits. */
static size_t group_mark(const char *text, size_t left) {
    size_t i = 0;

    if (left > 1 && text[0] == '{') {
        i = skip_blanks(text, left, 1);
        if (i >= left || text[i] != ',')
            return 0;
        i = skip_blanks(text, left, i + 1);
        return i < left && text[i] == '}' ? i + 1 : 0;
    }
    if (left > 3 && !memcmp(text, ",\\!", 3))
        return skip_blanks(text, left, 3);
    if (left > 3 && !memcmp(text, "\\!,", 3))
        return 3;
    if (left > 2 && !memcmp(text, "\\,", 2))
        i = 2;
    else if (text[0] == '~' || text[0] == '\'')
        i = 1;
    return i && left >= i + 3 && isdigit((unsigned char)text[i]) &&
                   isdigit((unsigned char)text[i + 1]) &&
                   isdigit((unsigned char)text[i + 2])
               ? i
               : 0;
}

/* The length of a text command with its brace, or 0. */
static size_t text_command(const char *text, size_t left) {
    static const char *const names[] = {
        "\\text",   "\\mbox",   "\\textbf", "\\textit",       "\\textnormal", "\\textrm",
        "\\mathrm", "\\mathbf", "\\mathit", "\\operatorname", "\\mathsf",     "\\texttt",
        "\\hbox",   "\\emph",   "\\rm",     "\\bf",           "\\mathcal",    "\\fbox"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t n = strlen(names[i]);
        if (left > n && !memcmp(text, names[i], n)) {
            size_t brace = skip_blanks(text, left, n);
            if (brace < left && text[brace] == '{')
                return brace + 1;
        }
    }
    return 0;
}

/* The content of \text{...}: two or more letters in a row are words, all else is read as
 * if it stood outside. */
static int is_wordy(const char *text, size_t n) {
    static const char *const plain[] = {"and", "or",  "in",  "sin", "cos",    "tan",
                                        "log", "ln",  "exp", "cot", "sec",    "csc",
                                        "gcd", "lcm", "max", "min", "arcsin", "arctan"};
    int wordy = 0;

    if (n && isdigit((unsigned char)text[0])) /* \text{18 eggs} */
        return 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (text[i] == '\\' || text[i] == '{')
            return 0;
        wordy |= isalpha((unsigned char)text[i]) && isalpha((unsigned char)text[i + 1]);
    }
    text = math_trim(text, &n);
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (math_is(text, n, plain[i]))
            return 0;
    return wordy;
}

static size_t brace_end(const char *text, size_t n) {
    size_t depth = 1;

    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == '{')
            depth++;
        else if (text[i] == '}' && !--depth)
            return i;
    }
    return n;
}

static const char marks[][2] = {{MATH_GROUP}, {MATH_WORDS}, {MATH_WORDS_END}};

/* Writes one \text{...}; returns how much of the text it took.  What is no words stands
 * as if it were outside; with commands in it, as a group. */
static size_t put_text(struct writer *w, const char *text, size_t open, size_t left) {
    size_t end = brace_end(text + open, left - open);

    if (is_wordy(text + open, end)) {
        put(w, marks[1]);
        put_bytes(w, text + open, end);
        put(w, marks[2]);
    } else if (memchr(text + open, '\\', end) || memchr(text + open, '{', end)) {
        put(w, "{");
        return open;
    } else {
        put(w, " ");
        put_bytes(w, text + open, end);
        put(w, " ");
    }
    return open + end + (open + end < left);
}

/* ---- the whole -------------------------------------------------------------------- */

static int has(const char *text, size_t n, const char *word) {
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= n; i++)
        if (!memcmp(text + i, word, len))
            return 1;
    return 0;
}

/* A reply that was escaped once too often: "\\\\frac".  In a matrix the same two
 * backslashes are a new row, so there all of them have to be doubled. */
static int is_doubled(const char *text, size_t n) {
    int commands = 0, matrix = has(text, n, "\\begin{");

    for (size_t i = 0; i < n; i++) {
        size_t run = 0;
        while (i + run < n && text[i + run] == '\\')
            run++;
        if (run % 2 && matrix)
            return 0;
        i += run;
        commands |= run == 2 && i + 1 < n && isalpha((unsigned char)text[i]) &&
                    isalpha((unsigned char)text[i + 1]);
    }
    return commands;
}

static size_t halve(const char *text, size_t n, char *out) {
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        out[m++] = text[i];
        i += text[i] == '\\' && i + 1 < n && text[i + 1] == '\\';
    }
    return m;
}

/* 1 if what was written last, blanks aside, is a digit. */
static int behind_digit(const struct writer *w) {
    size_t n = w->n;

    while (n && w->out[n - 1] == ' ')
        n--;
    return n && isdigit((unsigned char)w->out[n - 1]);
}

/* Superscript signs: the digits of an exponent in small print. */
static size_t put_superscripts(struct writer *w, const char *text, size_t left) {
    static const struct spelling small[] = {
        {"\u2070", "0"}, {"\u00b9", "1"}, {"\u00b2", "2"}, {"\u00b3", "3"},
        {"\u2074", "4"}, {"\u2075", "5"}, {"\u2076", "6"}, {"\u2077", "7"},
        {"\u2078", "8"}, {"\u2079", "9"}, {"\u207b", "-"}};
    const struct spelling *s;
    size_t n = 0;

    while (n < left && (s = find(small, 11, text + n, left - n)) != NULL) {
        put(w, n ? s->to : "^{");
        put(w, n ? "" : s->to);
        n += strlen(s->from);
    }
    put(w, n ? "}" : "");
    return n;
}

static size_t put_next(struct writer *w, const char *text, size_t left) {
    const struct spelling *s;
    size_t n;

    if ((*text == '{' || (w->n && w->out[w->n - 1] != ' ')) && behind_digit(w) &&
        (n = group_mark(text, left)) != 0) {
        while (w->out[w->n - 1] == ' ')
            w->n--;
        put(w, marks[0]);
        return n;
    }
    if (*text == '\\' && (n = text_command(text, left)) != 0)
        return put_text(w, text, n, left);
    if (left > 1 && !memcmp(text, "\\\\", 2)) {
        put(w, "\\\\"); /* a new row; its second half must not join the next letter */
        return 2;
    }
    if ((unsigned char)*text >= 0x80 && (n = put_superscripts(w, text, left)) != 0)
        return n;
    if ((s = respell(text, left)) != NULL) {
        put(w, s->to);
        return strlen(s->from);
    }
    put_bytes(w, text, 1);
    return 1;
}

int math_clean(const char *text, size_t n, char *out) {
    struct writer w = {.out = out};
    char copy[MATH_ANSWER_MAX];

    out[0] = '\0';
    text = math_trim(text, &n);
    if (n > MATH_ANSWER_MAX)
        return 0;
    for (size_t i = 0; i < n; i++) /* the marks are ours: a text that brings them lies */
        copy[i] = (unsigned char)text[i] < ' ' && text[i] != '\n' ? ' ' : text[i];
    if (is_doubled(copy, n))
        n = halve(copy, n, copy);
    for (size_t i = 0; i < n && !w.full;)
        i += put_next(&w, copy + i, n - i);
    return !w.full;
}
