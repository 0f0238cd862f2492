#ifndef TESTS_SERVE_SERVE_SUPPORT_H
#define TESTS_SERVE_SERVE_SUPPORT_H

/* `session serve`, whole, in memory. */

#include "credctl/base/text.h"
#include "credctl/serve/endpoint.h"
#include "credctl/serve/serve.h"

#include "../support/fake_machine.h"
#include "../support/search.h"

#include <signal.h>

static struct fake_machine machine;
static struct cc_serve_options options;
static struct cc_error err;

/* Keys in the environment, which need nobody. */
static inline bool serve(void **state, void (*script)(struct fake_machine *))
{
    struct fake *fake = *state;

    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    machine.script = script;
    err = (struct cc_error){0};
    return cc_serve(&fake->run, &options, &err);
}

static inline int begin(void **state)
{
    if (fake_setup(state) != 0) {
        return 1;
    }
    fake_machine_install(*state, &machine);
    options = (struct cc_serve_options){.hop_limit = 1};
    return 0;
}

static inline struct fake_answer get(struct fake_machine *at, const char *path, const char *fields)
{
    return fake_ask(at, "GET", path, fields);
}

static inline const char *own_token(struct fake_machine *at)
{
    struct cc_endpoint *endpoint = at->plan.about;

    return cc_textf(&at->fake->mem, "Authorization: %s\r\n", cc_secret_reveal(endpoint->token));
}

static inline void end(struct fake_machine *at)
{
    fake_signal(at, SIGTERM, true);
}

/* A role of the whole chain, whose hour passes. */
static inline bool serve_role(void **state, void (*script)(struct fake_machine *))
{
    static const struct cc_assume hop = {.role_arn = ROLE};

    options.chain.hops = &hop;
    options.chain.hop_count = 1;
    options.chain.no_cache = true;
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    return serve(state, script);
}

#define SERVES(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

#endif
