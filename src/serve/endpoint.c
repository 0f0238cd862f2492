#include "credctl/serve/endpoint.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/imds.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <string.h>

#define TOKEN_BYTES   32 /* 256 bit */
#define RETRY_LEAST_S 5
#define RETRY_MOST_S  300

static bool nobody_to_ask(void *self, struct cc_arena *mem, const char *prompt,
                          struct cc_secret *answer, struct cc_error *err)
{
    (void)self;
    (void)mem;
    (void)prompt;
    (void)answer;
    cc_fail(err, CC_E_MFA, "cannot ask for a code");
    return cc_why(err, "the credentials are refreshed in the background");
}

static bool take_role(struct cc_run *run, const char *given, struct cc_kept *kept,
                      struct cc_error *err)
{
    const char *equals = strchr(given, '=');
    struct cc_arn arn;
    const char *role = NULL;

    kept->name = cc_text_dup(&run->mem, given, equals ? (size_t)(equals - given) : 0);
    kept->role_arn = equals ? equals + 1 : "";
    if (!cc_role_name_valid(kept->name) || !cc_arn_role(&run->mem, kept->role_arn, &arn, &role)) {
        cc_fail(err, CC_E_USAGE, "--role %.200s is not NAME=ARN", given);
        return cc_fix(err, "write it as NAME=arn:aws:iam::111122223333:role/ROLE");
    }
    return true;
}

/* With the run's memory, so that no secret outlives a failure. */
static void forget(void *about)
{
    struct cc_endpoint *endpoint = about;

    for (size_t i = 0; i < endpoint->kept_count; i++) {
        cc_live_wipe(&endpoint->kept[i].live);
        cc_arena_wipe(&endpoint->kept[i].rendered);
    }
}

bool cc_endpoint_prepare(struct cc_run *run, const struct cc_chain_options *chain,
                         const char *const *roles, struct cc_endpoint *endpoint,
                         struct cc_error *err)
{
    unsigned char bytes[TOKEN_BYTES];
    size_t count = 0;

    while (roles && roles[count]) {
        count++;
    }
    if (count >= CC_ROLES_MAX) {
        return cc_fail(err, CC_E_USAGE, "--role is given more than %d times", CC_ROLES_MAX - 1);
    }
    *endpoint = (struct cc_endpoint){.run = run, .chain = chain, .quiet = *run->world};
    endpoint->quiet.ask = nobody_to_ask;
    endpoint->kept_count = count + 1;
    endpoint->kept = cc_alloc(&run->mem, endpoint->kept_count * sizeof(*endpoint->kept));
    cc_arena_adopt(&run->mem, forget, endpoint);
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        endpoint->kept[i].endpoint = endpoint;
        if (roles && i > 0 && !take_role(run, roles[i - 1], &endpoint->kept[i], err)) {
            return false;
        }
        if (cc_endpoint_kept(endpoint, endpoint->kept[i].name) != &endpoint->kept[i]) {
            return cc_fail(err, CC_E_USAGE, "--role %s is given twice", endpoint->kept[i].name);
        }
    }
    if (!cc_random(run, bytes, sizeof(bytes), err)) {
        return false;
    }
    endpoint->token = (struct cc_secret){cc_text_base64url(&run->mem, bytes, sizeof(bytes))};
    explicit_bzero(bytes, sizeof(bytes));
    return true;
}

struct cc_kept *cc_endpoint_kept(struct cc_endpoint *endpoint, const char *name)
{
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        struct cc_kept *kept = &endpoint->kept[i];

        if (name ? cc_text_equal(kept->name, name) : !kept->name) {
            return kept;
        }
    }
    return NULL;
}

static void install(struct cc_kept *kept, const struct cc_fetched *fetched, int64_t now)
{
    cc_live_install(&kept->live, &fetched->keys, now);
    kept->live.from_process = fetched->from_process;
    kept->troubled = false;
    kept->answer_until = 0;
}

bool cc_endpoint_first(struct cc_endpoint *endpoint, struct cc_fetched *first, struct cc_error *err)
{
    struct cc_run *run = endpoint->run;
    struct cc_fetched fetched;

    if (!cc_fetch(run, endpoint->chain, NULL, &fetched, err)) {
        return false;
    }
    if (fetched.keys.expires <= cc_now_aws(run)) {
        cc_fail(err, CC_E_EXPIRED, "the credentials that were found have expired");
        return cc_why(err, "they ended at %s", cc_time_iso(&run->mem, fetched.keys.expires));
    }
    run->deadline_ms = 0; /* --timeout was for this search; each later one has its own */
    install(&endpoint->kept[0], &fetched, cc_now_aws(run));
    endpoint->region = fetched.settings->region;
    *first = fetched;
    return true;
}

