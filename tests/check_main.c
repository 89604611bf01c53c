/* check_main.c - runs every suite; one process per test (CK_FORK=no to debug).
 *
 * Nothing here may use OpenMP, oneDNN or OpenBLAS before srunner_run_all():
 * libgomp's threads do not survive fork() and the test would hang. */
#include <stdlib.h>
#include <string.h>

#include "run/plan.h"
#include "suites.h"

/* One suite a line merges without conflicts. */
/* clang-format off */
static Suite *(*const suites[])(void) = {
    suite_abi,
    suite_actions,
    suite_aligned,
    suite_buf,
    suite_chaos,
    suite_chat,
    suite_board,
    suite_compare,
    suite_equal,
    suite_err,
    suite_fetch,
    suite_file,
    suite_gate,
    suite_host,
    suite_journal,
    suite_json,
    suite_json_scan,
    suite_jsonl,
    suite_llm, suite_llm_parts, suite_loader,
    suite_manifest,
    suite_math_data,
    suite_math_generate,
    suite_math_answers,
    suite_math_grade,
    suite_math_task,
    suite_methods,
    suite_metrics,
    suite_nn_conv,
    suite_nn_kernels,
    suite_nn_checkpoint, suite_nn_layers, suite_nn_learn,
    suite_nn_ops, suite_nn_optim, suite_nn_tape,
    suite_page,
    suite_paired,
    suite_params,
    suite_parts,
    suite_pictures,
    suite_plan,
    suite_planning_pddl,
    suite_planning_read,
    suite_planning_task,
    suite_pocket_corpus,
    suite_pocket_engine,
    suite_pocket_plugin,
    suite_pocket_text,
    suite_pocket_weights,
    suite_pocket_models,
    suite_pocket_train,
    suite_random_policy,
    suite_registry,
    suite_replay,
    suite_report,
    suite_resample,
    suite_rng,
    suite_runs,
    suite_sha256,
    suite_show,
    suite_stats,
    suite_steps,
    suite_suite,
    suite_text,
    suite_travel_judge,
    suite_travel_make,
    suite_travel_plan,
    suite_travel_task,
    suite_trend,
};
/* clang-format on */

int main(int argc, char **argv) {
    /* Plans start this program again to create plugins. */
    if (argc == 2 && strcmp(argv[1], "describe") == 0)
        return accord_plan_describe();

    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
