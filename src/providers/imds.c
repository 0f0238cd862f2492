#include "credctl/aws/imds.h"

#include "credctl/aws/hide.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "table.h"

#include <string.h>

#define EXTENDED    "meta-data/iam/security-credentials-extended/"
#define LEGACY      "meta-data/iam/security-credentials/"
#define STALE_MAX_S 3600

static const struct cc_keys_shape document = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "Token",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .any_case = true,
    .token_required = true,
    .expiration_required = true,
};

/* One search. The extended path also returns the account. It is newer and optional: when it is
 * refused, broken or unknown, the usual path is used. */
struct visit {
    struct cc_search *search;
    struct cc_imds imds;
    const char *path; /* EXTENDED or LEGACY */
    const char *role;
};

static bool unexpected(const struct visit *visit, const struct cc_response *response,
                       struct cc_error *why)
{
    cc_fail(why, CC_E_IMDS, "the EC2 metadata service (IMDS) handed out no credentials");
    why->passes = response->status >= 500 || response->status == 429;
    return cc_why(why, "GET %s/latest/%s%s answered HTTP %d", visit->imds.base, visit->path,
                  visit->role ? visit->role : "", response->status);
}

/* The first line, trimmed: the service has one role. */
static const char *first_line(struct cc_run *run, const char *text)
{
    text += strspn(text, " \t\r\n");
    return cc_text_trim(&run->mem, cc_text_dup(&run->mem, text, strcspn(text, "\r\n")));
}

/* The role name from the list. True with *status 404 when there is no list. */
static bool list(struct visit *visit, int *status, struct cc_error *why)
{
    struct cc_run *run = visit->search->run;
    struct cc_response response;

    visit->role = NULL;
    if (!cc_imds_get(&visit->imds, visit->path, &response, why)) {
        return false;
    }
    *status = response.status;
    if (response.status == 404) {
        return true;
    }
    if (response.status != 200) {
        return unexpected(visit, &response, why);
    }
    const char *name = first_line(run, response.body);
    if (!name[0]) {
        *status = 404; /* an empty list means the same */
        return true;
    }
    if (!cc_role_name_valid(name) || cc_hide(&run->mem, name, &visit->imds.token, 1) != name) {
        cc_fail(why, CC_E_BAD_ANSWER, "the EC2 metadata service (IMDS) did not return a role name");
        return cc_why(why, "the answer of %s/latest/%s is not a valid role name", visit->imds.base,
                      visit->path);
    }
    visit->role = name;
    return true;
}

static bool not_success(const struct visit *visit, const cJSON *doc, struct cc_error *why)
{
    struct cc_arena *mem = &visit->search->run->mem;
    const struct cc_secret secrets[] = {visit->imds.token,
                                        {cc_json_text_nocase(doc, document.secret_key)},
                                        {cc_json_text_nocase(doc, document.session_token)}};
    const char *code = cc_json_text_nocase(doc, "Code");
    const char *message = cc_json_text_nocase(doc, "Message");

    if (!code || cc_text_equal_nocase(code, "Success")) {
        return false;
    }
    code = cc_hide(mem, code, secrets, CC_COUNT(secrets));
    message = cc_hide(mem, message, secrets, CC_COUNT(secrets));
    cc_fail(why, CC_E_IMDS, "the EC2 metadata service (IMDS) has no credentials for role %s",
            visit->role);
    cc_why(why, "Code is %s%s%s", code, message ? ": " : "", message ? message : "");
    if (cc_text_equal(code, "AssumeRoleUnauthorizedAccess")) {
        cc_fix(why, "allow sts:AssumeRole for ec2.amazonaws.com in the trust policy of role %s",
               visit->role);
    }
    return true;
}

/*
 * Static stability, as in the SDKs of AWS: when the service cannot renew the credentials of an
 * instance, the expired ones stay in use for a while.
 */
static bool extend(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    int64_t now = cc_now_aws(run);

    if (keys->expires > now) {
        return true;
    }
    if (now - keys->expires > STALE_MAX_S) {
        cc_fail(why, CC_E_EXPIRED, "the EC2 metadata service (IMDS) hands out expired credentials");
        cc_why(why, "they expired at %s", cc_time_iso(&run->mem, keys->expires));
        return cc_fix(why, "check this host's clock, and whether the instance's role still exists "
                           "and may be assumed by ec2.amazonaws.com");
    }
    cc_search_warn(search,
                   cc_textf(&run->mem,
                            "the instance's credentials expired at %s and were not renewed; "
                            "they stay in use and are refreshed in 10 to 15 minutes",
                            cc_time_iso(&run->mem, keys->expires)));
    keys->expires = now + 600 + (int64_t)cc_random_below(run, 301);
    return true;
}

