#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/detectors/detector.h"

#include "plan.h"

#include <string.h>

#define DETECTION_MS 1900 /* as `detect` */

/* The ARN of a session has no path, and aws:PrincipalArn has one. */
static bool not_a_role(const struct cc_plan *plan, const char *text, struct cc_error *err)
{
    struct cc_arena *mem = &plan->run->mem;
    struct cc_arn arn;
    const char *name = cc_role_of_arn(mem, text);

    if (cc_arn_parse(mem, text, &arn) && name && cc_text_equal(arn.service, "sts")) {
        cc_fail(err, CC_E_USAGE, "%s: this is the ARN of a session, not of a role",
                plan->source_option);
        cc_why(err, "the ARN of a session does not have the path of the role");
        return cc_fix(err,
                      "give arn:%s:iam::%s:role/%s, with the role's path before its name if "
                      "it has one: `aws iam get-role --role-name %s`",
                      arn.partition, arn.account ? arn.account : "ACCOUNT", name, name);
    }
    cc_fail(err, CC_E_USAGE, "%s: \"%.200s\" is not the ARN of a role", plan->source_option, text);
    return cc_fix(err, "give an ARN such as arn:aws:iam::111122223333:role/NAME, or auto");
}

static bool not_detected(const struct cc_plan *plan, const struct cc_place *place,
                         struct cc_error *err)
{
    if (place->role_name) {
        cc_fail(err, CC_E_USAGE, "the path of this host's role is not known");
        cc_why(err, "the role is %s in account %s; %s does not tell its path", place->role_name,
               place->account_id ? place->account_id : "(unknown)",
               place->role_source ? place->role_source : "the host");
        return cc_fix(err, "give %s arn:%s:iam::%s:role/[PATH/]%s", plan->source_option,
                      place->partition ? place->partition : "aws",
                      place->account_id ? place->account_id : "ACCOUNT", place->role_name);
    }
    cc_fail(err, CC_E_USAGE, "this host has no role that can be detected");
    cc_why(err, "the environment is %s", place->environment ? place->environment : "not known");
    return cc_fix(err, "give %s ARN; `credctl detect` shows what was found", plan->source_option);
}

static bool detect(struct cc_plan *plan, struct cc_error *err)
{
    struct cc_run *run = plan->run;
    struct cc_scene *scene = cc_alloc(&run->mem, sizeof(*scene));
    const int64_t deadline = run->deadline_ms;

    run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, DETECTION_MS);
    cc_detect(run, scene);
    run->deadline_ms = deadline;
    if (!scene->place.role_arn) {
        return not_detected(plan, &scene->place, err);
    }
    plan->source = scene->place.role_arn;
    return true;
}

bool cc_plan_source(struct cc_plan *plan, struct cc_error *err)
{
    const char *given = plan->options->source_role_arn;
    struct cc_arn arn;
    const char *name = NULL;

    if (!given) {
        return true;
    }
    if (cc_text_equal(given, "auto") && !detect(plan, err)) {
        return false;
    }
    plan->source = plan->source ? plan->source : given;
    return cc_arn_role(&plan->run->mem, plan->source, &arn, &name) ||
           not_a_role(plan, plan->source, err);
}
