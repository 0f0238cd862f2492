#include "credctl/base/text.h"
#include "credctl/checks/check.h"

/* An agent that does not answer is told with the credentials that it does not give. */
static bool is_told_later(struct cc_checkup *checkup, const struct cc_error *err)
{
    const struct cc_stage *keys = cc_checkup_keys(checkup);
    const struct cc_attempt *end = checkup->resolve.story.ended_by;

    return keys->state == CC_STAGE_FAILED && end && end->provider->on_host &&
           keys->why.code == err->code;
}

/* What is said about roles and variables here is judged by the checks of these. */
static void tell_doubts(struct cc_checkup *checkup, const struct cc_scene *scene)
{
    struct cc_error err;

    for (size_t i = 0; i < scene->error_count; i++) {
        if (scene->error_topics[i] == CC_ABOUT_PLACE &&
            !is_told_later(checkup, &scene->errors[i])) {
            cc_found_warning(checkup, &scene->errors[i]);
        }
    }
    for (size_t i = 0; i < scene->warning_count; i++) {
        const struct cc_caution *one = &scene->warnings[i];

        if (one->topic != CC_ABOUT_PLACE) {
            continue;
        }
        cc_fail(&err, CC_E_DOUBTFUL, "%s", one->says);
        if (one->fix) {
            cc_fix(&err, "%s", one->fix);
        }
        cc_found_warning(checkup, &err);
    }
}

static const char *where(struct cc_checkup *checkup, const struct cc_place *place)
{
    if (place->aws) {
        return "";
    }
    return place->compute ? cc_textf(&checkup->run->mem, "; not on AWS (%s)", place->compute)
                          : "; this host is not on AWS, as far as is known";
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_scene *scene = cc_checkup_scene(checkup);

    cc_found_ok(checkup, "%s%s%s", cc_place_line(&checkup->run->mem, &scene->place),
                where(checkup, &scene->place),
                checkup->run->offline ? "; from files and variables only" : "");
    tell_doubts(checkup, scene);
}

const struct cc_check cc_check_environment = {
    .name = "environment",
    .title = "Environment",
    .about = "what `credctl detect` finds, and what contradicts it",
    .run = run,
};
