/* check_pocket_weights.c - files of weights: what is written is read, and nothing else.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "chaos.h"
#include "pocket_rig.h"
#include "scratch.h"
#include "suites.h"
#include "weights_layout.h"

static struct pocket_shape shape;
static float *values;
static char *path;
static char *file; /* its bytes */
static size_t n_bytes;

static void begin(void) {
    struct pocket_err err = {0};
    FILE *f;

    scratch_begin();
    shape = pocket_rig_shape();
    values = pocket_rig_values(&shape, 5);
    path = scratch_path("w.pocket");
    ck_assert_msg(!pocket_weights_write(path, &shape, values, &err), "%s", err.text);
    n_bytes = pocket_layout_size(&shape);
    file = malloc(n_bytes + 1);
    f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(file, 1, n_bytes + 1, f), n_bytes);
    fclose(f);
}

static void end(void) {
    free(values);
    free(path);
    free(file);
    scratch_end();
}

static void near_row(const float *want, const struct pocket_matrix *m, size_t r) {
    double most = 0;

    for (size_t c = 0; c < m->columns; c++) {
        double got = (double)m->scale[r] * m->value[r * m->columns + c];
        ck_assert(fabs(got - (double)want[c]) <= 0.5001 * (double)m->scale[r]);
        most = fmax(most, fabs((double)want[c]));
    }
    ck_assert(fabs(127 * (double)m->scale[r] - most) <= 1e-6 * most);
}

static void near_matrix(size_t i, const struct pocket_matrix *m) {
    struct pocket_tensor t;

    pocket_shape_tensor(&shape, i, &t);
    ck_assert_uint_eq(m->rows, t.rows);
    ck_assert_uint_eq(m->columns, t.columns);
    for (size_t r = 0; r < m->rows; r++)
        near_row(values + t.offset + r * t.columns, m, r);
}

static void same_gain(size_t i, const float *gain) {
    struct pocket_tensor t;

    pocket_shape_tensor(&shape, i, &t);
    ck_assert_int_eq(t.is_gain, 1);
    ck_assert_mem_eq(gain, values + t.offset, t.columns * sizeof(float));
}

START_TEST(test_weights_come_back_within_half_a_step) {
    struct pocket_weights w;
    struct pocket_err err = {0};

    ck_assert_msg(!pocket_weights_open(path, &w, &err), "%s", err.text);
    ck_assert_mem_eq(&w.shape, &shape, sizeof(shape));
    near_matrix(0, &w.embed);
    near_matrix(1, &w.position);
    for (uint32_t l = 0; l < shape.layers; l++) {
        same_gain(2 + 6 * l, w.layer[l].norm1);
        near_matrix(3 + 6 * l, &w.layer[l].qkv);
        near_matrix(4 + 6 * l, &w.layer[l].out);
        same_gain(5 + 6 * l, w.layer[l].norm2);
        near_matrix(6 + 6 * l, &w.layer[l].up);
        near_matrix(7 + 6 * l, &w.layer[l].down);
    }
    same_gain(2 + 6 * shape.layers, w.norm);
    pocket_weights_close(&w);
    pocket_weights_close(&w);
}
END_TEST

/* What opening bytes[n] says; "" for nothing. */
static const char *said_of(const void *bytes, size_t n) {
    static struct pocket_err err;
    char *other = scratch_write("other.pocket", bytes, n);
    struct pocket_weights w;

    err = (struct pocket_err){0};
    accord_code rc = pocket_weights_open(other, &w, &err);
    ck_assert_int_eq(rc, err.code);
    if (rc) {
        ck_assert_ptr_null(w.map);
        ck_assert_msg(strncmp(err.text, other, strlen(other)) == 0, "%s", err.text);
        ck_assert_int_eq(rc, ACCORD_E_CONFIG);
    }
    pocket_weights_close(&w);
    const char *after = rc ? err.text + strlen(other) + 2 : "";
    free(other);
    return after;
}

