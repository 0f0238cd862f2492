#include "search.h"

#include "credctl/base/text.h"

void search_begin(struct fake *fake, struct searched *to)
{
    *to = (struct searched){0};
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
}

static void load(struct fake *fake, const char *profile, struct searched *to)
{
    const struct cc_given given = {.profile = profile};
    struct cc_error err = {0};

    if (!cc_settings_load(&fake->run, &given, &to->settings, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    struct cc_secret code = to->search.token_code;
    to->search = (struct cc_search){.run = &fake->run,
                                    .settings = &to->settings,
                                    .token_code = code,
                                    .aws_cli_cache = fake_file_text(fake, ASK_THE_CLI) != NULL};
}

/* As the chain has it: planned, and asked when there is something to ask. */
enum cc_outcome search_one(struct fake *fake, const char *provider, struct searched *to)
{
    load(fake, NULL, to);
    for (size_t i = 0; cc_providers[i]; i++) {
        const struct cc_provider *row = cc_providers[i];
        struct cc_question question = {.base = row};

        if (!cc_text_equal(row->name, provider)) {
            continue;
        }
        enum cc_outcome outcome = row->plan(
            &to->search, row->in_profile ? to->settings.section : NULL, &question, &to->why);
        return outcome == CC_FOUND ? row->fetch(&to->search, question.about, &to->keys, &to->why)
                                   : outcome;
    }
    fail_msg("there is no provider %s", provider);
    return CC_BROKEN;
}

bool search_chain(struct fake *fake, const char *profile, struct searched *to)
{
    load(fake, profile, to);
    return cc_chain_resolve(&to->search, NULL, 0, &to->keys, &to->story, &to->why);
}

const char *sts_answer(struct fake *fake, const char *action)
{
    return cc_textf(&fake->mem,
                    "<%sResponse><%sResult><AssumedRoleUser><Arn>arn:aws:sts::210987654321:"
                    "assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAROLE"
                    "</AccessKeyId><SecretAccessKey>" CANARY "</SecretAccessKey><SessionToken>"
                    "token</SessionToken><Expiration>2027-01-15T09:00:00Z</Expiration>"
                    "</Credentials></%sResult></%sResponse>",
                    action, action, action, action);
}

static void assert_holds(const char *text, const char *part)
{
    if (part && !strstr(text, part)) {
        fail_msg("\"%s\" does not say \"%s\"", text, part);
    }
}

void assert_told(const struct cc_error *why, enum cc_code code, const char *cause, const char *fix)
{
    if (why->code != code) {
        fail_msg("%s instead of %s: %s: %s", cc_code_name(why->code), cc_code_name(code), why->what,
                 why->why);
    }
    assert_holds(why->why, cause);
    assert_holds(why->fix, fix);
    assert_null(strstr(why->what, CANARY));
    assert_null(strstr(why->why, CANARY));
    assert_null(strstr(why->fix, CANARY));
}
