#include "credctl/mcp/command_tool.h"

#include "credctl/base/text.h"

#include "command_parts.h"

#include <string.h>

/* How a command becomes a tool: its schemas, and a call of it. */

#define RESULT_MAX ((size_t)32 << 20)

static const struct cc_mcp_command *command_of(const struct cc_mcp_tool *tool)
{
    return tool->kind;
}

/* --- the result: the answer of the command, what the tool adds, and how much of it is here --- */

static const struct cc_shape_field tail_fields[] = {
    CC_ROW(FLAG, struct cc_mcp_tail, truncated, NULL,
           "the longest list was cut; call again with cursor for the rest"),
    CC_ROW(TEXT, struct cc_mcp_tail, next_cursor, NULL,
           "the cursor for the rest; null when there is none, or when it could not be stored",
           .rules = CC_NULL),
    {0},
};
static const struct cc_shape tail_shape = {"tail", tail_fields, sizeof(struct cc_mcp_tail)};
/* Without the first row: some answers say themselves that they are truncated. */
static const struct cc_shape cursor_shape = {"tail", tail_fields + 1, sizeof(struct cc_mcp_tail)};

static const struct cc_shape *tail_of(const struct cc_shape *answer)
{
    struct cc_shape_walk walk = cc_shape_walk(answer, NULL);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (cc_text_equal(member.field->name, tail_fields[0].name)) {
            return &cursor_shape;
        }
    }
    return &tail_shape;
}

static const struct cc_shape_field stored_fields[] = {
    CC_ROW(TEXT, struct cc_mcp_stored, context_id, NULL,
           "the handle for GetStoredSecurityContext; null when the result is not stored",
           .rules = CC_NULL),
    CC_ROW(TIME, struct cc_mcp_stored, context_expires, NULL, "until when it is valid",
           .rules = CC_NULL),
    CC_ROW(TEXT, struct cc_mcp_stored, context_note, NULL, "why the result could not be stored",
           .rules = CC_NULL),
    {0},
};
static const struct cc_shape stored_shape = {"stored", stored_fields, sizeof(struct cc_mcp_stored)};

static size_t aligned(size_t size)
{
    const size_t most = _Alignof(max_align_t);

    return (size + most - 1) / most * most;
}

/* Adds a struct at the end of another one; the place of the new one. */
static size_t attach(struct cc_shape *whole, struct cc_shape_field *fields, size_t *count,
                     const struct cc_shape *part)
{
    const size_t at = aligned(whole->size);

    fields[(*count)++] = (struct cc_shape_field){.name = "",
                                                 .kind = CC_KIND_GROUP,
                                                 .of = part,
                                                 .at = (uint16_t)at,
                                                 .of_size = (uint16_t)part->size};
    whole->size = at + part->size;
    return at;
}

void cc_mcp_layout(struct cc_arena *mem, const struct cc_mcp_command *row,
                   struct cc_mcp_layout *layout)
{
    struct cc_shape_field *fields = cc_alloc(mem, 5 * sizeof(*fields));
    size_t count = 0;

    *layout = (struct cc_mcp_layout){.shape = {row->command->name, fields, 0}};
    (void)attach(&layout->shape, fields, &count, row->command->answer);
    if (row->more) {
        layout->more = attach(&layout->shape, fields, &count, row->more);
    }
    if (row->stores) {
        layout->stored = attach(&layout->shape, fields, &count, &stored_shape);
    }
    layout->tail = attach(&layout->shape, fields, &count, tail_of(row->command->answer));
}

const char *cc_mcp_command_output(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    struct cc_buf out = cc_buf_new(mem, RESULT_MAX);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);
    struct cc_mcp_layout layout;

    cc_mcp_layout(mem, command_of(tool), &layout);
    cc_shape_tell_schema(mem, &layout.shape, &teller);
    return out.text;
}

/* --- a call --- */

static const char *json_of(struct cc_arena *mem, const struct cc_shape *shape, const void *value)
{
    struct cc_buf out = cc_buf_new(mem, RESULT_MAX);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);

    cc_shape_tell(mem, shape, value, &teller);
    return out.too_big ? NULL : out.text;
}

