#include "credctl/base/text.h"
#include "credctl/commands/command.h"

static const char *const log_formats[] = {[CC_LOG_TEXT] = "text", [CC_LOG_JSON] = "json", NULL};
static const char *const colors[] = {
    [CC_COLOR_AUTO] = "auto", [CC_COLOR_ON] = "on", [CC_COLOR_OFF] = "off", NULL};

static const struct cc_shape_field common[] = {
    CC_ROW(WORD, struct cc_common_options, color, "WHEN",
           "colour in messages; NO_COLOR is honoured", .words = colors),
    CC_ROW(WORD, struct cc_common_options, log_format, "FORMAT", "format of log lines",
           .words = log_formats),
    CC_ROW(FLAG, struct cc_common_options, debug, NULL, "log each step to stderr, without secrets"),
    CC_ROW(FLAG, struct cc_common_options, help, NULL, "print the help of the command"),
    {0},
};
static const struct cc_shape common_shape = {
    .name = "common", .fields = common, .size = sizeof(struct cc_common_options)};

/* --- the values of --output --- */

static bool has_table(const struct cc_command *command)
{
    return !(command->flags & (CC_RAW | CC_DOCUMENT));
}

static bool has_every(const struct cc_command *command)
{
    (void)command;
    return true;
}

static bool has_env(const struct cc_command *command)
{
    return (command->flags & CC_ENV) != 0;
}

static bool has_lines(const struct cc_command *command)
{
    return command->result != NULL;
}

static const struct {
    const char *name;
    bool (*has)(const struct cc_command *command);
} outputs[] = {
    {"text", has_every},  {"json", has_every}, {"yaml", has_every},
    {"table", has_table}, {"env", has_env},    {"jsonl", has_lines},
};

static bool is_listed(const char *const *names, const char *name)
{
    while (*names && !cc_text_equal(*names, name)) {
        names++;
    }
    return *names != NULL;
}

static size_t report_count(const struct cc_command *command)
{
    size_t count = 0;

    while (command->reports && command->reports[count].name) {
        count++;
    }
    return count;
}

static void add_reports(const struct cc_command *command, const char **names)
{
    size_t at = 0;

    while (names[at]) {
        at++;
    }
    for (size_t i = 0; i < report_count(command); i++) {
        if (!is_listed((const char *const *)names, command->reports[i].name)) {
            names[at++] = command->reports[i].name;
        }
    }
}

static const char *const *all_outputs(struct cc_arena *mem, bool reports)
{
    size_t room = CC_COUNT(outputs) + 1;

    for (const struct cc_command *const *row = cc_commands; *row; row++) {
        room += report_count(*row);
    }
    const char **names = cc_alloc(mem, room * sizeof(*names));
    for (size_t i = 0; i < CC_COUNT(outputs); i++) {
        names[i] = outputs[i].name;
    }
    for (const struct cc_command *const *row = cc_commands; *row && reports; row++) {
        add_reports(*row, names);
    }
    return (const char *const *)names;
}

const char *const *cc_command_outputs(struct cc_arena *mem, const struct cc_command *command)
{
    size_t count = 0;

    if (!command) {
        return all_outputs(mem, true);
    }
    const size_t room = CC_COUNT(outputs) + report_count(command) + 1;
    const char **names = cc_alloc(mem, room * sizeof(*names));
    for (size_t i = 0; i < CC_COUNT(outputs); i++) {
        if (outputs[i].has(command)) {
            names[count++] = outputs[i].name;
        }
    }
    add_reports(command, names);
    return (const char *const *)names;
}

static const struct cc_shape *shape_of(struct cc_arena *mem, const char *const *names, bool raw)
{
    struct cc_shape_field *fields = cc_alloc(mem, 3 * sizeof(*fields));
    struct cc_shape *shape = cc_alloc(mem, sizeof(*shape));
    /* The answer of a CC_RAW command has a format of its own. */
    const char *about = raw ? "format of an error (default: that of CREDCTL_OUTPUT, else text)"
                            : "format of the answer (default: that of CREDCTL_OUTPUT, else text)";

    fields[0] = (struct cc_shape_field)CC_ROW(TEXT, struct cc_common_options, output, "FORMAT",
                                              about, .words = names);
    fields[1] = (struct cc_shape_field)CC_ROW_PART(struct cc_common_options, &common_shape);
    *shape = (struct cc_shape){.name = "output",
                               .fields = fields,
                               .size = sizeof(struct cc_common_options),
                               .heading = "Output"};
    return shape;
}

const struct cc_shape *cc_common_shape(struct cc_arena *mem, const struct cc_command *command)
{
    return shape_of(mem, cc_command_outputs(mem, command), command && command->flags & CC_RAW);
}

const struct cc_shape *cc_general_shape(struct cc_arena *mem)
{
    return shape_of(mem, all_outputs(mem, false), false);
}

/* --- commands --- */

const struct cc_command *cc_command_named(const char *name)
{
    for (const struct cc_command *const *row = cc_commands; *row; row++) {
        if (cc_text_equal((*row)->name, name)) {
            return *row;
        }
    }
    return NULL;
}

size_t cc_command_answer_size(const struct cc_command *command)
{
    if (command->answer) {
        return command->answer->size;
    }
    return command->flags & CC_DOCUMENT ? sizeof(struct cc_document) : sizeof(struct cc_plain);
}

const struct cc_shape_field *cc_command_words(const struct cc_command *command)
{
    struct cc_shape_walk walk = cc_shape_walk(command->options, NULL);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (member.field->rules & CC_REST) {
            return member.field;
        }
    }
    return NULL;
}
