#include "credctl/serve/kept.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "reply.h"

#define RETRY_LEAST_S 5
#define RETRY_MOST_S  300

static struct cc_run *run_of(const struct cc_kept *kept)
{
    return kept->endpoint->run;
}

/* On AWS's clock, because expiries are compared with it. */
static int64_t now_of(const struct cc_kept *kept)
{
    return cc_now_aws(run_of(kept));
}

/* A status that tells SDKs whether another request can help. */
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

static void refuse(struct cc_kept *kept, struct cc_ticket ticket)
{
    const struct cc_error *err = &kept->trouble;
    struct cc_arena mem = {0};

    cc_reply_refusal(kept->endpoint, ticket, status_of(err->code),
                     cc_textf(&mem, "%s%s%s", err->what, err->why[0] ? ": " : "", err->why));
    cc_arena_wipe(&mem);
}

static void give(struct cc_kept *kept, struct cc_ticket ticket, int64_t now)
{
    struct cc_endpoint *endpoint = kept->endpoint;

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

void cc_kept_install(struct cc_kept *kept, const struct cc_fetched *fetched)
{
    cc_live_install(&kept->live, &fetched->keys, now_of(kept));
    kept->live.from_process = fetched->from_process;
    kept->troubled = false;
    kept->answer_until = 0;
}

static void fetch_work(struct cc_run *run, void *about)
{
    struct cc_kept *kept = about;

    run->world = &kept->endpoint->quiet;
    if (kept->fetch_ms > 0) {
        run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, (int)kept->fetch_ms);
    }
    kept->fetch_ok = kept->fetch(run, kept, kept->by.present ? &kept->by.keys : NULL,
                                 &kept->fetched, &kept->fetch_err);
    if (kept->fetch_ok && kept->fetched.keys.expires <= cc_now_aws(run)) {
        kept->fetch_ok = false;
        cc_fail(&kept->fetch_err, CC_E_EXPIRED, "the source gave credentials that have expired");
        kept->fetch_err.passes = true; /* it answered: it is behind */
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
    const char *serving = kept->troubled ? "nothing" : "the previous credentials";

    kept->failures++;
    cc_log(run, CC_WARN, "credentials.refresh_failed", CC_S("role", label(kept)),
           CC_S("code", cc_code_name(err->code)), CC_S("what", err->what), CC_S("why", err->why),
           CC_S("serving", serving), CC_N("retry_in", kept->live.retry_at - cc_now_aws(run)));
}

/* True when there are no newer credentials (yet, or because the refresh in the cache failed). */
static bool unchanged(const struct cc_kept *kept)
{
    const struct cc_keys *ours = &kept->live.keys;
    const struct cc_keys *theirs = &kept->fetched.keys;

    return kept->live.present && ours->expires == theirs->expires &&
           cc_text_equal(ours->access_key_id, theirs->access_key_id) &&
           cc_secret_same(ours->secret_key, theirs->secret_key);
}

/* The next fetch is after a quarter of the remaining lifetime. */
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

static void answer_parked(struct cc_kept *kept, int64_t now)
{
    size_t waiting = kept->parked_count;

    kept->parked_count = 0;
    for (size_t i = 0; i < waiting; i++) {
        if (kept->troubled) {
            refuse(kept, kept->parked[i]);
        } else {
            give(kept, kept->parked[i], now);
        }
    }
}

/* `run` is for the log. */
static void failed(struct cc_run *run, struct cc_kept *kept, const struct cc_error *err)
{
    int64_t now = cc_now_aws(run);

    kept->trouble = *err;
    kept->troubled = !cc_live_failed(&kept->live, err, now, cc_random_below(run, UINT32_MAX));
    if (kept->told && !kept->live.present) {
        kept->failures++; /* the owner reports it */
    } else {
        note_failure(run, kept);
    }
}

static void settled(struct cc_kept *kept)
{
    answer_parked(kept, now_of(kept));
    if (kept->told) {
        kept->told(kept, kept->troubled ? &kept->trouble : NULL);
    }
}

static void fetch_done(struct cc_run *run, void *about);

static bool start_job(struct cc_kept *kept)
{
    const struct cc_job job = {fetch_work, fetch_done, kept};

    if (kept->base) {
        cc_live_install(&kept->by, &kept->base->live.keys, kept->base->live.fetched);
    }
    kept->fetching = cc_server_job(kept->endpoint->server, &job);
    if (!kept->fetching) {
        cc_live_wipe(&kept->by);
    }
    return kept->fetching;
}

static void wait_for_base(struct cc_kept *kept)
{
    kept->waits = true;
    kept->next_waiting = kept->endpoint->waiting;
    kept->endpoint->waiting = kept;
}

/* A failure is valid for a moment, so that not every request fetches again. */
static bool in_trouble(const struct cc_kept *base)
{
    return base->troubled && !base->fetching && now_of(base) < base->live.retry_at;
}

/* For identities with a base that must be fetched first, or cannot be. */
static bool start_base(struct cc_kept *kept)
{
    struct cc_kept *base = kept->base;

    if (in_trouble(base)) {
        failed(run_of(kept), kept, &base->trouble);
        settled(kept);
        return true;
    }
    if (!base->fetching && !start_job(base)) {
        return false;
    }
    wait_for_base(kept);
    return true;
}

/* Each identity has one fetch at a time. */
static bool start_fetch(struct cc_kept *kept)
{
    struct cc_kept *base = kept->base;

    if (kept->fetching || kept->waits) {
        return true;
    }
    enum cc_need need = base ? cc_live_need(&base->live, now_of(kept)) : CC_NEED_NOTHING;
    if (need == CC_NEED_NOW) {
        return start_base(kept);
    }
    if (need == CC_NEED_SOON && !base->fetching) {
        (void)start_job(base); /* if it cannot start, the next one tries again */
    }
    return start_job(kept);
}

/* Starts the identities that waited for these credentials. */
static void go_on(struct cc_kept *base)
{
    struct cc_kept *list = base->endpoint->waiting;
    struct cc_error full = {0};

    cc_fail(&full, CC_E_INTERNAL, "too many are waiting for credentials");
    base->endpoint->waiting = NULL;
    while (list) {
        struct cc_kept *one = list;

        list = one->next_waiting;
        if (one->base != base) {
            wait_for_base(one);
            continue;
        }
        one->waits = false;
        if (base->troubled || !start_job(one)) {
            failed(run_of(one), one, base->troubled ? &base->trouble : &full);
            settled(one);
        }
    }
}

static void fetch_done(struct cc_run *run, void *about)
{
    struct cc_kept *kept = about;

    run_of(kept)->skew = cc_run_whole(run)->skew; /* the skew that a service has shown */
    kept->fetching = false;
    kept->answer_until = 0;
    cc_live_wipe(&kept->by);
    if (kept->fetch_ok && unchanged(kept)) {
        keep_on(run, kept, cc_now_aws(run));
    } else if (kept->fetch_ok) {
        cc_kept_install(kept, &kept->fetched);
        note_success(run, kept);
    } else {
        failed(run, kept, &kept->fetch_err);
    }
    go_on(kept);
    settled(kept);
}

bool cc_kept_fetch(struct cc_kept *kept)
{
    return start_fetch(kept);
}

static void park(struct cc_kept *kept, struct cc_ticket ticket)
{
    bool room = kept->parked_count < CC_PARKED_MAX;

    if (room) {
        kept->parked[kept->parked_count++] = ticket;
    }
    if (!room || !start_fetch(kept)) {
        kept->parked_count -= room;
        cc_reply_refusal(kept->endpoint, ticket, 503, "too many are waiting for credentials");
    }
}

void cc_kept_hand_out(struct cc_kept *kept, struct cc_ticket ticket)
{
    int64_t now = now_of(kept);
    enum cc_need need = cc_live_need(&kept->live, now);

    if (kept->troubled && now < kept->live.retry_at) {
        refuse(kept, ticket);
        return;
    }
    if (need == CC_NEED_NOW) {
        park(kept, ticket);
        return;
    }
    if (need == CC_NEED_SOON) {
        (void)start_fetch(kept); /* if it cannot start, the next request tries again */
    }
    give(kept, ticket, now);
}

void cc_kept_wipe(struct cc_kept *kept)
{
    cc_live_wipe(&kept->live);
    cc_live_wipe(&kept->by);
    cc_arena_wipe(&kept->rendered);
}
