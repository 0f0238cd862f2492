#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/mcp/http.h"
#include "credctl/mcp/stdio.h"
#include "credctl/world/heap.h"
#include "credctl/world/world.h"

#include <stdio.h>

/*
 * The core of `credctl mcp` with the tools, prompts and resources that the official conformance
 * suite calls, so that the parts of the protocol are judged that the tools of credctl do not use.
 * Usage: mcp_fixtures [ADDR:PORT]   (without an address: on standard input and output)
 */

/* A red pixel, and a sound of no length. */
#define PNG                                                                                \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJ" \
    "RU5ErkJggg=="
#define WAV        "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

#define TEXT(says) "{\"type\":\"text\",\"text\":\"" says "\"}"
#define IMAGE      "{\"type\":\"image\",\"data\":\"" PNG "\",\"mimeType\":\"image/png\"}"
#define PAUSE_MS   50

static const char *no_arguments(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    (void)mem;
    (void)tool;
    return "{\"type\":\"object\",\"additionalProperties\":false}";
}

/* Each tool has what it answers in `kind`. */
static void answer(struct cc_run *run, const struct cc_mcp_call *call,
                   struct cc_mcp_outcome *outcome)
{
    (void)run;
    *outcome = (struct cc_mcp_outcome){.content = call->tool->kind};
}

static void fail(struct cc_run *run, const struct cc_mcp_call *call, struct cc_mcp_outcome *outcome)
{
    answer(run, call, outcome);
    outcome->failed = true;
}

static void count(struct cc_run *run, const struct cc_mcp_call *call,
                  struct cc_mcp_outcome *outcome)
{
    for (size_t done = 0; done <= 100; done += 50) {
        if (run->follower) {
            run->follower->told(run->follower->about, done, 100);
        }
        cc_sleep_ms(run, PAUSE_MS);
    }
    answer(run, call, outcome);
}

/* Long enough to be cancelled. */
static void dawdle(struct cc_run *run, const struct cc_mcp_call *call,
                   struct cc_mcp_outcome *outcome)
{
    for (int i = 0; i < 100 && !cc_run_stopped(run); i++) {
        cc_sleep_ms(run, PAUSE_MS);
    }
    answer(run, call, outcome);
}

static const char *schema_2020(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    (void)mem;
    (void)tool;
    return "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
           "\"$defs\":{\"address\":{\"$anchor\":\"addressDef\",\"type\":\"object\",\"properties\":{"
           "\"street\":{\"type\":\"string\"},\"city\":{\"type\":\"string\"}}}},\"properties\":{"
           "\"name\":{\"type\":\"string\"},\"address\":{\"$ref\":\"#/$defs/address\"},"
           "\"contactMethod\":{\"type\":\"string\",\"enum\":[\"phone\",\"email\"]},"
           "\"phone\":{\"type\":\"string\"},\"email\":{\"type\":\"string\"}},"
           "\"allOf\":[{\"anyOf\":[{\"required\":[\"phone\"]},{\"required\":[\"email\"]}]}],"
           "\"if\":{\"properties\":{\"contactMethod\":{\"const\":\"phone\"}},\"required\":["
           "\"contactMethod\"]},\"then\":{\"required\":[\"phone\"]},\"else\":{\"required\":["
           "\"email\"]},\"additionalProperties\":false}";
}

static const char *repeated(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    (void)mem;
    (void)tool;
    return "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"region\":{"
           "\"type\":\"string\",\"x-mcp-header\":\"Region\"}}}";
}

static const struct cc_mcp_mirror mirrors[] = {{"region", "Mcp-Param-Region"}, {0}};
static const struct cc_mcp_tool tool_test_x_mcp_header = {
    .name = "test_x_mcp_header",
    .about = "a fixture",
    .input = repeated,
    .mirrors = mirrors,
    .idempotent = true,
    .call = answer,
    .kind = "[" TEXT("routed") "]",
};

#define TOOL(symbol, call_, says_, ...)                                     \
    static const struct cc_mcp_tool tool_##symbol = {.name = #symbol,       \
                                                     .about = "a fixture",  \
                                                     .input = no_arguments, \
                                                     .idempotent = true,    \
                                                     .call = (call_),       \
                                                     .kind = "[" says_ "]", \
                                                     __VA_ARGS__}

TOOL(test_simple_text, answer, TEXT("This is a simple text response for testing."));
TOOL(test_image_content, answer, IMAGE);
TOOL(test_audio_content, answer,
     "{\"type\":\"audio\",\"data\":\"" WAV "\",\"mimeType\":\"audio/wav\"}");
TOOL(test_embedded_resource, answer,
     "{\"type\":\"resource\",\"resource\":{\"uri\":\"test://embedded-resource\",\"mimeType\":"
     "\"text/plain\",\"text\":\"This is an embedded resource content.\"}}");
TOOL(
    test_multiple_content_types, answer,
    TEXT(
        "Multiple content types test:") "," IMAGE
                                        ",{\"type\":\"resource\",\"resource\":{\"uri\":\"test://mixed-content-resource\","
                                        "\"mimeType\":\"application/json\",\"text\":\"{\\\"test\\\":\\\"data\\\",\\\"value\\\":123}\"}}");
TOOL(test_error_handling, fail, TEXT("This tool intentionally returns an error for testing"));
TOOL(test_tool_with_progress, count, TEXT("done"));
TOOL(test_missing_capability, answer, TEXT("sampled"), .needs = "sampling");
TOOL(test_slow, dawdle, TEXT("slow"));
static const struct cc_mcp_tool tool_json_schema_2020_12_tool = {
    .name = "json_schema_2020_12_tool",
    .about = "a fixture",
    .input = schema_2020,
    .idempotent = true,
    .call = answer,
    .kind = "[" TEXT("JSON Schema 2020-12") "]",
};

