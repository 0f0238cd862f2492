#include "credctl/commands/command.h"

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    (void)run;
    (void)args;
    (void)err;
    cJSON_AddStringToObject(result, "name", "credctl");
    cJSON_AddStringToObject(result, "version", CREDCTL_VERSION);
    return true;
}

static void print(const cJSON *result, struct cc_buf *out)
{
    cc_buf_addf(out, "credctl %s\n", cc_json_text(result, "version"));
}

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"version\","
    "\"type\":\"object\",\"required\":[\"name\",\"version\"],\"additionalProperties\":false,"
    "\"properties\":{\"name\":{\"const\":\"credctl\"},\"version\":{\"type\":\"string\"}}}";

const struct cc_command cc_command_version = {
    .name = "version",
    .summary = "print the version",
    .flags = CC_NO_CHAIN,
    .schema = schema,
    .run = run,
    .print = print,
};
