#include "credctl/aws/instance.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The identity document: only the run's arena is used. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_run run = {0};
    bool parsed = false;
    struct cc_instance instance = {0};
    struct cc_error err;
    const char *text = cc_text_dup(&run.mem, (const char *)data, size);

    parsed |= cc_instance_document(&run, text, size, &instance, &err);
    (void)parsed;
    cc_arena_wipe(&run.mem);
    return 0;
}
