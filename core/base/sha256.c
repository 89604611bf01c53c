/* sha256.c - see <accord/sha256.h>.  FIPS 180-4, section 6.2. */
#include <accord/sha256.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n) {
    return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[64], const uint8_t *block) {
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress(uint32_t h[8], const uint8_t *block) {
    uint32_t w[64], v[8];

    schedule(w, block);
    memcpy(v, h, sizeof(v));
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + choice + k[i] + w[i];
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

void accord_sha256_init(accord_sha256 *s) {
    *s = (accord_sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                               0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void accord_sha256_update(accord_sha256 *s, const void *data, size_t n_bytes) {
    const uint8_t *p = data;

    while (n_bytes > 0) {
        size_t used = s->n_bytes % 64;
        size_t take = n_bytes < 64 - used ? n_bytes : 64 - used;
        bool whole = take == 64; /* read where it lies */
        if (!whole)
            memcpy(s->block + used, p, take);
        s->n_bytes += take;
        if (s->n_bytes % 64 == 0)
            compress(s->h, whole ? p : s->block);
        p += take;
        n_bytes -= take;
    }
}

/* Pads with a one bit, zeros and the length in bits. */
static void finish(accord_sha256 *s) {
    uint64_t n_bits = s->n_bytes * 8;
    uint8_t length[8];

    accord_sha256_update(s, "\x80", 1);
    while (s->n_bytes % 64 != 56)
        accord_sha256_update(s, "", 1);
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(n_bits >> (56 - 8 * i));
    accord_sha256_update(s, length, 8);
}

void accord_sha256_hex(accord_sha256 *s, char hex[65]) {
    finish(s);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", s->h[i]);
}

uint32_t accord_sha256_mod(const void *data, size_t n_bytes, uint32_t n) {
    accord_sha256 s;
    uint64_t rest = 0;

    accord_sha256_init(&s);
    accord_sha256_update(&s, data, n_bytes);
    finish(&s);
    for (int i = 0; i < 8; i++)
        rest = (rest << 32 | s.h[i]) % n;
    return (uint32_t)rest;
}
