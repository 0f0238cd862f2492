#include "../../src/exec/default_profile.h"

#include <stdlib.h>
#include <string.h>

/* What is left stands in the input in the same order, and nothing more would be left out of it. */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    for (int file = CC_FILE_CONFIG; file <= CC_FILE_BOTO; file++) {
        struct cc_buf left = cc_buf_new(&mem, size + 1);
        struct cc_buf again = cc_buf_new(&mem, size + 1);
        size_t at = 0;

        bool changed = cc_without_default(text, size, (enum cc_shared_file)file, &left);
        if (changed != (left.len != size) || left.too_big ||
            cc_without_default(left.text, left.len, (enum cc_shared_file)file, &again) ||
            again.len != left.len) {
            abort();
        }
        for (size_t i = 0; i < size && at < left.len; i++) {
            at += text[i] == left.text[at];
        }
        if (at != left.len) {
            abort();
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
