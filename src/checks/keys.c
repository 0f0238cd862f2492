#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#define UNSET_ALL "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"

/* What is known about the variables, without their secrets. */
struct own {
    const char *id;
    bool secret;
    const char *token; /* the variable with the token; or NULL */
};

static struct own look(const struct cc_checkup *checkup)
{
    const bool new = cc_variable(checkup, "AWS_SESSION_TOKEN") != NULL;
    const bool old = cc_variable(checkup, "AWS_SECURITY_TOKEN") != NULL;

    return (struct own){
        .id = cc_variable(checkup, "AWS_ACCESS_KEY_ID"),
        .secret = cc_variable(checkup, "AWS_SECRET_ACCESS_KEY") != NULL,
        .token = new   ? "AWS_SESSION_TOKEN"
                 : old ? "AWS_SECURITY_TOKEN"
                       : NULL,
    };
}

/* Names that people expect, and some that other programs read. */
static const struct {
    const char *wrong;
    const char *right;
} misnamed[] = {
    {"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID"},
    {"AWS_KEY_ID", "AWS_ACCESS_KEY_ID"},
    {"AWS_ACCESS_ID", "AWS_ACCESS_KEY_ID"},
    {"aws_access_key_id", "AWS_ACCESS_KEY_ID"},
    {"AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"},
    {"AWS_SECRET_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
    {"AWS_SECRET", "AWS_SECRET_ACCESS_KEY"},
    {"aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"},
    {"AWS_TOKEN", "AWS_SESSION_TOKEN"},
    {"AWS_SESSION_KEY", "AWS_SESSION_TOKEN"},
    {"aws_session_token", "AWS_SESSION_TOKEN"},
};

/* The row of a misnamed variable in place of `right` (NULL: of any); -1: there is none. */
static int misnamed_for(const struct cc_checkup *checkup, const char *right)
{
    for (size_t i = 0; i < CC_COUNT(misnamed); i++) {
        if ((!right || cc_text_equal(misnamed[i].right, right)) &&
            cc_variable(checkup, misnamed[i].wrong) && !cc_variable(checkup, misnamed[i].right)) {
            return (int)i;
        }
    }
    return -1;
}

/* All of them at once, so that the next run does not find the next one. */
static void rename_all(const struct cc_checkup *checkup, int first, struct cc_error *err)
{
    struct cc_buf fix = cc_buf_new(&checkup->run->mem, sizeof(err->fix));

    for (size_t i = 0; i < CC_COUNT(misnamed); i++) {
        if (cc_variable(checkup, misnamed[i].wrong) && !cc_variable(checkup, misnamed[i].right)) {
            cc_buf_addf(&fix, "%sexport %s=\"$%s\"; unset %s", fix.len > 0 ? "; " : "",
                        misnamed[i].right, misnamed[i].wrong, misnamed[i].wrong);
        }
    }
    cc_why(err, "%s is set, but programs read %s", misnamed[first].wrong, misnamed[first].right);
    cc_fix(err, "%s", fix.text);
}

static void tell_broken(struct cc_checkup *checkup, const struct own *own, struct cc_error *err)
{
    const struct cc_error as_it_is = *err;
    const int row = misnamed_for(checkup, own->id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    const bool ends_it = cc_checkup_keys(checkup)->state == CC_STAGE_FAILED &&
                         cc_text_equal(cc_checkup_keys(checkup)->why.what, as_it_is.what);

    if (as_it_is.code == CC_E_HALF_SET && row >= 0) {
        rename_all(checkup, row, err);
    }
    if (ends_it) {
        cc_found_cause(checkup, CC_SOURCE_FAILS, err);
    } else {
        cc_found_warning(checkup, err);
    }
}

static void tell_absent(struct cc_checkup *checkup, const struct own *own)
{
    const int row = misnamed_for(checkup, NULL);
    struct cc_error err;

    if (row >= 0) {
        cc_fail(&err, CC_E_LEFTOVER, "%s is not a variable for keys", misnamed[row].wrong);
        rename_all(checkup, row, &err);
        cc_found_cause(checkup, CC_NONE_FOUND, &err);
        return;
    }
    if (own->token) {
        cc_fail(&err, CC_E_LEFTOVER, "%s is set without the keys that belong to it", own->token);
        cc_why(&err, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
        cc_fix(&err, "unset %s, or export all three", own->token);
        cc_found_cause(checkup, CC_NONE_FOUND, &err);
        return;
    }
    cc_found_ok(checkup, "there are none in the environment");
}

/* --- a complete pair --- */

/* AWS refuses such keys; emulators of it do not. */
static void tell_refused(struct cc_checkup *checkup, const struct cc_error *err)
{
    if (cc_checkup_caller(checkup)->state == CC_STAGE_OK) {
        cc_found_warning(checkup, err);
    } else {
        cc_found_broken(checkup, CC_REFUSED | CC_SOURCE_FAILS, err);
    }
}

/* IAM User Guide, "IAM identifiers": AKIA are keys of users, ASIA temporary ones. */
static void tell_token(struct cc_checkup *checkup, const struct own *own)
{
    struct cc_error err;

    if (own->token && cc_text_starts(own->id, "AKIA")) {
        cc_fail(&err, CC_E_DIFFERS, "%s does not belong to the keys", own->token);
        cc_why(&err, "AWS_ACCESS_KEY_ID is a long-lived key (AKIA...), which has no session token");
        cc_fix(&err, "unset %s", own->token);
        tell_refused(checkup, &err);
    } else if (!own->token && cc_text_starts(own->id, "ASIA")) {
        cc_fail(&err, CC_E_HALF_SET, "the session token of the keys in the environment is missing");
        cc_why(&err, "AWS_ACCESS_KEY_ID is a temporary key (ASIA...), and AWS_SESSION_TOKEN is not "
                     "set");
        cc_fix(&err, "export AWS_SESSION_TOKEN too, or " UNSET_ALL);
        tell_refused(checkup, &err);
    }
}

static void tell_old_token(struct cc_checkup *checkup)
{
    const char *token = cc_variable(checkup, "AWS_SESSION_TOKEN");
    const char *old = cc_variable(checkup, "AWS_SECURITY_TOKEN");
    struct cc_error err;

    if (!old || cc_text_equal(token, old)) {
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, "%s",
            token ? "AWS_SESSION_TOKEN and AWS_SECURITY_TOKEN differ"
                  : "the session token is in AWS_SECURITY_TOKEN");
    cc_why(&err, "%s",
           token ? "boto3 and the AWS CLI use AWS_SECURITY_TOKEN, other SDKs "
                   "AWS_SESSION_TOKEN"
                 : "most SDKs read only AWS_SESSION_TOKEN");
    cc_fix(&err, "%sunset AWS_SECURITY_TOKEN",
           token ? "" : "export AWS_SESSION_TOKEN=\"$AWS_SECURITY_TOKEN\"; ");
    cc_found_warning(checkup, &err);
}

/* The variable is written by `aws configure export-credentials`. */
static void tell_expiration(struct cc_checkup *checkup)
{
    const char *text = cc_variable(checkup, "AWS_CREDENTIAL_EXPIRATION");
    int64_t at = 0;
    struct cc_error err;

    if (!text || cc_time_from_iso(text, &at)) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "AWS_CREDENTIAL_EXPIRATION is not a time");
    cc_why(&err, "it is \"%.40s\", not of the form 2026-11-22T16:08:00Z; boto3 fails with it",
           text);
    cc_fix(&err, "unset AWS_CREDENTIAL_EXPIRATION");
    cc_found_warning(checkup, &err);
}

static bool is_key_id(const char *text)
{
    return (cc_text_starts(text, "AKIA") || cc_text_starts(text, "ASIA")) &&
           cc_text_consists(text, "", 20);
}

static void tell_form(struct cc_checkup *checkup)
{
    static const char *const names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN"};
    struct cc_error err;

    if (is_key_id(cc_variable(checkup, "AWS_SECRET_ACCESS_KEY"))) {
        cc_fail(&err, CC_E_BAD_KEYS, "AWS_SECRET_ACCESS_KEY has an access key ID in it");
        cc_why(&err, "ID and secret are probably swapped");
        cc_fix(&err, "export the ID as AWS_ACCESS_KEY_ID and the secret as AWS_SECRET_ACCESS_KEY");
        tell_refused(checkup, &err);
    }
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        const char *wrapping = cc_variable_wrapping(checkup, names[i]);

        if (!wrapping) {
            continue;
        }
        cc_fail(&err, CC_E_BAD_KEYS, "%s has %s around it", names[i], wrapping);
        cc_fix(&err, "set %s again without %s", names[i], wrapping);
        if (cc_text_equal(wrapping, CC_QUOTES)) {
            cc_why(&err, "they are sent as a part of it; `docker run --env-file` keeps them");
            tell_refused(checkup, &err);
        } else {
            cc_why(&err, "credctl removes that; boto3 and the AWS CLI send it, and AWS refuses it");
            cc_found_warning(checkup, &err);
        }
    }
}

static void run(struct cc_checkup *checkup)
{
    const struct own own = look(checkup);
    struct cc_error why = {0};
    const enum cc_outcome outcome = cc_plan_provider(checkup, "environment", &why);

    if (outcome == CC_BROKEN) {
        tell_broken(checkup, &own, &why);
        return;
    }
    if (outcome == CC_ABSENT) {
        tell_absent(checkup, &own);
        return;
    }
    tell_token(checkup, &own);
    tell_old_token(checkup);
    tell_form(checkup);
    tell_expiration(checkup);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s keys%s%s%s", own.token ? "temporary" : "long-lived",
                    is_key_id(own.id) ? " ****" : "", is_key_id(own.id) ? own.id + 16 : "",
                    checkup->resolve.settings.given.profile ? "; not used with --profile" : "");
    }
}

const struct cc_check cc_check_keys = {
    .name = "keys",
    .title = "Keys",
    .about = "whether the keys in the environment are complete and belong together",
    .run = run,
};
