#include "credctl/aws/xml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is a tree of terminated texts, and a path through it ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    const struct cc_xml *root = NULL;
    struct cc_error err;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_xml_parse(&mem, text, size, "the input", &root, &err)) {
        const struct cc_xml *at = root;

        for (int depth = 0; at; depth++) {
            if (depth > 32 || strlen(at->text) > size || strlen(at->name) > size) {
                abort();
            }
            at = at->child;
        }
        (void)cc_xml_text(root, "ErrorResponse/Error/Code");
        (void)cc_xml_text(root, root->name);
    } else if (err.code != CC_E_BAD_ANSWER || !err.why[0]) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
