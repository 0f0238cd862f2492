#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "reply.h"

#include <string.h>

/*
 * The shape of EC2's instance metadata, version 2 (EC2 User Guide, "Use IMDS"): a session token is
 * asked for with PUT, and every GET carries it.
 */

#define TTL_MAX 21600

static void give_token(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const char *ttl = cc_head_field(visit->head, "X-aws-ec2-metadata-token-ttl-seconds");
    unsigned char random[CC_TOKEN_RANDOM];
    struct cc_arena mem = {0};
    struct cc_error ignored;
    int64_t seconds = 0;

    if (!cc_text_number(ttl, 1, TTL_MAX, &seconds)) {
        cc_reply_refusal(endpoint, visit->ticket, 400,
                         "X-aws-ec2-metadata-token-ttl-seconds must be 1 to 21600");
        return;
    }
    if (!cc_random(endpoint->run, random, sizeof(random), &ignored)) {
        cc_reply_refusal(endpoint, visit->ticket, 500, "no random numbers");
        return;
    }
    struct cc_secret token = cc_tokens_issue(&endpoint->tokens, random, visit->uid, seconds,
                                             cc_ticks_ms(endpoint->run) / 1000);
    const struct cc_reply reply = {
        .status = 200,
        .type = "text/plain",
        .fields =
            cc_textf(&mem, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds: %lld\r\n", (long long)seconds),
        .body = token.hidden,
        .len = strlen(token.hidden),
    };
    cc_reply_with(endpoint, visit->ticket, &reply);
    explicit_bzero(random, sizeof(random));
    cc_arena_wipe(&mem);
}

static void list_roles(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    struct cc_arena mem = {0};
    struct cc_buf list = cc_buf_new(&mem, 1 << 20);

    for (size_t i = 0; i < endpoint->kept_count; i++) {
        cc_buf_addf(&list, "%s%s", i ? "\n" : "", cc_kept_name(&mem, &endpoint->kept[i]));
    }
    cc_reply_plain(endpoint, ticket, "text/plain", list.text);
    cc_arena_wipe(&mem);
}

static void reply_region(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    if (endpoint->region) {
        cc_reply_plain(endpoint, ticket, "text/plain", endpoint->region);
    } else {
        cc_reply_refusal(endpoint, ticket, 404, "the region is not known; give --region");
    }
}

/* What is known of an instance profile: nothing here has an id of one. */
static void reply_info(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    const struct cc_live *live = &endpoint->kept[0].live;
    struct cc_arena mem = {0};
    struct cc_arn arn = {0};
    const char *role = NULL;

    if (!live->keys.role_arn || !cc_arn_role(&mem, live->keys.role_arn, &arn, &role)) {
        cc_reply_refusal(endpoint, ticket, 404,
                         "it is not known that these credentials belong to a role");
        cc_arena_wipe(&mem);
        return;
    }
    cJSON *doc = cJSON_CreateObject();
    cJSON_AddStringToObject(doc, "Code", "Success");
    cJSON_AddStringToObject(doc, "LastUpdated", cc_time_iso(&mem, live->fetched));
    cJSON_AddStringToObject(
        doc, "InstanceProfileArn",
        cc_textf(&mem, "arn:%s:iam::%s:instance-profile/%s", arn.partition, arn.account, role));
    cc_reply_json(endpoint, ticket, doc);
    cc_arena_wipe(&mem);
}

/* What SDKs read of it: the region; and the account, when it is known. */
static void reply_document(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    const char *account = endpoint->kept[0].live.keys.account_id;
    cJSON *doc = NULL;

    if (!endpoint->region) {
        reply_region(endpoint, ticket);
        return;
    }
    doc = cJSON_CreateObject();
    cJSON_AddStringToObject(doc, "version", "2017-09-30");
    cJSON_AddStringToObject(doc, "region", endpoint->region);
    if (account) {
        cJSON_AddStringToObject(doc, "accountId", account);
    }
    cc_reply_json(endpoint, ticket, doc);
}

static const struct {
    const char *path;
    void (*reply)(struct cc_endpoint *endpoint, struct cc_ticket ticket);
} fixed[] = {
    {"/latest/meta-data/iam/security-credentials", list_roles},
    {"/latest/meta-data/iam/info", reply_info},
    {"/latest/meta-data/placement/region", reply_region},
    {"/latest/dynamic/instance-identity/document", reply_document},
    {"/metrics", cc_metrics_reply},
};

/* Whoever appends "/latest" to an endpoint that ends in a slash asks for "//latest". */
static const char *plain_front(const char *path)
{
    while (path[0] == '/' && path[1] == '/') {
        path++;
    }
    return path;
}

/* EC2 answers with a slash behind a name and without one. */
static bool same_path(const char *path, const char *known)
{
    size_t len = strlen(known);

    return strncmp(path, known, len) == 0 &&
           (path[len] == '\0' || (path[len] == '/' && path[len + 1] == '\0'));
}

static struct cc_kept *listed(struct cc_endpoint *endpoint, const char *path)
{
    static const char prefix[] = "/latest/meta-data/iam/security-credentials/";
    struct cc_arena mem = {0};
    struct cc_kept *found = NULL;

    for (size_t i = 0; cc_text_starts(path, prefix) && i < endpoint->kept_count; i++) {
        if (!found && same_path(path + strlen(prefix), cc_kept_name(&mem, &endpoint->kept[i]))) {
            found = &endpoint->kept[i];
        }
    }
    cc_arena_wipe(&mem);
    return found;
}

static bool has_session(const struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const char *given = cc_head_field(visit->head, "X-aws-ec2-metadata-token");

    return cc_tokens_valid(&endpoint->tokens, (struct cc_secret){given}, visit->uid,
                           cc_ticks_ms(endpoint->run) / 1000);
}

static void answer_get(struct cc_endpoint *endpoint, const struct cc_visit *visit, const char *path)
{
    struct cc_kept *kept = listed(endpoint, path);

    if (kept) {
        cc_kept_hand_out(kept, visit->ticket);
        return;
    }
    for (size_t i = 0; i < CC_COUNT(fixed); i++) {
        if (same_path(path, fixed[i].path)) {
            fixed[i].reply(endpoint, visit->ticket);
            return;
        }
    }
    cc_reply_refusal(endpoint, visit->ticket, 404, "there is nothing at that path");
}

static void visit(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const struct cc_head *head = visit->head;
    const char *path = plain_front(head->path);

    if (cc_text_equal(head->method, "PUT") && cc_text_equal(path, "/latest/api/token")) {
        give_token(endpoint, visit);
    } else if (!cc_text_equal(head->method, "GET")) {
        cc_reply_refusal(endpoint, visit->ticket, 405, "only GET is answered");
    } else if (!has_session(endpoint, visit) &&
               !(cc_text_equal(path, "/metrics") && cc_endpoint_authorized(endpoint, head))) {
        cc_reply_refusal(endpoint, visit->ticket, 401,
                         "X-aws-ec2-metadata-token does not hold a valid token");
    } else {
        answer_get(endpoint, visit, path);
    }
}

const struct cc_manner cc_manner_imds = {.visit = visit, .instance = true};
