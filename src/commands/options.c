#include "credctl/base/text.h"
#include "credctl/commands/command.h"

static const char *const outputs[] = {"text", "json", "yaml", "table", "env", "jsonl", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const colors[] = {"auto", "on", "off", NULL};

const struct cc_option cc_common_options[] = {
    {"output", "FORMAT", "how the answer is printed (default: $CREDCTL_OUTPUT, else text)",
     outputs},
    {"debug", NULL, "log to stderr what is looked at, never a secret"},
    {"log-format", "FORMAT", "how log lines are written", log_formats},
    {"color", "WHEN", "colour in messages (default: auto; NO_COLOR is honoured)", colors},
    {"help", NULL, "print the help of the command"},
    {0},
};

const struct cc_option cc_chain_options[] = {
    {"profile", "NAME", "take the credentials of this profile, not those of the environment"},
    {"region", "REGION", "the region to call (default: $AWS_REGION, the profile's, the host's)"},
    {"role-arn", "ARN", "assume this role on top of what was found; repeat it for a chain of hops",
     NULL, CC_MANY},
    {"external-id", "ID", "external ID of the --role-arn before it", NULL, CC_MANY},
    {"role-session-name", "NAME", "session name of the --role-arn before it", NULL, CC_MANY},
    {"duration-seconds", "N", "lifetime to ask for, 900 to 43200", NULL, CC_MANY},
    {"policy", "JSON", "session policy of the --role-arn before it", NULL, CC_MANY},
    {"policy-arns", "ARN", "managed session policy of the --role-arn before it", NULL, CC_MANY},
    {"tags", "KEY=VALUE", "session tag of the --role-arn before it", NULL, CC_MANY},
    {"transitive-tag-keys", "KEY", "tag key that later hops inherit", NULL, CC_MANY},
    {"source-identity", "ID", "source identity of the --role-arn before it", NULL, CC_MANY},
    {"serial-number", "ARN", "MFA device for the --role-arn before it", NULL, CC_MANY},
    {"token-code", "CODE", "code of that device; without it a terminal is asked", NULL,
     CC_MANY | CC_SECRET},
    {"endpoint-url", "URL", "call this address instead of the AWS endpoint"},
    {"ca-bundle", "PATH", "file or folder of CA certificates"},
    {"no-cache", NULL, "ask the source: neither read nor write cached credentials"},
    {"use-aws-cli-cache", NULL, "take what the AWS CLI has kept, when it is fresh and unambiguous"},
    {"timeout", "SECONDS", "give up after so long"},
    {0},
};

const struct cc_command *cc_command_named(const char *name)
{
    for (const struct cc_command *const *row = cc_commands; *row; row++) {
        if (cc_text_equal((*row)->name, name)) {
            return *row;
        }
    }
    return NULL;
}

bool cc_choice_valid(const struct cc_option *option, const char *value)
{
    for (size_t i = 0; option->choices && option->choices[i]; i++) {
        if (cc_text_equal(option->choices[i], value)) {
            return true;
        }
    }
    return !option->choices;
}

const char *cc_choices(struct cc_arena *mem, const struct cc_option *option, const char *between)
{
    const char *all = "";

    for (size_t i = 0; option->choices && option->choices[i]; i++) {
        all = cc_textf(mem, "%s%s%s", all, i ? between : "", option->choices[i]);
    }
    return all;
}

static const struct cc_option *among(const struct cc_option *options, const char *name)
{
    for (; options && options->name; options++) {
        if (cc_text_equal(options->name, name)) {
            return options;
        }
    }
    return NULL;
}

const struct cc_option *cc_option_named(const struct cc_command *command, const char *name)
{
    const struct cc_option *found = among(command->options, name);

    if (!found && !(command->flags & CC_NO_CHAIN)) {
        found = among(cc_chain_options, name);
    }
    return found ? found : among(cc_common_options, name);
}

static void each_of(const struct cc_command *command, const struct cc_option *options,
                    void (*each)(void *about, const struct cc_option *option), void *about)
{
    for (const struct cc_option *o = options; o && o->name; o++) {
        if (cc_option_named(command, o->name) == o) { /* described in the first list that has it */
            each(about, o);
        }
    }
}

void cc_options_each(const struct cc_command *command,
                     void (*each)(void *about, const struct cc_option *option), void *about)
{
    each_of(command, command->options, each, about);
    each_of(command, command->flags & CC_NO_CHAIN ? NULL : cc_chain_options, each, about);
    each_of(command, cc_common_options, each, about);
}
