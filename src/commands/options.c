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

/* A shape for each set of formats that --output may have. */
#define OUTPUT(set, about)                                                                \
    static const struct cc_shape_field set##_fields[] = {                                 \
        CC_ROW(TEXT, struct cc_common_options, output, "FORMAT", about, .words = (set)),  \
        CC_ROW_PART(struct cc_common_options, &common_shape),                             \
        {0}};                                                                             \
    static const struct cc_shape set##_shape = {.name = "output",                         \
                                                .fields = set##_fields,                   \
                                                .size = sizeof(struct cc_common_options), \
                                                .heading = "Output"}

#define OF_ANSWER "format of the answer (default: that of CREDCTL_OUTPUT, else text)"
/* The answer of a CC_RAW command has a format of its own. */
#define OF_ERROR "format of an error (default: that of CREDCTL_OUTPUT, else text)"

static const char *const every[] = {"text", "json", "yaml", "table", "env", "jsonl", NULL};
static const char *const answers[] = {"text", "json", "yaml", "table", NULL};
static const char *const with_env[] = {"text", "json", "yaml", "table", "env", NULL};
static const char *const with_lines[] = {"text", "json", "yaml", "table", "jsonl", NULL};
static const char *const documents[] = {"text", "json", "yaml", NULL};
static const char *const errors[] = {"text", "json", "yaml", NULL};

OUTPUT(every, OF_ANSWER);
OUTPUT(answers, OF_ANSWER);
OUTPUT(with_env, OF_ANSWER);
OUTPUT(with_lines, OF_ANSWER);
OUTPUT(documents, OF_ANSWER);
OUTPUT(errors, OF_ERROR);

const struct cc_shape *cc_common_shape(const struct cc_command *command)
{
    if (!command) {
        return &every_shape;
    }
    if (command->flags & CC_RAW) {
        return &errors_shape;
    }
    if (command->flags & CC_DOCUMENT) {
        return &documents_shape;
    }
    if (command->flags & CC_ENV) {
        return &with_env_shape;
    }
    return command->result ? &with_lines_shape : &answers_shape;
}

const char *const *cc_command_outputs(const struct cc_command *command)
{
    return cc_common_shape(command)->fields->words;
}

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
