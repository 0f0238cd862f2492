#include "request.h"

#include "credctl/aws/arn.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "query.h"

#include <string.h>

#define BODY_MAX ((size_t)128 << 10)
#define PATH_MAX ((size_t)16 << 10) /* of a URL, with its query: tokens of pages are in it */

/* A request that is being written. */
struct draft {
    struct cc_arena *mem;
    const struct cc_ask *ask;
    const char *path;              /* as the operation has it, with its placeholders */
    const struct cc_param *params; /* those that are not in the path; ends with a row without a
                                      name */
};

static bool too_large(const struct cc_ask *ask, const char *what, struct cc_error *err)
{
    cc_fail(err, CC_E_TOO_BIG, "cannot ask %s for %s", ask->operation->service->id,
            ask->operation->name);
    return cc_why(err, "its parameters together exceed %s", what);
}

/* --- parameters */

static size_t count_of(const struct cc_param *params)
{
    size_t count = 0;

    while (params && params[count].name) {
        count++;
    }
    return count;
}

static void add_params(const struct draft *draft, const struct cc_param *params,
                       struct cc_param *rows, size_t *count)
{
    for (; params && params->name; params++) {
        const char *place = cc_textf(draft->mem, "{%s}", params->name);
        const bool in_host = cc_text_equal(params->name, draft->ask->operation->service->account);

        if (params->value && !in_host && !strstr(draft->path, place)) {
            rows[(*count)++] = *params;
        }
    }
}

/* Those of the ask, then those of its page. */
static const struct cc_param *params_of(const struct draft *draft, const struct cc_param *paging)
{
    const size_t most = count_of(draft->ask->params) + count_of(paging);
    struct cc_param *rows = cc_alloc(draft->mem, (most + 1) * sizeof(*rows));
    size_t count = 0;

    add_params(draft, draft->ask->params, rows, &count);
    add_params(draft, paging, rows, &count);
    return rows;
}

static const char *form_body(const struct draft *draft)
{
    const struct cc_operation *operation = draft->ask->operation;
    struct cc_buf form = cc_query_begin(draft->mem, operation->name, operation->service->version);

    for (const struct cc_param *param = draft->params; param->name; param++) {
        cc_query_add(&form, param->name, param->value);
    }
    return form.too_big ? NULL : form.text;
}

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static const char *json_body(const struct draft *draft)
{
    CC_CLEANUP(free_json) cJSON *object = cJSON_CreateObject();

    for (const struct cc_param *param = draft->params; param->name; param++) {
        if (param->literal) {
            (void)cJSON_AddRawToObject(object, param->name, param->value);
        } else {
            cc_json_put(object, param->name, param->value);
        }
    }
    const char *body = cc_json_line(draft->mem, object);
    return strlen(body) > BODY_MAX ? NULL : body;
}

static void add_query(const struct draft *draft, struct cc_buf *path)
{
    for (const struct cc_param *param = draft->params; param->name; param++) {
        cc_buf_text(path, strchr(path->text, '?') ? "&" : "?");
        cc_buf_text(path, param->name);
        cc_buf_text(path, "=");
        cc_buf_text(path, cc_text_percent(draft->mem, param->value, false));
    }
}

/* --- paths */

/* Dots would be taken as steps between folders by whoever normalizes the URL. */
static bool usable(const char *value)
{
    return value && value[0] && strcmp(value, ".") != 0 && strcmp(value, "..") != 0;
}

static const char *value_of(const struct cc_ask *ask, const char *name, size_t len)
{
    const struct cc_param *param = ask->params;

    while (param && param->name &&
           (strlen(param->name) != len || strncmp(param->name, name, len) != 0)) {
        param++;
    }
    return param ? param->value : NULL;
}

static bool unusable(const struct draft *draft, const char *name, size_t len, struct cc_error *err)
{
    cc_fail(err, CC_E_BAD_ANSWER, "cannot ask %s for %s", draft->ask->operation->service->id,
            draft->ask->operation->name);
    return cc_why(err, "its %.*s is not usable in a URL", (int)len, name);
}

static bool fill_place(const struct draft *draft, const char *name, size_t len, struct cc_buf *to,
                       struct cc_error *err)
{
    const char *value = value_of(draft->ask, name, len);

    if (!usable(value)) {
        return unusable(draft, name, len, err);
    }
    cc_buf_text(to, cc_text_percent(draft->mem, value, false));
    return true;
}

static bool fill_path(const struct draft *draft, const char *path, struct cc_buf *to,
                      struct cc_error *err)
{
    for (const char *place = strchr(path, '{'); place; place = strchr(path, '{')) {
        const size_t len = strcspn(place + 1, "}");

        cc_buf_add(to, path, (size_t)(place - path));
        if (!fill_place(draft, place + 1, len, to, err)) {
            return false;
        }
        path = place + len + 2;
    }
    cc_buf_text(to, path);
    return true;
}

