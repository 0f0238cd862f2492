#include "credctl/targets/targets.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static int by_label(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Labels become names of files. */
static void check_labels(struct cc_arena *mem, const struct cc_targets *targets)
{
    const char **labels = cc_alloc(mem, (targets->count + 1) * sizeof(*labels));

    for (size_t i = 0; i < targets->count; i++) {
        labels[i] = targets->rows[i].label;
        must(labels[i][0] && labels[i][0] != '.' && !strchr(labels[i], '/') &&
             strlen(labels[i]) < 200);
    }
    qsort(labels, targets->count, sizeof(*labels), by_label);
    for (size_t i = 1; i < targets->count; i++) {
        must(strcmp(labels[i - 1], labels[i]) != 0);
    }
}

static void check_rows(const struct cc_targets *targets, bool lenient)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct cc_target *row = &targets->rows[i];

        if (row->wrong) {
            must(lenient && row->wrong->code != CC_E_OK && row->wrong->what[0] &&
                 row->wrong->why[0]);
        } else {
            must(strlen(row->account) == 12 && strncmp(row->role_arn, "arn:", 4) == 0);
        }
        must(!row->name || row->name[0]);
        must(!row->more || row->more->duration_seconds >= 0);
    }
}

static void parse(const unsigned char *data, size_t size, const char *from, bool lenient)
{
    const struct cc_target_defaults defaults = {
        .partition = "aws", .role_name = "Role", .from = from, .lenient = lenient};
    struct cc_arena mem = {0};
    struct cc_targets targets;
    struct cc_error err = {0};

    if (cc_targets_parse(&mem, (const char *)data, size, &defaults, &targets, &err)) {
        check_rows(&targets, lenient);
        check_labels(&mem, &targets);
    } else {
        must(err.code == CC_E_USAGE || err.code == CC_E_TOO_BIG);
        must(err.what[0] != '\0');
    }
    cc_arena_wipe(&mem);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const names[] = {NULL, "a.csv", "a.json", "a.jsonl"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        parse(data, size, names[i], false);
        parse(data, size, names[i], true);
    }
    return 0;
}
