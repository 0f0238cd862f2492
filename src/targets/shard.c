#include "credctl/targets/shard.h"

#include "credctl/base/text.h"

#include <string.h>

/* Where jobs find their numbers, in the order in which they are looked for. */
static const struct {
    const char *index;
    const char *size; /* NULL: there is no such variable */
} jobs[] = {
    {"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"},
    {"JOB_COMPLETION_INDEX", NULL},
};

static bool read_size(const char *text, size_t *size)
{
    int64_t number = 0;

    if (!cc_text_number(text, 1, CC_TARGETS_MAX, &number)) {
        return false;
    }
    *size = (size_t)number;
    return true;
}

static bool read_index(const char *text, size_t *index)
{
    int64_t number = 0;

    if (!cc_text_number(text, 0, INT32_MAX, &number)) {
        return false;
    }
    *index = (size_t)number;
    return true;
}

static bool not_valid(const char *source, const char *text, const char *why, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s: \"%.60s\" is not valid", source, text);
    cc_why(err, "%s", why);
    return cc_fix(err, "correct it, or give --shard I/N");
}

/* `size`: that of auto/N, 0: none. */
static bool take_pair(struct cc_run *run, const char *source, const char *text, size_t size,
                      struct cc_shard *shard, struct cc_error *err)
{
    const char *slash = strchr(text, '/');
    struct cc_shard read = {0};

    if (!slash || !read_index(cc_text_dup(&run->mem, text, (size_t)(slash - text)), &read.index) ||
        !read_size(slash + 1, &read.count)) {
        not_valid(source, text, "it must be I/N: two whole numbers, N from 1 to 100000", err);
        return cc_fix(err, "write 0/10 for the first of ten shards");
    }
    read.count = size ? size : read.count;
    if (read.index >= read.count) {
        not_valid(source, text, "", err);
        cc_why(err, "the shards have the numbers 0 to %zu", read.count - 1);
        return cc_fix(err, "give a number below %zu, or a larger number of shards", read.count);
    }
    *shard = read;
    return true;
}

static bool without_size(size_t job, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "--shard auto: the number of shards is not known");
    if (jobs[job].size) {
        cc_why(err, "%s is set, but %s is not", jobs[job].index, jobs[job].size);
    } else {
        cc_why(err, "%s is set, and no variable has the number of completions", jobs[job].index);
    }
    return cc_fix(err, "write --shard auto/N, where N is the number of jobs");
}

static bool take_job(struct cc_run *run, size_t job, size_t size, struct cc_shard *shard,
                     struct cc_error *err)
{
    const char *size_name = jobs[job].size;
    const char *index = cc_env(run, jobs[job].index);
    const char *count = size_name ? cc_env(run, size_name) : NULL;
    struct cc_shard read = {.count = size};

    if (!read_index(index, &read.index)) {
        return not_valid(jobs[job].index, index, "it must be a whole number from 0", err);
    }
    if (!size && !count) {
        return without_size(job, err);
    }
    if (!size && !read_size(count, &read.count)) {
        return not_valid(size_name, count, "it must be a whole number from 1 to 100000", err);
    }
    if (read.index >= read.count) {
        cc_fail(err, CC_E_USAGE, "--shard auto: %s is %zu, and there are only %zu shards",
                jobs[job].index, read.index, read.count);
        cc_why(err, "the shards have the numbers 0 to %zu", read.count - 1);
        return cc_fix(err, "give the number of jobs as N of --shard auto/N");
    }
    *shard = read;
    return true;
}

static bool find(struct cc_run *run, size_t size, struct cc_shard *shard, struct cc_error *err)
{
    const char *own = cc_env(run, "CREDCTL_SHARD");

    if (own) {
        return take_pair(run, "CREDCTL_SHARD", own, size, shard, err);
    }
    for (size_t i = 0; i < CC_COUNT(jobs); i++) {
        if (cc_env(run, jobs[i].index)) {
            return take_job(run, i, size, shard, err);
        }
    }
    cc_fail(err, CC_E_USAGE, "--shard auto: this job does not say which shard it is");
    cc_why(err, "none of CREDCTL_SHARD, %s (AWS Batch) and %s (Kubernetes) is set", jobs[0].index,
           jobs[1].index);
    return cc_fix(err, "set CREDCTL_SHARD=I/N, or give --shard I/N");
}

bool cc_shard_read(struct cc_run *run, const char *text, struct cc_shard *shard,
                   struct cc_error *err)
{
    size_t size = 0;

    if (!text) {
        *shard = (struct cc_shard){0};
        return true;
    }
    if (cc_text_equal(text, "auto")) {
        return find(run, 0, shard, err);
    }
    if (!cc_text_starts(text, "auto/")) {
        return take_pair(run, "--shard", text, 0, shard, err);
    }
    if (!read_size(text + strlen("auto/"), &size)) {
        not_valid("--shard", text, "N of auto/N must be a whole number from 1 to 100000", err);
        return cc_fix(err, "write auto/10 for ten shards");
    }
    return find(run, size, shard, err);
}

const char *cc_shard_text(struct cc_arena *mem, const struct cc_shard *shard)
{
    return shard->count ? cc_textf(mem, "%zu/%zu", shard->index, shard->count) : NULL;
}

size_t cc_shard_place(const struct cc_shard *shard, size_t at)
{
    return shard->count ? shard->index + at * shard->count : at;
}

void cc_targets_shard(struct cc_targets *targets, const struct cc_shard *shard)
{
    size_t kept = 0;

    while (cc_shard_place(shard, kept) < targets->count) {
        targets->rows[kept] = targets->rows[cc_shard_place(shard, kept)];
        kept++;
    }
    targets->count = kept;
}
