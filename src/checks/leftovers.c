#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "parts.h"

/* Variables that do not do what they seem to do. */
static const struct {
    const char *name;
    const char *why;
    const char *fix; /* NULL: unset it */
    bool no_keys;    /* explains that there are no credentials */
} rows[] = {
    {"AWS_SDK_LOAD_CONFIG",
     "only the old SDKs for Go and JavaScript read it; all others always read ~/.aws/config", NULL,
     false},
    {"AWS_CREDENTIAL_FILE", "only boto3 and the AWS CLI read it, as a file in a format of 2009",
     NULL, true},
    {"BOTO_CONFIG", "only boto3 and the AWS CLI read it; keys in that file are used by them alone",
     NULL, true},
    {"AWS_CREDENTIALS_FILE", "programs read AWS_SHARED_CREDENTIALS_FILE",
     "export AWS_SHARED_CREDENTIALS_FILE=\"$AWS_CREDENTIALS_FILE\"; unset AWS_CREDENTIALS_FILE",
     true},
    {"AWS_SHARED_CONFIG_FILE", "programs read AWS_CONFIG_FILE",
     "export AWS_CONFIG_FILE=\"$AWS_SHARED_CONFIG_FILE\"; unset AWS_SHARED_CONFIG_FILE", true},
    {"AWS_IMDS_USE_IPV6", "only boto3 and credctl read it",
     "export AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6; unset AWS_IMDS_USE_IPV6", false},
};

static void tell_row(struct cc_checkup *checkup, size_t i)
{
    struct cc_error err;

    if (!cc_variable(checkup, rows[i].name)) {
        return;
    }
    cc_fail(&err, CC_E_LEFTOVER, "%s is set", rows[i].name);
    cc_why(&err, "%s", rows[i].why);
    cc_fix(&err, "unset %s", rows[i].name);
    if (rows[i].fix) {
        cc_fix(&err, "%s", rows[i].fix);
    }
    if (rows[i].no_keys) {
        cc_found_cause(checkup, CC_NONE_FOUND, &err);
    } else {
        cc_found_warning(checkup, &err);
    }
}

/* Container variables have a check of their own, and AWS_EXECUTION_ENV alone only marks requests.
 */
static bool counts(const char *name)
{
    return !cc_text_starts(name, "AWS_CONTAINER_") && !cc_text_equal(name, "AWS_EXECUTION_ENV");
}

/* Variables of platforms that this is not. */
static void tell_platform(struct cc_checkup *checkup)
{
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    struct cc_buf names = cc_buf_new(&checkup->run->mem, 1024);
    struct cc_error err;

    for (size_t i = 0; i < scene->left_over_count; i++) {
        if (counts(scene->left_over[i])) {
            cc_buf_addf(&names, " %s", scene->left_over[i]);
        }
    }
    if (names.len == 0) {
        return;
    }
    cc_fail(&err, CC_E_LEFTOVER, "variables of an AWS platform are set, but this host is not one");
    cc_why(&err, "nothing confirms%s; programs that trust them behave as if they ran there",
           names.text);
    cc_fix(&err, "unset%s", names.text);
    cc_found_warning(checkup, &err);
}

static void run(struct cc_checkup *checkup)
{
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        tell_row(checkup, i);
    }
    tell_platform(checkup);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "no variable is set that would surprise an SDK");
    }
}

const struct cc_check cc_check_leftovers = {
    .name = "leftovers",
    .title = "Leftovers",
    .about = "variables that have no effect, or another one than it seems",
    .run = run,
};
