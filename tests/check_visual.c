/* check_visual.c - runs the suites that need MuJoCo; one process per test. */
#include <stdlib.h>

#include "visual_suites.h"

/* One suite a line merges without conflicts. */
/* clang-format off */
static Suite *(*const suites[])(void) = {
    suite_visual_domains,
    suite_visual_engine,
    suite_visual_films,
    suite_visual_gl,
    suite_visual_look,
    suite_visual_modes,
    suite_visual_picture,
    suite_visual_render,
    suite_visual_runs,
    suite_visual_task,
};
/* clang-format on */

int main(void) {
    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
