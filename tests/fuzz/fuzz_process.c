#include "credctl/providers/provider.h"

#include <stdlib.h>
#include <string.h>

/* The document that a credential_process prints, as the whole provider sees it. */

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern const struct cc_provider cc_provider_process;

struct output {
    const char *text;
    size_t len;
};

static bool process(void *self, struct cc_arena *mem, const struct cc_process *process,
                    struct cc_process_end *end, struct cc_error *err)
{
    const struct output *output = self;

    (void)err;
    if (output->len > process->max_out) {
        return cc_fail(err, CC_E_PROCESS, "too much");
    }
    *end = (struct cc_process_end){
        .out = cc_text_dup(mem, output->text, output->len), .out_len = output->len, .err = ""};
    return true;
}

static int64_t now(void *self)
{
    (void)self;
    return 1800000000;
}

static const char *env(void *self, const char *name)
{
    (void)self;
    (void)name;
    return NULL;
}

static const char *const *env_all(void *self)
{
    (void)self;
    return NULL;
}

static const char *folder(void *self, struct cc_arena *mem)
{
    (void)self;
    return cc_text_dup(mem, "/", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct output output = {(const char *)data, size};
    const struct cc_world world = {.self = &output,
                                   .now = now,
                                   .env = env,
                                   .env_all = env_all,
                                   .working_folder = folder,
                                   .process = process};
    const struct cc_property command = {.key = "credential_process", .value = "x", .file = "f"};
    const struct cc_section section = {.name = "p", .file = "f", .properties = &command};
    const struct cc_settings settings = {.section = &section};
    struct cc_run run = {.world = &world};
    struct cc_search search = {.run = &run, .settings = &settings};
    struct cc_keys keys = {0};
    struct cc_error why = {0};

    struct cc_question question = {0};
    enum cc_outcome outcome = cc_provider_process.plan(&search, &section, &question, &why);
    if (outcome == CC_FOUND) {
        outcome = cc_provider_process.fetch(&search, question.about, &keys, &why);
    }
    if (outcome == CC_ABSENT || (outcome == CC_BROKEN && !why.fix[0]) ||
        (outcome == CC_FOUND && !(keys.access_key_id && cc_secret_present(keys.secret_key)))) {
        abort();
    }
    cc_arena_wipe(&run.mem);
    return 0;
}
