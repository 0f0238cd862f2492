#include "../../src/cli/argv.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define WORDS_MAX 64

/* Words end with NUL. What is parsed is an option the command has, and a failure says what to do.
 */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    char *argv[WORDS_MAX + 2] = {cc_text_dup(&mem, "credctl", 7)};
    int argc = 1;
    const struct cc_command *command = NULL;
    struct cc_args *args = NULL;
    struct cc_error err = {0};

    for (size_t at = 0; at < size && argc <= WORDS_MAX;) {
        const unsigned char *end = memchr(data + at, '\0', size - at);
        size_t len = end ? (size_t)(end - data) - at : size - at;

        argv[argc++] = cc_text_dup(&mem, (const char *)data + at, len);
        at += len + 1;
    }
    if (cc_argv_parse(&mem, argc, argv, &command, &args, &err)) {
        const char *name = NULL;
        const char *value = NULL;

        for (size_t i = 0; command && cc_given_at(args, i, &name, &value); i++) {
            if (!cc_option_named(command, name)) {
                abort();
            }
        }
    } else if (err.code != CC_E_USAGE || !err.what[0] || !err.fix[0]) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
