#include "credctl/aws/arn.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    bool parsed = false;
    struct cc_arn arn;
    const char *name = NULL;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    parsed |= cc_arn_parse(&mem, text, &arn);
    parsed |= cc_arn_role(&mem, text, &arn, &name);
    (void)cc_account_of_key_id(&mem, text);
    (void)cc_region_shaped(text);
    (void)parsed;
    cc_arena_wipe(&mem);
    return 0;
}
