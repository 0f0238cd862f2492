#include "credctl/aws/drive.h"
#include "credctl/aws/hide.h"
#include "credctl/aws/host.h"
#include "credctl/aws/retry.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "table.h"

/* ECS, EKS Pod Identity, Lambda SnapStart, Greengrass: an agent on the host answers. */

#define RELATIVE    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL        "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN       "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
#define ATTEMPTS    3
#define CONNECT_MS  2000
#define TIMEOUT_MS  5000
#define ANSWER_MAX  65536
#define PAUSE_MS    100
#define STALE_MAX_S 3600

static const struct cc_keys_shape answer = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "Token",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .role_arn = "RoleArn",
    .any_case = true,
    .expiration_required = true,
};

struct endpoint {
    const char *url;
    const char *source;  /* the variable it is from */
    const char *address; /* the address that was checked and is connected to */
    struct cc_secret token;
};

/* A request to it that is being made. */
struct ask {
    struct cc_errand errand;
    const struct endpoint *endpoint;
    struct cc_retries retries;
    struct cc_keys keys;
};

/* True without a URL when neither variable is set. */
static bool choose_url(struct cc_search *search, struct endpoint *endpoint, struct cc_error *why)
{
    const char *path = cc_input_variable(search, RELATIVE);

    endpoint->source = path ? RELATIVE : FULL;
    if (!path || path[0] == '/') {
        endpoint->url = path ? cc_textf(&search->run->mem, "http://169.254.170.2%s", path)
                             : cc_input_variable(search, FULL);
        return true;
    }
    /* Appended to the host, anything else could lead to another host. */
    cc_fail(why, CC_E_CONFIG, RELATIVE " is not a path");
    cc_why(why, "it does not begin with '/'");
    return cc_fix(why, "correct it, or set a full URL in " FULL);
}

static bool one_line(struct cc_secret token)
{
    for (const char *at = cc_secret_reveal(token); *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return true;
}

/* The file is read for every fetch: on EKS it is replaced during a run. */
static bool choose_token(struct cc_search *search, struct endpoint *endpoint, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *file = cc_input_variable(search, TOKEN_FILE);

    if (file) {
        return cc_input_secret(search, cc_path_expand(run, file), &endpoint->token, why) ||
               cc_fix(why, "check the file that " TOKEN_FILE " names: it must hold one line");
    }
    const char *text = cc_input_raw_variable(search, TOKEN);
    const char *unseen = cc_text_unseen(text);
    endpoint->token = cc_secret_keep(&run->mem, text);
    if (one_line(endpoint->token) && !unseen) {
        return true;
    }
    cc_fail(why, CC_E_CONFIG, TOKEN " cannot be sent as a header");
    cc_why(why, "the token has %s", unseen ? unseen : "a line break or another control character");
    return cc_fix(why, "set " TOKEN " to the token alone, or use " TOKEN_FILE);
}

static bool worth_another_try(const struct cc_response *response)
{
    if (response->failure == CC_NET_ANSWERED) {
        return response->status >= 500 || response->status == 429;
    }
    return cc_retry_of(response, NULL, NULL) != CC_RETRY_NOT || response->failure == CC_NET_OTHER;
}

/* Errors of the agents are {"code": ..., "message": ...}. */
static bool refused(struct cc_run *run, const struct endpoint *endpoint,
                    const struct cc_response *response, struct cc_error *why)
{
    const cJSON *doc = NULL;
    struct cc_error ignored;
    const char *code = NULL;
    const char *message = NULL;

    if (cc_json_parse(&run->mem, response->body, response->body_len, "it", &doc, &ignored)) {
        code = cc_json_text_nocase(doc, "code");
        message = cc_json_text_nocase(doc, "message");
    }
    code = cc_hide(&run->mem, code, &endpoint->token, 1);
    message = cc_hide(&run->mem, message, &endpoint->token, 1);
    cc_fail(why, CC_E_CONTAINER, "the container endpoint handed out no credentials");
    cc_why(why, "%s (from %s) answered HTTP %d%s%s%s%s", endpoint->url, endpoint->source,
           response->status, code ? ": " : "", code ? code : "", message ? ": " : "",
           message ? message : "");
    if ((response->status == 400 || response->status == 401 || response->status == 403) &&
        !cc_secret_present(endpoint->token)) {
        return cc_fix(why, "set " TOKEN_FILE " or " TOKEN ": no token was sent");
    }
    return cc_fix(why, "%s", cc_code_remedy(CC_E_CONTAINER));
}

static bool read_keys(struct cc_run *run, const struct endpoint *endpoint,
                      const struct cc_response *response, struct cc_keys *keys,
                      struct cc_error *why)
{
    const char *source = cc_textf(&run->mem, "the answer of %s", endpoint->url);
    const cJSON *doc = NULL;

    if (!cc_json_parse(&run->mem, response->body, response->body_len, source, &doc, why)) {
        return false;
    }
    if (!cc_json_text_nocase(doc, "AccessKeyId") && cc_json_text_nocase(doc, "code")) {
        return refused(run, endpoint, response, why);
    }
    return cc_keys_from_json(&run->mem, doc, &answer, source, keys, why);
}

static bool prepare(struct cc_errand *errand, struct cc_request *request, struct cc_error *err)
{
    const struct ask *ask = errand->about;
    const struct endpoint *endpoint = ask->endpoint;
    struct cc_header *headers = cc_alloc(&errand->run->mem, 3 * sizeof(*headers));

    (void)err;
    headers[0] = (struct cc_header){.name = "Accept", .value = "application/json"};
    if (cc_secret_present(endpoint->token)) {
        headers[1] = (struct cc_header){.name = "Authorization", .secret = endpoint->token};
    }
    *request = (struct cc_request){
        .method = "GET",
        .url = endpoint->url,
        .headers = headers,
        .distance = CC_NEAR,
        .address = endpoint->address,
        .connect_ms = CONNECT_MS,
        .timeout_ms = TIMEOUT_MS,
        .max_body = ANSWER_MAX,
    };
    return true;
}

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct ask *ask = errand->about;
    struct cc_run *run = errand->run;
    const struct cc_response *response = &errand->exchange.response;
    bool again = !run->offline && worth_another_try(response);

    ask->retries.made++;
    if (!errand->exchange.ok) {
        errand->err = errand->exchange.err;
        if (!run->offline) { /* otherwise the remedy is the one for --offline */
            cc_fix(&errand->err, "check that the agent named by %s runs and can be reached",
                   ask->endpoint->source);
        }
    } else if (response->status != 200) {
        (void)refused(run, ask->endpoint, response, &errand->err);
        errand->err.passes = again;
    } else if (read_keys(run, ask->endpoint, response, &ask->keys, &errand->err)) {
        return CC_DONE;
    } else {
        again = true; /* an answer that was cut off or damaged */
    }
    return again && cc_retry_soon(run, &ask->retries, PAUSE_MS, &errand->wait_ms) ? CC_AGAIN
                                                                                  : CC_FAILED;
}

