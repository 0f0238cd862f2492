#include "credctl/aws/host.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "table.h"

/* ECS, EKS Pod Identity, Lambda SnapStart, Greengrass: an agent beside us answers. */

#define RELATIVE   "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL       "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN      "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
#define ATTEMPTS   3
#define CONNECT_MS 2000
#define TIMEOUT_MS 5000
#define ANSWER_MAX 65536
#define PAUSE_MS   100

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
    const char *address; /* what was judged and is connected to */
    struct cc_secret token;
};

/* True without a URL: neither variable is set. */
static bool choose_url(struct cc_search *search, struct endpoint *endpoint, struct cc_error *why)
{
    const char *path = cc_input_variable(search, RELATIVE);

    endpoint->source = path ? RELATIVE : FULL;
    if (!path || path[0] == '/') {
        endpoint->url = path ? cc_textf(&search->run->mem, "http://169.254.170.2%s", path)
                             : cc_input_variable(search, FULL);
        return true;
    }
    /* Appended to the host, anything else could lead elsewhere. */
    cc_fail(why, CC_E_CONFIG, RELATIVE " is not a path");
    cc_why(why, "it does not begin with '/'");
    return cc_fix(why, "correct it, or name a whole URL in " FULL);
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

/* The file is read for every fetch: on EKS it is replaced while we run. */
static bool choose_token(struct cc_search *search, struct endpoint *endpoint, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *file = cc_input_variable(search, TOKEN_FILE);

    if (file) {
        return cc_input_secret(search, cc_path_expand(run, file), &endpoint->token, why) ||
               cc_fix(why, "check the file that " TOKEN_FILE " names: it must hold one line");
    }
    endpoint->token = cc_secret_keep(&run->mem, cc_input_raw_variable(search, TOKEN));
    if (one_line(endpoint->token)) {
        return true;
    }
    cc_fail(why, CC_E_CONFIG, TOKEN " cannot be sent as a header");
    cc_why(why, "the token has a line break or another control character");
    return cc_fix(why, "set " TOKEN " to the token alone, or use " TOKEN_FILE);
}

static bool worth_another_try(const struct cc_response *response)
{
    switch (response->failure) {
    case CC_NET_ANSWERED: return response->status >= 500 || response->status == 429;
    case CC_NET_NAME:
    case CC_NET_TLS:
    case CC_NET_TOO_BIG:
    case CC_NET_NO_ROUTE: return false;
    default: return true;
    }
}

/* The agents answer errors as {"code": ..., "message": ...}. */
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

/* One exchange. *again: it may be worth another. */
static bool ask(struct cc_run *run, const struct endpoint *endpoint, struct cc_keys *keys,
                bool *again, struct cc_error *why)
{
    const struct cc_header headers[] = {
        {.name = "Accept", .value = "application/json"},
        {.name = cc_secret_present(endpoint->token) ? "Authorization" : NULL,
         .secret = endpoint->token},
        {0}};
    const struct cc_request get = {
        .method = "GET",
        .url = endpoint->url,
        .headers = headers,
        .distance = CC_NEAR,
        .address = endpoint->address,
        .connect_ms = CONNECT_MS,
        .timeout_ms = TIMEOUT_MS,
        .max_body = ANSWER_MAX,
    };
    struct cc_response response;

    bool answered = cc_http(run, &get, &response, why);
    *again = !run->offline && worth_another_try(&response);
    if (!answered && run->offline) {
        return false; /* the remedy is that of --offline */
    }
    if (!answered) {
        return cc_fix(why, "check that the agent named by %s runs and can be reached",
                      endpoint->source);
    }
    if (response.status != 200) {
        refused(run, endpoint, &response, why);
        why->passes = *again;
        return false;
    }
    *again = true; /* an answer that was cut off or garbled */
    return read_keys(run, endpoint, &response, keys, why);
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
    struct cc_keys made = {0};
    bool again = true;

    if (!cc_host_judge(run, endpoint->url, endpoint->source, &endpoint->address, why)) {
        return CC_BROKEN;
    }
    for (int attempt = 0; again && attempt < ATTEMPTS; attempt++) {
        if (attempt > 0) {
            cc_sleep_ms(run, PAUSE_MS * attempt + (int)cc_random_below(run, PAUSE_MS));
        }
        if (!ask(run, endpoint, &made, &again, why)) {
            continue;
        }
        *keys = made;
        search->detail = cc_textf(&run->mem, "%s: %s", endpoint->source, endpoint->url);
        return CC_FOUND;
    }
    return CC_BROKEN;
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
