#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

/* What goes to stderr when a command fails under --output json or yaml. */
static const char error_schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"error\","
    "\"type\":\"object\",\"required\":[\"error\"],\"additionalProperties\":false,\"properties\":{"
    "\"error\":{\"type\":\"object\",\"required\":[\"code\",\"what\",\"why\",\"fix\"],"
    "\"additionalProperties\":false,\"properties\":{\"code\":{\"type\":\"string\"},"
    "\"what\":{\"type\":\"string\"},\"why\":{\"type\":\"string\"},\"fix\":{\"type\":\"string\"}}}}}";

static bool one(struct cc_run *run, const char *name, cJSON *result, struct cc_error *err)
{
    const struct cc_command *command = cc_command_named(name);
    const char *schema = cc_text_equal(name, "error") ? error_schema
                         : command                    ? command->schema
                                                      : NULL;
    const cJSON *parsed = NULL;

    if (!schema) {
        cc_fail(err, CC_E_USAGE, "there is no schema for \"%s\"", name);
        cc_why(err, "%s",
               command ? "that command prints text of its own format" : "no command has that name");
        return cc_fix(err, "run `credctl schema` to see those there are");
    }
    if (!cc_json_parse(&run->mem, schema, strlen(schema), name, &parsed, err)) {
        return false;
    }
    for (const cJSON *member = parsed->child; member; member = member->next) {
        cJSON_AddItemToObject(result, member->string, cJSON_Duplicate(member, true));
    }
    return true;
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    const char *const *words = cc_words(args);

    if (words[0]) {
        return one(run, words[1] ? cc_textf(&run->mem, "%s %s", words[0], words[1]) : words[0],
                   result, err);
    }
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        if ((*c)->schema &&
            !one(run, (*c)->name, cJSON_AddObjectToObject(result, (*c)->name), err)) {
            return false;
        }
    }
    return one(run, "error", cJSON_AddObjectToObject(result, "error"), err);
}

const struct cc_command cc_command_schema = {
    .name = "schema",
    .summary = "print the JSON Schema of a command's answer, or of all",
    .words = "[COMMAND]",
    .flags = CC_NO_CHAIN,
    .run = run,
};
