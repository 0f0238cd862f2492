#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/commands/shared.h"

enum holds { CREDENTIALS, FAILURE, GARBAGE };
static const char *const holds[] = {
    [CREDENTIALS] = "credentials", [FAILURE] = "failure", [GARBAGE] = "garbage", NULL};

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_told_entry, member, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, file, "file", "name of the file in the folder"),
    ROW(WORD, holds, "holds", "what it holds", .words = holds),
    ROW(TEXT, source, "source", "the provider they are from", .rules = CC_NULL),
    ROW(TEXT, detail, "detail", "what the provider said about them", .rules = CC_NULL),
    ROW(TEXT, account_id, "account", "account of the credentials", .rules = CC_NULL),
    ROW(TEXT, role_arn, "role", "role of the credentials", .rules = CC_NULL),
    ROW(TEXT, role_name, "role name", "its name", .rules = CC_NULL),
    ROW(TIME, fetched, "fetched", "when they were fetched", .rules = CC_NULL),
    ROW(MAYBE_NUMBER, age_seconds, "age", "seconds since then"),
    ROW(TIME, expires, "expires", "when they expire", .rules = CC_NULL),
    ROW(MAYBE_NUMBER, expires_in_seconds, "left", "seconds until then"),
    ROW(TIME, retry_at, "retry", "when a refresh that failed may be tried again", .rules = CC_NULL),
    {0},
};
// clang-format on

const struct cc_shape cc_entry_shape = {"entry", fields, sizeof(struct cc_told_entry)};

static const char *printable(struct cc_run *run, const char *text)
{
    return text ? cc_text_printable(&run->mem, text) : NULL;
}

static struct cc_told_entry told(struct cc_run *run, const struct cc_cache_row *row)
{
    const enum holds what = !row->readable ? GARBAGE : row->present ? CREDENTIALS : FAILURE;

    return (struct cc_told_entry){
        .file = row->name,
        .holds = (int)what,
        .source = printable(run, row->source),
        .detail = printable(run, row->detail),
        .account_id = printable(run, row->account_id),
        .role_arn = printable(run, row->role_arn),
        .role_name = printable(run, cc_role_of_arn(&run->mem, row->role_arn)),
        .fetched = row->fetched,
        .age_seconds = {row->present, row->now - row->fetched},
        .expires = row->expires,
        .expires_in_seconds = {row->present, row->expires - row->now},
        .retry_at = row->retry_at,
    };
}

struct cc_told_entries cc_entries_tell(struct cc_run *run, const struct cc_cache_row *rows)
{
    size_t count = 0;

    for (const struct cc_cache_row *row = rows; row; row = row->next) {
        count++;
    }
    struct cc_told_entry *all = cc_alloc(&run->mem, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++, rows = rows->next) {
        all[i] = told(run, rows);
    }
    return (struct cc_told_entries){all, count};
}

static void print_entry(const struct cc_told_entry *entry, struct cc_buf *out)
{
    const int64_t left = entry->expires_in_seconds.value;

    if (!entry->age_seconds.known) {
        cc_buf_addf(out, "  %-12s %s\n", holds[entry->holds], entry->file);
        return;
    }
    cc_buf_addf(out, "  %-12s %s, %s old, %s\n", entry->source ? entry->source : "unknown",
                entry->role_arn ? entry->role_arn
                : entry->detail ? entry->detail
                                : "no role",
                cc_time_span(out->mem, entry->age_seconds.value),
                left > 0 ? cc_textf(out->mem, "%s left", cc_time_span(out->mem, left)) : "expired");
    if (entry->retry_at) {
        cc_buf_addf(out, "               the last refresh failed; the next attempt is at %s\n",
                    cc_time_iso(out->mem, entry->retry_at));
    }
}

void cc_entries_print(struct cc_told_entries entries, struct cc_buf *out)
{
    for (size_t i = 0; i < entries.count; i++) {
        print_entry(&entries.all[i], out);
    }
}
