#include "credctl/base/text.h"
#include "credctl/report/assess.h"

#include "assess_rows.h"
#include "lines.h"

#include <string.h>

#define FOUND_MAX 60 /* more findings are for files */

static const char *const marks[] = {
    [CC_SERVICE_ENABLED] = "on", [CC_SERVICE_DISABLED] = "OFF", [CC_SERVICE_UNKNOWN] = "?"};

/* --- services */

static void list_services(const struct cc_services_result *result, struct cc_buf *out)
{
    for (size_t i = 0; i < result->told_count; i++) {
        const struct cc_service_told *told = &result->told[i];

        cc_buf_addf(out, "  %-4s %-20s %s\n", marks[told->status], told->title, told->message);
    }
}

static const struct cc_service_told *told_of(const struct cc_services_result *result,
                                             const char *service)
{
    for (size_t i = 0; i < result->told_count; i++) {
        if (cc_text_equal(result->told[i].service, service)) {
            return &result->told[i];
        }
    }
    return NULL;
}

static const char *const *columns_of(struct cc_rows_of_services results)
{
    static const char *const none[] = {NULL};
    const char *const *columns = none;
    size_t most = 0;

    for (size_t i = 0; i < results.count; i++) {
        if (results.rows[i].told_count > most) {
            most = results.rows[i].told_count;
            columns = results.rows[i].services_checked;
        }
    }
    return columns;
}

static int width_of(struct cc_arena *mem, struct cc_rows_of_services results)
{
    size_t width = 0;

    for (size_t i = 0; i < results.count; i++) {
        const size_t len = strlen(cc_head_place(mem, &results.rows[i].head));

        width = len > width ? len : width;
    }
    return (int)width;
}

static void matrix_row(const struct cc_services_result *result, const char *const *columns,
                       struct cc_buf *out)
{
    const char *nothing = result->head.error ? "?" : "-";

    for (size_t i = 0; columns[i]; i++) {
        const struct cc_service_told *told = told_of(result, columns[i]);

        cc_buf_addf(out, "  %-*s", columns[i + 1] ? (int)strlen(columns[i]) : 0,
                    told ? marks[told->status] : nothing);
    }
    cc_buf_text(out, "\n");
}

/* A row for each account and region, a column for each service. */
static void matrix(struct cc_rows_of_services results, struct cc_buf *out)
{
    const char *const *columns = columns_of(results);
    const int width = width_of(out->mem, results);

    cc_buf_addf(out, "  %-*s", width, "");
    for (size_t i = 0; columns[i]; i++) {
        cc_buf_addf(out, "  %s", columns[i]);
    }
    cc_buf_text(out, "\n");
    for (size_t i = 0; i < results.count; i++) {
        cc_buf_addf(out, "  %-*s", width, cc_head_place(out->mem, &results.rows[i].head));
        matrix_row(&results.rows[i], columns, out);
    }
}

static void setup_of(const struct cc_service_told *told, struct cc_buf *out)
{
    if (!told->setup_instructions) {
        return;
    }
    cc_buf_addf(out, "\nTo enable %s:\n", told->title);
    for (size_t i = 0; told->setup_instructions[i]; i++) {
        cc_buf_text(out, "  - ");
        cc_lines_wrapped(told->setup_instructions[i], 4, out);
    }
}

void cc_services_text(const void *answer, struct cc_buf *out)
{
    const struct cc_services_answer *told = answer;
    const struct cc_rows_of_services results = cc_rows_services(told);

    cc_text_head(&told->whole.head, &told->counts, out);
    if (told->result_count == 0) {
        list_services(&told->whole, out);
        for (size_t i = 0; i < told->whole.told_count; i++) {
            setup_of(&told->whole.told[i], out);
        }
    } else {
        matrix(results, out);
    }
    if (told->whole.head.partial) {
        cc_buf_text(out, "\nNot read:\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_text_unread(&results.rows[i].head, results.rows[i].errors, results.rows[i].error_count,
                       out);
    }
    cc_buf_addf(out, "\n%s.\n", told->whole.summary);
}

/* --- findings */

static void counts_of(struct cc_rows_of_findings results, struct cc_buf *out)
{
    int64_t sums[CC_SEVERITY_COUNT] = {0};
    const char *between = ": ";
    int64_t all = 0;

    for (size_t i = 0; i < results.count; i++) {
        for (int level = 0; level < CC_SEVERITY_COUNT; level++) {
            sums[level] += results.rows[i].by_severity[level];
            all += results.rows[i].by_severity[level];
        }
    }
    cc_buf_addf(out, "%lld finding%s", (long long)all, all == 1 ? "" : "s");
    for (int level = CC_SEVERITY_CRITICAL; level >= 0; level--) {
        if (sums[level] > 0) {
            cc_buf_addf(out, "%s%lld %s", between, (long long)sums[level],
                        cc_severity_words[level]);
            between = ", ";
        }
    }
    cc_buf_text(out, "\n");
}

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

