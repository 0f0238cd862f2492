#include "credctl/aws/ini.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};
    const struct cc_bytes text = {cc_text_dup(&mem, (const char *)data, size), size};

    /* Twice into one: the second file is merged into what the first left. */
    if (cc_ini_parse(&mem, text, "config", false, &profiles, &err) &&
        !cc_ini_parse(&mem, text, "credentials", true, &profiles, &err) && !err.fix[0]) {
        abort();
    }
    for (const struct cc_section *at = profiles.sections; at; at = at->next) {
        if (!at->name[0] || cc_profiles_section(&profiles, at->kind, at->name) != at) {
            abort(); /* every section has a name, and no other has the same */
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
