#ifndef TESTS_MCP_TOOLS_SUPPORT_H
#define TESTS_MCP_TOOLS_SUPPORT_H

/* A tool of `credctl mcp`, called in the fake world. */

#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/mcp/table.h"

#include "../../src/mcp/command_parts.h"
#include "support/search.h"

#define IDENTITY(account, arn)                                                       \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:" arn "</Arn>" \
    "<UserId>U:s</UserId><Account>" account "</Account></GetCallerIdentityResult>"   \
    "</GetCallerIdentityResponse>"
#define USER IDENTITY("111122223333", "iam::111122223333:user/u")

/* The result of a call. */
struct called {
    struct cc_mcp_outcome outcome;
    const cJSON *structured; /* NULL when it failed ... */
    const cJSON *error;      /* ... with this */
};

static inline const struct cc_mcp_tool *tool_named(const char *name)
{
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        if (cc_text_equal(cc_mcp_tools[i]->name, name)) {
            return cc_mcp_tools[i];
        }
    }
    fail_msg("there is no tool %s", name);
    return NULL;
}

static inline const cJSON *parsed(struct fake *fake, const char *text)
{
    const cJSON *doc = NULL;
    struct cc_error err;

    if (!cc_json_parse(&fake->run.mem, text, strlen(text), "a result", &doc, &err)) {
        fail_msg("%s: %s", text, err.why);
    }
    return doc;
}

/* The action of a request to STS, IAM or Organizations. */
static inline const char *action_of(struct fake *fake, const struct fake_sent *sent)
{
    const char *target = strstr(sent->headers, "AWSOrganizationsV20161128.");
    const char *action = sent->body ? strstr(sent->body, "Action=") : NULL;

    if (target) {
        target += strlen("AWSOrganizationsV20161128.");
        return cc_textf(&fake->mem, "organizations:%.*s", (int)strcspn(target, "\n"), target);
    }
    if (!action) {
        return NULL; /* not a call of AWS: metadata */
    }
    action += strlen("Action=");
    return cc_textf(&fake->mem, "%s:%.*s", strstr(sent->url, "://sts.") ? "sts" : "iam",
                    (int)strcspn(action, "&"), action);
}

/* A tool calls only what it says. */
static inline void only_declared(struct fake *fake, const struct cc_mcp_tool *tool, size_t from)
{
    for (size_t i = from; i < fake->sent_count; i++) {
        const char *action = action_of(fake, &fake->sent[i]);
        const char *const *declared = cc_mcp_tool_actions(&fake->mem, tool);

        while (action && declared && *declared && !cc_text_equal(*declared, action)) {
            declared++;
        }
        if (action && (!declared || !*declared)) {
            fail_msg("%s calls %s", tool->name, action);
        }
    }
}

static inline struct called call_with(struct fake *fake, const struct cc_mcp_call *how,
                                      const char *arguments)
{
    struct cc_mcp_call call = *how;
    struct called called = {0};

    call.arguments = arguments ? parsed(fake, arguments) : NULL;
    call.max_output = call.max_output ? call.max_output : 60000;
    const size_t before = fake->sent_count;
    call.tool->call(&fake->run, &call, &called.outcome);
    only_declared(fake, call.tool, before);
    const cJSON *blocks = parsed(fake, called.outcome.content);
    assert_int_equal(cJSON_GetArraySize(blocks), 1);
    assert_string_equal(cc_json_text(blocks->child, "type"), "text");
    const char *text = cc_json_text(blocks->child, "text");
    if (called.outcome.failed) {
        assert_null(called.outcome.structured);
        called.error = parsed(fake, text);
        assert_non_null(cc_json_text(called.error, "fix"));
    } else {
        assert_string_equal(text, called.outcome.structured);
        called.structured = parsed(fake, text);
    }
    return called;
}

static inline struct called call(struct fake *fake, const char *tool, const char *arguments)
{
    const struct cc_mcp_call how = {.tool = tool_named(tool)};

    return call_with(fake, &how, arguments);
}

static inline void failed(const struct called *called, const char *code, const char *what)
{
    if (!called->error) {
        fail_msg("it did not fail: %s", called->outcome.structured);
    }
    assert_string_equal(cc_json_text(called->error, "code"), code);
    if (!strstr(cc_json_text(called->error, "what"), what)) {
        fail_msg("%s is not in %s", what, cc_json_text(called->error, "what"));
    }
}

/* The members of the result are those that the output schema requires. */
static inline void as_in_schema(struct fake *fake, const char *tool, const struct called *called)
{
    const struct cc_mcp_tool *row = tool_named(tool);
    const cJSON *schema = parsed(fake, row->output(&fake->run.mem, row));
    const cJSON *required = cJSON_GetObjectItemCaseSensitive(schema, "required");

    assert_non_null(called->structured);
    assert_int_equal(cJSON_GetArraySize(called->structured), cJSON_GetArraySize(required));
    for (const cJSON *name = required->child; name; name = name->next) {
        assert_non_null(cJSON_GetObjectItemCaseSensitive(called->structured, name->valuestring));
    }
}

static inline void keys(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
}

#endif
