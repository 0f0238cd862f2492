#include "credctl/cli/cli.h"

#include "credctl/base/text.h"

#include "argv.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX ((size_t)32 << 20)

/* How this run talks: decided before the command, so that its own errors are told the same way. */
struct manner {
    bool colour;
    struct cc_setup setup;
};

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static bool say(struct cc_run *run, int fd, const char *text, size_t len)
{
    return run->world->emit(run->world->self, fd, text, len);
}

static bool structured(const struct cc_run *run)
{
    return cc_text_equal(run->setup->output, "json") ||
           cc_text_equal(run->setup->output, "jsonl") || cc_text_equal(run->setup->output, "yaml");
}

static void error_as_data(const struct cc_run *run, const struct cc_error *err, struct cc_buf *out)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
    cJSON *inner = cJSON_AddObjectToObject(doc, "error");

    cc_json_error(inner, err);
    if (cc_text_equal(run->setup->output, "yaml")) {
        cc_show_yaml(doc, out);
    } else {
        cc_show_json(doc, out);
    }
}

static int complain(struct cc_run *run, const struct manner *manner, const struct cc_error *err)
{
    struct cc_buf out = cc_buf_new(&run->mem, 65536);

    if (structured(run)) {
        error_as_data(run, err, &out);
    } else {
        cc_buf_addf(&out, "credctl: %serror:%s %s [%s]\n", manner->colour ? "\x1b[31m" : "",
                    manner->colour ? "\x1b[0m" : "", err->what, cc_code_name(err->code));
        if (err->why[0]) {
            cc_buf_addf(&out, "  cause: %s\n", err->why);
        }
        cc_buf_addf(&out, "  try:   %s\n", err->fix);
    }
    (void)say(run, 2, out.text, out.len);
    return cc_code_exit_status(err->code);
}

/* File names and variables may be anything; what we print is UTF-8. */
static void make_utf8(cJSON *item) // NOLINT(misc-no-recursion): as deep as a result of ours
{
    if (item->string) {
        cc_text_make_utf8(item->string);
    }
    if (cJSON_IsString(item)) {
        cc_text_make_utf8(item->valuestring);
    }
    for (cJSON *child = item->child; child; child = child->next) {
        make_utf8(child);
    }
}

/* For people: whatever a remote answer held, a terminal gets lines of printable text. */
static void print_plainly(const struct cc_command *command, const cJSON *result, struct cc_buf *out)
{
    struct cc_buf text = cc_buf_new(out->mem, ANSWER_MAX);

    command->print(result, &text);
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

static bool render(const struct cc_run *run, const struct cc_command *command, cJSON *result,
                   struct cc_buf *out, struct cc_error *err)
{
    if (!result->child) { /* nothing to show: another program has spoken */
        return true;
    }
    if (!(command->flags & CC_RAW)) {
        make_utf8(result);
    }
    if (command->flags & CC_RAW) {
        const char *text = cc_json_text(result, "text");

        cc_buf_text(out, text ? text : "");
    } else if (cc_text_equal(run->setup->output, "json") ||
               (cc_text_equal(run->setup->output, "text") && !command->print)) {
        cc_show_json(result, out);
    } else if (cc_text_equal(run->setup->output, "yaml")) {
        cc_show_yaml(result, out);
    } else if (cc_text_equal(run->setup->output, "table")) {
        cc_show_table(result, out);
    } else if (cc_text_equal(run->setup->output, "env")) {
        if (!command->print_env) {
            cc_fail(err, CC_E_USAGE, "credctl %s has no --output env", command->name);
            return cc_fix(err, "use text, json, yaml or table");
        }
        command->print_env(result, out);
    } else {
        print_plainly(command, result, out);
    }
    if (out->too_big) {
        return cc_fail(err, CC_E_TOO_BIG, "the answer is larger than credctl prints");
    }
    return true;
}

static bool choose_manner(struct cc_run *run, const struct cc_args *args, struct manner *manner,
                          struct cc_error *err)
{
    const char *variable = cc_env(run, "CREDCTL_OUTPUT");
    const char *given = cc_value(args, "output");
    const char *colour = cc_value(args, "color");

    manner->colour =
        cc_text_equal(colour, "on") || (!cc_text_equal(colour, "off") && !cc_env(run, "NO_COLOR") &&
                                        run->world->is_terminal(run->world->self, 2));
    manner->setup.level = cc_flag(args, "debug") ? CC_DEBUG : CC_WARN;
    manner->setup.log_json = cc_text_equal(cc_value(args, "log-format"), "json");
    if (given) {
        manner->setup.output = given; /* the parser has checked it */
        return true;
    }
    const struct cc_option *output = &cc_common_options[0];
    if (variable && !cc_choice_valid(output, variable)) {
        cc_fail(err, CC_E_USAGE, "CREDCTL_OUTPUT cannot be \"%.60s\"", variable);
        return cc_fix(err, "set it to one of %s", cc_choices(&run->mem, output, ", "));
    }
    manner->setup.output = variable ? variable : manner->setup.output;
    return true;
}

static int answer(struct cc_run *run, const struct manner *manner, const struct cc_buf *out)
{
    struct cc_error err;

    if (!say(run, 1, out->text, out->len)) {
        cc_fail(&err, CC_E_OUTPUT, "the answer could not be written to standard output");
        return complain(run, manner, &err);
    }
    return run->exit_status;
}

static int help_for(struct cc_run *run, const struct cc_command *command,
                    const struct manner *manner)
{
    struct cc_buf out = cc_buf_new(&run->mem, 1 << 20);

    cc_help_text(command, &out);
    return answer(run, manner, &out);
}

static int perform(struct cc_run *run, const struct cc_command *command, const struct cc_args *args,
                   const struct manner *manner)
{
    struct cc_error err = {0};
    CC_CLEANUP(json_free) cJSON *result = cJSON_CreateObject();
    struct cc_buf out = cc_buf_new(&run->mem, ANSWER_MAX);

    if (!result) {
        abort();
    }
    const bool lines = cc_text_equal(run->setup->output, "jsonl") && !(command->flags & CC_RAW);
    if (lines && !(command->flags & CC_LINES)) {
        cc_fail(&err, CC_E_USAGE, "credctl %s has no --output jsonl", command->name);
        cc_why(&err, "it has one result, not many");
        cc_fix(&err, "use text, json, yaml or table");
        return complain(run, manner, &err);
    }
    if (!command->run(run, args, result, &err) ||
        (!lines && !render(run, command, result, &out, &err))) {
        return complain(run, manner, &err);
    }
    return answer(run, manner, &out);
}

int cc_cli_main(const struct cc_world *world, int argc, char **argv)
{
    struct manner manner = {.setup = {.level = CC_WARN, .output = "text"}};
    struct cc_run run = {.world = world, .setup = &manner.setup};
    const struct cc_command *command = NULL;
    struct cc_args *args = NULL;
    struct cc_error err = {0};
    int status = 0;

    bool parsed = cc_argv_parse(&run.mem, argc, argv, &command, &args, &err);
    /* Also when they are wrong: an error is told as the options before it, and the variable, ask.
     */
    bool chosen = choose_manner(&run, args, &manner, parsed ? &err : &(struct cc_error){0});
    if (!parsed || !chosen) {
        status = complain(&run, &manner, &err);
    } else if (!command || cc_flag(args, "help")) {
        status = help_for(&run, command, &manner);
    } else {
        status = perform(&run, command, args, &manner);
    }
    cc_arena_wipe(&run.mem);
    return status;
}
