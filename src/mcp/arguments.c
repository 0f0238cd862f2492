#include "credctl/base/text.h"

#include "command_parts.h"

#include <string.h>

/* The arguments of a tool: their schema, and how they become options of a command. */

#define SCHEMA_MAX ((size_t)1 << 20)

static const char *option_name(const struct cc_mcp_argument *argument)
{
    return argument->option ? argument->option : argument->name;
}

const struct cc_shape_field *cc_mcp_option_of(const struct cc_mcp_command *row,
                                              const struct cc_mcp_argument *argument)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(row->command->options);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (cc_text_equal(member.field->name, option_name(argument))) {
            return member.field;
        }
    }
    return NULL; /* a test checks every row */
}

/* The option as the argument has it. */
static struct cc_shape_field field_of(const struct cc_mcp_command *row,
                                      const struct cc_mcp_argument *argument)
{
    struct cc_shape_field field = *cc_mcp_option_of(row, argument);

    field.kind = argument->single ? CC_KIND_TEXT : field.kind;
    return field;
}

static void tell_required(const struct cc_mcp_command *row, const struct cc_teller *teller)
{
    teller->name(teller->about, "required");
    teller->begin(teller->about, true);
    for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
        if (one->required) {
            teller->text(teller->about, one->name);
        }
    }
    teller->end(teller->about, true);
}

static void tell_own(const struct cc_mcp_command *row, const struct cc_teller *teller)
{
    if (row->stores) {
        teller->name(teller->about, CC_MCP_STORE);
        teller->literal(teller->about,
                        row->keeps
                            ? "{\"type\":\"boolean\",\"default\":true,\"description\":\"keep the "
                              "result for GetStoredSecurityContext; its handle is context_id\"}"
                            : "{\"type\":\"boolean\",\"description\":\"keep the result for "
                              "GetStoredSecurityContext; its handle is context_id\"}");
    }
    if (row->debugs) {
        teller->name(teller->about, CC_MCP_DEBUG);
        teller->literal(teller->about, "{\"type\":\"boolean\",\"description\":\"has no effect: "
                                       "debug_info is always part of the result\"}");
    }
    teller->name(teller->about, CC_MCP_CURSOR);
    teller->literal(teller->about,
                    "{\"type\":\"string\",\"minLength\":1,\"description\":\"next_cursor of an "
                    "earlier result that was cut: gives the rest of it, without a new call\"}");
}

const char *cc_mcp_command_input(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    const struct cc_mcp_command *row = tool->kind;
    struct cc_buf out = cc_buf_new(mem, SCHEMA_MAX);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);

    teller.begin(&writer, false);
    teller.name(&writer, "type");
    teller.text(&writer, "object");
    teller.name(&writer, "additionalProperties");
    teller.literal(&writer, "false");
    tell_required(row, &teller);
    teller.name(&writer, "properties");
    teller.begin(&writer, false);
    for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
        const struct cc_shape_field field = field_of(row, one);

        teller.name(&writer, one->name);
        cc_option_tell_schema(mem, &field, one->about, &teller);
    }
    tell_own(row, &teller);
    teller.end(&writer, false);
    teller.end(&writer, false);
    return out.text;
}

static const char *name_at(const void *arguments, size_t i)
{
    return ((const struct cc_mcp_argument *)arguments)[i].name;
}

static const struct cc_mcp_argument *argument_named(const struct cc_mcp_command *row,
                                                    const char *name)
{
    for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
        if (cc_text_equal(one->name, name)) {
            return one;
        }
    }
    return NULL;
}

static bool unknown(const struct cc_mcp_command *row, const char *name, struct cc_error *err)
{
    const char *near = strlen(name) < 64 ? cc_text_nearest(name, name_at, row->arguments) : NULL;

    cc_fail(err, CC_E_USAGE, "there is no argument \"%.60s\"", name);
    return near ? cc_fix(err, "did you mean %s?", near)
                : cc_fix(err, "use the arguments of the tool's input schema");
}

static bool is_own(const struct cc_mcp_command *row, const char *name)
{
    return cc_text_equal(name, CC_MCP_CURSOR) ||
           (row->stores && cc_text_equal(name, CC_MCP_STORE)) ||
           (row->debugs && cc_text_equal(name, CC_MCP_DEBUG));
}

static bool put(struct cc_arena *mem, const struct cc_mcp_command *row,
                const struct cc_mcp_argument *argument, const cJSON *value, void *options,
                struct cc_error *err)
{
    struct cc_shape_member member;

    if (!cc_option_place(mem, row->command->options, options, cc_mcp_option_of(row, argument),
                         &member, err)) {
        return false;
    }
    if (argument->single && cJSON_IsString(value)) {
        return cc_option_put(mem, &member, argument->name, value->valuestring, err);
    }
    if (argument->single) {
        cc_fail(err, CC_E_USAGE, "%s has a value of the wrong type", argument->name);
        return cc_why(err, "it must be text");
    }
    return cc_option_put_json(mem, &member, argument->name, value, err);
}

/* In the order of the row, not of the client: of two options of a hop, the role comes first. */
static bool put_all(struct cc_arena *mem, const struct cc_mcp_command *row, const cJSON *given,
                    void *options, struct cc_error *err)
{
    for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(given, one->name);

        if (!value && one->required) {
            cc_fail(err, CC_E_USAGE, "the argument %s is missing", one->name);
            return cc_fix(err, "give %s", one->name);
        }
        if (value && !put(mem, row, one, value, options, err)) {
            return false;
        }
    }
    return true;
}

bool cc_mcp_arguments(struct cc_arena *mem, const struct cc_mcp_command *row, const cJSON *given,
                      const struct cc_mcp_rules *rules, void *options, struct cc_error *err)
{
    for (const cJSON *one = given ? given->child : NULL; one; one = one->next) {
        const struct cc_mcp_argument *argument = argument_named(row, one->string);

        if (!argument && !is_own(row, one->string)) {
            return unknown(row, one->string, err);
        }
        if (!argument && !cJSON_IsBool(one)) {
            cc_fail(err, CC_E_USAGE, "%s has a value of the wrong type", one->string);
            return cc_why(err, "it must be true or false");
        }
        if (argument && !cc_mcp_rules_allow(mem, rules, argument, one, err)) {
            return false;
        }
    }
    cc_options_begin(mem, row->command->options, options);
    return put_all(mem, row, given, options, err) &&
           cc_options_check(mem, row->command->options, options, err);
}
