#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

struct schema_options {
    const char *const *words;
};

static const struct cc_shape_field fields[] = {
    CC_ROW(TEXTS, struct schema_options, words, "[COMMAND]", "the command to describe",
           .rules = CC_REST),
    {0},
};
static const struct cc_shape options_shape = {"schema", fields, sizeof(struct schema_options)};

static void tell_one(const void *about, struct cc_arena *mem, const struct cc_teller *teller)
{
    cc_shape_tell_schema(mem, about, teller);
}

static void tell_all(const void *about, struct cc_arena *mem, const struct cc_teller *teller)
{
    (void)about;
    teller->begin(teller->about, false);
    for (const struct cc_command *const *command = cc_commands; *command; command++) {
        if ((*command)->answer) {
            teller->name(teller->about, (*command)->name);
            cc_shape_tell_schema(mem, (*command)->answer, teller);
        }
    }
    teller->name(teller->about, cc_failure_shape.name);
    cc_shape_tell_schema(mem, &cc_failure_shape, teller);
    teller->end(teller->about, false);
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct schema_options *given = options;
    const char *const *words = given->words;
    struct cc_document *document = answer;

    if (!words[0]) {
        document->tell = tell_all;
        return true;
    }
    const char *name = words[1] ? cc_textf(&run->mem, "%s %s", words[0], words[1]) : words[0];
    const struct cc_command *command = cc_command_named(name);
    document->tell = tell_one;
    document->about = cc_text_equal(name, cc_failure_shape.name) ? &cc_failure_shape
                      : command                                  ? command->answer
                                                                 : NULL;
    if (document->about) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "there is no schema for \"%.60s\"", name);
    cc_why(err, "%s",
           command ? "that command prints text of its own format" : "no command has that name");
    return cc_fix(err, "run `credctl schema` to see all schemas");
}

const struct cc_command cc_command_schema = {
    .name = "schema",
    .summary = "print the JSON Schema of a command's answer, or of all",
    .options = &options_shape,
    .flags = CC_DOCUMENT,
    .run = run,
};
