#include "credctl/base/status.h"
#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

/* --- a command's options, under their headings --- */

#define OWN "Options"

/* Calls `each` for every option, and `heading` before the first of each group. */
struct option_reader {
    void (*heading)(struct cc_buf *out, const char *text);
    void (*each)(struct cc_buf *out, const struct cc_shape_field *field);
};

/* Groups of the command itself come first, in any order of the rows. */
static void read_group(const struct cc_shape *shape, const char *heading,
                       const struct option_reader *reader, struct cc_buf *out)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(shape);
    struct cc_shape_member member;
    bool begun = false;

    while (cc_shape_next(&walk, &member)) {
        if (member.field->rules & CC_REST || strcmp(cc_shape_heading(&walk, OWN), heading) != 0) {
            continue;
        }
        if (!begun) {
            reader->heading(out, heading);
            begun = true;
        }
        reader->each(out, member.field);
    }
}

static void read_options(const struct cc_shape *shape, const struct option_reader *reader,
                         struct cc_buf *out)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(shape);
    struct cc_shape_member member;
    const char *done = OWN;

    read_group(shape, OWN, reader, out);
    while (cc_shape_next(&walk, &member)) {
        const char *heading = cc_shape_heading(&walk, OWN);

        if (strcmp(heading, OWN) != 0 && strcmp(heading, done) != 0) {
            read_group(shape, heading, reader, out);
            done = heading;
        }
    }
}

/* --- help --- */

#define LEFT  26
#define RIGHT 72

/* The number of bytes that fit on one line, broken at a blank; a longer word is not broken. */
static size_t one_line(const char *text)
{
    const size_t len = strlen(text);
    size_t cut = RIGHT;

    while (len > RIGHT && cut > 0 && text[cut] != ' ') {
        cut--;
    }
    return len <= RIGHT ? len : cut > 0 ? cut : strcspn(text, " ");
}

/* Adds `text` from column LEFT on, where the line already ends. */
static void wrapped(struct cc_buf *out, const char *text)
{
    size_t len = one_line(text);

    cc_buf_addf(out, "%.*s\n", (int)len, text);
    while (text[len]) {
        text += len + 1;
        len = one_line(text);
        cc_buf_addf(out, "  %-*s  %.*s\n", LEFT, "", (int)len, text);
    }
}

static void row(struct cc_buf *out, const char *left, const char *right)
{
    if (strlen(left) > LEFT) {
        cc_buf_addf(out, "  %s\n  %-*s  ", left, LEFT, "");
    } else {
        cc_buf_addf(out, "  %-*s  ", LEFT, left);
    }
    wrapped(out, right);
}

static void help_heading(struct cc_buf *out, const char *text)
{
    cc_buf_addf(out, "\n%s:\n", text);
}

static void help_option(struct cc_buf *out, const struct cc_shape_field *field)
{
    const char *option = cc_option_spelled(out->mem, field);

    row(out,
        cc_option_takes_value(field) ? cc_textf(out->mem, "%s %s", option, field->title) : option,
        cc_option_about(out->mem, field));
}

static void no_heading(struct cc_buf *out, const char *text)
{
    (void)out;
    (void)text;
}

static const struct option_reader for_help = {help_heading, help_option};

static void of_all(struct cc_buf *out)
{
    cc_buf_text(out,
                "usage: credctl <command> [options]\n\n"
                "Where in AWS this process runs, which role it has, and credentials for it.\n\n"
                "Commands:\n");
    for (const struct cc_command *const *command = cc_commands; *command; command++) {
        row(out, (*command)->name, (*command)->summary);
    }
    cc_buf_text(out, "\nOptions of every command:\n");
    read_options(cc_general_shape(out->mem), &(struct option_reader){no_heading, help_option}, out);
    cc_buf_text(out, "\nExit status:\n");
    for (const struct cc_status *status = cc_statuses; status->says; status++) {
        cc_buf_addf(out, "  %-4d %s\n", status->number, status->says);
    }
    cc_buf_text(out, "\nRun `credctl help COMMAND` for its options.\n");
}

static const char *words_of(const struct cc_command *command)
{
    const struct cc_shape_field *words = cc_command_words(command);

    return words ? words->title : "";
}

void cc_help_text(const struct cc_command *command, struct cc_buf *out)
{
    if (!command) {
        of_all(out);
        return;
    }
    const char *words = words_of(command);
    cc_buf_addf(out, "usage: credctl %s [options]%s%s\n\ncredctl %s: %s\n", command->name,
                words[0] ? " " : "", words, command->name, command->summary);
    if (command->details) {
        cc_buf_addf(out, "\n%s\n", command->details);
    }
    read_options(command->options, &for_help, out);
    read_options(cc_common_shape(out->mem, command), &for_help, out);
}

/* --- the man page --- */

