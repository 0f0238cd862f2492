#include "credctl/base/url.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* What is judged must be what is connected to: the origin, parsed again, is itself. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_url url;
    struct cc_url again;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_url_parse(&mem, text, "fuzz", &url, &err) &&
        (!cc_url_parse(&mem, url.origin, "fuzz", &again, &err) ||
         strcmp(url.host, again.host) != 0 || url.port != again.port)) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
