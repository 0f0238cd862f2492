#include "credctl/commands/command.h"

struct version {
    const char *name;
    const char *version;
};

static const struct cc_shape_field fields[] = {
    CC_ROW(TEXT, struct version, name, NULL, "always credctl"),
    CC_ROW(TEXT, struct version, version, NULL, "its version"),
    {0},
};
static const struct cc_shape answer_shape = {"version", fields, sizeof(struct version)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    (void)run;
    (void)options;
    (void)err;
    *(struct version *)answer = (struct version){"credctl", CREDCTL_VERSION};
    return true;
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct version *is = answer;

    cc_buf_addf(out, "%s %s\n", is->name, is->version);
}

const struct cc_command cc_command_version = {
    .name = "version",
    .summary = "print the version",
    .answer = &answer_shape,
    .run = run,
    .print = print,
};
