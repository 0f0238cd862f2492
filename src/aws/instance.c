#include "credctl/aws/instance.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/dmi.h"
#include "credctl/aws/hide.h"
#include "credctl/aws/host.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include <string.h>

#define ANSWER_MS       1000
#define OTHER_FAMILY_MS 300
#define SIGN_MS         400
#define ATTEMPTS        3 /* of the request for a token, when it fails at once */
#define DOCUMENT        "dynamic/instance-identity/document"
#define INFO            "meta-data/iam/info"
#define ROLES           "meta-data/iam/security-credentials/"

const char *const cc_imds_state_words[] = {
    [CC_IMDS_NOT_ASKED] = "not-asked",     [CC_IMDS_FORBIDDEN] = "disabled-by-variable",
    [CC_IMDS_UNREACHABLE] = "unreachable", [CC_IMDS_HOP_LIMIT] = "unreachable-hop-limit",
    [CC_IMDS_SILENT] = "silent",           [CC_IMDS_DISABLED] = "disabled",
    [CC_IMDS_LOOK_ALIKE] = "look-alike",   [CC_IMDS_TOKEN_REJECTED] = "token-rejected",
    [CC_IMDS_FAILING] = "failing",         [CC_IMDS_MMDS] = "mmds",
    [CC_IMDS_PARTIAL] = "partial",         [CC_IMDS_AVAILABLE] = "available",
    [CC_IMDS_AVAILABLE + 1] = NULL,
};

/* `seen` is copied: it can be part of an error on the stack of a caller. */
static void note(struct cc_run *run, struct cc_instance *instance, struct cc_instance_note one)
{
    if (instance->note_count < CC_COUNT(instance->notes)) {
        one.seen = cc_text_dup(&run->mem, one.seen, strlen(one.seen));
        instance->notes[instance->note_count++] = one;
    }
}

static void settle(struct cc_instance *instance, enum cc_imds_state state, const char *why)
{
    instance->state = state;
    cc_fail(&instance->why, CC_E_IMDS,
            "the instance metadata service did not return a usable answer");
    cc_why(&instance->why, "%s", why);
}

bool cc_instance_document(struct cc_run *run, const char *text, size_t len,
                          struct cc_instance *instance, struct cc_error *err)
{
    const cJSON *doc = NULL;

    if (!cc_json_parse(&run->mem, text, len, "the instance identity document", &doc, err)) {
        return false;
    }
    const char *id = cc_json_text(doc, "instanceId");
    const char *account = cc_json_text(doc, "accountId");
    const char *region = cc_json_text(doc, "region");
    const char *zone = cc_json_text(doc, "availabilityZone");
    const char *type = cc_json_text(doc, "instanceType");
    if (!cc_instance_id_valid(id)) {
        cc_fail(err, CC_E_BAD_ANSWER, "the instance identity document is not EC2's");
        return cc_why(err, "its instanceId is not an EC2 instance ID");
    }
    instance->instance_id = id;
    instance->account = cc_account_valid(account) ? account : NULL;
    instance->region = cc_region_shaped(region) ? region : NULL;
    instance->zone = cc_text_consists(zone, "-", 64) ? zone : NULL;
    instance->instance_type = cc_text_consists(type, "-.", 64) ? type : NULL;
    return true;
}

/* A service that repeats the token is not EC2's, and the token is not shown. */
static const char *safe(const struct cc_imds *imds, const char *text)
{
    return cc_hide(&imds->run->mem, text, &imds->token, 1) == text ? text : NULL;
}

static const char *status_text(struct cc_run *run, const struct cc_imds_question *one)
{
    return one->response.status ? cc_textf(&run->mem, "HTTP %d", one->response.status)
                                : one->err.why;
}

static bool answered(const struct cc_imds_question *one)
{
    return one->ok && one->response.status == 200;
}

static void take_document(const struct cc_imds *imds, const struct cc_imds_question *one,
                          struct cc_instance *instance)
{
    struct cc_run *run = imds->run;
    struct cc_error err;
    const char *seen = status_text(run, one);

    if (answered(one)) {
        seen = "an identity document with a valid instance ID";
        if (!cc_instance_document(run, one->response.body, one->response.body_len, instance,
                                  &err)) {
            seen = cc_textf(&run->mem, "HTTP 200, refused: %s", err.why);
        } else if (!instance->account) {
            seen = "an identity document with an invalid account ID";
        }
        instance->zone = safe(imds, instance->zone);
        instance->instance_type = safe(imds, instance->instance_type);
    }
    note(run, instance,
         (struct cc_instance_note){"GET /latest/" DOCUMENT, seen,
                                   instance->account ? "EC2, in this account and region"
                                                     : "not an answer of EC2",
                                   one->response.took_ms});
}

