#include "credctl/targets/targets.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Labels become names of files. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const struct cc_target_defaults defaults = {.partition = "aws", .role_name = "Role"};
    struct cc_arena mem = {0};
    struct cc_targets targets;
    struct cc_error err;

    if (cc_targets_parse(&mem, (const char *)data, size, &defaults, &targets, &err)) {
        for (size_t i = 0; i < targets.count; i++) {
            const struct cc_target *row = &targets.rows[i];

            if (strlen(row->account) != 12 || strchr(row->label, '/') ||
                strncmp(row->label, row->account, 12) != 0 ||
                strncmp(row->role_arn, "arn:", 4) != 0) {
                abort();
            }
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
