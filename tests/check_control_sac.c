/* check_control_sac.c - soft actor-critic on stacks of pictures. */
#include <string.h>

#include "control_suites.h"
#include "sac.h"

START_TEST(test_sizes_go_by_name) {
    const control_size *paper = control_size_find("paper");
    const control_size *laptop = control_size_find("laptop");

    ck_assert(paper && paper->pixels == 84 && paper->layers == 11);
    ck_assert(laptop && laptop->pixels == 48 && laptop->strided == 2);
    ck_assert_ptr_null(control_size_find("desktop"));
}
END_TEST

Suite *suite_control_sac(void) {
    Suite *s = suite_create("control_sac");
    TCase *sizes = tcase_create("sizes");

    tcase_add_test(sizes, test_sizes_go_by_name);
    suite_add_tcase(s, sizes);
    return s;
}
