#ifndef CREDCTL_COMMANDS_RESOLVE_H
#define CREDCTL_COMMANDS_RESOLVE_H

/* What every command that needs credentials does first: options to settings and hops, then the
 * chain. */

#include "credctl/commands/command.h"
#include "credctl/providers/cache.h"

#define CC_HOPS_MAX 8

struct cc_resolve {
    struct cc_settings settings;
    struct cc_search search;
    struct cc_assume hops[CC_HOPS_MAX];
    size_t hop_count;
    struct cc_cache_policy cache;
    struct cc_story story;
    struct cc_keys keys;
};

/* Reads the options of cc_chain_options; also sets the run's deadline from --timeout. */
CC_MUST_USE bool cc_resolve_prepare(struct cc_run *run, const struct cc_args *args,
                                    struct cc_resolve *resolve, struct cc_error *err);
/* What cc_credentials_get is asked for. */
struct cc_demand cc_resolve_demand(const struct cc_resolve *resolve);
/* Fills story and keys, from the cache or the chain. */
CC_MUST_USE bool cc_resolve_keys(struct cc_run *run, struct cc_resolve *resolve,
                                 struct cc_error *err);

/* Who STS says the keys belong to. When it rejects what is from the cache, that is dropped, and the
 * chain asked once more. */
CC_MUST_USE bool cc_resolve_caller(struct cc_run *run, struct cc_resolve *resolve,
                                   struct cc_identity *identity, struct cc_error *err);

/* --timeout SECONDS, fractions allowed; true and no deadline when it was not given. */
CC_MUST_USE bool cc_deadline_from(struct cc_run *run, const struct cc_args *args,
                                  struct cc_error *err);

/* "--expect-account", "--expect-role": rows for a command's options. */
#define CC_EXPECT_OPTIONS                                                                  \
    {"expect-account", "ID", "exit 1 unless the credentials are of this account"},         \
    {                                                                                      \
        "expect-role", "PATTERN", "exit 1 unless the role's name or ARN matches (* and ?)" \
    }

/*
 * Does the identity meet what --expect-account and --expect-role ask for? True also when nothing is
 * asked. When not, *reason says why, for people. `arn` may be of a role or of a session; each text
 * may be NULL when it is not known.
 */
bool cc_expected(struct cc_arena *mem, const struct cc_args *args, const char *account,
                 const char *arn, const char **reason);

/* The name of the role in an assumed-role or role ARN; NULL when it is of something else. */
const char *cc_role_of_arn(struct cc_arena *mem, const char *arn);

/* The attempts and hops as JSON, and for people. */
void cc_story_json(struct cc_arena *mem, const struct cc_resolve *resolve, cJSON *result);
void cc_story_print(const cJSON *result, struct cc_buf *out);

#endif
