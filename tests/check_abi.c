/* check_abi.c - the ABI, pinned.  When a line here fails to compile, the ABI changed:
 * append a member (and its line), or bump ACCORD_ABI_MAJOR and edit this file. */
#include <stddef.h>

#include <accord/plugin.h>

#include "suites.h"

/* Offset and type of a member; the type of a function pointer is its signature. */
#define PIN(type, member, off, member_type) \
    _Static_assert(offsetof(type, member) == (off), #type "." #member " moved"); \
    _Static_assert(_Generic(((type *)NULL)->member, member_type : 1, default : 0), \
                   #type "." #member " has another type")
#define SIZE(type, n)  _Static_assert(sizeof(type) == (n), #type " has another size")
#define VALUE(name, n) _Static_assert(name == (n), #name " has another value")

#if defined(__LP64__)

SIZE(accord_host, 40);
PIN(accord_host, struct_size, 0, uint32_t);
PIN(accord_host, abi_minor, 4, uint32_t);
PIN(accord_host, log, 8,
    void (*)(const struct accord_host *, int32_t, const char *, ...));
PIN(accord_host, fail, 16,
    accord_code (*)(const struct accord_host *, accord_err *, accord_code, const char *,
                    ...));
PIN(accord_host, extension, 24,
    const void *(*)(const struct accord_host *, const char *));
PIN(accord_host, data_path, 32,
    accord_code (*)(const struct accord_host *, const char *, char *, size_t,
                    accord_err *));

SIZE(accord_space, 16);
PIN(accord_space, kind, 0, int32_t);
PIN(accord_space, n, 4, uint32_t);
PIN(accord_space, height, 8, uint32_t);
PIN(accord_space, width, 12, uint32_t);

SIZE(accord_example, 16);
PIN(accord_example, question, 0, const char *);
PIN(accord_example, solution, 8, const char *);

SIZE(accord_extra, 16);
PIN(accord_extra, name, 0, const char *);
PIN(accord_extra, text, 8, const char *);

SIZE(accord_record, 48);
PIN(accord_record, struct_size, 0, uint32_t);
PIN(accord_record, n_examples, 4, uint32_t);
PIN(accord_record, n_extras, 8, uint32_t);
PIN(accord_record, question, 16, const char *);
PIN(accord_record, instruction, 24, const char *);
PIN(accord_record, examples, 32, const accord_example *);
PIN(accord_record, extras, 40, const accord_extra *);

SIZE(accord_obs, 40);
PIN(accord_obs, struct_size, 0, uint32_t);
PIN(accord_obs, kind, 4, int32_t);
PIN(accord_obs, index, 8, int32_t);
PIN(accord_obs, record, 16, const accord_record *);
PIN(accord_obs, vector, 24, const float *);
PIN(accord_obs, pixels, 32, const uint8_t *);

SIZE(accord_action, 32);
PIN(accord_action, struct_size, 0, uint32_t);
PIN(accord_action, kind, 4, int32_t);
PIN(accord_action, index, 8, int32_t);
PIN(accord_action, text, 16, const char *);
PIN(accord_action, vector, 24, const float *);

SIZE(accord_key, 32);
PIN(accord_key, struct_size, 0, uint32_t);
PIN(accord_key, split, 4, int32_t);
PIN(accord_key, mode, 8, const char *);
PIN(accord_key, item, 16, uint64_t);
PIN(accord_key, seed, 24, uint64_t);

SIZE(accord_param, 64);
PIN(accord_param, name, 0, const char *);
PIN(accord_param, help, 8, const char *);
PIN(accord_param, type, 16, int32_t);
PIN(accord_param, required, 20, int32_t);
PIN(accord_param, value, 24, double);
PIN(accord_param, text, 32, const char *);
PIN(accord_param, min, 40, double);
PIN(accord_param, max, 48, double);
PIN(accord_param, choices, 56, const char *const *);

SIZE(accord_param_value, 8);
PIN(accord_param_value, i, 0, int64_t);
PIN(accord_param_value, r, 0, double);
PIN(accord_param_value, s, 0, const char *);

SIZE(accord_role, 32);
PIN(accord_role, name, 0, const char *);
PIN(accord_role, n, 8, uint32_t);
PIN(accord_role, n_groups, 12, uint32_t);
PIN(accord_role, models, 16, const accord_model *const *);
PIN(accord_role, group_sizes, 24, const uint32_t *);

SIZE(accord_setup, 72);
PIN(accord_setup, struct_size, 0, uint32_t);
PIN(accord_setup, n_roles, 4, uint32_t);
PIN(accord_setup, params, 8, const accord_param_value *);
PIN(accord_setup, roles, 16, const accord_role *);
PIN(accord_setup, task, 24, const accord_spec *);
PIN(accord_setup, seed, 32, uint64_t);
PIN(accord_setup, train_budget, 40, uint64_t);
PIN(accord_setup, train_width, 48, uint32_t);
PIN(accord_setup, name, 56, const char *);
PIN(accord_setup, folder, 64, const char *);

SIZE(accord_ops, 32);
PIN(accord_ops, struct_size, 0, uint32_t);
PIN(accord_ops, create, 8,
    accord_code (*)(const accord_host *, const accord_setup *, void **, accord_err *));
PIN(accord_ops, destroy, 16, void (*)(void *));
PIN(accord_ops, extension, 24, const void *(*)(const char *));

SIZE(accord_spec, 120);
PIN(accord_spec, struct_size, 0, uint32_t);
PIN(accord_spec, flags, 4, uint32_t);
PIN(accord_spec, obs, 8, accord_space);
PIN(accord_spec, action, 24, accord_space);
PIN(accord_spec, n_items, 40, uint64_t *);
PIN(accord_spec, max_steps, 56, uint32_t);
PIN(accord_spec, higher_is_better, 60, int32_t);
PIN(accord_spec, score, 64, const char *);
PIN(accord_spec, score_min, 72, double);
PIN(accord_spec, score_max, 80, double);
PIN(accord_spec, modes, 88, const char *const *);
PIN(accord_spec, parts, 96, const char *const *);
PIN(accord_spec, files, 104, const char *const *);
PIN(accord_spec, provenance, 112, const char *);

SIZE(accord_step, 40);
PIN(accord_step, struct_size, 0, uint32_t);
PIN(accord_step, end, 4, int32_t);
PIN(accord_step, reward, 8, double);
PIN(accord_step, parts, 16, double *);
PIN(accord_step, obs, 24, accord_obs *);
PIN(accord_step, note, 32, const char *);

SIZE(accord_task_ops, 48);
PIN(accord_task_ops, struct_size, 0, uint32_t);
PIN(accord_task_ops, spec, 8,
    accord_code (*)(void *, const char *, const accord_spec **, accord_err *));
PIN(accord_task_ops, open, 16,
    accord_code (*)(void *, const accord_key *, void **, accord_obs *, const char **,
                    accord_err *));
PIN(accord_task_ops, step, 24,
    accord_code (*)(void *, const accord_action *, accord_step *, accord_err *));
PIN(accord_task_ops, canon, 32,
    accord_code (*)(void *, const accord_action *, char *, size_t, accord_err *));
PIN(accord_task_ops, close, 40, void (*)(void *));

SIZE(accord_episode_info, 48);
PIN(accord_episode_info, struct_size, 0, uint32_t);
PIN(accord_episode_info, phase, 4, int32_t);
PIN(accord_episode_info, episode, 8, accord_episode *);
PIN(accord_episode_info, key, 16, const accord_key *);
PIN(accord_episode_info, stream, 24, uint64_t);
PIN(accord_episode_info, variant, 32, uint32_t);
PIN(accord_episode_info, trained, 40, uint64_t);

SIZE(accord_role_spec, 32);
PIN(accord_role_spec, name, 0, const char *);
PIN(accord_role_spec, help, 8, const char *);
PIN(accord_role_spec, min, 16, uint32_t);
PIN(accord_role_spec, max, 20, uint32_t);
PIN(accord_role_spec, caps, 24, uint32_t);
PIN(accord_role_spec, flags, 28, uint32_t);

SIZE(accord_estimate, 16);
PIN(accord_estimate, struct_size, 0, uint32_t);
PIN(accord_estimate, calls, 4, uint32_t);
PIN(accord_estimate, max_tokens, 8, uint32_t);
PIN(accord_estimate, quoted, 12, uint32_t);

SIZE(accord_method_ops, 56);
PIN(accord_method_ops, struct_size, 0, uint32_t);
PIN(accord_method_ops, obs_kinds, 4, uint32_t);
PIN(accord_method_ops, action_kinds, 8, uint32_t);
PIN(accord_method_ops, n_roles, 12, uint32_t);
PIN(accord_method_ops, roles, 16, const accord_role_spec *);
PIN(accord_method_ops, open, 24,
    accord_code (*)(void *, const accord_episode_info *, void **, accord_err *));
PIN(accord_method_ops, act, 32,
    accord_code (*)(void *, const accord_obs *, accord_action *, accord_err *));
PIN(accord_method_ops, close, 40, void (*)(void *));
PIN(accord_method_ops, estimate, 48,
    void (*)(void *, uint32_t, uint32_t, accord_estimate *));

SIZE(accord_transition, 64);
PIN(accord_transition, struct_size, 0, uint32_t);
PIN(accord_transition, end, 4, int32_t);
PIN(accord_transition, ep, 8, void *);
PIN(accord_transition, t, 16, uint64_t);
PIN(accord_transition, reward, 24, double);
PIN(accord_transition, obs, 32, const accord_obs *);
PIN(accord_transition, action, 40, const accord_action *);
PIN(accord_transition, next_obs, 48, const accord_obs *);
PIN(accord_transition, parts, 56, const double *);

SIZE(accord_learner_ops, 40);
PIN(accord_learner_ops, struct_size, 0, uint32_t);
PIN(accord_learner_ops, feedback, 8,
    accord_code (*)(void *, const accord_transition *, accord_err *));
PIN(accord_learner_ops, save, 16, accord_code (*)(void *, const char *, accord_err *));
PIN(accord_learner_ops, load, 24, accord_code (*)(void *, const char *, accord_err *));
PIN(accord_learner_ops, finished, 32, int32_t (*)(void *));

SIZE(accord_probe_plan, 24);
PIN(accord_probe_plan, struct_size, 0, uint32_t);
PIN(accord_probe_plan, items, 4, uint32_t);
PIN(accord_probe_plan, variants, 8, uint32_t);
PIN(accord_probe_plan, n_marks, 12, uint32_t);
PIN(accord_probe_plan, marks, 16, const uint64_t *);

SIZE(accord_probe_ops, 16);
PIN(accord_probe_ops, struct_size, 0, uint32_t);
PIN(accord_probe_ops, plan, 8,
    accord_code (*)(void *, const accord_probe_plan **, accord_err *));

SIZE(accord_caps, 40);
PIN(accord_caps, struct_size, 0, uint32_t);
PIN(accord_caps, flags, 4, uint32_t);
PIN(accord_caps, context, 8, uint32_t);
PIN(accord_caps, embed_width, 12, uint32_t);
PIN(accord_caps, base_url, 16, const char *);
PIN(accord_caps, key_env, 24, const char *);
PIN(accord_caps, files, 32, const char *const *);

SIZE(accord_message, 16);
PIN(accord_message, role, 0, const char *);
PIN(accord_message, text, 8, const char *);

SIZE(accord_request, 104);
PIN(accord_request, struct_size, 0, uint32_t);
PIN(accord_request, n_messages, 4, uint32_t);
PIN(accord_request, model, 8, const accord_model *);
PIN(accord_request, messages, 16, const accord_message *);
PIN(accord_request, temperature, 24, double);
PIN(accord_request, top_p, 32, double);
PIN(accord_request, max_tokens, 40, uint32_t);
PIN(accord_request, n_stop, 44, uint32_t);
PIN(accord_request, stop, 48, const char *const *);
PIN(accord_request, logprobs, 56, int32_t);
PIN(accord_request, agent, 60, uint32_t);
PIN(accord_request, round, 64, uint32_t);
PIN(accord_request, sample, 68, uint32_t);
PIN(accord_request, role, 72, const char *);
PIN(accord_request, seed, 80, uint64_t);
PIN(accord_request, task, 88, const char *);
PIN(accord_request, item, 96, const char *);

SIZE(accord_reply, 56);
PIN(accord_reply, struct_size, 0, uint32_t);
PIN(accord_reply, error, 4, int32_t);
PIN(accord_reply, finish, 8, int32_t);
PIN(accord_reply, n_logprobs, 12, uint32_t);
PIN(accord_reply, prompt_tokens, 16, uint64_t);
PIN(accord_reply, completion_tokens, 24, uint64_t);
PIN(accord_reply, text, 32, const char *);
PIN(accord_reply, message, 40, const char *);
PIN(accord_reply, logprobs, 48, const float *);

SIZE(accord_call, 32);
PIN(accord_call, struct_size, 0, uint32_t);
PIN(accord_call, kind, 4, int32_t);
PIN(accord_call, request, 8, const accord_request *);
PIN(accord_call, text, 16, const char *const *);
PIN(accord_call, n_text, 24, uint32_t);

SIZE(accord_http, 32);
PIN(accord_http, struct_size, 0, uint32_t);
PIN(accord_http, path, 8, const char *);
PIN(accord_http, body, 16, const char *);
PIN(accord_http, n_body, 24, size_t);

SIZE(accord_http_reply, 32);
PIN(accord_http_reply, struct_size, 0, uint32_t);
PIN(accord_http_reply, status, 4, int32_t);
PIN(accord_http_reply, content_type, 8, const char *);
PIN(accord_http_reply, body, 16, const char *);
PIN(accord_http_reply, n_body, 24, size_t);

SIZE(accord_decoded, 32);
PIN(accord_decoded, struct_size, 0, uint32_t);
PIN(accord_decoded, verdict, 4, int32_t);
PIN(accord_decoded, reply, 8, accord_reply *);
PIN(accord_decoded, vectors, 16, const float *);
PIN(accord_decoded, width, 24, uint32_t);

SIZE(accord_model_ops, 48);
PIN(accord_model_ops, struct_size, 0, uint32_t);
PIN(accord_model_ops, caps, 8,
    accord_code (*)(void *, const accord_caps **, accord_err *));
PIN(accord_model_ops, complete, 16,
    accord_code (*)(void *, const accord_request *const *, uint32_t,
                    accord_reply *const *, accord_err *));
PIN(accord_model_ops, embed, 24,
    accord_code (*)(void *, const char *const *, uint32_t, float *, accord_err *));
PIN(accord_model_ops, encode, 32,
    accord_code (*)(void *, const accord_call *, accord_http *, accord_err *));
PIN(accord_model_ops, decode, 40,
    accord_code (*)(void *, const accord_call *, const accord_http_reply *,
                    accord_decoded *, accord_err *));

SIZE(accord_models_service, 40);
PIN(accord_models_service, struct_size, 0, uint32_t);
PIN(accord_models_service, complete, 8,
    accord_code (*)(accord_episode *, const accord_request *, uint32_t,
                    const accord_reply *const **, accord_err *));
PIN(accord_models_service, embed, 16,
    accord_code (*)(accord_episode *, const accord_model *, const char *const *, uint32_t,
                    float *, accord_err *));
PIN(accord_models_service, caps, 24, const accord_caps *(*)(const accord_model *));
PIN(accord_models_service, name, 32, const char *(*)(const accord_model *));

SIZE(accord_canon_service, 16);
PIN(accord_canon_service, struct_size, 0, uint32_t);
PIN(accord_canon_service, canon, 8,
    accord_code (*)(accord_episode *, const accord_action *, char *, size_t,
                    accord_err *));

SIZE(accord_train_score_service, 16);
PIN(accord_train_score_service, struct_size, 0, uint32_t);
PIN(accord_train_score_service, score, 8,
    accord_code (*)(accord_episode *, const accord_action *, double *, accord_err *));

SIZE(accord_metrics_service, 16);
PIN(accord_metrics_service, struct_size, 0, uint32_t);
PIN(accord_metrics_service, record, 8,
    void (*)(const accord_host *, accord_episode *, const char *, double));

SIZE(accord_trace_service, 16);
PIN(accord_trace_service, struct_size, 0, uint32_t);
PIN(accord_trace_service, candidate, 8,
    accord_code (*)(accord_episode *, const char *, uint32_t, const accord_action *,
                    accord_err *));

SIZE(accord_random_service, 16);
PIN(accord_random_service, struct_size, 0, uint32_t);
PIN(accord_random_service, stream, 8,
    uint64_t (*)(accord_episode *, uint32_t, const char *, uint32_t, uint32_t));

SIZE(accord_deadline_service, 16);
PIN(accord_deadline_service, struct_size, 0, uint32_t);
PIN(accord_deadline_service, left_ns, 8, int64_t (*)(accord_episode *));

SIZE(accord_plugin, 88);
PIN(accord_plugin, struct_size, 0, uint32_t);
PIN(accord_plugin, abi_major, 4, uint16_t);
PIN(accord_plugin, abi_minor, 6, uint16_t);
PIN(accord_plugin, role, 8, int32_t);
PIN(accord_plugin, flags, 12, uint32_t);
PIN(accord_plugin, id, 16, const char *);
PIN(accord_plugin, version, 24, const char *);
PIN(accord_plugin, summary, 32, const char *);
PIN(accord_plugin, reference, 40, const char *);
PIN(accord_plugin, license, 48, const char *);
PIN(accord_plugin, params, 56, const accord_param *);
PIN(accord_plugin, n_params, 64, uint32_t);
PIN(accord_plugin, reserved, 68, uint32_t);
PIN(accord_plugin, needs, 72, const char *const *);
PIN(accord_plugin, ops, 80, const accord_ops *);

VALUE(ACCORD_OK, 0);
VALUE(ACCORD_E_NOMEM, 1);
VALUE(ACCORD_E_ARG, 2);
VALUE(ACCORD_E_CONFIG, 3);
VALUE(ACCORD_E_IO, 4);
VALUE(ACCORD_E_ABI, 5);
VALUE(ACCORD_E_NOTFOUND, 6);
VALUE(ACCORD_E_LIMIT, 7);
VALUE(ACCORD_E_INTERNAL, 8);
VALUE(ACCORD_E_STOPPED, 9);
VALUE(ACCORD_E_MODEL, 10);
VALUE(ACCORD_E_UNSUPPORTED, 11);
VALUE(ACCORD_DEBUG, 0);
VALUE(ACCORD_INFO, 1);
VALUE(ACCORD_WARN, 2);
VALUE(ACCORD_ERROR, 3);
VALUE(ACCORD_TEXT, 1);
VALUE(ACCORD_DISCRETE, 2);
VALUE(ACCORD_VECTOR, 3);
VALUE(ACCORD_PIXELS, 4);
VALUE(ACCORD_SPLIT_TRAIN, 0);
VALUE(ACCORD_SPLIT_EVAL, 1);
VALUE(ACCORD_BOOL, 1);
VALUE(ACCORD_INT, 2);
VALUE(ACCORD_REAL, 3);
VALUE(ACCORD_STRING, 4);
VALUE(ACCORD_SPEC_SEEDED, 1);
VALUE(ACCORD_END_NO, 0);
VALUE(ACCORD_END_TERMINATED, 1);
VALUE(ACCORD_END_TRUNCATED, 2);
VALUE(ACCORD_PHASE_TRAIN, 0);
VALUE(ACCORD_PHASE_EVAL, 1);
VALUE(ACCORD_PHASE_PROBE, 2);
VALUE(ACCORD_ROLE_NESTED, 1);
VALUE(ACCORD_CAP_TOP_P, 1);
VALUE(ACCORD_CAP_SEED, 2);
VALUE(ACCORD_CAP_LOGPROBS, 4);
VALUE(ACCORD_CAP_DETERMINISTIC, 8);
VALUE(ACCORD_CAP_EMBED, 16);
VALUE(ACCORD_CAP_SERVER, 32);
VALUE(ACCORD_FINISH_STOP, 0);
VALUE(ACCORD_FINISH_LENGTH, 1);
VALUE(ACCORD_FINISH_REFUSED, 2);
VALUE(ACCORD_CALL_OK, 0);
VALUE(ACCORD_CALL_TIMEOUT, 1);
VALUE(ACCORD_CALL_API, 2);
VALUE(ACCORD_CALL_BUDGET, 3);
VALUE(ACCORD_CALL_CHAT, 1);
VALUE(ACCORD_CALL_EMBED, 2);
VALUE(ACCORD_VERDICT_OK, 0);
VALUE(ACCORD_VERDICT_RETRY, 1);
VALUE(ACCORD_VERDICT_FAIL, 2);
VALUE(ACCORD_ROLE_METHOD, 1);
VALUE(ACCORD_ROLE_TASK, 2);
VALUE(ACCORD_ROLE_MODEL, 3);
#endif

/* Plugins hold these as texts. */
static const struct {
    const char *id, *text;
} ids[] = {
    {ACCORD_TASK, "accord.task/1"},       {ACCORD_METHOD, "accord.method/1"},
    {ACCORD_LEARNER, "accord.learner/1"}, {ACCORD_PROBE, "accord.probe/1"},
    {ACCORD_MODEL, "accord.model/1"},     {ACCORD_MODELS, "accord.models/1"},
    {ACCORD_CANON, "accord.canon/1"},     {ACCORD_TRAIN_SCORE, "accord.train_score/1"},
    {ACCORD_METRICS, "accord.metrics/1"}, {ACCORD_TRACE, "accord.trace/1"},
    {ACCORD_RANDOM, "accord.random/1"},   {ACCORD_DEADLINE, "accord.deadline/1"},
};

START_TEST(test_ids_are_frozen) {
    ck_assert_str_eq(ids[_i].id, ids[_i].text);
}
END_TEST

static const void *nothing(const accord_host *host, const char *id) {
    return NULL;
}

START_TEST(test_has_sees_only_what_an_old_struct_has) {
    const accord_host old = {.struct_size = offsetof(accord_host, extension),
                             .extension = nothing};

    ck_assert(!ACCORD_HAS(&old, extension)); /* set, but not covered by the size */
    ck_assert(!ACCORD_HAS(&old, log));       /* covered, but not set */
}
END_TEST

START_TEST(test_a_request_begins_with_sound_values) {
    const accord_request r = ACCORD_REQUEST_INIT;

    ck_assert_uint_eq(r.struct_size, sizeof(r));
    ck_assert(r.top_p == 1.0);
    ck_assert_uint_eq(r.max_tokens, 1024);
    ck_assert_str_eq(r.role, "solver");
}
END_TEST

Suite *suite_abi(void) {
    Suite *s = suite_create("abi");
    TCase *tc = tcase_create("layout");

    tcase_add_loop_test(tc, test_ids_are_frozen, 0, sizeof(ids) / sizeof(ids[0]));
    tcase_add_test(tc, test_has_sees_only_what_an_old_struct_has);
    tcase_add_test(tc, test_a_request_begins_with_sound_values);
    suite_add_tcase(s, tc);
    return s;
}
