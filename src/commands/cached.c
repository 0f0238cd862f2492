#include "credctl/commands/cached.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

static void put_text(struct cc_run *run, cJSON *row, const char *name, const char *text)
{
    cc_json_put(row, name, text ? cc_text_printable(&run->mem, text) : NULL);
}

static void put_time(struct cc_run *run, cJSON *row, const char *name, int64_t at)
{
    cc_json_put(row, name, at != 0 ? cc_time_iso(&run->mem, at) : NULL);
}

static void put_span(cJSON *row, const char *name, bool known, int64_t seconds)
{
    cJSON_AddItemToObject(row, name,
                          known ? cJSON_CreateNumber((double)seconds) : cJSON_CreateNull());
}

static const char *holds(const struct cc_cache_row *row)
{
    if (!row->readable) {
        return "garbage";
    }
    return row->present ? "credentials" : "failure";
}

void cc_cached_json(struct cc_run *run, const struct cc_cache_row *rows, const char *name,
                    cJSON *result)
{
    cJSON *list = cJSON_AddArrayToObject(result, name);

    for (const struct cc_cache_row *at = rows; at; at = at->next) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToArray(list, row);
        cJSON_AddStringToObject(row, "file", at->name);
        cJSON_AddStringToObject(row, "holds", holds(at));
        put_text(run, row, "source", at->source);
        put_text(run, row, "detail", at->detail);
        put_text(run, row, "account_id", at->account_id);
        put_text(run, row, "role_arn", at->role_arn);
        put_text(run, row, "role_name", cc_role_of_arn(&run->mem, at->role_arn));
        put_time(run, row, "fetched", at->fetched);
        put_span(row, "age_seconds", at->present, cc_now(run) - at->fetched);
        put_time(run, row, "expires", at->expires);
        put_span(row, "expires_in_seconds", at->present, at->expires - cc_now_aws(run));
        put_time(run, row, "retry_at", at->retry_at);
    }
}

static void print_row(const cJSON *row, struct cc_buf *out)
{
    const char *role = cc_json_text(row, "role_arn");
    const char *detail = cc_json_text(row, "detail");
    const char *retry = cc_json_text(row, "retry_at");
    double age = 0;
    double left = 0;

    if (!cc_json_number(row, "age_seconds", &age) ||
        !cc_json_number(row, "expires_in_seconds", &left)) {
        cc_buf_addf(out, "  %-12s %s\n", cc_json_text(row, "holds"), cc_json_text(row, "file"));
        return;
    }
    cc_buf_addf(out, "  %-12s %s, %s old, ", cc_json_text(row, "source"),
                role     ? role
                : detail ? detail
                         : "of no role",
                cc_time_span(out->mem, (int64_t)age));
    cc_buf_addf(out, "%s\n",
                left > 0 ? cc_textf(out->mem, "%s left", cc_time_span(out->mem, (int64_t)left))
                         : "expired");
    if (retry) {
        cc_buf_addf(out, "               its refresh failed; the next attempt is at %s\n", retry);
    }
}

void cc_cached_print(const cJSON *rows, struct cc_buf *out)
{
    const cJSON *row = NULL;

    cJSON_ArrayForEach (row, rows) {
        print_row(row, out);
    }
}
