/* check_econ.c - runs the suites of ECON; one process per test. */
#include <stdlib.h>

#include "econ_suites.h"

/* One suite a line merges without conflicts. */
/* clang-format off */
static Suite *(*const suites[])(void) = {
    suite_econ_games,
    suite_econ_learner,
    suite_econ_net,
    suite_econ_play,
    suite_econ_probe,
    suite_econ_rewards,
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