static void write_finding(const struct cc_found *found, bool several, struct cc_buf *out)
{
    const struct cc_finding_view *view = &found->view;
    const char *place = several ? cc_head_place(out->mem, found->head) : "";

    cc_buf_addf(out, "  %-9s %-15s %s\n", cc_severity_words[view->severity], found->service,
                view->title ? view->title : or_nothing(view->id));
    cc_buf_addf(out, "  %-25s %s  %s%s%s\n", "", or_nothing(view->resource),
                or_nothing(view->updated), place[0] ? "  " : "", place);
}

static void list_findings(const struct cc_findings_answer *answer, struct cc_buf *out)
{
    const struct cc_found_all all = cc_found_all(out->mem, answer);

    for (size_t i = 0; i < all.count && i < FOUND_MAX; i++) {
        write_finding(&all.rows[i], answer->result_count > 0, out);
    }
    if (all.count > FOUND_MAX) {
        cc_buf_addf(out, "  ... and %zu more: see --output csv, json or html\n",
                    all.count - FOUND_MAX);
    }
}

/* Services without findings, and those with more than were read. */
static void list_services_of(const struct cc_findings_result *result, bool several,
                             struct cc_buf *out)
{
    const char *place =
        several ? cc_textf(out->mem, "%s: ", cc_head_place(out->mem, &result->head)) : "";

    for (size_t i = 0; i < result->told_count; i++) {
        const struct cc_service_told *told = &result->told[i];

        if (told->status == CC_SERVICE_DISABLED) {
            cc_buf_addf(out, "  %s%s\n", place, told->message);
        } else if (told->truncated) {
            cc_buf_addf(out, "  %s%s has more findings than these %zu: raise --max-findings%s\n",
                        place, told->title, told->findings_count,
                        told->next_token ? ", or continue with --next-token (see --output json)"
                                         : "");
        }
    }
}

void cc_findings_text(const void *answer, struct cc_buf *out)
{
    const struct cc_findings_answer *told = answer;
    const struct cc_rows_of_findings results = cc_rows_findings(told);

    cc_text_head(&told->whole.head, &told->counts, out);
    counts_of(results, out);
    list_findings(told, out);
    for (size_t i = 0; i < results.count; i++) {
        list_services_of(&results.rows[i], told->result_count > 0, out);
    }
    if (told->whole.head.partial) {
        cc_buf_text(out, "\nNot read:\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_text_unread(&results.rows[i].head, results.rows[i].errors, results.rows[i].error_count,
                       out);
    }
}

/* --- inventory */

static void list_inventory(const struct cc_inventory_result *result, struct cc_buf *out)
{
    for (size_t i = 0; result->services && result->services[i]; i++) {
        cc_buf_addf(out, "  %8s  %s\n",
                    cc_count_text(out->mem, result->service_counts, result->services[i]),
                    result->services[i]);
    }
    cc_buf_addf(out, "  %8lld  in all%s\n", (long long)result->total_resources,
                result->truncated ? ", of more: raise --max-resources" : "");
    for (size_t i = 0; result->setup_instructions && result->setup_instructions[i]; i++) {
        cc_buf_text(out, i == 0 ? "\n  - " : "  - ");
        cc_lines_wrapped(result->setup_instructions[i], 4, out);
    }
}

void cc_inventory_text(const void *answer, struct cc_buf *out)
{
    const struct cc_inventory_answer *told = answer;
    const struct cc_rows_of_inventory results = cc_rows_inventory(told);

    cc_text_head(&told->whole.head, &told->counts, out);
    for (size_t i = 0; i < results.count && told->result_count > 0; i++) {
        const struct cc_inventory_result *result = &results.rows[i];

        cc_buf_addf(out, "%s: %s, %lld resources\n", cc_head_place(out->mem, &result->head),
                    result->message ? result->message : "not read",
                    (long long)result->total_resources);
    }
    if (told->result_count == 0) {
        cc_buf_addf(out, "%s\n", told->whole.message);
    }
    cc_buf_text(out, "\n");
    list_inventory(&told->whole, out);
    if (told->whole.head.partial) {
        cc_buf_text(out, "\nNot read:\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_text_unread(&results.rows[i].head, results.rows[i].errors, results.rows[i].error_count,
                       out);
    }
}
