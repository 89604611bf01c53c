/* json.c - see json.h. */
#include "base/json.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

accord_code accord_json_load(const char *file, json_t **out, accord_err *err) {
    json_error_t why;
    struct stat st;

    *out = NULL;
    if (!stat(file, &st) && S_ISDIR(st.st_mode))
        return accord_fail(err, ACCORD_E_CONFIG, "%s is a folder", file);
    *out = json_load_file(file, JSON_REJECT_DUPLICATES, &why);
    if (*out)
        return ACCORD_OK;
    /* Without memory jansson says nothing, and leaves even the code as it was. */
    if (!why.text[0])
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory for %s", file);
    if (json_error_code(&why) == json_error_cannot_open_file)
        return accord_fail(err, ACCORD_E_IO, "%s", why.text);
    return accord_fail(err, ACCORD_E_CONFIG, "%s:%d:%d: %s", file, why.line, why.column,
                       why.text);
}

accord_json accord_json_root(json_t *value, const char *document) {
    return (accord_json){.value = value, .document = document};
}

accord_json accord_json_get(const accord_json *j, const char *key) {
    accord_json member = {.value = json_object_get(j->value, key),
                          .document = j->document};

    snprintf(member.path, sizeof(member.path), "%.100s/%.50s", j->path, key);
    return member;
}

accord_json accord_json_at(const accord_json *j, size_t i) {
    accord_json element = {.value = json_array_get(j->value, i), .document = j->document};

    snprintf(element.path, sizeof(element.path), "%.100s/%zu", j->path, i);
    return element;
}

accord_code accord_json_fail(const accord_json *j, accord_err *err, const char *fmt,
                             ...) {
    char why[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    return accord_fail(err, ACCORD_E_CONFIG, "%s: %s: %s", j->document,
                       j->path[0] ? j->path : "/", why);
}

static const char *type_name(const json_t *value) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",  [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };

    return value ? names[json_typeof(value)] : "nothing";
}

static accord_code expected(const accord_json *j, const char *what, accord_err *err) {
    return accord_json_fail(j, err, "expected %s, found %s", what, type_name(j->value));
}

accord_code accord_json_expect(const accord_json *j, json_type type, accord_err *err) {
    if (j->value && json_typeof(j->value) == type)
        return ACCORD_OK;
    return expected(j, type == JSON_OBJECT ? "an object" : "a list", err);
}

accord_code accord_json_read_text(const accord_json *j, const char **out,
                                  accord_err *err) {
    if (!j->value)
        return ACCORD_OK;
    if (!json_is_string(j->value))
        return expected(j, "a text", err);
    *out = json_string_value(j->value);
    return ACCORD_OK;
}

accord_code accord_json_read_int(const accord_json *j, int64_t min, int64_t max,
                                 int64_t *out, accord_err *err) {
    if (!j->value)
        return ACCORD_OK;
    if (!json_is_integer(j->value))
        return expected(j, "a whole number", err);
    int64_t value = json_integer_value(j->value);
    if (value < min || value > max)
        return accord_json_fail(j, err, "%lld is not in %lld .. %lld", (long long)value,
                                (long long)min, (long long)max);
    *out = value;
    return ACCORD_OK;
}

accord_code accord_json_read_real(const accord_json *j, double *out, accord_err *err) {
    if (!j->value)
        return ACCORD_OK;
    if (!json_is_number(j->value))
        return expected(j, "a number", err);
    *out = json_number_value(j->value);
    return ACCORD_OK;
}

accord_code accord_json_read_bool(const accord_json *j, bool *out, accord_err *err) {
    if (!j->value)
        return ACCORD_OK;
    if (!json_is_boolean(j->value))
        return expected(j, "true or false", err);
    *out = json_is_true(j->value);
    return ACCORD_OK;
}

accord_code accord_json_only(const accord_json *j, const char *const *keys,
                             accord_err *err) {
    const char *key;
    json_t *value;

    json_object_foreach(j->value, key, value) {
        const char *near = accord_text_nearest(key, keys);
        if (near && strcmp(near, key) == 0)
            continue;
        accord_json member = accord_json_get(j, key);
        if (near)
            return accord_json_fail(&member, err, "unknown key (did you mean \"%s\"?)",
                                    near);
        return accord_json_fail(&member, err, "unknown key");
    }
    return ACCORD_OK;
}
