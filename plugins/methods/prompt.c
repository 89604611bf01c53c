/* prompt.c - see prompt.h. */
#include "prompt.h"

accord_code accord_prompt_init(accord_prompt *p, const accord_host *host,
                               const accord_setup *setup, accord_err *err) {
    *p = (accord_prompt){
        .host = host,
        .models = host->extension(host, ACCORD_MODELS),
        .shots = (uint32_t)setup->params[0].i,
        .temperature = setup->params[1].r,
        .top_p = setup->params[2].r,
        .max_tokens = (uint32_t)setup->params[3].i,
    };
    if (p->shots > 0 && setup->task->n_items[ACCORD_SPLIT_TRAIN] == 0)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "shots is %u, but the task has no training split to take "
                          "worked examples from",
                          p->shots);
    return ACCORD_OK;
}

accord_request accord_prompt_request(const accord_prompt *p, const accord_model *model) {
    accord_request request = ACCORD_REQUEST_INIT;

    request.model = model;
    request.temperature = p->temperature;
    request.top_p = p->top_p;
    request.max_tokens = p->max_tokens;
    return request;
}

accord_code accord_prompt_chat(const accord_prompt *p, const char *task,
                               const accord_record *record, accord_chat **out,
                               accord_err *err) {
    *out = NULL;
    if (record->n_examples < p->shots)
        return p->host->fail(p->host, err, ACCORD_E_CONFIG,
                             "shots is %u, but the task gives %u worked examples",
                             p->shots, record->n_examples);
    accord_chat *chat = accord_chat_create();
    if (!chat)
        return accord_prompt_nomem(p, err);
    accord_chat_examples(chat, record, p->shots);
    accord_chat_ask(chat, task, record);
    *out = chat;
    return ACCORD_OK;
}

accord_code accord_prompt_nomem(const accord_prompt *p, accord_err *err) {
    return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
}
