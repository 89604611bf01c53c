/* check_sha256.c - SHA-256 against published hashes. */
#include <accord/sha256.h>

#include <string.h>

#include "suites.h"

/* FIPS 180-4 examples (NIST, "Examples with intermediate values"); the one of 64 bytes
 * fills a block exactly (NIST CAVP, SHA256ShortMsg.rsp, Len = 512). */
static const struct {
    const char *text, *hex;
} published[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"\x5a\x86\xb7\x37\xea\xea\x8e\xe9\x76\xa0\xa2\x4d\xa6\x3e\x7e\xd7\xee\xfa\xd1\x8a"
     "\x10\x1c\x12\x11\xe2\xb3\x65\x0c\x51\x87\xc2\xa8\xa6\x50\x54\x72\x08\x25\x1f\x6d"
     "\x42\x37\xe6\x61\xc7\xbf\x4c\x77\xf3\x35\x39\x03\x94\xc3\x7f\xa1\xa9\xf9\xbe\x83"
     "\x6a\xc2\x85\x09",
     "42e61e174fbb3897d6dd6cef3dd2802fe67b331953b06114a65c772859dfc1aa"},
};

START_TEST(test_hashes_are_the_published_ones) {
    accord_sha256 s;
    char hex[65];

    accord_sha256_init(&s);
    accord_sha256_update(&s, published[_i].text, strlen(published[_i].text));
    accord_sha256_hex(&s, hex);
    ck_assert_str_eq(hex, published[_i].hex);
}
END_TEST

/* FIPS 180-4's long example: one million times "a", in pieces of every length. */
START_TEST(test_a_million_bytes_in_pieces) {
    accord_sha256 s;
    char piece[200], hex[65];
    size_t left = 1000000;

    memset(piece, 'a', sizeof(piece));
    accord_sha256_init(&s);
    for (size_t n = 0; left > 0; n = (n + 1) % sizeof(piece)) {
        size_t take = n < left ? n : left;
        accord_sha256_update(&s, piece, take);
        left -= take;
    }
    accord_sha256_hex(&s, hex);
    ck_assert_str_eq(hex,
                     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(test_the_remainder_is_that_of_the_whole_number) {
    /* Of the hash of "abc" above, by long division. */
    ck_assert_uint_eq(accord_sha256_mod("abc", 3, 1), 0);
    ck_assert_uint_eq(accord_sha256_mod("abc", 3, 16), 0xd);
    ck_assert_uint_eq(accord_sha256_mod("abc", 3, 5), 0);
    ck_assert_uint_eq(accord_sha256_mod("abc", 3, 4294967291u), 2815073687u);
}
END_TEST

Suite *suite_sha256(void) {
    Suite *s = suite_create("sha256");
    TCase *tc = tcase_create("hash");

    tcase_add_loop_test(tc, test_hashes_are_the_published_ones, 0,
                        sizeof(published) / sizeof(published[0]));
    tcase_add_test(tc, test_a_million_bytes_in_pieces);
    tcase_add_test(tc, test_the_remainder_is_that_of_the_whole_number);
    suite_add_tcase(s, tc);
    return s;
}
