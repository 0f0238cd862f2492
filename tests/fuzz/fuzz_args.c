#include "../../src/cli/argv.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define WORDS_MAX 64

/* What was put into options holds no empty text: it can be told as JSON, whatever it is. */
static void check_options(struct cc_arena *mem, const struct cc_shape *shape, const void *options)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, options);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_value value = cc_shape_value(mem, &member);

        if (value.kind == CC_VALUE_TEXT && !value.text[0]) {
            abort();
        }
        for (size_t i = 0;
             value.kind == CC_VALUE_TEXTS && !(member.field->rules & CC_REST) && i < value.count;
             i++) {
            if (!value.texts[i][0]) {
                abort();
            }
        }
    }
    struct cc_buf out = cc_buf_new(mem, (size_t)1 << 20);
    cc_shape_json(shape, options, false, &out);
}

/* Words end with NUL. What is parsed fits its shape, and a failure says what to do. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    char *argv[WORDS_MAX + 2] = {cc_text_dup(&mem, "credctl", 7)};
    int argc = 1;
    struct cc_parsed parsed;
    struct cc_error err = {0};

    for (size_t at = 0; at < size && argc <= WORDS_MAX;) {
        const unsigned char *end = memchr(data + at, '\0', size - at);
        size_t len = end ? (size_t)(end - data) - at : size - at;

        argv[argc++] = cc_text_dup(&mem, (const char *)data + at, len);
        at += len + 1;
    }
    if (!cc_argv_parse(&mem, argc, argv, &parsed, &err)) {
        if (err.code != CC_E_USAGE || !err.what[0] || !err.fix[0]) {
            abort();
        }
    } else if (parsed.command && parsed.command->options && !parsed.common.help) {
        check_options(&mem, parsed.command->options, parsed.options);
    }
    cc_arena_wipe(&mem);
    return 0;
}
