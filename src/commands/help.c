#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

static const char *const exit_statuses[] = {
    "0    yes, or done",
    "1    the answer is no: a check failed, or access was denied",
    "3    some of many failed",
    "124  the deadline passed",
    "130  interrupted (143: terminated)",
    "252  wrong usage",
    "253  configuration or credentials are missing or broken",
    "254  AWS answered with an error",
    "255  anything else",
    NULL,
};

static void row(struct cc_buf *out, const char *left, const char *right)
{
    if (strlen(left) > 26) {
        cc_buf_addf(out, "  %s\n  %-26s  %s\n", left, "", right);
    } else {
        cc_buf_addf(out, "  %-26s  %s\n", left, right);
    }
}

static const char *spelled(struct cc_arena *mem, const struct cc_option *option)
{
    return cc_textf(mem, option->value ? "--%s %s" : "--%s", option->name, option->value);
}

static const char *explained(struct cc_arena *mem, const struct cc_option *option)
{
    return option->choices ? cc_textf(mem, "%s: %s", option->help, cc_choices(mem, option, "|"))
                           : option->help;
}

static void option_row(void *about, const struct cc_option *option)
{
    struct cc_buf *out = about;

    row(out, spelled(out->mem, option), explained(out->mem, option));
}

static void of_all(struct cc_buf *out)
{
    cc_buf_text(out,
                "usage: credctl <command> [options]\n\n"
                "Where in AWS this process runs, which role it has, and credentials for it.\n\n"
                "Commands:\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        row(out, (*c)->name, (*c)->summary);
    }
    cc_buf_text(out, "\nOptions of every command:\n");
    for (const struct cc_option *o = cc_common_options; o->name; o++) {
        option_row(out, o);
    }
    cc_buf_text(out, "\nExit status:\n");
    for (size_t i = 0; exit_statuses[i]; i++) {
        cc_buf_addf(out, "  %s\n", exit_statuses[i]);
    }
    cc_buf_text(out, "\n`credctl help COMMAND` tells more.\n");
}

void cc_help_text(const struct cc_command *command, struct cc_buf *out)
{
    if (!command) {
        of_all(out);
        return;
    }
    cc_buf_addf(out, "usage: credctl %s [options]%s%s\n\ncredctl %s: %s\n", command->name,
                command->words ? " " : "", command->words ? command->words : "", command->name,
                command->summary);
    if (command->details) {
        cc_buf_addf(out, "\n%s\n", command->details);
    }
    cc_buf_text(out, "\nOptions:\n");
    cc_options_each(command, option_row, out);
}

/* roff: a line must not begin with a dot or quote, and '-' and '\' are special. */
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

static void man_option(void *about, const struct cc_option *option)
{
    struct cc_buf *out = about;

    cc_buf_addf(out, ".TP\n\\fB%s\\fR", roff(out->mem, cc_textf(out->mem, "--%s", option->name)));
    if (option->value) {
        cc_buf_addf(out, " \\fI%s\\fR", roff(out->mem, option->value));
    }
    cc_buf_addf(out, "\n%s\n", roff(out->mem, explained(out->mem, option)));
}

static void man_command(struct cc_buf *out, const struct cc_command *command)
{
    cc_buf_addf(out, ".SS \"credctl %s%s%s\"\n%s\n", command->name, command->words ? " " : "",
                command->words ? roff(out->mem, command->words) : "",
                roff(out->mem, command->summary));
    if (command->details) {
        cc_buf_addf(out, ".PP\n.nf\n%s\n.fi\n", roff(out->mem, command->details));
    }
    for (const struct cc_option *o = command->options; o && o->name; o++) {
        man_option(out, o);
    }
}

void cc_help_man(struct cc_buf *out)
{
    cc_buf_text(out, ".TH CREDCTL 1 \"\" \"credctl " CREDCTL_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\ncredctl \\- AWS environment and credentials, explained\n"
                     ".SH SYNOPSIS\n\\fBcredctl\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n"
                     ".SH COMMANDS\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        man_command(out, *c);
    }
    cc_buf_text(out, ".SH OPTIONS OF EVERY COMMAND\n");
    for (const struct cc_option *o = cc_common_options; o->name; o++) {
        man_option(out, o);
    }
    cc_buf_text(out, ".SH OPTIONS OF THE CREDENTIAL CHAIN\n");
    for (const struct cc_option *o = cc_chain_options; o->name; o++) {
        man_option(out, o);
    }
    cc_buf_text(out, ".SH EXIT STATUS\n.nf\n");
    for (size_t i = 0; exit_statuses[i]; i++) {
        cc_buf_addf(out, "%s\n", roff(out->mem, exit_statuses[i]));
    }
    cc_buf_text(out, ".fi\n");
}

static bool help_on(struct cc_run *run, const char *const *words, struct cc_buf *text,
                    struct cc_error *err)
{
    const char *name =
        words[0] && words[1] ? cc_textf(&run->mem, "%s %s", words[0], words[1]) : words[0];
    const struct cc_command *command = name ? cc_command_named(name) : NULL;

    if (name && !command) {
        return cc_fail(err, CC_E_USAGE, "there is no command \"%s\"", name);
    }
    cc_help_text(command, text);
    return true;
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_buf text = cc_buf_new(&run->mem, 1 << 20);

    if (cc_flag(args, "man")) {
        cc_help_man(&text);
    } else if (!help_on(run, cc_words(args), &text, err)) {
        return false;
    }
    cJSON_AddStringToObject(result, "text", text.text);
    return true;
}

static const struct cc_option options[] = {
    {"man", NULL, "print the man page (roff) of everything"},
    {0},
};

const struct cc_command cc_command_help = {
    .name = "help",
    .summary = "print help, of everything or of one command",
    .words = "[COMMAND]",
    .options = options,
    .flags = CC_RAW | CC_NO_CHAIN,
    .run = run,
};
