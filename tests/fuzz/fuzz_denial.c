#include "credctl/access/denial.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

/* A message of AccessDenied: whatever it is, what is read from it can be shown and used. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const struct cc_denial denial =
        cc_denial_read(&mem, cc_text_dup(&mem, (const char *)data, size));

    must(cc_text_is_utf8(denial.message));
    must(strcmp(cc_text_printable(&mem, denial.message), denial.message) == 0);
    must(!denial.action || (strchr(denial.action, ':') && !strchr(denial.action, ' ')));
    must(!denial.policy_arn || (denial.explicit_deny && cc_text_starts(denial.policy_arn, "arn:") &&
                                !strchr(denial.policy_arn, ' ')));
    must(denial.family < CC_FAMILIES);
    if (denial.family != CC_FAMILY_NONE) {
        must(cc_cause_family(cc_denial_cause(&denial)) == denial.family);
        must(cc_family_policy(denial.family) != NULL);
    }
    cc_arena_wipe(&mem);
    return 0;
}
