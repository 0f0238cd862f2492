#include "credctl/base/text.h"
#include "credctl/world/world.h"

#include <string.h>
#include <strings.h>

static bool may_go_out(const struct cc_run *run, const struct cc_request *request,
                       struct cc_error *err)
{
    if (run->offline) {
        cc_fail(err, CC_E_UNREACHABLE, "%s was not asked", request->url);
        cc_why(err, "--offline forbids the network");
        return cc_fix(err, "run it without --offline");
    }
    if (cc_run_stopped(run)) {
        cc_fail(err, CC_E_DEADLINE, "%s was not asked", request->url);
        return cc_why(err, "the call was cancelled");
    }
    if (run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0) {
        cc_fail(err, CC_E_DEADLINE, "%s was not asked", request->url);
        return cc_why(err, "the time limit of the whole run has passed");
    }
    return true;
}

/* A pump that also applies the deadline and the offline setting of each run. */
struct valve {
    const struct cc_pump *pump;
};

static void log_end(const struct cc_exchange *exchange)
{
    cc_log(exchange->run, CC_DEBUG, "http", CC_S("method", exchange->request.method),
           CC_S("url", exchange->request.url), CC_N("status", exchange->response.status),
           CC_N("ms", exchange->response.took_ms),
           CC_S("failure", exchange->ok ? "none" : exchange->err.what));
}

static void valve_done(void *about, struct cc_exchange *exchange)
{
    const struct valve *valve = about;

    log_end(exchange);
    valve->pump->done(valve->pump->about, exchange);
}

static struct cc_exchange *valve_next(void *about, int64_t *at)
{
    const struct valve *valve = about;

    for (;;) {
        struct cc_exchange *next = valve->pump->next(valve->pump->about, at);

        if (!next) {
            return NULL;
        }
        struct cc_request *request = &next->request;
        next->response = (struct cc_response){.failure = CC_NET_OTHER};
        next->ok = false;
        if (may_go_out(next->run, request, &next->err)) {
            request->timeout_ms = cc_time_left_ms(next->run, request->timeout_ms);
            request->ca = request->ca ? request->ca : next->run->ca_bundle;
            return next;
        }
        valve->pump->done(valve->pump->about, next);
        *at = CC_PUMP_NEVER;
    }
}

void cc_http_pump(struct cc_run *run, const struct cc_pump *pump)
{
    struct valve valve = {pump};
    const struct cc_pump obedient = {valve_next, valve_done, &valve};

    run->world->http(run->world->self, &obedient);
}

/* An array of exchanges as a pump. */
struct row {
    struct cc_run *run;
    struct cc_exchange *exchanges;
    size_t count;
    size_t begun;
    size_t ended;
    size_t parallel;
    const struct cc_watch *watch;
};

// NOLINTNEXTLINE(readability-non-const-parameter): others say when they are to be asked again
static struct cc_exchange *row_next(void *about, int64_t *at)
{
    struct row *row = about;

    (void)at;
    if (row->begun == row->count || row->begun - row->ended == row->parallel) {
        return NULL;
    }
    struct cc_exchange *next = &row->exchanges[row->begun++];
    next->run = row->run;
    return next;
}

static void row_done(void *about, struct cc_exchange *exchange)
{
    struct row *row = about;

    row->ended++;
    if (row->watch && row->watch->done) {
        row->watch->done(row->watch->about, exchange);
    }
}

void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch)
{
    struct row row = {.run = run,
                      .exchanges = exchanges,
                      .count = count,
                      .parallel = parallel > 0 ? parallel : 1,
                      .watch = watch};
    const struct cc_pump pump = {row_next, row_done, &row};

    cc_http_pump(run, &pump);
}

bool cc_http(struct cc_run *run, const struct cc_request *request, struct cc_response *response,
             struct cc_error *err)
{
    struct cc_exchange one = {.request = *request};

    cc_http_many(run, &one, 1, 1, NULL);
    *response = one.response;
    if (!one.ok) {
        *err = one.err;
    }
    return one.ok;
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
