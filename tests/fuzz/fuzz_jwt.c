#include "credctl/aws/jwt.h"
#include "credctl/base/text.h"

#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* As a whole token, and as the claims of one: random bytes hardly ever are base64url. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_jwt jwt;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_jwt_parse(&mem, text, size, "fuzz", &jwt, &err)) {
        (void)cc_jwt_is_for(&jwt, "sts.amazonaws.com");
    }
    const char *whole = cc_textf(&mem, "e30.%s.c2ln", cc_text_base64url(&mem, data, size));
    if (cc_jwt_parse(&mem, whole, strlen(whole), "fuzz", &jwt, &err)) {
        (void)cc_jwt_is_for(&jwt, "sts.amazonaws.com");
    }
    cc_arena_wipe(&mem);
    return 0;
}
