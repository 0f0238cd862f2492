#include "scripted.h"

#include "credctl/base/text.h"

struct script chain;

static const struct cc_provider *provider_named(const char *name)
{
    size_t i = 0;

    while (!cc_text_equal(cc_providers[i]->name, name)) {
        i++;
    }
    return cc_providers[i];
}

static const char *token_of(struct cc_arena *mem)
{
    if (chain.token_size == 0) {
        return CANARY "2";
    }
    char *token = cc_alloc(mem, chain.token_size + 1);
    memset(token, 't', chain.token_size);
    return token;
}

static bool fetch(struct cc_search *search, const struct cc_chain *plan, struct cc_keys *keys,
                  struct cc_story *story, struct cc_error *err)
{
    struct cc_run *run = search->run;

    chain.asked++;
    if (chain.meanwhile) {
        chain.meanwhile(run->world->self);
    }
    if (chain.fails != CC_E_OK) {
        cc_fail(err, chain.fails, "the source says no");
        err->passes = chain.passes;
        return cc_why(err, "it was told to");
    }
    *keys = (struct cc_keys){
        .access_key_id = cc_textf(&run->mem, "ASIA%d", chain.asked),
        .secret_key = cc_secret_keep(&run->mem, CANARY),
        .session_token = cc_secret_keep(&run->mem, token_of(&run->mem)),
        .expires = chain.lifetime < 0 ? CC_NEVER_EXPIRES : cc_now_aws(run) + chain.lifetime,
        .account_id = "123456789012",
        .role_arn = ROLE,
    };
    *story = (struct cc_story){
        .attempts = {{.provider = provider_named(chain.provider), .detail = "as scripted"}},
        .count = 1,
        .hops_done = chain.hops_done,
        .of_command = plan->calls == 0 && plan->question.base->command,
    };
    story->ended_by = &story->attempts[0];
    return true;
}

void load(struct fake *fake, struct asked *asked)
{
    const struct cc_given given = {.profile = asked->profile};
    struct cc_error err = {0};
    struct cc_secret code = asked->got.search.token_code;

    if (!cc_settings_load(&fake->run, &given, &asked->got.settings, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    asked->got.search =
        (struct cc_search){.run = &fake->run, .settings = &asked->got.settings, .token_code = code};
}

struct cc_demand demand_of(struct asked *asked)
{
    asked->policy.fetch = fetch;
    return (struct cc_demand){asked->hops, asked->hop_count, asked->policy};
}

const char *ask(struct fake *fake, struct asked *asked)
{
    const struct cc_demand demand = demand_of(asked);

    load(fake, asked);
    asked->ok = cc_credentials_get(&asked->got.search, &demand, &asked->got.keys, &asked->got.story,
                                   &asked->got.why);
    return asked->ok ? asked->got.keys.access_key_id : NULL;
}

const struct cc_assume one_hop = {.role_arn = ROLE, .session_name = "s"};

int scripted_setup(void **state)
{
    chain = (struct script){.provider = "environment", .hops_done = 1, .lifetime = 3600};
    int status = fake_setup(state);
    fake_env(*state, "HOME", "/home/u");
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKIABASE");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    return status;
}

void use_profile(struct fake *fake, const char *provider, const char *config)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", "");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", "");
    fake_file(fake, CONFIG, config);
    chain.provider = provider;
    chain.hops_done = 0;
}

const char *entry_of(struct fake *fake)
{
    const char *found = NULL;

    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && cc_text_starts(row->name, FOLDER "/")) {
            assert_null(found);
            found = row->name;
        }
    }
    return found;
}