static bool read_document(struct visit *visit, const struct cc_response *response,
                          struct cc_keys *keys, struct cc_error *why)
{
    struct cc_arena *mem = &visit->search->run->mem;
    const char *source =
        cc_textf(mem, "the EC2 metadata service's (IMDS) answer for role %s", visit->role);
    const cJSON *doc = NULL;

    return cc_json_parse(mem, response->body, response->body_len, source, &doc, why) &&
           !not_success(visit, doc, why) &&
           cc_keys_from_json(mem, doc, &document, source, keys, why);
}

/* The document of the role; true with *status 404 when there is none. An invalid one is requested a
 * second time. */
static bool fetch(struct visit *visit, int *status, struct cc_keys *keys, struct cc_error *why)
{
    const char *path = cc_textf(&visit->search->run->mem, "%s%s", visit->path, visit->role);
    struct cc_response response;

    for (int attempt = 0; attempt < visit->imds.attempts; attempt++) {
        if (!cc_imds_get(&visit->imds, path, &response, why)) {
            return false;
        }
        *status = response.status;
        if (response.status == 404) {
            return true;
        }
        if (response.status != 200) {
            return unexpected(visit, &response, why);
        }
        if (read_document(visit, &response, keys, why)) {
            return true;
        }
        if (why->code == CC_E_IMDS) {
            return false; /* a valid error document, not an invalid one */
        }
    }
    return false;
}

static enum cc_outcome no_role(const struct visit *visit, struct cc_error *why)
{
    cc_absent(why, "no role is attached to this instance (%s/latest/%s answered 404)",
              visit->imds.base, visit->path);
    why->code = CC_E_IMDS;
    cc_fix(why, "attach an instance profile with a role to the instance");
    return CC_ABSENT;
}

/* The role was replaced between the list and the document: lists again. */
static bool list_and_fetch(struct visit *visit, int *status, struct cc_keys *keys,
                           struct cc_error *why)
{
    for (int round = 0; round < 2; round++) {
        if (!list(visit, status, why)) {
            return false;
        }
        if (!visit->role) {
            return true;
        }
        if (!fetch(visit, status, keys, why)) {
            return false;
        }
        if (*status != 404) {
            break;
        }
    }
    return true;
}

/* True for failures of the whole service, not of one path. */
static bool concerns_all(const struct cc_error *why)
{
    return why->code == CC_E_IMDS_HOP || why->code == CC_E_DEADLINE;
}

static enum cc_outcome from_list(struct visit *visit, struct cc_keys *keys, struct cc_error *why)
{
    int status = 404;

    visit->path = EXTENDED;
    if (!list_and_fetch(visit, &status, keys, why)) {
        if (concerns_all(why)) {
            return CC_BROKEN;
        }
    } else if (visit->role && status == 200) {
        return CC_FOUND;
    }
    visit->path = LEGACY;
    if (!list_and_fetch(visit, &status, keys, why)) {
        return CC_BROKEN;
    }
    if (!visit->role) {
        return no_role(visit, why);
    }
    if (status == 404) {
        cc_fail(why, CC_E_IMDS, "the EC2 metadata service (IMDS) handed out no credentials");
        cc_why(why, "it lists role %s and answers 404 for it", visit->role);
        return CC_BROKEN;
    }
    return CC_FOUND;
}

static enum cc_outcome from_name(struct visit *visit, const char *name, struct cc_keys *keys,
                                 struct cc_error *why)
{
    int status = 0;

