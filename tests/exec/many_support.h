#ifndef TESTS_EXEC_MANY_SUPPORT_H
#define TESTS_EXEC_MANY_SUPPORT_H

/* `session exec --targets`, whole, in memory. */

#include "credctl/base/text.h"
#include "credctl/exec/exec.h"

#include "../support/fake_machine.h"
#include "../support/search.h"

static struct fake_machine machine;
static struct cc_exec_options options;
static struct cc_error err;
static struct fake_act act;
static struct cc_exec_answer answer;

static const char *const words[] = {"./assess", "{account}", "{index}{x}", NULL};

static inline struct fake_act as_told(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    assert_true(child->apart);
    return act;
}

static inline int begin(void **state)
{
    struct fake *fake = NULL;

    if (fake_setup(state) != 0) {
        return 1;
    }
    fake = *state;
    fake_machine_install(fake, &machine);
    machine.act = as_told;
    act = (struct fake_act){.lasts_ms = 100};
    err = (struct cc_error){0};
    answer = (struct cc_exec_answer){0};
    options = (struct cc_exec_options){.words = words,
                                       .targets = "accounts.txt",
                                       .role_name = "Audit",
                                       .parallel = 2,
                                       .journal = "/j"};
    fake->setup.output = "json";
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_file(fake, "accounts.txt", "000000000001\n000000000002\n000000000003\n");
    return 0;
}

static inline bool exec(void **state)
{
    struct fake *fake = *state;

    return cc_exec_many(&fake->run, &options, &answer, &err);
}

/* STS gives every role its keys. */
static inline void give(struct fake *fake)
{
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .status = 200,
                                               .body = sts_answer(fake, "AssumeRole"),
                                               .forever = true});
}

static inline const char *outcome(size_t i)
{
    assert_true(i < answer.target_count);
    return cc_target_outcomes[answer.targets[i].outcome];
}

static inline struct fake_act first_fails(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    return (struct fake_act){.status = cc_text_equal(child->argv[1], "000000000001"),
                             .lasts_ms = 100};
}

#define EXECS(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

#endif
