#include "credctl/serve/endpoint.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/imds.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "reply.h"

#include <string.h>

static bool nobody_to_ask(void *self, struct cc_arena *mem, const char *prompt,
                          struct cc_secret *answer, struct cc_error *err)
{
    (void)self;
    (void)mem;
    (void)prompt;
    (void)answer;
    cc_fail(err, CC_E_MFA, "cannot ask for an MFA code");
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

static bool fetch(struct cc_run *run, const struct cc_kept *kept, const struct cc_keys *by,
                  struct cc_fetched *fetched, struct cc_error *err)
{
    (void)by;
    return cc_fetch(run, kept->endpoint->chain, kept->role_arn, fetched, err);
}

/* Registered with the run's memory, so that secrets are wiped after a failure. */
static void forget(void *about)
{
    struct cc_endpoint *endpoint = about;

    for (size_t i = 0; i < endpoint->kept_count; i++) {
        cc_kept_wipe(&endpoint->kept[i]);
    }
}

bool cc_endpoint_prepare(struct cc_run *run, const struct cc_chain_options *chain,
                         const char *const *roles, struct cc_endpoint *endpoint,
                         struct cc_error *err)
{
    static const char *const none[] = {NULL};
    size_t count = 0;

    roles = roles ? roles : none;
    while (roles[count]) {
        count++;
    }
    *endpoint = (struct cc_endpoint){
        .run = run, .chain = chain, .manner = &cc_manner_ecs, .quiet = *run->world};
    endpoint->quiet.ask = nobody_to_ask;
    endpoint->kept_count = count + 1;
    endpoint->kept = cc_alloc(&run->mem, endpoint->kept_count * sizeof(*endpoint->kept));
    cc_arena_adopt(&run->mem, forget, endpoint);
    endpoint->kept[0].endpoint = endpoint;
    endpoint->kept[0].fetch = fetch;
    for (size_t i = 0; roles[i]; i++) {
        struct cc_kept *kept = &endpoint->kept[i + 1];

        kept->endpoint = endpoint;
        kept->fetch = fetch;
        if (!take_role(run, roles[i], kept, err)) {
            return false;
        }
        if (cc_endpoint_kept(endpoint, kept->name) != kept) {
            return cc_fail(err, CC_E_USAGE, "--role %s is given twice", kept->name);
        }
    }
    return cc_endpoint_token(run, &run->mem, &endpoint->token, err);
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
        return cc_why(err, "they expired at %s", cc_time_iso(&run->mem, fetched.keys.expires));
    }
    run->deadline_ms = 0; /* --timeout was for this search; later ones have their own limit */
    cc_kept_install(&endpoint->kept[0], &fetched);
    endpoint->region = fetched.settings->region;
    *first = fetched;
    return true;
}

static void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    struct cc_endpoint *endpoint = about;
    const char *why = NULL;
    int status = cc_vet_request(&endpoint->vet, visit->head, &why);

    (void)server;
    if (status != 0) {
        cc_reply_refusal(endpoint, visit->ticket, status, why);
    } else {
        endpoint->manner->visit(endpoint, visit);
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
    const struct cc_server *server = endpoint->server;
    if (!plan->deaf) {
        cc_vet_hosts(&endpoint->run->mem, server->address, server->port, server->wildcard,
                     &endpoint->vet);
    }
    return true;
}

bool cc_endpoint_close(struct cc_endpoint *endpoint)
{
    return cc_server_close(endpoint->server);
}

const char *cc_endpoint_url(struct cc_arena *mem, const struct cc_endpoint *endpoint)
{
    const struct cc_server *server = endpoint->server;

    if (server->port == 0) {
        return "http://localhost/";
    }
    return server->wildcard ? cc_textf(mem, "http://127.0.0.1:%d/", server->port)
                            : cc_textf(mem, "http://%s/", server->address);
}
