#include "credctl/cache/resolve.h"
#include "credctl/serve/endpoint.h"

bool cc_fetch(struct cc_run *run, const struct cc_chain_options *chain, const char *role_arn,
              struct cc_fetched *fetched, struct cc_error *err)
{
    const struct cc_assume hop = {.role_arn = role_arn};
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));

    if (!cc_resolve_prepare(run, chain, resolve, err) ||
        (role_arn && !cc_resolve_on_top(resolve, &hop, err)) ||
        !cc_resolve_keys(run, resolve, err)) {
        return false;
    }
    for (size_t i = 0; i < resolve->search.warning_count; i++) {
        cc_log(run, CC_WARN, "credentials.note", CC_S("note", resolve->search.warnings[i]));
    }
    *fetched = (struct cc_fetched){
        .keys = resolve->keys,
        .settings = &resolve->settings,
        .search = &resolve->search,
        .note = resolve->search.warning_count > 0 ? resolve->search.warnings[0] : NULL,
        .from_process = resolve->story.of_command,
    };
    return true;
}
