#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define ADDRESS "169.254.169.254"

/* The lower-case name wins in Python. */
static const char *variable_of(const struct cc_checkup *checkup, const char *lower,
                               const char *upper)
{
    return cc_variable(checkup, lower) ? lower : cc_variable(checkup, upper) ? upper : NULL;
}

/* As Python reads it: names and their ends, no ranges of addresses. */
static bool excepts(const char *entry, size_t len)
{
    const size_t port = strcspn(entry, ":,");

    len = port < len ? port : len;
    entry += len > 0 && entry[0] == '.' ? 1 : 0;
    return (len == 1 && entry[0] == '*') ||
           (len == strlen(ADDRESS) && strncmp(entry, ADDRESS, len) == 0);
}

static bool is_excepted(const struct cc_checkup *checkup)
{
    const char *name = variable_of(checkup, "no_proxy", "NO_PROXY");
    const char *list = name ? cc_variable(checkup, name) : "";

    while (*list) {
        list += strspn(list, ", ");
        const size_t len = strcspn(list, ", ");

        if (excepts(list, len)) {
            return true;
        }
        list += len;
    }
    return false;
}

static void tell_caught(struct cc_checkup *checkup, const char *name)
{
    struct cc_error err;

    cc_fail(&err, CC_E_PROXY,
            "%s catches the requests of boto3 and the AWS CLI for the role of "
            "this host",
            name);
    cc_why(&err, "they ask the metadata service at " ADDRESS " through the proxy, which cannot "
                 "reach it; credctl does not");
    cc_fix(&err, "export NO_PROXY=\"${NO_PROXY:+$NO_PROXY,}" ADDRESS "\" no_proxy=\"${no_proxy:+"
                 "$no_proxy,}" ADDRESS "\"");
    cc_found_warning(checkup, &err);
}

/* The value is not shown: it can contain a password. */
static void run(struct cc_checkup *checkup)
{
    const char *plain = variable_of(checkup, "http_proxy", "HTTP_PROXY");
    const char *secure = variable_of(checkup, "https_proxy", "HTTPS_PROXY");
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    const bool asks = cc_checkup_plan(checkup)->state == CC_STAGE_OK &&
                      cc_text_equal(checkup->base->name, "imds") && scene->place.aws;

    if (plain && asks && !is_excepted(checkup)) {
        tell_caught(checkup, plain);
        return;
    }
    if (!plain && !secure) {
        cc_found_ok(checkup, "none is set");
        return;
    }
    cc_found_ok(checkup, "%s%s%s", secure ? secure : plain,
                secure ? " is used for calls to AWS" : " is set; calls to AWS use https",
                plain && asks ? "; not for the metadata service" : "");
}

const struct cc_check cc_check_proxy = {
    .name = "proxy",
    .title = "Proxy",
    .about = "whether a proxy would catch requests to the metadata service",
    .run = run,
};
