#include "credctl/aws/organizations.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 20
#define PAGES_MAX 5000 /* ten times the accounts of the largest organizations */
#define LIST_MAX  ((size_t)2 << 20)

static const char *body_for(struct cc_arena *mem, const char *next)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddNumberToObject(doc, "MaxResults", PAGE_SIZE);
    if (next) {
        cJSON_AddStringToObject(doc, "NextToken", next);
    }
    char *text = cJSON_PrintUnformatted(doc);
    cJSON_Delete(doc);
    if (!text) {
        abort();
    }
    const char *copy = cc_text_dup(mem, text, strlen(text));
    cJSON_free(text);
    return copy;
}

/* The caller, and the endpoint. */
struct asker {
    const struct cc_settings *settings;
    const struct cc_keys *by;
    const struct cc_partition *partition;
};

static bool one_page(struct cc_run *run, const struct asker *asker, const char *next,
                     const cJSON **page, struct cc_error *err)
{
    static const struct cc_header headers[] = {
        {.name = "Content-Type", .value = "application/x-amz-json-1.1"},
        {.name = "X-Amz-Target", .value = "AWSOrganizationsV20161128.ListAccounts"},
        {0},
    };
    const struct cc_partition *partition = asker->partition;
    struct cc_answer answer = {0};
    const struct cc_call call = {
        .id = "ORGANIZATIONS",
        .operation = "ListAccounts",
        .service = "organizations",
        .region = partition->home, /* one endpoint in each partition (AWS General Reference) */
        .endpoint =
            cc_textf(&run->mem, "https://organizations.%s.%s", partition->home, partition->dns),
        .wire = CC_WIRE_JSON,
        .method = "POST",
        .path = "/",
        .headers = headers,
        .body = {body_for(&run->mem, next)},
        .signer = asker->by,
    };
    return cc_aws_call(run, asker->settings, &call, &answer, err) &&
           cc_json_parse(&run->mem, answer.body, answer.body_len, "Organizations", page, err);
}

static void add_accounts(const cJSON *page, struct cc_buf *list)
{
    const cJSON *account = NULL;

    cJSON_ArrayForEach (account, cJSON_GetObjectItemCaseSensitive(page, "Accounts")) {
        const char *id = cc_json_text(account, "Id");
        const char *state = cc_json_text(account, "State"); /* replaces Status since 2025 */

        state = state ? state : cc_json_text(account, "Status");
        if (id && cc_account_valid(id) && cc_text_equal(state, "ACTIVE")) {
            cc_buf_addf(list, "%s\n", id);
        }
    }
}

bool cc_org_accounts(struct cc_run *run, const struct cc_settings *settings,
                     const struct cc_keys *by, const char *region, const char **text,
                     struct cc_error *err)
{
    const struct asker asker = {settings, by, cc_partition_of(region ? region : settings->region)};
    struct cc_buf list = cc_buf_new(&run->mem, LIST_MAX);
    const char *next = NULL;
    const cJSON *page = NULL;

    for (size_t i = 0; i < PAGES_MAX; i++) {
        if (!one_page(run, &asker, next, &page, err)) {
            return false;
        }
        add_accounts(page, &list);
        next = cc_json_text(page, "NextToken");
        if (!next) {
            *text = list.text;
            return true;
        }
    }
    cc_fail(err, CC_E_TOO_BIG, "cannot list the accounts of the organization");
    cc_why(err, "the list does not end after %d pages of %d accounts", PAGES_MAX, PAGE_SIZE);
    return cc_fix(err, "give the accounts in a file");
}
