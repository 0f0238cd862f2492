#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "parts.h"

#define ROLE     "AWS_ASSUME_ROLE_ARN"
#define EXTERNAL "AWS_ASSUME_ROLE_EXTERNAL_ID"

/* The ARN of a session is what `aws sts get-caller-identity` shows. */
static bool judge_arn(struct cc_arena *mem, const char *role, struct cc_error *err)
{
    const char *name = NULL;
    struct cc_arn arn;

    if (cc_arn_role(mem, role, &arn, &name)) {
        return true;
    }
    cc_fail(err, CC_E_CONFIG, ROLE " is not the ARN of a role");
    name = cc_role_of_arn(mem, role);
    if (name && cc_arn_parse(mem, role, &arn) && arn.account) {
        cc_why(
            err,
            "it is that of a session, \"%.120s\", which lacks the path of the role, if it has one",
            role);
        return cc_fix(err, "export " ROLE "=arn:%s:iam::%s:role/%s", arn.partition, arn.account,
                      name);
    }
    cc_why(err, "it is \"%.120s\"", role);
    return cc_fix(err, "write it as arn:aws:iam::123456789012:role/NAME, or unset it");
}

/* API Reference, AssumeRole: [\w+=,.@:\/-]{2,1224}. It is not shown. */
static bool judge_external_id(const char *id, struct cc_error *err)
{
    if (!id || (id[0] && id[1] && cc_text_consists(id, "_+=,.@:/-", 1224))) {
        return true;
    }
    cc_fail(err, CC_E_CONFIG, EXTERNAL " is not a valid external ID");
    cc_why(err, "an external ID has 2 to 1224 letters, digits and characters of _+=,.@:/-");
    return cc_fix(err, "correct " EXTERNAL ", or unset it");
}

bool cc_judge_hop(struct cc_arena *mem, const struct cc_assume *hop, struct cc_error *err)
{
    return judge_arn(mem, hop->role_arn, err) && judge_external_id(hop->external_id, err);
}