static void take_info(const struct cc_imds *imds, const struct cc_imds_question *one,
                      struct cc_instance *instance)
{
    struct cc_run *run = imds->run;
    const cJSON *doc = NULL;
    struct cc_error err;
    struct cc_arn arn;
    const char *seen = status_text(run, one);

    instance->role_known |= one->ok && one->response.status == 404;
    if (answered(one) && cc_json_parse(&run->mem, one->response.body, one->response.body_len,
                                       "iam/info", &doc, &err)) {
        const char *code = safe(imds, cc_json_text(doc, "Code"));
        const char *profile = safe(imds, cc_json_text(doc, "InstanceProfileArn"));

        seen = "no usable instance profile";
        if (code && strcmp(code, "Success") != 0) {
            instance->profile_code = cc_text_printable(&run->mem, code);
        } else if (cc_arn_parse(&run->mem, profile, &arn) && arn.account &&
                   cc_text_starts(arn.resource, "instance-profile/")) {
            seen = "an instance profile";
            instance->profile_arn = profile;
            instance->accounts_differ =
                instance->account && strcmp(instance->account, arn.account) != 0;
            instance->account = instance->account ? instance->account : arn.account;
        }
    } else if (answered(one)) {
        seen = "HTTP 200, refused: not usable JSON";
    }
    note(run, instance,
         (struct cc_instance_note){"GET /latest/" INFO, seen,
                                   instance->profile_arn ? "an instance profile is attached"
                                                         : "no instance profile is known",
                                   one->response.took_ms});
}

static void take_roles(const struct cc_imds *imds, const struct cc_imds_question *one,
                       struct cc_instance *instance)
{
    struct cc_run *run = imds->run;
    const char *seen = status_text(run, one);

    instance->role_known |= one->ok && one->response.status == 404;
    if (answered(one)) {
        const char *first = one->response.body;
        const char *name =
            cc_text_trim(&run->mem, cc_text_dup(&run->mem, first, strcspn(first, "\n")));

        seen = "HTTP 200, no role name";
        if (name[0] == '\0') {
            instance->role_known = true;
        } else if (cc_role_name_valid(name) && safe(imds, name)) {
            seen = cc_textf(&run->mem, "the role name %s", name);
            instance->role_name = name;
            instance->role_known = true;
        }
    }
    note(run, instance,
         (struct cc_instance_note){"GET /latest/" ROLES, seen,
                                   instance->role_name ? "the role: its name, not its path"
                                                       : "no role is known",
                                   one->response.took_ms});
}

static const char *value_of(struct cc_run *run, const struct cc_imds_question *one)
{
    return answered(one) && strlen(one->response.body) <= 64
               ? cc_text_trim(&run->mem, one->response.body)
               : NULL;
}

/* The document could not be used: the same facts are at paths of their own. */
static void ask_single_keys(struct cc_run *run, struct cc_imds *imds, struct cc_instance *instance)
{
    struct cc_imds_question asked[] = {
        {.path = "meta-data/instance-id"},
        {.path = "meta-data/placement/region"},
        {.path = "meta-data/mac"},
    };

    cc_imds_ask(imds, asked, CC_COUNT(asked));
    const char *id = value_of(run, &asked[0]);
    const char *region = value_of(run, &asked[1]);
    const char *mac = value_of(run, &asked[2]);
    instance->instance_id = cc_instance_id_valid(id) ? id : NULL;
    instance->region = cc_region_shaped(region) ? region : NULL;
    note(run, instance,
         (struct cc_instance_note){"GET /latest/meta-data/instance-id",
                                   instance->instance_id ? instance->instance_id
                                                         : status_text(run, &asked[0]),
                                   instance->instance_id ? "an instance, of EC2 or of a look-alike"
                                                         : "no instance is known",
                                   asked[0].response.took_ms});
    if (!instance->instance_id || instance->account || !cc_text_consists(mac, ":", 17)) {
        return;
    }
    struct cc_imds_question owner = {
        .path = cc_textf(&run->mem, "meta-data/network/interfaces/macs/%s/owner-id", mac)};
    cc_imds_ask(imds, &owner, 1);
    const char *account = value_of(run, &owner);
    instance->account = cc_account_valid(account) ? account : NULL;
}

static enum cc_imds_state judge(const struct cc_instance *instance, bool document, int status)
{
    if (document && instance->account) {
        return CC_IMDS_AVAILABLE;
    }
    if (!document && cc_text_equal(instance->role_name, "execution_role")) {
        return CC_IMDS_MMDS;
    }
    if (status == 401) {
        return CC_IMDS_TOKEN_REJECTED;
    }
    return instance->instance_id || instance->role_name ? CC_IMDS_PARTIAL : CC_IMDS_LOOK_ALIKE;
}

