#ifndef CREDCTL_COMMANDS_SHARED_H
#define CREDCTL_COMMANDS_SHARED_H

/* Options and parts of answers that several commands have, each described once. */

#include "credctl/aws/expect.h"
#include "credctl/cache/resolve.h"
#include "credctl/commands/command.h"

/* --- options --- */

/* The shape of struct cc_chain_options; its hops are checked too. */
extern const struct cc_shape cc_chain_shape;
/* The same without hops, for commands whose roles are their targets. */
extern const struct cc_shape cc_chain_plain_shape;
/* The same without region and time limit, for commands that have their own. */
extern const struct cc_shape cc_chain_places_shape;

/* --- the story of a search --- */

struct cc_told_attempt {
    const char *provider;
    int outcome; /* enum cc_outcome */
    const char *detail;
    const char *why;
    const char *fix;
    int ms;
};

struct cc_told_hop {
    const char *role_arn;
    bool done;
};

struct cc_story_told {
    const struct cc_told_attempt *chain;
    size_t chain_count;
    const struct cc_told_hop *hops;
    size_t hop_count;
    const char *const *warnings;
};

extern const struct cc_shape cc_story_shape; /* a group */

void cc_story_tell(struct cc_arena *mem, const struct cc_resolve *resolve,
                   struct cc_story_told *told);
void cc_story_print(const struct cc_story_told *told, struct cc_buf *out);

/* --- entries of the cache, without their secrets --- */

struct cc_told_entry {
    const char *file;
    int holds;
    const char *source;
    const char *detail;
    const char *account_id;
    const char *role_arn;
    const char *role_name;
    int64_t fetched;
    struct cc_maybe_number age_seconds;
    int64_t expires;
    struct cc_maybe_number expires_in_seconds;
    int64_t retry_at;
};

struct cc_told_entries {
    const struct cc_told_entry *all;
    size_t count;
};

extern const struct cc_shape cc_entry_shape;

struct cc_told_entries cc_entries_tell(struct cc_run *run, const struct cc_cache_row *rows);
void cc_entries_print(struct cc_told_entries entries, struct cc_buf *out);

/* --- policies --- */

/* A statement, with `indent` before each line. */
void cc_statement_print(const struct cJSON *statement, const char *indent, struct cc_buf *out);

/* --- errors --- */

struct cc_failure_told {
    const struct cc_error *error;
};

/* The error on stderr when a command fails with --output json, yaml or jsonl. */
extern const struct cc_shape cc_failure_shape;

/* The error as text: what and code, cause, remedy; `indent` comes before the last two. */
void cc_error_print(const struct cc_error *err, const char *indent, struct cc_buf *out);

#endif