    visit->role = cc_text_trim(&visit->search->run->mem, name);
    if (!cc_role_name_valid(visit->role)) {
        cc_fail(why, CC_E_CONFIG, "AWS_EC2_INSTANCE_PROFILE_NAME is not a valid role name");
        cc_why(why, "it (or ec2_instance_profile_name of the profile) is blank or malformed");
        cc_fix(why, "correct it, or unset it to use the role that the instance lists");
        return CC_BROKEN;
    }
    visit->path = EXTENDED;
    if (!fetch(visit, &status, keys, why)) {
        if (concerns_all(why)) {
            return CC_BROKEN;
        }
    } else if (status == 200) {
        return CC_FOUND;
    }
    visit->path = LEGACY;
    if (!fetch(visit, &status, keys, why)) {
        return CC_BROKEN;
    }
    if (status == 404) {
        cc_fail(why, CC_E_IMDS, "the EC2 metadata service (IMDS) does not know role %s",
                visit->role);
        cc_why(why, "AWS_EC2_INSTANCE_PROFILE_NAME or ec2_instance_profile_name asks for it");
        cc_fix(why, "correct the name, or unset it to use the role that the instance lists");
        return CC_BROKEN;
    }
    return CC_FOUND;
}

/* A blank value is not missing here: a name that is set must be valid. */
static const char *given_name(struct cc_search *search)
{
    const char *name = cc_input_raw_variable(search, "AWS_EC2_INSTANCE_PROFILE_NAME");

    return name ? name
                : cc_input_value(search, search->settings->section, "ec2_instance_profile_name");
}

/* The planned request. */
struct instance {
    struct cc_imds imds;
    const char *name; /* the name of the role; NULL: the listed one */
};

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct instance *instance = cc_alloc(&search->run->mem, sizeof(*instance));

    (void)section;
    if (cc_imds_off(search->run, search->settings)) {
        cc_absent(why, "the EC2 metadata service (IMDS) is not asked: AWS_EC2_METADATA_DISABLED "
                       "is true");
        why->code = CC_E_IMDS_OFF;
        cc_fix(why, "unset AWS_EC2_METADATA_DISABLED, or configure other credentials");
        return CC_ABSENT;
    }
    if (!cc_imds_configure(search->run, search->settings, &instance->imds, why)) {
        return CC_BROKEN;
    }
    cc_input_imds(search, &instance->imds);
    instance->name = given_name(search);
    question->about = instance;
    return CC_FOUND;
}

static enum cc_outcome open_imds(struct cc_imds *imds, struct cc_error *why)
{
    enum cc_imds_end end = cc_imds_open(imds, why);

    if (end == CC_IMDS_NOBODY) {
        const struct cc_error cause = *why;

        cc_absent(why,
                  imds->run->offline ? "the EC2 metadata service (IMDS) at %s was not asked"
                                     : "no EC2 metadata service (IMDS) answers at %s",
                  imds->base);
        cc_why(why, "%s", cause.why);
        why->passes = true;
        return CC_ABSENT;
    }
    return end == CC_IMDS_READY ? CC_FOUND : CC_BROKEN;
}

/* placement/region of the instance. */
static const char *placement(struct cc_run *run, const struct cc_settings *settings)
{
    struct cc_imds imds;
    struct cc_response response;
    struct cc_error ignored = {0};

    if (cc_imds_off(run, settings) || !cc_imds_configure(run, settings, &imds, &ignored) ||
        open_imds(&imds, &ignored) != CC_FOUND ||
        !cc_imds_get(&imds, "meta-data/placement/region", &response, &ignored) ||
        response.status != 200) {
        return NULL;
    }
    const char *region = first_line(run, response.body);
    return cc_region_valid(region) ? region : NULL;
}

static enum cc_outcome fetch_role(struct cc_search *search, void *about, struct cc_keys *keys,
                                  struct cc_error *why)
{
    const struct instance *instance = about;
    struct visit visit = {.search = search, .imds = instance->imds};
    struct cc_keys made = {0};

    enum cc_outcome outcome = open_imds(&visit.imds, why);
    if (outcome != CC_FOUND) {
        return outcome;
    }
    outcome = instance->name ? from_name(&visit, instance->name, &made, why)
                             : from_list(&visit, &made, why);
    if (outcome != CC_FOUND) {
        return outcome;
    }
    if (!extend(search, &made, why)) {
        return CC_BROKEN;
    }
    *keys = made;
    search->region_of_host = placement;
    search->detail = cc_textf(&search->run->mem, "role %s by %s (%s)", visit.role, visit.imds.base,
                              cc_secret_present(visit.imds.token) ? "v2" : "v1");
    return CC_FOUND;
}

const struct cc_provider cc_provider_imds = {
    .name = "imds",
    .title = "EC2 instance role (IMDS)",
    .credential_source = "Ec2InstanceMetadata",
    .reach = CC_LINK_LOCAL,
    .on_host = true,
    .region_of_host = placement,
    .plan = plan,
    .fetch = fetch_role,
};