void cc_endpoint_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                       const char *type, const char *body)
{
    const struct cc_reply reply = {
        .status = status, .type = type, .body = body, .len = strlen(body)};

    endpoint->requests[status]++;
    cc_server_answer(endpoint->server, ticket, &reply);
}

void cc_endpoint_refuse(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                        const char *message)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {{400, "BadRequest"}, {401, "Unauthorized"},       {403, "AccessDenied"},
                 {404, "NotFound"},   {405, "MethodNotAllowed"},   {429, "Throttled"},
                 {502, "BadGateway"}, {503, "ServiceUnavailable"}, {504, "Timeout"}};
    const char *code = "InternalServerError";
    struct cc_arena mem = {0};
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        code = codes[i].status == status ? codes[i].code : code;
    }
    cc_arena_adopt(&mem, (void (*)(void *))cJSON_Delete, doc);
    cJSON_AddStringToObject(doc, "code", code);
    cJSON_AddStringToObject(doc, "message", message);
    char *text = cJSON_PrintUnformatted(doc);
    cc_endpoint_reply(endpoint, ticket, status, "application/json", text ? text : "{}");
    cJSON_free(text);
    cc_arena_wipe(&mem);
}

/* A status from which SDKs see whether asking again can help. */
static int status_of(enum cc_code code)
{
    switch (code) {
    case CC_E_DEADLINE:
    case CC_E_TIMEOUT: return 504;
    case CC_E_THROTTLED: return 503;
    case CC_E_UNREACHABLE:
    case CC_E_DNS:
    case CC_E_TLS: return 502;
    case CC_E_INTERNAL:
    case CC_E_BAD_ANSWER: return 500;
    default: return 403;
    }
}

static void refuse_with(struct cc_endpoint *endpoint, struct cc_ticket ticket,
                        const struct cc_error *err)
{
    struct cc_arena mem = {0};

    cc_endpoint_refuse(endpoint, ticket, status_of(err->code),
                       cc_textf(&mem, "%s%s%s", err->what, err->why[0] ? ": " : "", err->why));
    cc_arena_wipe(&mem);
}

static void give(struct cc_endpoint *endpoint, struct cc_kept *kept, struct cc_ticket ticket,
                 int64_t now)
{
    if (now >= kept->answer_until) {
        cc_kept_render(kept, now);
    }
    endpoint->requests[200]++;
    endpoint->handed_out = true;
    cc_server_answer_raw(endpoint->server, ticket, kept->answer.hidden, kept->answer_len);
    if (endpoint->once) {
        cc_server_stop(endpoint->server);
    }
}

static void fetch_work(struct cc_run *run, void *about)
{
    struct cc_kept *kept = about;

    run->world = &kept->endpoint->quiet;
    kept->fetch_ok =
        cc_fetch(run, kept->endpoint->chain, kept->role_arn, &kept->fetched, &kept->fetch_err);
    if (kept->fetch_ok && kept->fetched.keys.expires <= cc_now_aws(run)) {
        kept->fetch_ok = false;
        cc_fail(&kept->fetch_err, CC_E_EXPIRED, "the source gave credentials that have expired");
    }
}

static const char *label(const struct cc_kept *kept)
{
    return kept->name ? kept->name : "default";
}

static void note_success(struct cc_run *run, struct cc_kept *kept)
{
    int64_t end = kept->live.keys.expires;
    const char *text = end == CC_NEVER_EXPIRES ? "never" : cc_time_iso(&run->mem, end);

    kept->refreshes++;
    cc_log(run, CC_INFO, "credentials.refreshed", CC_S("role", label(kept)), CC_S("expires", text));
}

static void note_failure(struct cc_run *run, struct cc_kept *kept)
{
    const struct cc_error *err = &kept->trouble;
    const char *serving = kept->troubled ? "nothing" : "the old ones";

    kept->failures++;
    cc_log(run, CC_WARN, "credentials.refresh_failed", CC_S("role", label(kept)),
           CC_S("code", cc_code_name(err->code)), CC_S("what", err->what), CC_S("why", err->why),
           CC_S("serving", serving), CC_N("retry_in", kept->live.retry_at - cc_now_aws(run)));
}

/* The source has no newer ones (yet, or because the cache's own refresh failed). */
static bool unchanged(const struct cc_kept *kept)
{
    const struct cc_keys *ours = &kept->live.keys;
    const struct cc_keys *theirs = &kept->fetched.keys;

    return kept->live.present && ours->expires == theirs->expires &&
           cc_text_equal(ours->access_key_id, theirs->access_key_id) &&
           cc_secret_same(ours->secret_key, theirs->secret_key);
}

/* Asked again when a quarter of what is left has passed. */
static void keep_on(struct cc_run *run, struct cc_kept *kept, int64_t now)
{
    int64_t wait = (kept->live.keys.expires - now) / 4;

    wait = wait < RETRY_LEAST_S ? RETRY_LEAST_S : wait;
    kept->live.retry_at = now + (wait > RETRY_MOST_S ? RETRY_MOST_S : wait);
    kept->troubled = false;
    if (kept->fetched.note) {
        cc_fail(&kept->trouble, CC_E_AWS, "no newer credentials could be had");
        cc_why(&kept->trouble, "%s", kept->fetched.note);
        note_failure(run, kept);
    }
}