static const struct {
    enum cc_imds_state state;
    const char *why;
} reasons[] = {
    {CC_IMDS_LOOK_ALIKE, "something answers at its address, but has no EC2 identity document"},
    {CC_IMDS_TOKEN_REJECTED, "it handed out a token and then refused it (HTTP 401)"},
    {CC_IMDS_PARTIAL, "its identity document could not be used"},
    {CC_IMDS_DISABLED, "it answers 403: HttpEndpoint is disabled for this instance"},
    {CC_IMDS_FAILING, "it answers with errors"},
};

static void settle_as(struct cc_instance *instance, enum cc_imds_state state)
{
    instance->state = state;
    for (size_t i = 0; i < CC_COUNT(reasons); i++) {
        if (reasons[i].state == state) {
            settle(instance, state, reasons[i].why);
        }
    }
}

static void ask_who(struct cc_run *run, struct cc_imds *imds, struct cc_instance *instance)
{
    struct cc_imds_question asked[] = {{.path = DOCUMENT}, {.path = INFO}, {.path = ROLES}};

    cc_imds_ask(imds, asked, CC_COUNT(asked));
    take_document(imds, &asked[0], instance);
    bool document = instance->instance_id != NULL;
    bool sound = instance->account != NULL;
    take_info(imds, &asked[1], instance);
    take_roles(imds, &asked[2], instance);
    int status = asked[0].response.status;
    if (!document && status != 401 && status != 403 &&
        !cc_text_equal(instance->role_name, "execution_role")) {
        ask_single_keys(run, imds, instance);
    }
    if (status == 403 && !instance->role_name) {
        settle_as(instance, CC_IMDS_DISABLED);
    } else if (status == 0 && !instance->instance_id && !instance->role_name) {
        settle_as(instance, CC_IMDS_FAILING);
    } else {
        settle_as(instance, judge(instance, document && sound, status));
    }
}

/* A GET without a token, only after a PUT without an answer: a 401 at once means EC2 behind a hop
 * limit. */
static void look_past_the_hang(struct cc_run *run, struct cc_imds imds,
                               struct cc_instance *instance)
{
    struct cc_imds_question bare = {.path = DOCUMENT};

    imds.timeout_ms = SIGN_MS;
    imds.keeps_token = true;
    settle(instance, CC_IMDS_SILENT, "it accepts connections but does not answer");
    cc_imds_ask(&imds, &bare, 1);
    note(run, instance,
         (struct cc_instance_note){"GET /latest/" DOCUMENT " without a token",
                                   status_text(run, &bare),
                                   bare.response.status == 401 ? "EC2 behind a hop limit"
                                                               : "not the answer of a hop limit",
                                   bare.response.took_ms});
    if (answered(&bare) && !imds.v1_forbidden) {
        instance->version1 = true; /* SDKs use this too, after a delay */
        ask_who(run, &imds, instance);
    }
    if (bare.response.status == 401) {
        settle(instance, CC_IMDS_HOP_LIMIT,
               "it requires a token, and the token does not reach this container: the hop limit "
               "is 1");
        instance->why.code = CC_E_IMDS_HOP;
        cc_fix(&instance->why, "%s", cc_code_remedy(CC_E_IMDS_HOP));
    }
}

/* There is no token: uses IMDSv1, unless the answer excludes it, as `session` does. */
static void without_token(struct cc_run *run, struct cc_imds *imds, struct cc_instance *instance)
{
    const int status = imds->put_status;
    const bool failing = status == 0 || status >= 500 || status == 429;
    const enum cc_imds_state refused = failing         ? CC_IMDS_FAILING
                                       : status == 403 ? CC_IMDS_DISABLED
                                                       : CC_IMDS_LOOK_ALIKE;

    if ((status > 0 && status <= 400) || imds->v1_forbidden) {
        settle_as(instance, refused);
        return;
    }
    ask_who(run, imds, instance);
    instance->version1 = instance->role_name || instance->instance_id;
    if (!instance->version1 && failing) {
        settle_as(instance, CC_IMDS_FAILING);
    }
}

static bool no_connection(enum cc_failure failure)
{
    return failure == CC_NET_NO_ROUTE || failure == CC_NET_REFUSED ||
           failure == CC_NET_CONNECT_TIMEOUT || failure == CC_NET_NAME;
}

/* The requests of all visits of one run. */
struct plan {
    const struct cc_settings *settings;
    struct cc_instance *instance;
};