static const struct cc_mcp_tool *const tools[] = {
    &tool_test_simple_text,        &tool_test_image_content,          &tool_test_audio_content,
    &tool_test_embedded_resource,  &tool_test_multiple_content_types, &tool_test_error_handling,
    &tool_test_tool_with_progress, &tool_test_missing_capability,     &tool_test_slow,
    &tool_test_x_mcp_header,       &tool_json_schema_2020_12_tool,    NULL,
};

/* --- prompts --- */

#define SAYS(content) "{\"role\":\"user\",\"content\":" content "}"

static const char *constant(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                            const struct cc_mcp_prompt *prompt, const cJSON *arguments)
{
    (void)mem;
    (void)offer;
    (void)arguments;
    return prompt->kind;
}

/* The arguments of the suite are plain words and URIs. */
static const char *plain(const cJSON *arguments, const char *name)
{
    const char *text = cc_json_text(arguments, name);

    return text && cc_text_consists(text, " :/-_.", 200) ? text : "";
}

static const char *both(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                        const struct cc_mcp_prompt *prompt, const cJSON *arguments)
{
    (void)offer;
    (void)prompt;
    return cc_textf(mem, "[" SAYS(TEXT("Prompt with arguments: arg1='%s', arg2='%s'")) "]",
                    plain(arguments, "arg1"), plain(arguments, "arg2"));
}

static const char *embedded(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                            const struct cc_mcp_prompt *prompt, const cJSON *arguments)
{
    (void)offer;
    (void)prompt;
    return cc_textf(
        mem,
        "[" SAYS(
            "{\"type\":\"resource\",\"resource\":{\"uri\":\"%s\",\"mimeType\":"
            "\"text/plain\",\"text\":\"Embedded resource content for testing.\"}}") "," SAYS(TEXT("Please process the embedded resource above.")) "]",
        plain(arguments, "resourceUri"));
}

static const struct cc_mcp_prompt_argument two_arguments[] = {
    {"arg1", "First test argument", true, NULL}, {"arg2", "Second test argument", true, NULL}, {0}};
static const struct cc_mcp_prompt_argument uri_argument[] = {
    {"resourceUri", "URI of the resource to embed", true, NULL}, {0}};

static const struct cc_mcp_prompt simple = {
    .name = "test_simple_prompt",
    .about = "a fixture",
    .messages = constant,
    .kind = "[" SAYS(TEXT("This is a simple prompt for testing.")) "]"};
static const struct cc_mcp_prompt with_arguments = {.name = "test_prompt_with_arguments",
                                                    .about = "a fixture",
                                                    .arguments = two_arguments,
                                                    .messages = both};
static const struct cc_mcp_prompt with_resource = {.name = "test_prompt_with_embedded_resource",
                                                   .about = "a fixture",
                                                   .arguments = uri_argument,
                                                   .messages = embedded};
static const struct cc_mcp_prompt with_image = {
    .name = "test_prompt_with_image",
    .about = "a fixture",
    .messages = constant,
    .kind = "[" SAYS(IMAGE) "," SAYS(TEXT("Please analyze the image above.")) "]"};

static const struct cc_mcp_prompt *const prompts[] = {&simple, &with_arguments, &with_resource,
                                                      &with_image, NULL};

/* --- resources --- */

static const struct cc_mcp_resource words = {
    .uri = "test://static-text",
    .name = "static text",
    .type = "text/plain",
    .content = "\"text\":\"This is the content of the static text resource.\""};
static const struct cc_mcp_resource picture = {.uri = "test://static-binary",
                                               .name = "static binary",
                                               .type = "image/png",
                                               .content = "\"blob\":\"" PNG "\""};
static const struct cc_mcp_resource watched = {.uri = "test://watched-resource",
                                               .name = "watched",
                                               .type = "text/plain",
                                               .content = "\"text\":\"watched\""};
static const struct cc_mcp_resource pattern = {
    .uri = "test://template/{id}/data",
    .name = "template",
    .type = "application/json",
    .pattern = true,
    .content = "\"text\":\"{\\\"id\\\":\\\"%s\\\",\\\"templateTest\\\":true}\""};

static const struct cc_mcp_resource *const resources[] = {&words, &picture, &watched, &pattern,
                                                          NULL};

int main(int argc, char **argv)
{
    struct cc_world *world = cc_world_real("");
    struct cc_run run = {.world = world};
    const struct cc_mcp_offer offer = {.name = "fixtures",
                                       .title = "Fixtures",
                                       .version = "1",
                                       .tools = tools,
                                       .prompts = prompts,
                                       .resources = resources,
                                       .page = 100};
    const struct cc_mcp_limits limits = {.call_ms = 45000, .max_output = 60000, .calls = 256};
    const struct cc_mcp_http_options http = {.listen = argc > 1 ? argv[1] : NULL};
    struct cc_error err = {0};

    cc_harden();
    const bool done = http.listen ? cc_mcp_http(&run, &offer, &limits, &http, &err)
                                  : cc_mcp_stdio(&run, &offer, &limits, &err);
    if (!done) {
        (void)fprintf(stderr, "mcp_fixtures: %s: %s\n", err.what, err.why);
    }
    cc_arena_wipe(&run.mem);
    cc_world_close(world);
    return done ? 0 : 1;
}
