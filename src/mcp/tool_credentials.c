#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/mcp/command_tool.h"

#include <string.h>

/*
 * `session`, with the members that the well-architected security server has for the same question:
 * what the configured role to assume is, and whether it works.
 */

extern const struct cc_command cc_command_session;

static const struct cc_mcp_argument arguments[] = {
    {.name = "profile", .strays = true},
    {.name = "region"},
    {.name = "role_arn", .about = "role to assume with the credentials found", .assumes = true},
    {.name = "external_id", .about = "external ID for role_arn"},
    {.name = "session_name", .option = "role_session_name", .about = "session name for role_arn"},
    {.name = "offline"},
    {0},
};

static const char *const actions[] = {"sts:GetCallerIdentity", "sts:AssumeRole", NULL};

struct config {
    bool configured;
    bool valid;
    const char *role_arn;
    const char *session_name;
    bool external_id_configured;
    const char *const *issues;
    const char *message;
};

struct info {
    const char *account_id;
    const char *user_id;
    const char *arn;
    bool assume_role_configured;
    const char *error;
};

struct view {
    const char *credential_source;
    bool assume_role_configured;
    const char *validation_status;
    const struct config *assume_role_config;
    const struct info *session_info;
    const char *const *recommendations;
    const char *message;
};

static const char *const sources[] = {"assume_role", "default_chain", "unknown", NULL};
static const char *const states[] = {"valid", "invalid", NULL};

// clang-format off
static const struct cc_shape_field config_fields[] = {
    CC_ROW(FLAG, struct config, configured, NULL, "a role to assume is set"),
    CC_ROW(FLAG, struct config, valid, NULL, "it was assumed"),
    CC_ROW(TEXT, struct config, role_arn, NULL, "its ARN", .rules = CC_NULL),
    CC_ROW(TEXT, struct config, session_name, NULL, "the session name that is used", .rules = CC_NULL),
    CC_ROW(FLAG, struct config, external_id_configured, NULL, "an external ID is set"),
    CC_ROW(TEXTS, struct config, issues, NULL, "what is wrong with it"),
    CC_ROW(TEXT, struct config, message, NULL, "the same in one sentence"),
    {0},
};
static const struct cc_shape config_shape = {"assume role config", config_fields, sizeof(struct config)};

static const struct cc_shape_field info_fields[] = {
    CC_ROW(TEXT, struct info, account_id, NULL, "account of the credentials", .rules = CC_NULL),
    CC_ROW(TEXT, struct info, user_id, NULL, "unique ID of the identity", .rules = CC_NULL),
    CC_ROW(TEXT, struct info, arn, NULL, "ARN of the identity", .rules = CC_NULL),
    CC_ROW(FLAG, struct info, assume_role_configured, NULL, "a role to assume is set"),
    CC_ROW(TEXT, struct info, error, NULL, "why there are no credentials", .rules = CC_NULL),
    {0},
};
static const struct cc_shape info_shape = {"session info", info_fields, sizeof(struct info)};

static const struct cc_shape_field view_fields[] = {
    CC_ROW(TEXT, struct view, credential_source, NULL, "where the credentials are from", .words = sources),
    CC_ROW(FLAG, struct view, assume_role_configured, NULL, "a role to assume is set"),
    CC_ROW(TEXT, struct view, validation_status, NULL, "whether there are credentials that work", .words = states),
    CC_ROW_OBJECT(struct view, assume_role_config, struct config, &config_shape, NULL, "the role to assume"),
    CC_ROW_OBJECT(struct view, session_info, struct info, &info_shape, NULL, "who the credentials belong to"),
    CC_ROW(TEXTS, struct view, recommendations, NULL, "what to do next"),
    CC_ROW(TEXT, struct view, message, NULL, "the result in one sentence"),
    {0},
};
// clang-format on
static const struct cc_shape view_shape = {"credential view", view_fields, sizeof(struct view)};

/* What the client gave, else what the variable has. */
static const char *setting(struct cc_run *run, const cJSON *given, const char *argument,
                           const char *variable)
{
    const char *text = cc_json_text(given, argument);

    return text ? text : cc_env(run, variable);
}

/* A list of one text, or of none. */
static const char *const *list_of(struct cc_arena *mem, const char *text)
{
    const char **list = cc_alloc(mem, 2 * sizeof(*list));

    list[0] = text;
    return (const char *const *)list;
}

static const struct config *config_of(struct cc_run *run, const cJSON *given, const char *why)
{
    struct config *config = cc_alloc(&run->mem, sizeof(*config));
    const char *role = setting(run, given, "role_arn", "AWS_ASSUME_ROLE_ARN");
    const char *name = setting(run, given, "session_name", "AWS_ASSUME_ROLE_SESSION_NAME");

    *config = (struct config){
        .configured = role != NULL,
        .valid = role && !why,
        .role_arn = role,
        .session_name = !role  ? NULL
                        : name ? name
                               : "mcp-server-session",
        .external_id_configured =
            setting(run, given, "external_id", "AWS_ASSUME_ROLE_EXTERNAL_ID") != NULL,
        .issues = list_of(&run->mem, role ? why : NULL),
        .message = !role ? "no role to assume is set: the credentials of the chain are used"
                   : why ? "the role could not be assumed"
                         : "the role was assumed",
    };
    return config;
}

static void add(struct cc_run *run, const cJSON *given, const cJSON *result, void *more)
{
    struct view *view = more;
    struct info *info = cc_alloc(&run->mem, sizeof(*info));
    const cJSON *error = cc_json_object(result, "error");
    const char *why = error ? cc_json_text(error, "what") : NULL;
    const struct config *config = config_of(run, given, why);

    *info = (struct info){
        .account_id = cc_json_text(result, "account_id"),
        .user_id = cc_json_text(result, "user_id"),
        .arn = cc_json_text(result, "arn"),
        .assume_role_configured = config->configured,
        .error = why,
    };
    *view = (struct view){
        .credential_source = sources[why                  ? 2
                                     : config->configured ? 0
                                                          : 1],
        .assume_role_configured = config->configured,
        .validation_status = states[why != NULL],
        .assume_role_config = config,
        .session_info = info,
        .recommendations = list_of(&run->mem, cc_json_text(error, "fix")),
        .message = why ? why : "the credentials work",
    };
}

static const struct cc_mcp_command row = {
    .command = &cc_command_session,
    .arguments = arguments,
    .more = &view_shape,
    .add = add,
};

const struct cc_mcp_tool cc_mcp_tool_credentials = {
    .name = "ValidateCredentialConfiguration",
    .title = "Who the credentials belong to",
    .about = "Says who the AWS credentials of this server belong to, where they come from, until "
             "when they are valid, what each provider of the chain answered, and whether the "
             "configured role can be assumed. Shows no secret.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions = actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