START_TEST(test_any_changed_byte_is_noticed) {
    for (size_t i = 0; i < n_bytes; i += i < 256 ? 1 : 997) {
        file[i] ^= 1;
        ck_assert_msg(*said_of(file, n_bytes), "byte %zu may be changed", i);
        file[i] ^= 1;
    }
    ck_assert_str_eq(said_of(file, n_bytes), "");
}
END_TEST

START_TEST(test_any_other_length_is_noticed) {
    char want[200];

    for (size_t n = 0; n < n_bytes; n += n < 260 ? 1 : 1009)
        ck_assert_msg(*said_of(file, n), "%zu bytes are enough", n);
    snprintf(want, sizeof(want),
             "has %zu bytes and should have %zu: it was cut short or something follows",
             n_bytes - 1, n_bytes);
    ck_assert_str_eq(said_of(file, n_bytes - 1), want);
    file[n_bytes] = 0;
    ck_assert_msg(*said_of(file, n_bytes + 1), "a byte may follow");
}
END_TEST

/* As if somebody else had written it. */
static void sign(void) {
    char hex[65];

    pocket_layout_digest(file, n_bytes, hex);
    memcpy(((struct pocket_header *)(void *)file)->digest, hex, 64);
}

START_TEST(test_what_does_not_fit_is_named) {
    struct pocket_header *h = (struct pocket_header *)(void *)file, kept = *h;

    h->magic[0] = 'B';
    ck_assert_str_eq(said_of(file, n_bytes), "holds no weights of a pocket model");
    ck_assert_str_eq(said_of("short", 5), "holds no weights of a pocket model");
    *h = kept;
    h->version = 2;
    ck_assert_str_eq(said_of(file, n_bytes),
                     "is of version 2, and only version 1 can be read");
    *h = kept;
    file[n_bytes / 2] ^= 4;
    ck_assert_str_eq(said_of(file, n_bytes),
                     "has been changed: its SHA-256 is not the one it names");
    file[n_bytes / 2] ^= 4;
    h->vocabulary[3] ^= 1;
    sign();
    ck_assert_str_eq(said_of(file, n_bytes), "was trained with another vocabulary");
    *h = kept;
    h->sections[3] ^= 1;
    sign();
    ck_assert_str_eq(said_of(file, n_bytes), "was trained with other prompt sections");
    *h = kept;
    sign();
    ck_assert_str_eq(said_of(file, n_bytes), "");
}
END_TEST

START_TEST(test_a_shape_that_does_not_fit_is_refused) {
    struct pocket_header *h = (struct pocket_header *)(void *)file, kept = *h;

    for (size_t i = 0; i < 6; i++)
        for (int k = 0; k < 4; k++) {
            static const uint32_t other[] = {0, 3, UINT32_MAX, 64 * 1024 * 1024};
            uint32_t field = other[k];
            memcpy((char *)&h->shape + i * 4, &field, sizeof(field));
            sign();
            ck_assert_str_eq(said_of(file, n_bytes), "has a shape that does not fit it");
            *h = kept;
        }
}
END_TEST

static void put_number(size_t at, float x) {
    memcpy(file + at, &x, sizeof(x));
    sign();
}

START_TEST(test_numbers_out_of_bounds_are_named) {
    size_t gain = n_bytes - shape.width * sizeof(float);

    put_number(256, 2000);
    ck_assert_str_eq(said_of(file, n_bytes), "embed is out of bounds");
    put_number(256, (float)NAN);
    ck_assert_str_eq(said_of(file, n_bytes), "embed is out of bounds");
    put_number(256, 1);
    put_number(gain, -2000);
    ck_assert_str_eq(said_of(file, n_bytes), "norm is out of bounds");
    put_number(gain, -2);
    ck_assert_str_eq(said_of(file, n_bytes), "");
}
END_TEST