/* Credentials that expired within the last hour are accepted; older ones are not. */
static bool still_usable(struct cc_search *search, const struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    int64_t over = cc_now_aws(run) - keys->expires;

    if (over < 0) {
        return true;
    }
    if (over > STALE_MAX_S) {
        cc_fail(why, CC_E_EXPIRED, "the container endpoint hands out expired credentials");
        cc_why(why, "they expired at %s", cc_time_iso(&run->mem, keys->expires));
        return cc_fix(why, "check this host's clock, and the agent that answers there");
    }
    cc_search_warn(search, "the container endpoint hands out credentials that have "
                           "expired: check this host's clock");
    return true;
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct endpoint *endpoint = cc_alloc(&search->run->mem, sizeof(*endpoint));

    (void)section;
    if (!choose_url(search, endpoint, why)) {
        return CC_BROKEN;
    }
    if (!endpoint->url) {
        return cc_absent(why, "neither " RELATIVE " nor " FULL " is set");
    }
    if (!choose_token(search, endpoint, why)) {
        return CC_BROKEN;
    }
    question->about = endpoint;
    return CC_FOUND;
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    struct cc_run *run = search->run;
    struct endpoint *endpoint = about;
    struct ask ask = {.errand = {.run = run, .about = &ask, .prepare = prepare, .judge = judge},
                      .endpoint = endpoint,
                      .retries = {.most = ATTEMPTS}};

    if (!cc_host_judge(run, endpoint->url, endpoint->source, &endpoint->address, why) ||
        !cc_drive_one(&ask.errand, why) || !still_usable(search, &ask.keys, why)) {
        return CC_BROKEN;
    }
    *keys = ask.keys;
    search->detail = cc_textf(&run->mem, "%s: %s", endpoint->source, endpoint->url);
    return CC_FOUND;
}

const struct cc_provider cc_provider_container = {
    .name = "container",
    .title = "container endpoint: ECS task role, EKS Pod Identity",
    .credential_source = "EcsContainer",
    .reach = CC_LINK_LOCAL,
    .on_host = true,
    .plan = plan,
    .fetch = fetch,
};
