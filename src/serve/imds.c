#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "path.h"
#include "reply.h"

#include <string.h>

/*
 * The shape of EC2's instance metadata, version 2 (EC2 User Guide, "Use IMDS"): a session token is
 * requested with PUT, and sent with every GET.
 */

#define TTL_MAX 21600

/* What it refuses it shows as a page, as EC2 does; the reason is ours. */
static void refuse(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                   const char *why)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {{400, "Bad Request"},
                  {401, "Unauthorized"},
                  {404, "Not Found"},
                  {405, "Method Not Allowed"}};
    const char *title = "Internal Server Error";
    struct cc_arena mem = {0};

    for (size_t i = 0; i < CC_COUNT(titles); i++) {
        title = titles[i].status == status ? titles[i].title : title;
    }
    const char *page =
        cc_textf(&mem,
                 "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
                 "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n"
                 " <head>\n  <title>%d - %s</title>\n </head>\n"
                 " <body>\n  <h1>%d - %s</h1>\n  <p>%s</p>\n </body>\n</html>\n",
                 status, title, status, title, why);
    const struct cc_reply reply = {
        .status = status, .type = "text/html", .body = page, .len = strlen(page)};

    cc_reply_with(endpoint, ticket, &reply);
    cc_arena_wipe(&mem);
}

static void give_token(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const char *ttl = cc_head_field(visit->head, "X-aws-ec2-metadata-token-ttl-seconds");
    unsigned char random[CC_TOKEN_RANDOM];
    struct cc_arena mem = {0};
    struct cc_error ignored;
    int64_t seconds = 0;

    if (!cc_text_number(ttl, 1, TTL_MAX, &seconds)) {
        refuse(endpoint, visit->ticket, 400,
               "X-aws-ec2-metadata-token-ttl-seconds must be 1 to 21600");
        return;
    }
    if (!cc_random(endpoint->run, random, sizeof(random), &ignored)) {
        refuse(endpoint, visit->ticket, 500, "no random numbers");
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
        refuse(endpoint, ticket, 404, "the region is not known; give --region");
    }
}

