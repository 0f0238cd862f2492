#include "credctl/commands/command.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/mcp/command_tool.h"
#include "credctl/mcp/stdio.h"
#include "credctl/mcp/table.h"

#include <string.h>

#define CALLS_MAX 256
#define PAGE      100

struct options {
    const char *const *allow_roles;
    const char *const *allow_accounts;
    const char *tools; /* names, separated by commas */
    bool read_only;
    int64_t call_timeout_ms;
    int max_output;
};

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct options, member, __VA_ARGS__)
#define NAMED(name, kind, member, ...) CC_ROW_AS(name, kind, struct options, member, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, tools, "TOOL[,TOOL]", "offer only these tools", .words_from = cc_mcp_tool_names,
        .rules = CC_COMMAS),
    ROW(FLAG, read_only, NULL, "offer no tool that changes anything; this is the default, and all "
                               "there is"),
    NAMED("allow_role", TEXTS, allow_roles, "PATTERN",
        "assume only roles whose ARN matches, with * and ?; may be repeated"),
    NAMED("allow_account", TEXTS, allow_accounts, "ID",
        "assume only roles in this account; may be repeated", .form = &cc_account_form),
    NAMED("call_timeout", SPAN, call_timeout_ms, "SECONDS", "give up a call after this time",
        .most = 3600000, .usual = "45"),
    ROW(NUMBER, max_output, "BYTES", "largest result; the longest list of a larger one is cut",
        .least = 1000, .most = 10000000, .usual = "60000"),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"mcp", fields, sizeof(struct options)};

static const char instructions[] =
    "Read-only answers about AWS credentials, environments, access and security. Call "
    "ValidateCredentialConfiguration first: it says whose credentials are used, and what to do "
    "when there are none. Errors have a code, what failed, why, and how to correct it.";

/* "a,b,c": the name is one of them. */
static bool listed(const char *list, const char *name)
{
    const size_t len = strlen(name);

    while (*list) {
        list += strspn(list, " ,");
        const size_t word = strcspn(list, " ,");

        if (word == len && strncmp(list, name, len) == 0) {
            return true;
        }
        list += word;
    }
    return false;
}

static const struct cc_mcp_tool *const *chosen(struct cc_arena *mem, const struct options *given)
{
    const struct cc_mcp_tool **tools = NULL;
    size_t count = 0;

    while (cc_mcp_tools[count]) {
        count++;
    }
    tools = cc_alloc(mem, (count + 1) * sizeof(*tools));
    count = 0;
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_tool *tool = cc_mcp_tools[i];

        if (!tool->changes && (!given->tools || listed(given->tools, tool->name))) {
            tools[count++] = tool;
        }
    }
    return (const struct cc_mcp_tool *const *)tools;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct options *given = options;
    const struct cc_mcp_rules rules = {given->allow_roles, given->allow_accounts};
    const struct cc_mcp_offer offer = {
        .name = "credctl",
        .title = "credctl: AWS credentials and access",
        .version = CREDCTL_VERSION,
        .instructions = instructions,
        .tools = chosen(&run->mem, given),
        .prompts = cc_mcp_prompts,
        .page = PAGE,
        .rules = &rules,
    };
    const struct cc_mcp_limits limits = {
        .call_ms = given->call_timeout_ms,
        .max_output = (size_t)given->max_output,
        .calls = CALLS_MAX,
    };

    (void)answer;
    return cc_mcp_stdio(run, &offer, &limits, err);
}

const struct cc_command cc_command_mcp = {
    .name = "mcp",
    .summary = "serve the answers of this program to AI agents (Model Context Protocol)",
    .details =
        "Speaks every published revision of the protocol, 2024-11-05 to 2026-07-28, on standard\n"
        "input and output. Its tools only read. Credentials are looked for anew in each call, so\n"
        "that a login or a changed file counts at once; role_arn, profile and region can be given\n"
        "with each call. No tool writes files, starts programs or shows secrets. SIGTERM and the\n"
        "end of the input end it with status 0.",
    .options = &options_shape,
    .flags = CC_RAW,
    .run = run,
};
