/* recording.h - the recorded answers of one model, in memory.
 *
 * A line of the file: {"question_id": text, "model": text, "sample_index": number,
 * "response": text}, and where they are known "finish": "stop", "length" or "refused",
 * "prompt_tokens" and "completion_tokens".  Other fields are passed over.  Link
 * libaccord-plugin.a, jansson and zlib. */
#ifndef ACCORD_RECORDING_H
#define ACCORD_RECORDING_H

#include <accord/plugin.h>

#define ACCORD_RECORDING_UNKNOWN UINT64_MAX

typedef struct accord_recorded {
    const char *item; /* its question_id */
    const char *response;
    uint64_t line;          /* in the file, from 1 */
    uint64_t prompt_tokens; /* ACCORD_RECORDING_UNKNOWN when the file does not say */
    uint64_t completion_tokens;
    uint32_t sample;
    int32_t finish; /* ACCORD_FINISH_... */
} accord_recorded;

typedef struct accord_recording accord_recording;

/* [worker] Reads what `model` said ("" = the only model of the file).  *out is the
 * caller's.  ACCORD_E_CONFIG for a malformed line, for an item and sample that stand
 * there twice, and for a model that is not in the file or not the only one; the message
 * lists those that are. */
accord_code accord_recording_load(const accord_host *host, const char *path,
                                  const char *model, accord_recording **out,
                                  accord_err *err);

/* [any] NULL when that was not recorded. */
const accord_recorded *accord_recording_find(const accord_recording *r, const char *item,
                                             uint32_t sample);

/* [any] The answer whose key is most like this one, for a message: the same item if it is
 * there, else the one with the longest common beginning and end. */
const accord_recorded *accord_recording_nearest(const accord_recording *r,
                                                const char *item, uint32_t sample);

/* [any] The model's name. */
const char *accord_recording_model(const accord_recording *r);

/* [any] NULL is allowed. */
void accord_recording_free(accord_recording *r);

#endif
