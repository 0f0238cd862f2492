#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/serve/endpoint.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX  (1 << 20)
#define SHOWN_S     3600 /* static keys do not expire, but SDKs need an expiry: they ask again */
#define SHOWN_ANEW  1800
#define SHOWN_STALE 300

const char *cc_kept_name(struct cc_arena *mem, const struct cc_kept *kept)
{
    const char *role = kept->name ? kept->name : cc_role_of_arn(mem, kept->live.keys.role_arn);
    const char *name = role ? role : "credctl";

    while (!kept->name && cc_endpoint_kept(kept->endpoint, name)) { /* a --role has it */
        name = cc_textf(mem, "%s-default", name);
    }
    return name;
}

/*
 * The expiry that clients get. When a refresh has failed, expired credentials stay in use (static
 * stability); clients use them when their expiry is the time of the next attempt.
 */
static int64_t shown_end(const struct cc_live *live, int64_t now)
{
    if (live->keys.expires == CC_NEVER_EXPIRES) {
        return now + SHOWN_S;
    }
    if (live->keys.expires > now) {
        return live->keys.expires;
    }
    return live->retry_at > now ? live->retry_at : now + SHOWN_STALE;
}

static cJSON *document(struct cc_arena *mem, const struct cc_kept *kept, int64_t end)
{
    const struct cc_keys *keys = &kept->live.keys;
    cJSON *doc = cJSON_CreateObject();

    if (kept->endpoint->manner->instance) {
        cJSON_AddStringToObject(doc, "Code", "Success");
        cJSON_AddStringToObject(doc, "LastUpdated", cc_time_iso(mem, kept->live.fetched));
        cJSON_AddStringToObject(doc, "Type", "AWS-HMAC");
    }
    cJSON_AddStringToObject(doc, "AccessKeyId", keys->access_key_id);
    cJSON_AddStringToObject(doc, "SecretAccessKey", cc_secret_reveal(keys->secret_key));
    cJSON_AddStringToObject(doc, "Token", cc_secret_reveal(keys->session_token));
    /* Clients are on this host, and use its clock. */
    cJSON_AddStringToObject(doc, "Expiration", cc_time_iso(mem, end - kept->endpoint->run->skew));
    if (keys->account_id) {
        cJSON_AddStringToObject(doc, "AccountId", keys->account_id);
    }
    if (keys->role_arn && !kept->endpoint->manner->instance) {
        cJSON_AddStringToObject(doc, "RoleArn", keys->role_arn);
    }
    return doc;
}

void cc_kept_render(struct cc_kept *kept, int64_t now)
{
    const struct cc_live *live = &kept->live;
    int64_t end = shown_end(live, now);

    cc_arena_wipe(&kept->rendered);
    struct cc_buf text = cc_buf_new(&kept->rendered, ANSWER_MAX);
    cJSON *doc = document(&kept->rendered, kept, end);
    char *body = cJSON_PrintUnformatted(doc);
    cJSON_Delete(doc);
    if (!body) {
        abort();
    }
    const struct cc_reply reply = {
        .status = 200, .type = "application/json", .body = body, .len = strlen(body)};
    cc_reply_text(&reply, true, &text);
    cJSON_free(body);
    kept->answer = (struct cc_secret){text.text};
    kept->answer_len = text.len;
    kept->answer_until = live->keys.expires == CC_NEVER_EXPIRES ? now + SHOWN_ANEW : end;
}
