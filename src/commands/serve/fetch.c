#include "credctl/base/text.h"
#include "credctl/commands/resolve.h"

#include "endpoint.h"

static bool add_hop(struct cc_resolve *resolve, const char *role_arn, struct cc_error *err)
{
    if (resolve->hop_count == CC_HOPS_MAX) {
        return cc_fail(err, CC_E_USAGE, "more than %d hops", CC_HOPS_MAX);
    }
    resolve->hops[resolve->hop_count++] = (struct cc_assume){.role_arn = role_arn};
    return true;
}

bool cc_fetch(struct cc_run *run, const struct cc_args *args, const char *role_arn,
              struct cc_fetched *fetched, struct cc_error *err)
{
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));

    if (!cc_resolve_prepare(run, args, resolve, err) ||
        (role_arn && !add_hop(resolve, role_arn, err)) || !cc_resolve_keys(run, resolve, err)) {
        return false;
    }
    for (size_t i = 0; i < resolve->search.warning_count; i++) {
        cc_log(run, CC_WARN, "credentials.note", CC_S("note", resolve->search.warnings[i]));
    }
    const struct cc_attempt *found = resolve->story.ended_by;
    *fetched = (struct cc_fetched){
        .keys = resolve->keys,
        .settings = &resolve->settings,
        .note = resolve->search.warning_count > 0 ? resolve->search.warnings[0] : NULL,
        .from_process =
            resolve->hop_count == 0 && found && cc_text_equal(found->provider->name, "process"),
    };
    return true;
}
