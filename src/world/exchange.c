#include "credctl/base/text.h"
#include "credctl/world/world.h"

#include <string.h>
#include <strings.h>

static bool may_go_out(struct cc_run *run, const struct cc_request *request, struct cc_error *err)
{
    if (run->offline) {
        cc_fail(err, CC_E_UNREACHABLE, "%s was not asked", request->url);
        cc_why(err, "--offline forbids the network");
        return cc_fix(err, "run it without --offline");
    }
    if (run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0) {
        cc_fail(err, CC_E_DEADLINE, "%s was not asked", request->url);
        return cc_why(err, "the time for the whole run is over");
    }
    return true;
}

bool cc_http(struct cc_run *run, const struct cc_request *request, struct cc_response *response,
             struct cc_error *err)
{
    struct cc_request cut = *request;

    *response = (struct cc_response){.failure = CC_NET_OTHER};
    if (!may_go_out(run, request, err)) {
        return false;
    }
    cut.timeout_ms = cc_time_left_ms(run, request->timeout_ms);
    cut.deadline_ms = run->deadline_ms;
    cut.ca = cut.ca ? cut.ca : run->ca_bundle;
    bool ok = run->world->http(run->world->self, &run->mem, &cut, response, err);
    cc_log(run, CC_DEBUG, "http", CC_S("method", request->method), CC_S("url", request->url),
           CC_N("status", response->status), CC_N("ms", response->took_ms),
           CC_S("failure", ok ? "none" : err->what));
    return ok;
}

void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch)
{
    size_t refused = 0;

    for (size_t i = 0; i < count; i++) {
        struct cc_exchange *exchange = &exchanges[i];

        exchange->response = (struct cc_response){.failure = CC_NET_OTHER};
        exchange->ok = may_go_out(run, &exchange->request, &exchange->err);
        refused += !exchange->ok;
        exchange->request.timeout_ms = cc_time_left_ms(run, exchange->request.timeout_ms);
        exchange->request.deadline_ms = run->deadline_ms; /* of one that begins later */
        exchange->request.ca = exchange->request.ca ? exchange->request.ca : run->ca_bundle;
    }
    if (refused == 0) {
        run->world->http_many(run->world->self, &run->mem, exchanges, count, parallel, watch);
        return;
    }
    for (size_t i = 0; i < count; i++) { /* the run is offline or over: true of all of them */
        exchanges[i].ok = false;
        if (watch && watch->done) {
            watch->done(watch->about, &exchanges[i]);
        }
    }
}

const char *cc_response_header(struct cc_arena *mem, const struct cc_response *response,
                               const char *name)
{
    size_t len = strlen(name);

    for (const char *line = response->head; line && *line;) {
        size_t width = strcspn(line, "\r\n");

        if (width > len && line[len] == ':' && strncasecmp(line, name, len) == 0) {
            return cc_text_trim(mem, cc_text_dup(mem, line + len + 1, width - len - 1));
        }
        line += width;
        line += strspn(line, "\r\n");
    }
    return NULL;
}
