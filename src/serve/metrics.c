#include "credctl/base/buf.h"

#include "reply.h"

/* Prometheus text exposition format, version 0.0.4. */

#define METRICS_MAX ((size_t)4 << 20)

static void family(struct cc_buf *out, const char *name, const char *type, const char *help)
{
    cc_buf_addf(out, "# HELP credctl_%s %s\n# TYPE credctl_%s %s\n", name, help, name, type);
}

static const char *label(const struct cc_kept *kept)
{
    return kept->name ? kept->name : "default"; /* names consist of [\w+=,.@-] */
}

static void expiries(const struct cc_endpoint *endpoint, int64_t now, struct cc_buf *out)
{
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        const struct cc_kept *kept = &endpoint->kept[i];

        if (kept->live.present && kept->live.keys.expires == CC_NEVER_EXPIRES) {
            cc_buf_addf(out, "credctl_credentials_expiry_seconds{role=\"%s\"} +Inf\n", label(kept));
        } else if (kept->live.present) {
            cc_buf_addf(out, "credctl_credentials_expiry_seconds{role=\"%s\"} %lld\n", label(kept),
                        (long long)(kept->live.keys.expires - now));
        }
    }
}

void cc_metrics_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    struct cc_arena mem = {0};
    struct cc_buf out = cc_buf_new(&mem, METRICS_MAX);

    family(&out, "requests_total", "counter", "Requests by the status they were answered with.");
    for (int status = 0; status < CC_STATUS_MAX; status++) {
        if (endpoint->requests[status] > 0) {
            cc_buf_addf(&out, "credctl_requests_total{status=\"%d\"} %llu\n", status,
                        (unsigned long long)endpoint->requests[status]);
        }
    }
    family(&out, "refreshes_total", "counter", "Credentials fetched after the first.");
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        cc_buf_addf(&out, "credctl_refreshes_total{role=\"%s\"} %llu\n", label(&endpoint->kept[i]),
                    (unsigned long long)endpoint->kept[i].refreshes);
    }
    family(&out, "refresh_failures_total", "counter", "Fetches that failed.");
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        cc_buf_addf(&out, "credctl_refresh_failures_total{role=\"%s\"} %llu\n",
                    label(&endpoint->kept[i]), (unsigned long long)endpoint->kept[i].failures);
    }
    family(&out, "credentials_expiry_seconds", "gauge", "Seconds until the credentials expire.");
    expiries(endpoint, cc_now_aws(endpoint->run), &out);
    cc_reply_plain(endpoint, ticket, "text/plain; version=0.0.4", out.text);
    cc_arena_wipe(&mem);
}
