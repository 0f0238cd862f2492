#include "credctl/aws/xml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is a tree of terminated texts, of no more levels than promised. */
static void check(const struct cc_xml *root, size_t size)
{
    int depth = 0;

    for (const struct cc_xml *at = root; at; at = at->child) {
        if (++depth > 32 || strlen(at->text) > size || strlen(at->name) > size) {
            abort();
        }
    }
    (void)cc_xml_text(root, "ErrorResponse/Error/Code");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    const struct cc_xml *root = NULL;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_xml_parse(&mem, text, size, "the input", &root, &err)) {
        check(root, size);
    } else if (err.code != CC_E_BAD_ANSWER || !err.why[0]) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
