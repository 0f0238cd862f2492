#include "credctl/aws/imds.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "parts.h"

#define DISABLED "AWS_EC2_METADATA_DISABLED"
#define ENDPOINT "AWS_EC2_METADATA_SERVICE_ENDPOINT"

static bool on_instance(const struct cc_scene *scene)
{
    return cc_text_equal(scene->place.compute, "ec2") || cc_text_equal(scene->dmi.cloud, "aws");
}

/* Without need, it is good practice to turn the service off. */
static void tell_off(struct cc_checkup *checkup)
{
    struct cc_error err;

    if (!cc_imds_off(checkup->run, &checkup->resolve.settings) ||
        !on_instance(cc_checkup_scene(checkup)) || cc_checkup_breakdown(checkup) != CC_NONE_FOUND) {
        return;
    }
    cc_fail(&err, CC_E_IMDS_OFF, "the role of this instance is not used");
    cc_why(&err, DISABLED ", or disable_ec2_metadata of the profile, is true, so the metadata "
                          "service is not asked");
    cc_fix(&err, "unset " DISABLED);
    cc_found_cause(checkup, CC_NONE_FOUND, &err);
}

static void tell_word(struct cc_checkup *checkup)
{
    const char *value = cc_variable(checkup, DISABLED);
    struct cc_error err;

    if (!value || cc_text_is_true(value) || cc_text_equal_nocase(value, "false")) {
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, DISABLED " is neither true nor false");
    cc_why(&err,
           "it is \"%.40s\", which turns the service off for the SDK for JavaScript and not "
           "for others",
           value);
    cc_fix(&err, "export " DISABLED "=true, or unset it");
    cc_found_warning(checkup, &err);
}

static void tell_endpoint(struct cc_checkup *checkup)
{
    const char *endpoint = cc_setting(checkup->run, &checkup->resolve.settings, ENDPOINT,
                                      "ec2_metadata_service_endpoint");
    struct cc_error err = {0};
    struct cc_url url;

    if (!endpoint || !cc_url_parse(&checkup->run->mem, endpoint, ENDPOINT, &url, &err) ||
        cc_text_equal(url.host, "169.254.169.254") || cc_text_equal(url.host, "fd00:ec2::254")) {
        return;
    }
    cc_fail(&err, CC_E_ENDPOINT, "instance credentials are asked for at %s", url.origin);
    cc_why(&err, ENDPOINT " names it; it is not the address of EC2");
    cc_fix(&err, "unset " ENDPOINT ", unless an emulator or a credential tool is meant");
    cc_found_cause(checkup, CC_NONE_FOUND, &err);
}

static void tell_state(struct cc_checkup *checkup)
{
    static const char *const says[] = {
        [CC_IMDS_NOT_ASKED] = "not asked: the environment is known without it",
        [CC_IMDS_FORBIDDEN] = "turned off by AWS_EC2_METADATA_DISABLED or disable_ec2_metadata",
        [CC_IMDS_UNREACHABLE] = "nothing answers, as outside of EC2",
        [CC_IMDS_AVAILABLE] = "it answers",
    };
    const enum cc_imds_state state = cc_checkup_scene(checkup)->instance.state;
    const char *word =
        (size_t)state < CC_COUNT(says) && says[state]
            ? says[state]
            : cc_textf(&checkup->run->mem, "its state is %s", cc_imds_state_words[state]);

    cc_found_ok(checkup, "%s", checkup->run->offline ? "not asked (--offline)" : word);
}

static void run(struct cc_checkup *checkup)
{
    struct cc_error why = {0};

    if (cc_plan_provider(checkup, "imds", &why) == CC_BROKEN) {
        cc_found_of_chain(checkup, &why);
        return;
    }
    tell_off(checkup);
    tell_word(checkup);
    tell_endpoint(checkup);
    if (cc_found_nothing(checkup)) {
        tell_state(checkup);
    }
}

const struct cc_check cc_check_metadata = {
    .name = "metadata",
    .title = "Metadata",
    .about = "the settings of the instance metadata service, and whether they fit this host",
    .run = run,
};
