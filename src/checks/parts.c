#include "parts.h"

#include "credctl/base/text.h"

#include <string.h>

const char *cc_raw_variable(const struct cc_checkup *checkup, const char *name)
{
    const struct cc_world *world = checkup->run->world;

    return world->env(world->self, name);
}

const char *cc_variable(const struct cc_checkup *checkup, const char *name)
{
    const char *value = cc_raw_variable(checkup, name);

    return cc_text_blank(value) ? NULL : cc_text_trim(&checkup->run->mem, value);
}

const char *cc_variable_wrapping(const struct cc_checkup *checkup, const char *name)
{
    const char *raw = cc_raw_variable(checkup, name);
    const char *value = cc_variable(checkup, name);
    const size_t len = value ? strlen(value) : 0;

    if (len == 0) {
        return NULL;
    }
    if (len > 1 && (value[0] == '"' || value[0] == '\'') && value[len - 1] == value[0]) {
        return CC_QUOTES;
    }
    if (strlen(raw) == len) {
        return NULL;
    }
    return strpbrk(raw, "\r\n") ? "a line break" : "blanks";
}

enum cc_outcome cc_plan_provider(struct cc_checkup *checkup, const char *name, struct cc_error *why)
{
    struct cc_search search = {.run = checkup->run, .settings = &checkup->resolve.settings};
    enum cc_outcome outcome = CC_ABSENT;

    for (const struct cc_provider *const *row = cc_providers; *row; row++) {
        struct cc_question question = {.base = *row};

        if (!cc_text_equal((*row)->name, name)) {
            continue;
        }
        outcome = (*row)->plan(&search, NULL, &question, why);
        if (outcome != CC_ABSENT && why->code != CC_E_BAD_KEYS && !cc_input_clean(&search, why)) {
            outcome = CC_BROKEN;
        }
    }
    return outcome;
}

bool cc_keys_are_from(struct cc_checkup *checkup, const char *provider)
{
    return cc_checkup_keys(checkup)->state == CC_STAGE_OK &&
           cc_text_equal(checkup->resolve.story.ended_by->provider->name, provider);
}

const struct cc_caution *cc_caution_about_role(const struct cc_scene *scene)
{
    for (size_t i = 0; i < scene->warning_count; i++) {
        if (scene->warnings[i].topic == CC_ABOUT_ROLE) {
            return &scene->warnings[i];
        }
    }
    return NULL;
}

const struct cc_error *cc_error_about_role(const struct cc_scene *scene)
{
    for (size_t i = 0; i < scene->error_count; i++) {
        if (scene->error_topics[i] == CC_ABOUT_ROLE) {
            return &scene->errors[i];
        }
    }
    return NULL;
}

const char *cc_found_code(const struct cc_checkup *checkup, enum cc_code code)
{
    for (size_t i = 0; i < checkup->count; i++) {
        if (checkup->findings[i].error && checkup->findings[i].error->code == code) {
            return checkup->findings[i].title;
        }
    }
    return NULL;
}
