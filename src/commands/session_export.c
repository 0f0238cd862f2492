#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/commands/formats.h"
#include "credctl/commands/shared.h"

#define TEXT_MAX 262144

struct export_options {
    const char *format; /* NULL: not given */
    bool unset;
    struct cc_expect expect;
    struct cc_chain_options chain;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(TEXT, struct export_options, format, "FORMAT",
           "format of the credentials (default: process)", .words = cc_format_names),
    CC_ROW(FLAG, struct export_options, unset, NULL,
           "print the lines that unset the variables, and no credentials"),
    CC_ROW_GROUP(struct export_options, expect, struct cc_expect, &cc_expect_shape),
    CC_ROW_GROUP(struct export_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
static const struct cc_shape options_shape = {"session export", option_fields,
                                              sizeof(struct export_options)};

/* The parser accepts only known names; the first row is the default. */
static const struct cc_format *format_named(const char *name)
{
    for (const struct cc_format *format = cc_formats; format->name; format++) {
        if (cc_text_equal(format->name, name)) {
            return format;
        }
    }
    return &cc_formats[0];
}

static bool may_print(struct cc_run *run, const struct export_options *given,
                      const struct cc_format *format, struct cc_error *err)
{
    if (given->unset && !format->unset) {
        cc_fail(err, CC_E_USAGE, "--unset has no meaning with --format %s", format->name);
        return cc_fix(err, "use it with env, fish, powershell or windows-cmd");
    }
    if (!given->format && !given->unset && run->world->is_terminal(run->world->self, 1)) {
        cc_fail(err, CC_E_USAGE, "secrets are not printed to a terminal without --format");
        return cc_fix(err, "add --format FORMAT, or run `eval \"$(credctl session export "
                           "--format env)\"`");
    }
    return true;
}

static bool to_github(struct cc_run *run, const struct cc_handout *handout, struct cc_error *err)
{
    const char *path = cc_env(run, "GITHUB_ENV");
    struct cc_buf lines = cc_buf_new(&run->mem, TEXT_MAX);

    if (!path) {
        cc_fail(err, CC_E_CONFIG, "this is not a step of a GitHub Actions job");
        cc_why(err, "GITHUB_ENV is not set");
        return cc_fix(err, "use --format env elsewhere");
    }
    cc_github_variables(handout, &lines);
    return cc_append_file(run, path, lines.text, lines.len, err);
}

static bool guard(struct cc_run *run, const struct cc_expect *expect, struct cc_resolve *resolve,
                  struct cc_error *err)
{
    struct cc_identity identity = {0};

    if (!cc_expect_given(expect)) {
        return true;
    }
    if (!cc_resolve_caller(run, resolve, &identity, err)) {
        return false;
    }
    const struct cc_expect_of of = {.account = identity.account_id, .arn = identity.arn};
    return cc_expect_met(&run->mem, expect, &of, err);
}

static void warn(struct cc_run *run, const struct cc_resolve *resolve)
{
    for (size_t i = 0; i < resolve->search.warning_count; i++) {
        cc_log(run, CC_WARN, "session.export", CC_S("note", resolve->search.warnings[i]));
    }
    if (run->world->output_exposed(run->world->self)) {
        cc_log(run, CC_WARN, "output.exposed",
               CC_S("why", "standard output is a file that other users may read"),
               CC_S("try", "umask 077"));
    }
}

static bool hand_out(struct cc_run *run, const struct cc_resolve *resolve,
                     const struct cc_format *format, struct cc_buf *text, struct cc_error *err)
{
    const struct cc_handout handout = {
        .keys = &resolve->keys,
        .region = cc_region_valid(resolve->settings.region) ? resolve->settings.region : NULL,
        .section = resolve->settings.profile,
    };

    if (!cc_handout_fits(&handout, format, err) ||
        (cc_text_equal(format->name, "github") && !to_github(run, &handout, err))) {
        return false;
    }
    warn(run, resolve);
    format->write(&handout, text);
    return true;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct export_options *given = options;
    const struct cc_format *format =
        format_named(!given->format && given->unset ? "env" : given->format);
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    struct cc_buf text = cc_buf_new(&run->mem, TEXT_MAX);
    struct cc_chain_options chain = given->chain;

    if (!may_print(run, given, format, err)) {
        return false;
    }
    chain.least = CC_LEAST_TO_HAND_OUT_S;
    if (given->unset) {
        format->unset(&text);
    } else if (!cc_resolve_prepare(run, &chain, resolve, err) ||
               !cc_resolve_keys(run, resolve, err) || !guard(run, &given->expect, resolve, err) ||
               !hand_out(run, resolve, format, &text, err)) {
        return false;
    }
    ((struct cc_plain *)answer)->text = text.text;
    return true;
}

const struct cc_command cc_command_session_export = {
    .name = "session export",
    .summary = "print credentials, for another program or a shell",
    .details =
        "  credential_process = credctl session export --profile NAME   (in ~/.aws/config)\n"
        "  eval \"$(credctl session export --format env)\"                (bash, zsh)\n"
        "  credctl session export --format fish | source                (fish)\n"
        "  credctl session export --format powershell | Out-String | Invoke-Expression\n"
        "Formats: process (the credential_process contract), env, env-no-export, fish, powershell,\n"
        "windows-cmd, ini (for ~/.aws/credentials), dotenv, json, and github (masks the values in\n"
        "the log and adds them to $GITHUB_ENV).",
    .options = &options_shape,
    .flags = CC_RAW,
    .run = run,
};