/* An instance profile without an ID, because credctl has none. */
static void reply_info(struct cc_endpoint *endpoint, struct cc_ticket ticket)
{
    const struct cc_live *live = &endpoint->kept[0].live;
    struct cc_arena mem = {0};
    struct cc_arn arn = {0};
    const char *role = NULL;

    if (!live->keys.role_arn || !cc_arn_role(&mem, live->keys.role_arn, &arn, &role)) {
        refuse(endpoint, ticket, 404, "these credentials are not known to be a role's");
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

/* What SDKs read: the region, and the account when it is known. */
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

static bool region_known(const struct cc_endpoint *endpoint)
{
    return endpoint->region != NULL;
}

static bool role_known(const struct cc_endpoint *endpoint)
{
    struct cc_arena mem = {0};
    struct cc_arn arn = {0};
    const char *role = NULL;
    const char *text = endpoint->kept[0].live.keys.role_arn;
    bool known = text && cc_arn_role(&mem, text, &arn, &role);

    cc_arena_wipe(&mem);
    return known;
}

#define ROLES "meta-data/iam/security-credentials"

/* What there is, in the order of EC2's listings. */
static const struct {
    const char *path;
    void (*reply)(struct cc_endpoint *endpoint, struct cc_ticket ticket);
    bool (*known)(const struct cc_endpoint *endpoint); /* NULL: always */
    bool folder;
} entries[] = {
    {"dynamic/instance-identity/document", reply_document, region_known, false},
    {"meta-data/iam/info", reply_info, role_known, false},
    {ROLES, list_roles, NULL, true},
    {"meta-data/placement/region", reply_region, region_known, false},
};

/* How much of an entry's path is its name in a folder; 0: it is not below it. */
static size_t name_in(const char *path, const char *folder, size_t *at)
{
    size_t len = strlen(folder);

    *at = len > 0 ? len + 1 : 0;
    if (strncmp(path, folder, len) != 0 || (len > 0 && path[len] != '/')) {
        return 0;
    }
    return strcspn(path + *at, "/");
}

/* The names in a folder, those of folders with a slash behind them. False: there is none. */
static bool list(const struct cc_endpoint *endpoint, const char *folder, struct cc_buf *names)
{
    const char *last = "";
    size_t last_len = 0;

    for (size_t i = 0; i < CC_COUNT(entries); i++) {
        size_t at = 0;
        size_t len = name_in(entries[i].path, folder, &at);
        const char *name = entries[i].path + at;

        if (len == 0 || (entries[i].known && !entries[i].known(endpoint)) ||
            (len == last_len && strncmp(name, last, len) == 0)) {
            continue;
        }
        cc_buf_addf(names, "%s%.*s%s", last_len ? "\n" : "", (int)len, name,
                    name[len] || entries[i].folder ? "/" : "");
        last = name;
        last_len = len;
    }
    return last_len > 0;
}

/* Behind "/latest" or the date of a version, as clients ask by either; NULL: it is neither. */
static const char *below_version(const char *path)
{
    size_t len = strcspn(path + 1, "/");
    const char *rest = path[len + 1] ? path + len + 2 : path + len + 1;

    if (len == 0 || (strncmp(path + 1, "latest", len) == 0 && len == strlen("latest"))) {
        return len ? rest : NULL;
    }
    return strspn(path + 1, "0123456789-.") == len ? rest : NULL;
}

static struct cc_kept *listed(struct cc_endpoint *endpoint, const char *path)
{
    const char *name = cc_path_below(path, ROLES);
    struct cc_arena mem = {0};
    struct cc_kept *found = NULL;

    for (size_t i = 0; name && name[0] && i < endpoint->kept_count; i++) {
        if (!found && cc_text_equal(name, cc_kept_name(&mem, &endpoint->kept[i]))) {
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

static void answer_listing(struct cc_endpoint *endpoint, const struct cc_visit *visit,
                           const char *path)
{
    struct cc_arena mem = {0};
    struct cc_buf names = cc_buf_new(&mem, 4096);

    if (list(endpoint, path, &names)) {
        cc_reply_plain(endpoint, visit->ticket, "text/plain", names.text);
    } else {
        refuse(endpoint, visit->ticket, 404, "nothing is known by that name here");
    }
    cc_arena_wipe(&mem);
}

/* `path` is NULL above all versions. */
static void answer_get(struct cc_endpoint *endpoint, const struct cc_visit *visit, const char *path)
{
    struct cc_kept *kept = path ? listed(endpoint, path) : NULL;

    if (kept) {
        cc_kept_hand_out(kept, visit->ticket);
        return;
    }
    for (size_t i = 0; path && i < CC_COUNT(entries); i++) {
        if (cc_text_equal(path, entries[i].path)) {
            entries[i].reply(endpoint, visit->ticket);
            return;
        }
    }
    if (path) {
        answer_listing(endpoint, visit, path);
    } else {
        cc_reply_plain(endpoint, visit->ticket, "text/plain", "latest");
    }
}

static bool reads(const struct cc_head *head)
{
    return cc_text_equal(head->method, "GET") || cc_text_equal(head->method, "HEAD");
}

static void answer(struct cc_endpoint *endpoint, const struct cc_visit *visit, const char *path)
{
    const struct cc_head *head = visit->head;
    const char *rest = below_version(path);
    const bool metrics = cc_text_equal(path, "/metrics");

    if (cc_text_equal(head->method, "PUT") && cc_text_equal(rest, "api/token")) {
        give_token(endpoint, visit);
    } else if (!reads(head)) {
        refuse(endpoint, visit->ticket, 405, "only GET and HEAD are answered");
    } else if (metrics &&
               (cc_endpoint_authorized(endpoint, head) || has_session(endpoint, visit))) {
        cc_metrics_reply(endpoint, visit->ticket);
    } else if (!has_session(endpoint, visit)) {
        refuse(endpoint, visit->ticket, 401,
               "X-aws-ec2-metadata-token does not hold a valid token");
    } else if (!rest && !cc_text_equal(path, "/")) {
        refuse(endpoint, visit->ticket, 404, "nothing is known by that name here");
    } else {
        answer_get(endpoint, visit, rest);
    }
}

static void visit(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    struct cc_arena mem = {0};

    answer(endpoint, visit, cc_path_plain(&mem, visit->head->path));
    cc_arena_wipe(&mem);
}

const struct cc_manner cc_manner_imds = {.visit = visit, .instance = true};
