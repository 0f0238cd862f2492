#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* prompts/list, prompts/get, and completion of the arguments of prompts. */

#define VALUES_MAX 100

static const struct cc_mcp_prompt_argument no_arguments[] = {{0}};

static const struct cc_mcp_prompt_argument *arguments_of(const struct cc_mcp_prompt *prompt)
{
    return prompt->arguments ? prompt->arguments : no_arguments;
}

static void say_prompt(const struct cc_mcp_prompt *prompt, struct cc_mcp_result *result)
{
    cc_mcp_begin(result, NULL, false);
    cc_mcp_text(result, "name", prompt->name);
    cc_mcp_text_if(result, "title", prompt->title);
    cc_mcp_text(result, "description", prompt->about);
    cc_mcp_begin(result, "arguments", true);
    for (const struct cc_mcp_prompt_argument *one = arguments_of(prompt); one->name; one++) {
        cc_mcp_begin(result, NULL, false);
        cc_mcp_text(result, "name", one->name);
        cc_mcp_text(result, "description", one->about);
        cc_mcp_raw(result, "required", one->required ? "true" : "false");
        cc_mcp_end(result, false);
    }
    cc_mcp_end(result, true);
    cc_mcp_end(result, false);
}

bool cc_mcp_prompts_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    size_t count = 0;
    size_t first = 0;
    size_t last = 0;

    while (asked->offer->prompts[count]) {
        count++;
    }
    if (!cc_mcp_page(asked, "prompts", count, result, &first, &last)) {
        return false;
    }
    cc_mcp_begin(result, "prompts", true);
    for (size_t i = first; i < last; i++) {
        say_prompt(asked->offer->prompts[i], result);
    }
    cc_mcp_end(result, true);
    return true;
}

static const struct cc_mcp_prompt *named(const struct cc_mcp_offer *offer, const char *name)
{
    for (const struct cc_mcp_prompt *const *prompt = offer->prompts; *prompt; prompt++) {
        if (cc_text_equal((*prompt)->name, name)) {
            return *prompt;
        }
    }
    return NULL;
}

static const struct cc_mcp_prompt_argument *argument_named(const struct cc_mcp_prompt *prompt,
                                                           const char *name)
{
    const struct cc_mcp_prompt_argument *one = arguments_of(prompt);

    while (one->name && !cc_text_equal(one->name, name)) {
        one++;
    }
    return one->name ? one : NULL;
}

/* Known arguments only, all of them texts, and those that are required. */
static bool arguments_fit(struct cc_mcp_asked *asked, const struct cc_mcp_prompt *prompt,
                          const cJSON *arguments)
{
    for (const cJSON *given = arguments ? arguments->child : NULL; given; given = given->next) {
        if (!cJSON_IsString(given) || !argument_named(prompt, given->string)) {
            return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS,
                               cc_textf(asked->mem,
                                        "the argument %.60s is not known, or is not text",
                                        given->string),
                               NULL);
        }
    }
    for (const struct cc_mcp_prompt_argument *one = arguments_of(prompt); one->name; one++) {
        if (one->required && !cJSON_GetObjectItemCaseSensitive(arguments, one->name)) {
            return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS,
                               cc_textf(asked->mem, "the argument %s is missing", one->name), NULL);
        }
    }
    return true;
}

bool cc_mcp_prompts_get(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(asked->params, "name"));
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(asked->params, "arguments");
    const struct cc_mcp_prompt *prompt = name ? named(asked->offer, name) : NULL;

    if (!prompt) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "there is no such prompt", NULL);
    }
    if (arguments && !cJSON_IsObject(arguments)) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "the arguments are not an object", NULL);
    }
    if (!arguments_fit(asked, prompt, arguments)) {
        return false;
    }
    cc_mcp_text(result, "description", prompt->about);
    cc_mcp_raw(result, "messages", prompt->messages(asked->mem, asked->offer, prompt, arguments));
    return true;
}

/* --- completion --- */

static void say_values(struct cc_arena *mem, const char *const *words, const char *begun,
                       struct cc_mcp_result *result)
{
    size_t total = 0;

    cc_mcp_begin(result, "completion", false);
    cc_mcp_begin(result, "values", true);
    for (; words && *words; words++) {
        if (cc_text_starts(*words, begun) && total++ < VALUES_MAX) {
            result->teller.text(&result->writer, *words);
        }
    }
    cc_mcp_end(result, true);
    cc_mcp_raw(result, "total", cc_textf(mem, "%zu", total));
    cc_mcp_raw(result, "hasMore", total > VALUES_MAX ? "true" : "false");
    cc_mcp_end(result, false);
}

static bool is_resource(const struct cc_mcp_offer *offer, const char *uri)
{
    for (size_t i = 0; offer->resources && offer->resources[i]; i++) {
        if (cc_text_equal(offer->resources[i]->uri, uri)) {
            return true;
        }
    }
    return false;
}

bool cc_mcp_complete(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    const cJSON *ref = cc_json_object(asked->params, "ref");
    const cJSON *argument = cc_json_object(asked->params, "argument");
    const char *type = cc_json_text(ref, "type");
    const char *name = cc_json_text(argument, "name");
    const char *begun = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(argument, "value"));

    if (!type || !name || !begun) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "ref or argument is incomplete", NULL);
    }
    if (cc_text_equal(type, "ref/resource") &&
        is_resource(asked->offer, cc_json_text(ref, "uri"))) {
        say_values(asked->mem, NULL, begun, result);
        return true;
    }
    const struct cc_mcp_prompt *prompt =
        cc_text_equal(type, "ref/prompt") ? named(asked->offer, cc_json_text(ref, "name")) : NULL;
    if (!prompt) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "ref names nothing that is offered", NULL);
    }
    const struct cc_mcp_prompt_argument *one = argument_named(prompt, name);
    if (!one) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "the prompt has no such argument", NULL);
    }
    say_values(asked->mem, one->words ? one->words(asked->mem) : NULL, begun, result);
    return true;
}