/* False when there was no connection, so that another address can be tried. */
static bool visit(struct cc_run *run, const struct plan *plan, const char *base, int connect_ms)
{
    struct cc_instance *instance = plan->instance;
    struct cc_imds imds = {.run = run,
                           .base = base,
                           .connect_ms = connect_ms,
                           .timeout_ms = ANSWER_MS,
                           .attempts = ATTEMPTS,
                           .v1_forbidden = cc_imds_v1_forbidden(run, plan->settings)};
    struct cc_error err = {0};
    const int64_t begun = cc_ticks_ms(run);
    const char *source = cc_textf(&run->mem, "PUT %s/latest/api/token", base);

    instance->base = base;
    bool ok = cc_imds_token(&imds, &err);
    imds.attempts = 1; /* a service that is slow now stays slow */
    int ms = (int)(cc_ticks_ms(run) - begun);
    if (ok) {
        bool token = cc_secret_present(imds.token);

        note(run, instance,
             (struct cc_instance_note){
                 source, token ? "a token" : cc_textf(&run->mem, "HTTP %d", imds.put_status),
                 token ? "IMDSv2 is available" : "no token can be had from here", ms});
        if (token) {
            ask_who(run, &imds, instance);
        } else {
            without_token(run, &imds, instance);
        }
        return true;
    }
    note(run, instance,
         (struct cc_instance_note){source, err.why, "no token can be had from here", ms});
    if (err.code == CC_E_BAD_ANSWER && imds.put_failure == CC_NET_ANSWERED) {
        settle_as(instance, CC_IMDS_LOOK_ALIKE);
    } else if (imds.silent) {
        look_past_the_hang(run, imds, instance);
    } else if (no_connection(imds.put_failure) || err.code == CC_E_DEADLINE) {
        settle(instance, CC_IMDS_UNREACHABLE, err.why);
        return false;
    } else {
        without_token(run, &imds, instance);
    }
    return true;
}

/* The endpoint of the variable when it is allowed; NULL for the addresses of AWS. */
static const char *chosen_base(struct cc_run *run, const char *endpoint,
                               struct cc_instance *instance)
{
    const struct cc_imds_settings settings = {.endpoint = endpoint};
    struct cc_url url;
    const char *base = NULL;
    struct cc_error err;

    if (!endpoint ||
        !cc_url_parse(&run->mem, endpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT", &url, &err)) {
        return NULL;
    }
    if (strcmp(url.host, "169.254.169.254") == 0 || strcmp(url.host, "fd00:ec2::254") == 0) {
        return cc_imds_base(run, &settings, &base, &err) ? base : NULL;
    }
    if (!cc_host_loopback(url.host) || !cc_imds_base(run, &settings, &base, &err)) {
        note(run, instance,
             (struct cc_instance_note){"AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                       "a host that is neither EC2's own address nor loopback",
                                       "not asked; EC2's own address is", 0});
        return NULL;
    }
    instance->custom = true;
    return base;
}

/* The settings, so that `detect` uses the service like `session`. A malformed setting is an error
 * only for what needs it. */
static void load(struct cc_run *run, struct cc_settings *settings)
{
    const struct cc_given none = {0};
    struct cc_error ignored;

    if (!cc_settings_load(run, &none, settings, &ignored)) {
        *settings = (struct cc_settings){0};
    }
}

void cc_instance_visit(struct cc_run *run, int connect_ms, struct cc_instance *instance)
{
    static const char *const bases[] = {"http://169.254.169.254", "http://[fd00:ec2::254]"};
    struct cc_settings settings = {0};
    const struct plan plan = {&settings, instance};

    *instance = (struct cc_instance){.state = CC_IMDS_NOT_ASKED};
    if (run->offline) {
        return;
    }
    load(run, &settings);
    if (!cc_imds_whole(run, &settings, &instance->why)) {
        note(run, instance,
             (struct cc_instance_note){instance->why.what, instance->why.why, "not asked", 0});
        return; /* as `session` refuses */
    }
    if (cc_imds_off(run, &settings)) {
        settle(instance, CC_IMDS_FORBIDDEN,
               "AWS_EC2_METADATA_DISABLED, or disable_ec2_metadata of the profile, is true");
        cc_fix(&instance->why, "unset it to use the role of this host");
        return;
    }
    const char *endpoint = cc_setting(run, &settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                      "ec2_metadata_service_endpoint");
    const char *mode = cc_setting(run, &settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                  "ec2_metadata_service_endpoint_mode");
    const char *base = chosen_base(run, cc_text_blank(endpoint) ? NULL : endpoint, instance);
    if (base) {
        (void)visit(run, &plan, base, connect_ms);
        return;
    }
    bool six = cc_text_equal_nocase(mode, "IPv6");
    if (!visit(run, &plan, bases[six], connect_ms)) {
        (void)visit(run, &plan, bases[!six], OTHER_FAMILY_MS);
    }
}
