/* check_control.c - runs the suites of the control methods; one process per test. */
#include <stdlib.h>

#include "control_suites.h"

/* One suite a line merges without conflicts. */
/* clang-format off */
static Suite *(*const suites[])(void) = {
    suite_control_gradients,
    suite_control_surgery,
    suite_control_augment,
    suite_control_pictures,
    suite_control_sac,
    suite_control_replay,
    suite_control_agent,
    suite_control_sac_steps,
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
