/* prompt.h - how the built-in methods ask: one prompt and one set of options, so that
 * methods differ only in what they do with the replies. */
#ifndef ACCORD_PROMPT_H
#define ACCORD_PROMPT_H

#include <accord/chat.h>

/* The first options of each method that asks questions; its own begin at
 * ACCORD_PROMPT_N_PARAMS. */
enum { ACCORD_PROMPT_N_PARAMS = 4 };
#define ACCORD_PROMPT_PARAMS(default_temperature) \
    {"shots", "worked examples shown before the question", ACCORD_INT, .max = 8}, \
        {"temperature", "of sampling, 0 = the likeliest token", ACCORD_REAL, \
         .value = (default_temperature), .max = 2}, \
        {"top_p",      "share of the probability that is sampled from", \
         ACCORD_REAL,  .value = 1, \
         .min = 0.001, .max = 1}, \
    { \
        "max_tokens", "bound of a reply, in tokens", ACCORD_INT, \
            .value = 1024, .min = 1, .max = 1 << 20 \
    }

typedef struct accord_prompt {
    const accord_host *host;
    const accord_models_service *models;
    uint32_t shots;
    uint32_t max_tokens;
    double temperature;
    double top_p;
} accord_prompt;

/* [worker] Reads the options.  ACCORD_E_CONFIG when worked examples are wanted of a task
 * that has none. */
accord_code accord_prompt_init(accord_prompt *p, const accord_host *host,
                               const accord_setup *setup, accord_err *err);

/* [worker] A request to `model`, without its messages. */
accord_request accord_prompt_request(const accord_prompt *p, const accord_model *model);

/* [worker] The worked examples, then the question, under Task: `task`; sections may
 * follow.  No words of ours: the task's instruction says how to answer.  *out is the
 * caller's.  ACCORD_E_CONFIG when the record has fewer examples than wanted. */
accord_code accord_prompt_chat(const accord_prompt *p, const char *task,
                               const accord_record *record, accord_chat **out,
                               accord_err *err);

/* [worker] Says that memory is out. */
accord_code accord_prompt_nomem(const accord_prompt *p, accord_err *err);

#endif
