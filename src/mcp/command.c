#include "credctl/commands/command.h"

#include "credctl/aws/arn.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"
#include "credctl/mcp/command_tool.h"
#include "credctl/mcp/http.h"
#include "credctl/mcp/stdio.h"
#include "credctl/mcp/table.h"

#include <string.h>

#define CALLS_MAX    256
#define PAGE         100
#define METADATA_MAX 65536

struct options {
    const char *const *allow_roles;
    const char *const *allow_accounts;
    const char *tools; /* names, separated by commas */
    bool read_only;
    int64_t call_timeout_ms;
    int max_output;
    const char *listen;
    const char *const *allow_hosts;
    const char *const *allow_origins;
    const char *token_file;
    const char *metadata_file;
};

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct options, member, __VA_ARGS__)
#define NAMED(name, kind, member, ...) CC_ROW_AS(name, kind, struct options, member, __VA_ARGS__)

static const struct cc_shape_field http_fields[] = {
    ROW(TEXT, listen, "ADDR:PORT", "serve over HTTP at http://ADDR:PORT/mcp, not on standard input"),
    NAMED("allow_host", TEXTS, allow_hosts, "HOST",
        "a name under which clients reach the server, with or without port; may be repeated"),
    NAMED("allow_origin", TEXTS, allow_origins, "ORIGIN",
        "a web page that may use the server, such as https://example.com; may be repeated"),
    ROW(TEXT, token_file, "PATH", "ask every client for the bearer token in this file"),
    NAMED("resource_metadata", TEXT, metadata_file, "PATH",
        "serve this document (RFC 9728), which says where clients get their tokens"),
    {0},
};
static const struct cc_shape http_shape = {"http", http_fields, sizeof(struct options),
                                           .heading = "HTTP", .first_needed = true};

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
    CC_ROW_PART(struct options, &http_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"mcp", fields, sizeof(struct options)};

#define INSTRUCTIONS                                                                             \
    "Read-only answers about AWS credentials, environments, access and security. Errors have a " \
    "code, what failed, why, and how to correct it."
#define BEGIN_WITH "ValidateCredentialConfiguration"

/* Only tools that are offered are named. */
static const char *instructions(const struct cc_mcp_offer *offer)
{
    return cc_mcp_tool_named(offer, BEGIN_WITH) ? INSTRUCTIONS
               " Call " BEGIN_WITH " first: it says whose credentials are used, and "
               "what to do when there are none."
                                                : INSTRUCTIONS;
}

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
    tools = cc_alloc(mem, (count + 1) * sizeof(void *));
    count = 0;
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_tool *tool = cc_mcp_tools[i];

        if (!tool->changes && (!given->tools || listed(given->tools, tool->name))) {
            tools[count++] = tool;
        }
    }
    return (const struct cc_mcp_tool *const *)tools;
}

/* RFC 9728: the document names its resource and at least one server that gives out tokens. */
static bool metadata_of(struct cc_run *run, const char *path, struct cc_mcp_gate *gate,
                        struct cc_error *err)
{
    const char *text = NULL;
    const cJSON *doc = NULL;
    struct cc_url url;
    size_t len = 0;

    if (!cc_read_file(run, path, METADATA_MAX, &text, &len, err) ||
        !cc_json_parse(&run->mem, text, len, path, &doc, err)) {
        return false;
    }
    const char *resource = cc_json_text(doc, "resource");
    const cJSON *servers = cJSON_GetObjectItemCaseSensitive(doc, "authorization_servers");
    if (!resource || !cJSON_IsArray(servers) || cJSON_GetArraySize(servers) == 0) {
        cc_fail(err, CC_E_CONFIG, "%s is not the metadata of a protected resource", path);
        cc_why(err, "it has no resource, or no authorization_servers");
        return cc_fix(err, "write it as RFC 9728 has it");
    }
    if (!cc_url_parse(&run->mem, resource, "resource", &url, err)) {
        return false;
    }
    gate->metadata = text;
    gate->metadata_url = cc_textf(&run->mem, "%s/.well-known/oauth-protected-resource%s",
                                  url.origin, cc_text_equal(url.path, "/") ? "" : url.path);
    return true;
}

static bool serve_http(struct cc_run *run, const struct options *given,
                       const struct cc_mcp_offer *offer, const struct cc_mcp_limits *limits,
                       struct cc_error *err)
{
    struct cc_mcp_http_options http = {
        .listen = given->listen,
        .gate = {.hosts = given->allow_hosts, .origins = given->allow_origins},
    };

    if (given->token_file && !cc_read_secret(run, given->token_file, &http.gate.token, err)) {
        return false;
    }
    return (!given->metadata_file || metadata_of(run, given->metadata_file, &http.gate, err)) &&
           cc_mcp_http(run, offer, limits, &http, err);
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct options *given = options;
    const struct cc_mcp_rules rules = {given->allow_roles, given->allow_accounts};
    struct cc_mcp_made made = {.mem = &run->mem};
    struct cc_mcp_offer offer = {
        .name = "credctl",
        .title = "credctl: AWS credentials and access",
        .version = CREDCTL_VERSION,
        .tools = chosen(&run->mem, given),
        .prompts = cc_mcp_prompts,
        .page = PAGE,
        .made = &made,
        .rules = &rules,
    };
    const struct cc_mcp_limits limits = {
        .call_ms = given->call_timeout_ms,
        .max_output = (size_t)given->max_output,
        .calls = CALLS_MAX,
    };

    (void)answer;
    offer.instructions = instructions(&offer);
    return given->listen ? serve_http(run, given, &offer, &limits, err)
                         : cc_mcp_stdio(run, &offer, &limits, err);
}

const struct cc_command cc_command_mcp = {
    .name = "mcp",
    .summary = "serve the answers of this program to AI agents (Model Context Protocol)",
    .details =
        "Speaks every published revision of the protocol, 2024-11-05 to 2026-07-28, on standard\n"
        "input and output, or with --listen over HTTP. Its tools only read. Credentials are looked for anew in each call, so\n"
        "that a login or a changed file counts at once; role_arn, profile and region can be given\n"
        "with each call. No tool writes files, starts programs or shows secrets. SIGTERM and the\n"
        "end of the input end it with status 0.",
    .options = &options_shape,
    .flags = CC_RAW,
    .run = run,
};