/* roff: a line must not start with a dot or quote, and '-' and '\' are special. */
static const char *roff(struct cc_arena *mem, const char *text)
{
    struct cc_buf safe = cc_buf_new(mem, 65536);
    bool fresh = true;

    for (; *text; text++) {
        if (fresh && (*text == '.' || *text == '\'')) {
            cc_buf_text(&safe, "\\&");
        }
        if (*text == '\\') {
            cc_buf_text(&safe, "\\e");
        } else if (*text == '-') {
            cc_buf_text(&safe, "\\-");
        } else {
            cc_buf_add(&safe, text, 1);
        }
        fresh = *text == '\n';
    }
    return safe.text;
}

static void man_heading(struct cc_buf *out, const char *text)
{
    cc_buf_addf(out, ".PP\n\\fB%s\\fR\n", text);
}

static void man_option(struct cc_buf *out, const struct cc_shape_field *field)
{
    cc_buf_addf(out, ".TP\n\\fB%s\\fR", roff(out->mem, cc_option_spelled(out->mem, field)));
    if (cc_option_takes_value(field)) {
        cc_buf_addf(out, " \\fI%s\\fR", roff(out->mem, field->title));
    }
    cc_buf_addf(out, "\n%s\n", roff(out->mem, cc_option_about(out->mem, field)));
}

static const struct option_reader for_man = {man_heading, man_option};

static void man_command(struct cc_buf *out, const struct cc_command *command)
{
    const char *words = words_of(command);

    cc_buf_addf(out, ".SS \"credctl %s%s%s\"\n%s\n", command->name, words[0] ? " " : "",
                roff(out->mem, words), roff(out->mem, command->summary));
    if (command->details) {
        cc_buf_addf(out, ".PP\n.nf\n%s\n.fi\n", roff(out->mem, command->details));
    }
    read_options(command->options, &for_man, out);
    if (command->reports) { /* it has more values of an option that is described for all */
        man_heading(out, cc_common_shape(out->mem, command)->heading);
        man_option(out, cc_common_shape(out->mem, command)->fields);
    }
}

void cc_help_man(struct cc_buf *out)
{
    cc_buf_text(out, ".TH CREDCTL 1 \"\" \"credctl " CREDCTL_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\ncredctl \\- AWS environment and credentials, explained\n"
                     ".SH SYNOPSIS\n\\fBcredctl\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n"
                     ".SH COMMANDS\n");
    for (const struct cc_command *const *command = cc_commands; *command; command++) {
        man_command(out, *command);
    }
    cc_buf_text(out, ".SH OPTIONS OF EVERY COMMAND\n");
    read_options(cc_general_shape(out->mem), &(struct option_reader){no_heading, man_option}, out);
    cc_buf_text(out, ".SH EXIT STATUS\n.nf\n");
    for (const struct cc_status *status = cc_statuses; status->says; status++) {
        cc_buf_addf(out, "%-4d %s\n", status->number, roff(out->mem, status->says));
    }
    cc_buf_text(out, ".fi\n");
}

/* --- the fields of answers --- */

void cc_help_fields(struct cc_buf *out)
{
    cc_buf_text(out, "# Answers\n\n"
                     "The fields of every answer, in the order of `--output json`. `credctl schema "
                     "COMMAND` has the same\nas JSON Schema. A time is RFC 3339 in UTC.\n");
    for (const struct cc_command *const *command = cc_commands; *command; command++) {
        if ((*command)->answer) {
            cc_buf_addf(out, "\n## credctl %s\n\n| field | type | meaning |\n|---|---|---|\n",
                        (*command)->name);
            cc_shape_fields((*command)->answer, out);
        }
    }
}

/* --- the command --- */

struct help_options {
    bool man;
    bool fields;
    const char *const *words;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(FLAG, struct help_options, man, NULL, "print the man page (roff) of everything"),
    CC_ROW(FLAG, struct help_options, fields, NULL, "print the fields of every answer (Markdown)"),
    CC_ROW(TEXTS, struct help_options, words, "[COMMAND]", "the command to explain",
           .rules = CC_REST),
    {0},
};
static const struct cc_shape options_shape = {"help", option_fields, sizeof(struct help_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct help_options *given = options;
    const char *const *words = given->words;
    struct cc_buf text = cc_buf_new(&run->mem, 1 << 20);
    const char *name =
        words[0] && words[1] ? cc_textf(&run->mem, "%s %s", words[0], words[1]) : words[0];
    const struct cc_command *command = name ? cc_command_named(name) : NULL;

    if (given->man) {
        cc_help_man(&text);
    } else if (given->fields) {
        cc_help_fields(&text);
    } else if (name && !command) {
        return cc_fail(err, CC_E_USAGE, "\"%.60s\" is not a command", name);
    } else {
        cc_help_text(command, &text);
    }
    ((struct cc_plain *)answer)->text = text.text;
    return true;
}

const struct cc_command cc_command_help = {
    .name = "help",
    .summary = "print help, of everything or of one command",
    .options = &options_shape,
    .flags = CC_RAW,
    .run = run,
};
