#include "command.h"

#include "credctl/base/text.h"

#include "../src/cli/argv.h"

static const cJSON *json_of(struct fake *fake, const struct cc_shape *shape, const void *value)
{
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);
    const cJSON *doc = NULL;
    struct cc_error err;

    cc_shape_json(shape, value, false, &out);
    if (!cc_json_parse(&fake->mem, out.text, out.len, shape->name, &doc, &err)) {
        fail_msg("%s: %s", shape->name, err.why);
    }
    return doc;
}

bool asked(struct fake *fake, const char *const *words, struct asked *asked, struct cc_error *err)
{
    struct cc_parsed parsed = {0};
    size_t count = 0;
    int argc = 1;

    while (words[count]) {
        count++;
    }
    char **argv = cc_alloc(&fake->mem, (count + 2) * sizeof(*argv));
    argv[0] = cc_text_dup(&fake->mem, "credctl", 7);
    for (; *words; words++) {
        argv[argc++] = cc_text_dup(&fake->mem, *words, strlen(*words));
    }
    *err = (struct cc_error){0};
    *asked = (struct asked){0};
    fake->run.exit_status = 0;
    bool read = cc_argv_parse(&fake->run.mem, argc, argv, &parsed, err);
    asked->command = parsed.command;
    asked->options = parsed.options;
    if (!read || !parsed.command) {
        return read;
    }
    void *answer = cc_alloc(&fake->run.mem, cc_command_answer_size(parsed.command));
    asked->answer = answer;
    if (!parsed.command->run(&fake->run, parsed.options, answer, err)) {
        return false;
    }
    asked->json = parsed.command->answer ? json_of(fake, parsed.command->answer, answer) : NULL;
    return true;
}

const char *asked_text(struct fake *fake, const struct asked *asked)
{
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);

    asked->command->print(asked->answer, &out);
    return out.text;
}

const char *asked_env(struct fake *fake, const struct asked *asked)
{
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);

    assert_true(asked->command->flags & CC_ENV);
    cc_shape_env(asked->command->answer, asked->answer, "CREDCTL_", &out);
    return out.text;
}

void asked_as_in_schema(struct fake *fake, const struct asked *asked)
{
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);
    const cJSON *schema = NULL;
    const cJSON *name = NULL;
    struct cc_error err;
    int count = 0;

    cc_shape_tell_schema(&fake->mem, asked->command->answer, &teller);
    assert_true(cc_json_parse(&fake->mem, out.text, out.len, "schema", &schema, &err));
    cJSON_ArrayForEach (name, cJSON_GetObjectItem(schema, "required")) {
        assert_true(cJSON_HasObjectItem(asked->json, cJSON_GetStringValue(name)));
        assert_true(cJSON_HasObjectItem(cJSON_GetObjectItem(schema, "properties"),
                                        cJSON_GetStringValue(name)));
        count++;
    }
    assert_int_equal(cJSON_GetArraySize(asked->json), count);
}
