#include "credctl/base/time.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    bool parsed = false;
    int64_t seconds = 0;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_time_from_iso(text, &seconds)) {
        (void)cc_time_iso(&mem, seconds);
        (void)cc_time_compact(&mem, seconds);
        (void)cc_time_span(&mem, seconds);
    }
    parsed |= cc_time_from_http(text, &seconds);
    (void)parsed;
    cc_arena_wipe(&mem);
    return 0;
}
