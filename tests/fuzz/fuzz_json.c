#include "credctl/base/json.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const cJSON *doc = NULL;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_json_parse(&mem, text, size, "fuzz", &doc, &err)) {
        (void)cc_json_text(doc, "a");
        (void)cc_json_text_nocase(doc, "A");
        (void)cc_json_object(doc, "a");
    }
    cc_arena_wipe(&mem);
    return 0;
}