static const char *block(struct cc_arena *mem, const char *text)
{
    struct cc_buf out = cc_buf_new(mem, RESULT_MAX);
    struct cc_json_writer writer = {.out = &out};

    cc_buf_text(&out, "[{\"type\":\"text\",\"text\":");
    cc_json_teller(&writer).text(&writer, text);
    cc_buf_text(&out, "}]");
    return out.text;
}

static void succeed(struct cc_arena *mem, const char *json, struct cc_mcp_outcome *outcome)
{
    *outcome = (struct cc_mcp_outcome){.content = block(mem, json), .structured = json};
}

void cc_mcp_failed(struct cc_arena *mem, const struct cc_error *err, struct cc_mcp_outcome *outcome)
{
    const char *json = json_of(mem, &cc_error_shape, err);

    *outcome = (struct cc_mcp_outcome){.content = block(mem, json), .failed = true};
}

/* Credentials that AWS has rejected are asked for once more, past every cache. */
static bool without_cache(struct cc_run *run, const struct cc_mcp_command *row, void *options)
{
    static const struct cc_mcp_argument no_cache = {.name = "no_cache"};
    const struct cc_shape_field *field = cc_mcp_option_of(row, &no_cache);
    struct cc_shape_member member;
    struct cc_error ignored;

    return field &&
           cc_option_place(&run->mem, row->command->options, options, field, &member, &ignored) &&
           cc_option_put(&run->mem, &member, "", NULL, &ignored);
}

static bool ask(struct cc_run *run, const struct cc_mcp_command *row, void *options, void *answer,
                struct cc_error *err)
{
    const struct cc_run before = *run;

    if (row->command->run(run, options, answer, err)) {
        return true;
    }
    if (err->code != CC_E_EXPIRED || !without_cache(run, row, options)) {
        return false;
    }
    memset(answer, 0, row->command->answer->size);
    run->offline = before.offline;
    run->deadline_ms = before.deadline_ms;
    return row->command->run(run, options, answer, err);
}

static void *part_at(void *whole, size_t at)
{
    return (char *)whole + at;
}

/* The answer as a document, for what is added to it. */
static const cJSON *parsed(struct cc_run *run, const struct cc_mcp_layout *layout,
                           const void *whole)
{
    const char *text = json_of(&run->mem, &layout->shape, whole);

    return text ? cc_mcp_document(&run->mem, text) : NULL;
}

static bool perform(struct cc_run *run, const struct cc_mcp_call *call, const char **json,
                    struct cc_error *err)
{
    const struct cc_mcp_command *row = command_of(call->tool);
    void *options = cc_alloc(&run->mem, row->command->options->size);
    struct cc_mcp_layout layout;

    cc_mcp_layout(&run->mem, row, &layout);
    void *whole = cc_alloc(&run->mem, layout.shape.size);
    if (!cc_mcp_arguments(&run->mem, row, call->arguments, call->rules, options, err) ||
        !ask(run, row, options, whole, err)) {
        return false;
    }
    if (row->add) {
        row->add(run, call->arguments, parsed(run, &layout, whole), part_at(whole, layout.more));
    }
    if (row->stores) {
        cc_mcp_store(run, call, parsed(run, &layout, whole), part_at(whole, layout.stored));
    }
    *json = json_of(&run->mem, &layout.shape, whole);
    if (!*json) {
        return cc_fail(err, CC_E_TOO_BIG, "the result of %s is too large", call->tool->name);
    }
    return cc_mcp_cut(run, call, json, err);
}

void cc_mcp_command_call(struct cc_run *run, const struct cc_mcp_call *call,
                         struct cc_mcp_outcome *outcome)
{
    struct cc_error err = {0};
    const char *json = NULL;
    const cJSON *cursor = cJSON_GetObjectItemCaseSensitive(call->arguments, CC_MCP_CURSOR);

    if (cursor ? cc_mcp_continue(run, call, cursor, &json, &err)
               : perform(run, call, &json, &err)) {
        succeed(&run->mem, json, outcome);
    } else {
        cc_mcp_failed(&run->mem, &err, outcome);
    }
}
