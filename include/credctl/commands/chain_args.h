#ifndef CREDCTL_COMMANDS_CHAIN_ARGS_H
#define CREDCTL_COMMANDS_CHAIN_ARGS_H

/* From arguments to the typed options of the chain. */

#include "credctl/aws/expect.h"
#include "credctl/cache/resolve.h"
#include "credctl/commands/command.h"

/* --timeout SECONDS, fractions allowed, as milliseconds; true and untouched when it was not given.
 */
CC_MUST_USE bool cc_timeout_from(const struct cc_args *args, int64_t *timeout_ms,
                                 struct cc_error *err);

/* Does it describe a role that is assumed? */
bool cc_hop_option(const char *name);

/* Reads the options of cc_chain_options. */
CC_MUST_USE bool cc_chain_from(struct cc_run *run, const struct cc_args *args,
                               struct cc_chain_options *options, struct cc_error *err);

/* "--expect-account", "--expect-role": rows for a command's options. */
#define CC_EXPECT_OPTIONS                                                                  \
    {"expect-account", "ID", "exit 1 unless the credentials are of this account"},         \
    {                                                                                      \
        "expect-role", "PATTERN", "exit 1 unless the role's name or ARN matches (* and ?)" \
    }

struct cc_expect cc_expect_from(const struct cc_args *args);

/* The attempts and hops as JSON, and for people. */
void cc_story_json(struct cc_arena *mem, const struct cc_resolve *resolve, cJSON *result);
void cc_story_print(const cJSON *result, struct cc_buf *out);

#endif
