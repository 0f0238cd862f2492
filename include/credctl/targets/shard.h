#ifndef CREDCTL_TARGETS_SHARD_H
#define CREDCTL_TARGETS_SHARD_H

/* Several processes share a list of targets: of N shards, shard I has the targets I, I+N, I+2N ...
 * (from 0, in the order of the list, without those that are repeated). */

#include "credctl/targets/targets.h"

struct cc_shard {
    size_t index;
    size_t count; /* 0: not a shard, but the whole list */
};

/*
 * Reads --shard: "I/N", "auto" or "auto/N"; NULL is the whole list. `auto` takes the variables of a
 * job: CREDCTL_SHARD (I/N), AWS_BATCH_JOB_ARRAY_INDEX (Batch User Guide, "Job environment
 * variables") or
 * JOB_COMPLETION_INDEX (Kubernetes, "Indexed Job"); the number of auto/N takes the place of theirs.
 * Fails with CC_E_USAGE.
 */
CC_MUST_USE bool cc_shard_read(struct cc_run *run, const char *text, struct cc_shard *shard,
                               struct cc_error *err);

/* "I/N"; NULL for the whole list. */
const char *cc_shard_text(struct cc_arena *mem, const struct cc_shard *shard);

/* Keeps those of the shard. */
void cc_targets_shard(struct cc_targets *targets, const struct cc_shard *shard);
/* The number that row `at` of the shard has in the whole list. */
size_t cc_shard_place(const struct cc_shard *shard, size_t at);

#endif
