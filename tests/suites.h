/* suites.h - one function per suite, run by check_main.c. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_abi(void);
Suite *suite_buf(void);
Suite *suite_chaos(void);
Suite *suite_chat(void);
Suite *suite_err(void);
Suite *suite_fetch(void);
Suite *suite_file(void);
Suite *suite_host(void);
Suite *suite_journal(void);
Suite *suite_json(void);
Suite *suite_json_scan(void);
Suite *suite_jsonl(void);
Suite *suite_llm(void);
Suite *suite_llm_parts(void);
Suite *suite_loader(void);
Suite *suite_manifest(void);
Suite *suite_math_data(void);
Suite *suite_math_generate(void);
Suite *suite_math_answers(void);
Suite *suite_math_grade(void);
Suite *suite_math_task(void);
Suite *suite_methods(void);
Suite *suite_nn_conv(void);
Suite *suite_nn_kernels(void);
Suite *suite_nn_checkpoint(void);
Suite *suite_nn_layers(void);
Suite *suite_nn_learn(void);
Suite *suite_nn_ops(void);
Suite *suite_nn_optim(void);
Suite *suite_nn_tape(void);
Suite *suite_params(void);
Suite *suite_parts(void);
Suite *suite_plan(void);
Suite *suite_planning_pddl(void);
Suite *suite_planning_read(void);
Suite *suite_planning_task(void);
Suite *suite_pocket_corpus(void);
Suite *suite_registry(void);
Suite *suite_replay(void);
Suite *suite_report(void);
Suite *suite_rng(void);
Suite *suite_sha256(void);
Suite *suite_show(void);
Suite *suite_stats(void);
Suite *suite_suite(void);
Suite *suite_text(void);
Suite *suite_travel_judge(void);
Suite *suite_travel_make(void);
Suite *suite_travel_plan(void);
Suite *suite_travel_task(void);

#endif
