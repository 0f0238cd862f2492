#include "show.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

/* --- YAML --- */

static int on_yaml(void *out, unsigned char *bytes, size_t size)
{
    cc_buf_add(out, (const char *)bytes, size);
    return 1;
}

static void emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
    if (!made || !yaml_emitter_emit(emitter, event)) {
        abort(); /* out of memory, or an invalid sequence of events */
    }
}

static void yaml_scalar(yaml_emitter_t *emitter, const char *text, bool quoted)
{
    yaml_event_t event;

    emit(emitter, &event,
         yaml_scalar_event_initialize(
             &event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), !quoted, quoted,
             quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE));
}

/* Plain style, when all readers of YAML 1.1 and 1.2 read it as text. */
static bool plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n",   "~"};

    for (size_t i = 0; i < CC_COUNT(words); i++) {
        if (cc_text_equal_nocase(text, words[i])) {
            return false;
        }
    }
    return cc_text_consists(text, "-_./:", 200) && text[0] > '9' && !cc_text_ends(text, ":");
}

static void on_begin(void *emitter, bool list)
{
    yaml_event_t event;

    if (list) {
        emit(emitter, &event,
             yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_ANY_SEQUENCE_STYLE));
    } else {
        emit(emitter, &event,
             yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_ANY_MAPPING_STYLE));
    }
}

static void on_end(void *emitter, bool list)
{
    yaml_event_t event;

    emit(emitter, &event,
         list ? yaml_sequence_end_event_initialize(&event)
              : yaml_mapping_end_event_initialize(&event));
}

static void on_text(void *emitter, const char *text)
{
    yaml_scalar(emitter, text, !plain(text));
}

static void on_literal(void *emitter, const char *text)
{
    yaml_scalar(emitter, text, false);
}

void cc_show_yaml(struct cc_document document, struct cc_buf *out)
{
    yaml_emitter_t emitter;
    yaml_event_t event;
    const struct cc_teller teller = {&emitter, on_begin, on_end, on_text, on_text, on_literal};

    if (!yaml_emitter_initialize(&emitter)) {
        abort();
    }
    yaml_emitter_set_output(&emitter, on_yaml, out);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    document.tell(document.about, out->mem, &teller);
    emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1));
    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&emitter);
}

/* --- every format of --output --- */

/* The answer of a command as a document. */
struct answer {
    const struct cc_shape *shape;
    const void *value;
};

static void tell_answer(const void *about, struct cc_arena *mem, const struct cc_teller *teller)
{
    const struct answer *answer = about;

    cc_shape_tell(mem, answer->shape, answer->value, teller);
}

static void show_json(struct cc_document document, struct cc_buf *out)
{
    struct cc_json_writer writer = {.out = out, .indented = true};
    const struct cc_teller teller = cc_json_teller(&writer);

    document.tell(document.about, out->mem, &teller);
    cc_buf_text(out, "\n");
}

void cc_show_data(const struct cc_shape *shape, const void *value, bool yaml, struct cc_buf *out)
{
    const struct answer answer = {shape, value};
    const struct cc_document document = {tell_answer, &answer};

    if (yaml) {
        cc_show_yaml(document, out);
    } else {
        show_json(document, out);
    }
}

/* For people: the terminal gets only printable lines, whatever remote answers contain. */
static void print_plainly(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    struct cc_buf text = cc_buf_new(out->mem, out->max);

    command->print(answer, &text);
    out->too_big = text.too_big;
    for (const char *line = text.text; *line && !out->too_big;) {
        size_t len = strcspn(line, "\n");
        char *copy = cc_text_dup(out->mem, line, len);

        cc_text_make_printable(copy);
        cc_buf_text(out, copy);
        cc_buf_add(out, line + len, line[len] == '\n');
        line += len + (line[len] == '\n');
    }
}

static void as_json(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    cc_show_data(command->answer, answer, false, out);
}

static void as_yaml(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    cc_show_data(command->answer, answer, true, out);
}

static void as_text(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    (command->print ? print_plainly : as_json)(command, answer, out);
}

static void as_table(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    cc_shape_table(command->answer, answer, out);
}

static void as_env(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    cc_shape_env(command->answer, answer, "CREDCTL_", out);
}

/* Its results have already been written. */
static void as_lines(const struct cc_command *command, const void *answer, struct cc_buf *out)
{
    (void)command;
    (void)answer;
    (void)out;
}

static const struct {
    const char *name;
    void (*show)(const struct cc_command *command, const void *answer, struct cc_buf *out);
} formats[] = {
    {"text", as_text},   {"json", as_json}, {"yaml", as_yaml},
    {"table", as_table}, {"env", as_env},   {"jsonl", as_lines},
};

/* NULL: the command has no report of that name. */
static const struct cc_report *report_named(const struct cc_command *command, const char *name)
{
    const struct cc_report *report = command->reports;

    while (report && report->name && !cc_text_equal(report->name, name)) {
        report++;
    }
    return report && report->name ? report : NULL;
}

bool cc_show_has(const struct cc_command *command, const char *output)
{
    size_t i = 0;

    while (i < CC_COUNT(formats) && !cc_text_equal(output, formats[i].name)) {
        i++;
    }
    return i < CC_COUNT(formats) || report_named(command, output);
}

static void show_answer(const struct cc_command *command, const void *answer, const char *output,
                        struct cc_buf *out)
{
    const struct cc_report *report = report_named(command, output);

    if (report) {
        report->print(answer, out);
        return;
    }
    for (size_t i = 0; i < CC_COUNT(formats); i++) {
        if (cc_text_equal(output, formats[i].name)) {
            formats[i].show(command, answer, out);
        }
    }
}

void cc_show(const struct cc_command *command, const void *answer, const char *output,
             struct cc_buf *out)
{
    const struct cc_plain *raw = answer;
    const struct cc_document *document = answer;

    if (command->flags & CC_RAW) {
        cc_buf_text(out, raw->text ? raw->text : "");
    } else if (command->flags & CC_DOCUMENT) {
        (cc_text_equal(output, "yaml") ? cc_show_yaml : show_json)(*document, out);
    } else if (!command->silent || !command->silent(answer)) {
        show_answer(command, answer, output, out);
    }
}