/* One label of a host name, so that the certificate of the service covers it (S3 User Guide,
 * "Virtual hosting of general purpose buckets"). */
static bool fits_host(const char *bucket)
{
    const size_t len = bucket ? strlen(bucket) : 0;

    return len >= 3 && len <= 63 &&
           strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") == len && bucket[0] != '-' &&
           bucket[len - 1] != '-';
}

#define IN_PATH "/{Bucket}"

static const char *bucket_for_host(const struct cc_ask *ask, const char *path)
{
    const char *bucket = value_of(ask, "Bucket", strlen("Bucket"));

    return cc_text_starts(path, IN_PATH) && fits_host(bucket) ? bucket : NULL;
}

/* --- the whole */

static const struct cc_header json_headers[] = {
    {.name = "Content-Type", .value = "application/json"},
    {.name = "Accept", .value = "application/json"},
    {0}};
/* API Gateway answers in another format without it. */
static const struct cc_header no_body_headers[] = {{.name = "Accept", .value = "application/json"},
                                                   {0}};

static const struct cc_header *target_headers(struct cc_arena *mem,
                                              const struct cc_operation *operation)
{
    const struct cc_service *service = operation->service;
    struct cc_header *rows = cc_alloc(mem, 3 * sizeof(*rows));

    rows[0] = (struct cc_header){.name = "Content-Type",
                                 .value = service->protocol == CC_JSON_1_0
                                              ? "application/x-amz-json-1.0"
                                              : "application/x-amz-json-1.1"};
    rows[1] = (struct cc_header){.name = "X-Amz-Target",
                                 .value = cc_textf(mem, "%s%s", service->target, operation->name)};
    return rows;
}

/* S3 Control: the account is in the host, unless the endpoint is a configured one, and in a header.
 */
static bool add_account(const struct draft *draft, bool in_host, struct cc_ask_request *to,
                        struct cc_error *err)
{
    const char *name = draft->ask->operation->service->account;
    const char *account = name ? value_of(draft->ask, name, strlen(name)) : NULL;

    if (!name) {
        return true;
    }
    if (!account || !cc_account_valid(account)) {
        return unusable(draft, name, strlen(name), err);
    }
    struct cc_header *rows = cc_alloc(draft->mem, 2 * sizeof(*rows));
    rows[0] = (struct cc_header){.name = "x-amz-account-id", .value = account};
    to->headers = rows;
    to->bucket = in_host ? account : NULL;
    return true;
}

static bool rpc_request(const struct draft *draft, struct cc_ask_request *to, struct cc_error *err)
{
    const struct cc_operation *operation = draft->ask->operation;
    const enum cc_protocol protocol = operation->service->protocol;
    const bool form = protocol == CC_QUERY || protocol == CC_EC2;

    *to = (struct cc_ask_request){
        .method = "POST",
        .path = "/",
        .headers = form ? cc_query_headers : target_headers(draft->mem, operation),
        .body = form ? form_body(draft) : json_body(draft),
    };
    return to->body || too_large(draft->ask, "128 KiB", err);
}

static bool rest_request(const struct draft *draft, bool bucket_in_host, struct cc_ask_request *to,
                         struct cc_error *err)
{
    const struct cc_operation *operation = draft->ask->operation;
    const size_t method = strcspn(operation->request, " ");
    const bool get = strncmp(operation->request, "GET ", 4) == 0;
    struct cc_buf path = cc_buf_new(draft->mem, PATH_MAX);

    *to = (struct cc_ask_request){
        .method = cc_text_dup(draft->mem, operation->request, method),
        .headers = get ? no_body_headers : json_headers,
        .bucket = bucket_in_host ? bucket_for_host(draft->ask, draft->path) : NULL,
    };
    if (to->bucket) {
        cc_buf_text(&path, "/");
    }
    if (!fill_path(draft, draft->path + (to->bucket ? strlen(IN_PATH) : 0), &path, err) ||
        !add_account(draft, bucket_in_host, to, err)) {
        return false;
    }
    if (get) {
        add_query(draft, &path);
    } else {
        to->body = json_body(draft);
    }
    if (path.too_big || (!get && !to->body)) {
        return too_large(draft->ask, get ? "16 KiB" : "128 KiB", err);
    }
    to->path = path.text;
    return true;
}

bool cc_ask_request(struct cc_arena *mem, const struct cc_ask *ask, const struct cc_param *paging,
                    bool bucket_in_host, struct cc_ask_request *to, struct cc_error *err)
{
    const char *request = ask->operation->request;
    struct draft draft = {
        .mem = mem,
        .ask = ask,
        .path = request ? request + strcspn(request, " ") + 1 : "/",
    };

    draft.params = params_of(&draft, paging);
    return request ? rest_request(&draft, bucket_in_host, to, err) : rpc_request(&draft, to, err);
}
