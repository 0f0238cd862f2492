#include "credctl/aws/tmds.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    bool parsed = false;
    struct cc_task task;
    struct cc_owner owner;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    parsed |= cc_task_parse(&mem, text, size, "fuzz", &task, &err);
    parsed |= cc_owner_parse(&mem, text, size, "fuzz", &owner, &err);
    (void)parsed;
    cc_arena_wipe(&mem);
    return 0;
}