static void fetch_done(struct cc_run *run, void *about)
{
    struct cc_kept *kept = about;
    struct cc_endpoint *endpoint = kept->endpoint;
    int64_t now = cc_now_aws(run);
    size_t waiting = kept->parked_count;

    endpoint->run->skew = run->skew; /* the search may have learnt it */
    kept->fetching = false;
    kept->parked_count = 0;
    kept->answer_until = 0;
    if (kept->fetch_ok && unchanged(kept)) {
        keep_on(run, kept, now);
    } else if (kept->fetch_ok) {
        install(kept, &kept->fetched, now);
        note_success(run, kept);
    } else {
        kept->trouble = kept->fetch_err;
        kept->troubled =
            !cc_live_failed(&kept->live, &kept->fetch_err, now, cc_random_below(run, UINT32_MAX));
        note_failure(run, kept);
    }
    for (size_t i = 0; i < waiting; i++) {
        if (kept->troubled) {
            refuse_with(endpoint, kept->parked[i], &kept->trouble);
        } else {
            give(endpoint, kept, kept->parked[i], now);
        }
    }
}

/* One fetch at a time for each. */
static bool start_fetch(struct cc_endpoint *endpoint, struct cc_kept *kept)
{
    const struct cc_job job = {fetch_work, fetch_done, kept};

    if (!kept->fetching) {
        kept->fetching = cc_server_job(endpoint->server, &job);
    }
    return kept->fetching;
}

static void park(struct cc_endpoint *endpoint, struct cc_kept *kept, struct cc_ticket ticket)
{
    if (kept->parked_count == CC_PARKED_MAX || !start_fetch(endpoint, kept)) {
        cc_endpoint_refuse(endpoint, ticket, 503, "too many are waiting for credentials");
        return;
    }
    kept->parked[kept->parked_count++] = ticket;
}

void cc_endpoint_hand_out(struct cc_endpoint *endpoint, struct cc_kept *kept,
                          struct cc_ticket ticket)
{
    int64_t now = cc_now_aws(endpoint->run);
    enum cc_need need = cc_live_need(&kept->live, now);

    if (kept->troubled && now < kept->live.retry_at) {
        refuse_with(endpoint, ticket, &kept->trouble);
        return;
    }
    if (need == CC_NEED_NOW) {
        park(endpoint, kept, ticket);
        return;
    }
    if (need == CC_NEED_SOON) {
        (void)start_fetch(endpoint, kept); /* if it cannot start, the next request tries again */
    }
    give(endpoint, kept, ticket, now);
}

bool cc_endpoint_authorized(const struct cc_endpoint *endpoint, const struct cc_head *head)
{
    const char *given = cc_head_field(head, "Authorization");

    if (cc_text_starts(given, "Bearer ")) {
        given += strlen("Bearer ");
    }
    return cc_secret_same((struct cc_secret){given}, endpoint->token);
}

static void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    struct cc_endpoint *endpoint = about;
    const char *why = NULL;
    int status = cc_vet_request(&endpoint->vet, visit->head, &why);

    (void)server;
    if (status != 0) {
        cc_endpoint_refuse(endpoint, visit->ticket, status, why);
    } else if (endpoint->imds) {
        cc_imds_visit(endpoint, visit);
    } else {
        cc_ecs_visit(endpoint, visit);
    }
}

static void refused(void *about, int status)
{
    struct cc_endpoint *endpoint = about;

    endpoint->requests[status]++;
}

bool cc_endpoint_open(struct cc_endpoint *endpoint, struct cc_server_plan *plan,
                      struct cc_error *err)
{
    plan->about = endpoint;
    plan->visit = visit;
    plan->refused = refused;
    if (!cc_server_open(endpoint->run, plan, &endpoint->server, err)) {
        return false;
    }
    cc_vet_hosts(&endpoint->run->mem, cc_server_address(endpoint->server),
                 cc_server_port(endpoint->server), cc_server_wildcard(endpoint->server),
                 &endpoint->vet);
    return true;
}

bool cc_endpoint_close(struct cc_endpoint *endpoint)
{
    return cc_server_close(endpoint->server);
}

const char *cc_endpoint_url(struct cc_arena *mem, const struct cc_endpoint *endpoint)
{
    int port = cc_server_port(endpoint->server);

    if (port == 0) {
        return "http://localhost/";
    }
    return cc_server_wildcard(endpoint->server)
               ? cc_textf(mem, "http://127.0.0.1:%d/", port)
               : cc_textf(mem, "http://%s/", cc_server_address(endpoint->server));
}