START_TEST(test_files_that_cannot_be_are_named) {
    struct pocket_err err = {0};
    struct pocket_weights w;

    ck_assert_int_eq(pocket_weights_open("/nowhere/x", &w, &err), ACCORD_E_NOTFOUND);
    ck_assert_str_eq(err.text, "cannot read /nowhere/x: No such file or directory");
    ck_assert_int_eq(pocket_weights_open("/", &w, NULL), ACCORD_E_IO);
    err = (struct pocket_err){0};
    ck_assert_int_eq(pocket_weights_write("/nowhere/x", &shape, values, &err),
                     ACCORD_E_IO);
    ck_assert_str_eq(err.text, "cannot write /nowhere/x: No such file or directory");
}
END_TEST

START_TEST(test_values_that_are_no_numbers_are_refused) {
    struct pocket_err err = {0};
    struct pocket_shape odd = shape;

    values[77] = (float)NAN;
    ck_assert_int_eq(pocket_weights_write(path, &shape, values, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "parameter 77 is not finite");
    odd.heads = 3;
    err = (struct pocket_err){0};
    ck_assert_int_eq(pocket_weights_write(path, &odd, values, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "the shape of the weights is not sound");
    ck_assert_str_eq(said_of(file, n_bytes), "");
}
END_TEST

/* A row of zeros has the scale 0. */
START_TEST(test_a_row_of_zeros_stays_zero) {
    struct pocket_weights w;

    memset(values, 0, shape.width * sizeof(float));
    ck_assert_int_eq(pocket_weights_write(path, &shape, values, NULL), ACCORD_OK);
    ck_assert_int_eq(pocket_weights_open(path, &w, NULL), ACCORD_OK);
    ck_assert(!(w.embed.scale[0] > 0) && !(w.embed.scale[0] < 0));
    ck_assert_int_eq(w.embed.value[0], 0);
    pocket_weights_close(&w);
}
END_TEST

static accord_code write_and_open(struct pocket_err *err) {
    struct pocket_weights w;
    accord_code rc = pocket_weights_write(path, &shape, values, err);

    if (!rc)
        rc = pocket_weights_open(path, &w, err);
    if (!rc)
        pocket_weights_close(&w);
    return rc;
}

START_TEST(test_weights_say_when_memory_runs_out) {
    accord_code rc = ACCORD_E_NOMEM;
    int n = 0, failed;

    for (; rc; n++) {
        struct pocket_err err = {0};
        chaos_fail_after((uint64_t)n);
        rc = write_and_open(&err);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        ck_assert_str_eq(err.text, failed ? "out of memory" : "");
    }
    ck_assert_int_gt(n, 6);
}
END_TEST

START_TEST(test_sizes_have_their_parameters) {
    static const struct {
        const char *size;
        size_t least, most;
    } sizes[] = {{"s", 180000, 260000}, {"m", 750000, 850000}, {"m2", 750000, 850000}};
    struct pocket_shape s;

    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(pocket_shape_of(sizes[i].size, &s), 1);
        ck_assert_int_eq(pocket_shape_is_sound(&s), 1);
        ck_assert_uint_ge(pocket_shape_size(&s), sizes[i].least);
        ck_assert_uint_le(pocket_shape_size(&s), sizes[i].most);
    }
    ck_assert_int_eq(pocket_shape_of("xl", &s), 0);
}
END_TEST

Suite *suite_pocket_weights(void) {
    Suite *suite = suite_create("pocket_weights");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, begin, end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_weights_come_back_within_half_a_step);
    tcase_add_test(tc, test_any_changed_byte_is_noticed);
    tcase_add_test(tc, test_any_other_length_is_noticed);
    tcase_add_test(tc, test_what_does_not_fit_is_named);
    tcase_add_test(tc, test_a_shape_that_does_not_fit_is_refused);
    tcase_add_test(tc, test_numbers_out_of_bounds_are_named);
    tcase_add_test(tc, test_files_that_cannot_be_are_named);
    tcase_add_test(tc, test_values_that_are_no_numbers_are_refused);
    tcase_add_test(tc, test_a_row_of_zeros_stays_zero);
    tcase_add_test(tc, test_weights_say_when_memory_runs_out);
    tcase_add_test(tc, test_sizes_have_their_parameters);
    suite_add_tcase(suite, tc);
    return suite;
}
