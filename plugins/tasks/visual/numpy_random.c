/* numpy_random.c - see numpy_random.h. */
#include "numpy_random.h"

enum { SHIFTED = 397 };

void numpy_random_seed(numpy_random *r, uint32_t seed) {
    for (uint32_t i = 0; i < NUMPY_RANDOM_WORDS; i++) {
        r->word[i] = seed;
        seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
    }
    r->at = NUMPY_RANDOM_WORDS;
}

/* The recurrence of MT19937, 624 words at a time. */
static void refill(numpy_random *r) {
    for (uint32_t i = 0; i < NUMPY_RANDOM_WORDS; i++) {
        uint32_t next = r->word[(i + 1) % NUMPY_RANDOM_WORDS];
        uint32_t mixed = (r->word[i] & 0x80000000u) | (next & 0x7fffffffu);
        uint32_t odd = next & 1 ? 0x9908b0dfu : 0;

        r->word[i] = r->word[(i + SHIFTED) % NUMPY_RANDOM_WORDS] ^ (mixed >> 1) ^ odd;
    }
    r->at = 0;
}

static uint32_t next_word(numpy_random *r) {
    if (r->at == NUMPY_RANDOM_WORDS)
        refill(r);
    uint32_t y = r->word[r->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

/* RandomState draws masked words until one is small enough; n = 1 draws nothing. */
uint32_t numpy_random_below(numpy_random *r, uint32_t n) {
    uint32_t most = n - 1, mask = most, x = 0;

    for (uint32_t shift = 1; shift < 32; shift *= 2)
        mask |= mask >> shift;
    if (most)
        do
            x = next_word(r) & mask;
        while (x > most);
    return x;
}
