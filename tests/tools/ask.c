/*
 * ask OPERATION REGION [NAME=VALUE | NAME:=JSON]...: one operation of the table by its symbol, with
 * the credentials of the environment. Prints how many pages and items came, or what the failure
 * means. LIMIT and START in the environment are those of the ask.
 * ask --actions TOOL: the actions that a tool declares.
 * Exit status: 0 answered, 1 failed, 2 usage.
 */

#include "credctl/aws/operations.h"
#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"
#include "credctl/policy/tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMS_MAX 16

static const struct {
    const char *symbol;
    const struct cc_operation *operation;
} symbols[] = {
#define X(symbol, ...) {#symbol, &cc_op_##symbol},
    CC_OPERATIONS(X)
#undef X
};

static int pages;

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    (void)run;
    (void)ask;
    (void)page;
    (void)err;
    pages++;
    return true;
}

static const struct cc_operation *operation_named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(symbols); i++) {
        if (strcmp(symbols[i].symbol, name) == 0) {
            return symbols[i].operation;
        }
    }
    return NULL;
}

static struct cc_param param_of(struct cc_run *run, const char *text)
{
    const size_t name = strcspn(text, "=");
    const bool literal = name > 0 && text[name - 1] == ':';

    return (struct cc_param){cc_text_dup(&run->mem, text, name - literal),
                             text[name] ? text + name + 1 : NULL, literal};
}

static int tell(struct cc_run *run, const struct cc_ask *ask, bool ok,
                const struct cc_answer *answer, const struct cc_error *err)
{
    if (!ok) {
        const struct cc_ask_failure failure = cc_ask_failed(run, ask, answer, err);

        printf("%s %s %s: %s (%s)\n", cc_ask_outcome_words[failure.outcome],
               failure.action ? failure.action : "-", err->what, err->why, err->fix);
        return 1;
    }
    printf("pages %d items %zu more %d next %s\n", pages, ask->end->items, ask->end->more,
           ask->end->next ? ask->end->next : "-");
    return 0;
}

static int tell_actions(const char *tool)
{
    const char *const *actions = cc_tool_actions_of(tool);

    for (; actions && *actions; actions++) {
        printf("%s\n", *actions);
    }
    return actions ? 0 : 2;
}

int main(int argc, char **argv)
{
    struct cc_world *world = cc_world_real("");
    struct cc_run run = {.world = world};
    struct cc_keys keys = {.access_key_id = getenv("AWS_ACCESS_KEY_ID"),
                           .secret_key = {getenv("AWS_SECRET_ACCESS_KEY")},
                           .session_token = {getenv("AWS_SESSION_TOKEN")}};
    struct cc_settings settings;
    struct cc_given given = {0};
    struct cc_param params[PARAMS_MAX + 1] = {0};
    struct cc_ask_end end = {0};
    struct cc_answer answer;
    struct cc_error err;
    const char *limit = getenv("LIMIT");
    struct cc_ask ask = {.settings = &settings, .by = &keys, .params = params, .take = take};

    if (argc == 3 && strcmp(argv[1], "--actions") == 0) {
        return tell_actions(argv[2]);
    }
    if (argc < 3 || argc > PARAMS_MAX + 3 || !(ask.operation = operation_named(argv[1]))) {
        return 2;
    }
    ask.region = argv[2];
    ask.limit = limit ? strtoul(limit, NULL, 10) : 0;
    ask.start = getenv("START");
    ask.end = &end;
    for (int i = 3; i < argc; i++) {
        params[i - 3] = param_of(&run, argv[i]);
    }
    if (!cc_settings_load(&run, &given, &settings, &err)) {
        return 2;
    }
    const bool ok = cc_ask_now(&run, &ask, &answer, &err);
    const int status = tell(&run, &ask, ok, &answer, &err);
    cc_arena_wipe(&run.mem);
    cc_world_close(world);
    return status;
}
