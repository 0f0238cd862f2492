#include "credctl/cli/cli.h"

#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

#include "argv.h"
#include "show.h"

#include <string.h>

#define ANSWER_MAX ((size_t)32 << 20)

/* Output settings of this run, set before the command so that its errors use them too. */
struct manner {
    bool colour;
    struct cc_setup setup;
};

static bool say(struct cc_run *run, int fd, const char *text, size_t len)
{
    return run->world->emit(run->world->self, fd, text, len);
}

static bool structured(const struct cc_run *run)
{
    return cc_text_equal(run->setup->output, "json") ||
           cc_text_equal(run->setup->output, "jsonl") || cc_text_equal(run->setup->output, "yaml");
}

static int complain(struct cc_run *run, const struct manner *manner, const struct cc_error *err)
{
    const struct cc_failure_told failure = {err};
    struct cc_buf out = cc_buf_new(&run->mem, 65536);

    if (structured(run)) {
        cc_show_data(&cc_failure_shape, &failure, cc_text_equal(run->setup->output, "yaml"), &out);
    } else {
        cc_buf_addf(&out, "credctl: %serror:%s ", manner->colour ? "\x1b[31m" : "",
                    manner->colour ? "\x1b[0m" : "");
        cc_error_print(err, "  ", &out);
    }
    (void)say(run, 2, out.text, out.len);
    return cc_code_exit_status(err->code);
}

/* One line of --output jsonl. */
static bool write_result(void *about, struct cc_run *run, const struct cc_shape *shape,
                         const void *result)
{
    struct cc_arena mem = {0};
    struct cc_buf line = cc_buf_new(&mem, ANSWER_MAX);

    (void)about;
    cc_shape_json(shape, result, false, &line);
    const bool said = !line.too_big && say(run, 1, line.text, line.len);
    cc_arena_wipe(&mem);
    return said;
}

static const struct cc_sink lines = {.take = write_result};

/* --output, else the variable: a default for all commands, ignored by those with a format of their
 * own. */
static bool choose_output(struct cc_run *run, const struct cc_parsed *parsed, struct manner *manner,
                          struct cc_error *err)
{
    const char *variable = cc_env(run, "CREDCTL_OUTPUT");

    if (parsed->common.output) {
        manner->setup.output = parsed->common.output; /* the parser has checked it */
        return true;
    }
    if (!variable) {
        return true;
    }
    if (!cc_output_known(&run->mem, NULL, "CREDCTL_OUTPUT", variable, err)) {
        return false;
    }
    manner->setup.output = variable;
    return !parsed->command || parsed->command->flags & CC_RAW ||
           cc_output_known(&run->mem, parsed->command, "CREDCTL_OUTPUT", variable, err);
}

static bool choose_manner(struct cc_run *run, const struct cc_parsed *parsed, struct manner *manner,
                          struct cc_error *err)
{
    const struct cc_common_options *common = &parsed->common;

    manner->colour = common->color == CC_COLOR_ON ||
                     (common->color == CC_COLOR_AUTO && !cc_env(run, "NO_COLOR") &&
                      run->world->is_terminal(run->world->self, 2));
    manner->setup.level = common->debug ? CC_DEBUG : CC_WARN;
    manner->setup.log_json = common->log_format == CC_LOG_JSON;
    return choose_output(run, parsed, manner, err);
}

static int answer(struct cc_run *run, const struct manner *manner, const struct cc_buf *out)
{
    struct cc_error err;

    if (out->too_big) {
        cc_fail(&err, CC_E_TOO_BIG, "the answer is larger than credctl prints");
        return complain(run, manner, &err);
    }
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

static int perform(struct cc_run *run, const struct cc_parsed *parsed, const struct manner *manner)
{
    const struct cc_command *command = parsed->command;
    void *result = cc_alloc(&run->mem, cc_command_answer_size(command));
    struct cc_buf out = cc_buf_new(&run->mem, ANSWER_MAX);
    struct cc_error err = {0};

    if (command->result && cc_text_equal(run->setup->output, "jsonl")) {
        run->sink = &lines;
    }
    if (!command->run(run, parsed->options, result, &err)) {
        return complain(run, manner, &err);
    }
    cc_show(command, result, run->setup->output, &out);
    return answer(run, manner, &out);
}

int cc_cli_main(const struct cc_world *world, int argc, char **argv)
{
    struct manner manner = {.setup = {.level = CC_WARN, .output = "text"}};
    struct cc_run run = {.world = world, .setup = &manner.setup};
    struct cc_parsed parsed;
    struct cc_error err = {0};
    int status = 0;

    bool read = cc_argv_parse(&run.mem, argc, argv, &parsed, &err);
    /* Also after a usage error: it is shown as the options before it, or the variable, request. */
    bool chosen = choose_manner(&run, &parsed, &manner, read ? &err : &(struct cc_error){0});
    if (!read || !chosen) {
        status = complain(&run, &manner, &err);
    } else if (!parsed.command || parsed.common.help) {
        status = help_for(&run, parsed.command, &manner);
    } else {
        status = perform(&run, &parsed, &manner);
    }
    cc_arena_wipe(&run.mem);
    return status;
}
