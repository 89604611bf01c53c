/* scene_shop.c - somebody buys things at a price. */
#include "story.h"

struct ware {
    const char *one;
    const char *many;
    int64_t cheap, dear; /* prices that make sense, in dollars */
};

static const struct ware wares[] = {
    {"apple", "apples", 2, 4}, {"ball", "balls", 4, 15},    {"book", "books", 6, 20},
    {"cake", "cakes", 10, 25}, {"cup", "cups", 3, 12},      {"doll", "dolls", 8, 25},
    {"hat", "hats", 8, 25},    {"pencil", "pencils", 2, 4}, {"kite", "kites", 6, 20},
};
enum { N_WARES = sizeof(wares) / sizeof(wares[0]), MAX_KINDS = 3 };

/* What is bought of one kind. */
struct purchase {
    struct math_operand price;
    struct math_operand n;
};

/* {a0} {as0} {p0} {k0} and so on: different wares, and one more that nobody buys. */
static void choose(struct math_writer *w, struct purchase *bought) {
    static const char *const slot[MAX_KINDS][4] = {
        {"a0", "as0", "p0", "k0"}, {"a1", "as1", "p1", "k1"}, {"a2", "as2", "p2", "k2"}};
    int64_t first = math_below(w, N_WARES), stride = math_between(w, 1, 2);
    const struct ware *ware;

    for (int i = 0; i < MAX_KINDS; i++) {
        ware = &wares[(first + i * stride) % N_WARES];
        bought[i].price = math_given(math_between(w, ware->cheap, ware->dear));
        bought[i].n = math_given(math_between(w, 2, 8 + (w->n_wanted < 3) * 4));
        math_word(w, slot[i][0], ware->one);
        math_word(w, slot[i][1], ware->many);
        math_number(w, slot[i][2], bought[i].price.value);
        math_number(w, slot[i][3], bought[i].n.value);
    }
    ware = &wares[(first + MAX_KINDS * stride) % N_WARES];
    math_word(w, "others", ware->many);
    math_number(w, "x", math_between(w, ware->cheap, ware->dear));
}

static void tell_prices(struct math_writer *w, int n_kinds) {
    static const char *const prices[MAX_KINDS] = {
        "One {a0} costs {p0} dollars.",
        "One {a0} costs {p0} dollars and one {a1} costs {p1} dollars.",
        ("One {a0} costs {p0} dollars, one {a1} costs {p1} dollars and one {a2} costs "
         "{p2} dollars."),
    };
    static const char *const buys[MAX_KINDS] = {
        "{Name} buys {k0} {as0}.",
        "{Name} buys {k0} {as0} and {k1} {as1}.",
        "{Name} buys {k0} {as0}, {k1} {as1} and {k2} {as2}.",
    };

    if (n_kinds == 1 && math_below(w, 2)) {
        math_tell(w, "{Name} buys {k0} {as0} for {p0} dollars each.");
        return;
    }
    math_tell(w, prices[n_kinds - 1]);
    if (math_distracts(w))
        math_tell(w, "The shop also sells {others} for {x} dollars each.");
    math_tell(w, buys[n_kinds - 1]);
}

static struct math_operand pay(struct math_writer *w, const struct purchase *bought,
                               int n_kinds) {
    static const char *const cost[MAX_KINDS] = {
        "The {as0} cost {=} dollars.",
        "The {as1} cost {=} dollars.",
        "The {as2} cost {=} dollars.",
    };
    static const char *const all[MAX_KINDS] = {"", "Together that is {=} dollars.",
                                               "In all that is {=} dollars."};
    struct math_operand sum = {0};

    for (int i = 0; i < n_kinds; i++) {
        struct math_operand part = math_work(w, bought[i].n, '*', bought[i].price);
        math_show(w, cost[i]);
        sum = i ? math_work(w, sum, '+', part) : part;
        if (i)
            math_show(w, all[i]);
    }
    return sum;
}

static void end_paying(struct math_writer *w, struct math_operand cost) {
    static const char *const asked[] = {
        "How many dollars does {she} pay?",
        "How many dollars does {she} pay in all?",
        "How many dollars does {Name} pay in all?",
    };

    MATH_TELL(w, asked);
}

static void end_change(struct math_writer *w, struct math_operand cost) {
    int64_t paid = (cost.value / 10 + math_between(w, 1, 3)) * 10;

    math_number(w, "n", paid);
    math_tell(w, "{She} pays with {n} dollars. How many dollars does {she} get back?");
    math_work(w, math_given(paid), '-', cost);
    math_show(w, "{She} gets {=} dollars back.");
}

static void end_splitting(struct math_writer *w, struct math_operand cost) {
    struct math_operand n = math_given(math_between(w, 2, 6));

    math_number(w, "n", n.value);
    math_tell(w, "{n} friends share the cost equally. How many dollars does each "
                 "friend pay?");
    math_work(w, cost, '/', n);
    math_show(w, "Each friend pays {=} dollars.");
}

static void end_discount(struct math_writer *w, struct math_operand cost) {
    struct math_operand parts = math_pick_percent(w);

    math_number(w, "n", cost.value);
    math_tell(w, "Today the shop takes {percent} percent off the cost. How many dollars "
                 "does {she} pay?");
    struct math_operand off = math_work(w, cost, '/', parts);
    math_show(w, "{percent} percent is a {part}, and a {part} of {n} is {=}.");
    math_work(w, cost, '-', off);
    math_show(w, "So {she} pays {=} dollars.");
}

/* The price of one from the price of some; one step, or two with the price of others. */
static void tell_unit_price(struct math_writer *w, const struct purchase *bought) {
    static const char *const told[] = {
        "{Name} pays {n} dollars for {k0} {as0}. Every {a0} costs the same.",
        "{Name} buys {k0} {as0} and pays {n} dollars. Every {a0} costs the same.",
    };
    struct math_operand n = bought[0].n;
    struct math_operand cost = math_given(n.value * bought[0].price.value);

    math_number(w, "n", cost.value);
    MATH_TELL(w, told);
    struct math_operand one = math_work(w, cost, '/', n);
    math_show(w, "One {a0} costs {=} dollars.");
    if (w->n_wanted == 1) {
        math_tell(w, "How many dollars does one {a0} cost?");
        return;
    }
    struct math_operand others = math_given(n.value + math_between(w, 1, 6));
    math_number(w, "y", others.value);
    math_tell(w, "How many dollars do {y} {as0} cost?");
    math_work(w, others, '*', one);
    math_show(w, "So {y} {as0} cost {=} dollars.");
}

struct ending {
    void (*tell)(struct math_writer *, struct math_operand);
    int n_steps;
    int level; /* from which on it occurs */
};

static const struct ending endings[] = {
    {end_paying, 0, 1},
    {end_change, 1, 1},
    {end_splitting, 1, 3},
    {end_discount, 2, 5},
};
enum { N_ENDINGS = sizeof(endings) / sizeof(endings[0]) };

void math_scene_shop(struct math_writer *w) {
    struct purchase bought[MAX_KINDS];
    const struct ending *ending;
    int n_kinds;

    choose(w, bought);
    if (w->n_wanted <= 2 && math_below(w, 3) == 0) {
        tell_unit_price(w, bought);
        return;
    }
    /* n kinds take n products and n - 1 sums. */
    do {
        n_kinds = (int)math_between(w, 1, MAX_KINDS);
        ending = &endings[math_below(w, N_ENDINGS)];
    } while (ending->level > w->level ||
             2 * n_kinds - 1 + ending->n_steps != w->n_wanted);
    tell_prices(w, n_kinds);
    ending->tell(w, pay(w, bought, n_kinds));
}
