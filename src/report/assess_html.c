#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/report/assess.h"
#include "credctl/report/chart.h"
#include "credctl/report/markup.h"
#include "credctl/report/page.h"

#include "assess_page.h"

#define FOUND_MAX 2000 /* more findings are for CSV and JSON */

static const char *state_tone(enum cc_service_state state)
{
    return state == CC_SERVICE_ENABLED ? "good" : state == CC_SERVICE_DISABLED ? "bad" : "warn";
}

/* --- services */

enum { ALL, ON, OFF, UNKNOWN };

static unsigned filters_of(const struct cc_services_result *result)
{
    unsigned filters = result->head.error ? 1U << UNKNOWN : 0;

    for (size_t i = 0; i < result->told_count; i++) {
        filters |= 1U << (ON + result->told[i].status);
    }
    return filters;
}

static void services_chart(struct cc_buf *out, struct cc_rows_of_services results)
{
    static const struct cc_chart_part parts[] = {
        {"enabled", "good"}, {"disabled", "bad"}, {"not known", "warn"}, {0}};
    struct cc_chart_row *rows = cc_alloc(out->mem, (results.count + 1) * sizeof(*rows));

    for (size_t i = 0; i < results.count; i++) {
        const struct cc_services_result *result = &results.rows[i];

        rows[i] = (struct cc_chart_row){.label = cc_head_place(out->mem, &result->head),
                                        .classes = cc_page_classes(out->mem, filters_of(result))};
        for (size_t row = 0; row < result->told_count; row++) {
            rows[i].values[result->told[row].status]++;
        }
    }
    const struct cc_chart chart = {"Security services", parts, rows, results.count};
    cc_chart(out, &chart);
}

static void services_table(struct cc_buf *out, struct cc_rows_of_services results)
{
    cc_buf_text(out,
                "<section>\n<h2>Each service</h2>\n<div class=\"wide\" tabindex=\"0\">\n<table>\n"
                "<thead><tr><th scope=\"col\">Account and region</th><th scope=\"col\">Service"
                "</th><th scope=\"col\">Status</th><th scope=\"col\">What it says</th></tr>"
                "</thead>\n<tbody>\n");
    for (size_t i = 0; i < results.count; i++) {
        for (size_t row = 0; row < results.rows[i].told_count; row++) {
            const struct cc_service_told *told = &results.rows[i].told[row];

            cc_markup(out, "<tr class=\"row%s\"><th scope=\"row\" class=\"id\">%s</th><td>%s</td>",
                      cc_page_classes(out->mem, 1U << (ON + told->status)),
                      cc_head_place(out->mem, &results.rows[i].head), told->title);
            cc_markup(out, "<td><span class=\"outcome %s\">%s</span></td><td>%s</td></tr>\n",
                      state_tone(told->status), cc_service_states[told->status], told->message);
        }
    }
    cc_buf_text(out, "</tbody>\n</table>\n</div>\n</section>\n");
}

void cc_services_html(const void *answer, struct cc_buf *out)
{
    const struct cc_services_answer *told = answer;
    const struct cc_rows_of_services results = cc_rows_services(told);
    struct cc_page_part parts[] = {[ALL] = {"all", "", 0},
                                   [ON] = {"enabled", "good", 0},
                                   [OFF] = {"disabled", "bad", 0},
                                   [UNKNOWN] = {"not known", "warn", 0},
                                   {0}};

    for (size_t i = 0; i < results.count; i++) {
        for (size_t row = 0; row < results.rows[i].told_count; row++) {
            parts[ALL].count++;
            parts[ON + (int)results.rows[i].told[row].status].count++;
        }
    }
    cc_assess_page_begin(out, "Security services", &told->whole.head, &told->counts, parts);
    services_chart(out, results);
    services_table(out, results);
    if (told->whole.head.partial) {
        cc_buf_text(out, "<h2>Not read</h2>\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_assess_page_unread(out, &results.rows[i].head, results.rows[i].errors,
                              results.rows[i].error_count, UNKNOWN);
    }
    cc_page_end(out);
}

/* --- findings */

enum { EVERY, CRITICAL, HIGH, MEDIUM, LOWER, UNREAD };

static unsigned filter_of(int severity)
{
    return severity == CC_SEVERITY_CRITICAL ? CRITICAL
           : severity == CC_SEVERITY_HIGH   ? HIGH
           : severity == CC_SEVERITY_MEDIUM ? MEDIUM
                                            : LOWER;
}

static struct cc_chart_row findings_row(struct cc_arena *mem,
                                        const struct cc_findings_result *result)
{
    struct cc_chart_row row = {.label = cc_head_place(mem, &result->head)};
    unsigned filters = result->head.partial ? 1U << UNREAD : 0;

    for (int level = 0; level < CC_SEVERITY_COUNT; level++) {
        const int64_t number = result->by_severity[level];

        row.values[filter_of(level) - CRITICAL] += number;
        filters |= number > 0 ? 1U << filter_of(level) : 0;
    }
    row.classes = cc_page_classes(mem, filters);
    return row;
}

static void findings_chart(struct cc_buf *out, struct cc_rows_of_findings results)
{
    static const struct cc_chart_part parts[] = {
        {"critical", "critical"}, {"high", "bad"}, {"medium", "warn"}, {"low", ""}, {0}};
    struct cc_chart_row *rows = cc_alloc(out->mem, (results.count + 1) * sizeof(*rows));

    for (size_t i = 0; i < results.count; i++) {
        rows[i] = findings_row(out->mem, &results.rows[i]);
    }
    const struct cc_chart chart = {"Findings by severity", parts, rows, results.count};
    cc_chart(out, &chart);
}

static void write_finding(struct cc_buf *out, const struct cc_found *found)
{
    const struct cc_finding_view *view = &found->view;

    cc_markup(out, "<tr class=\"row%s\"><td><span class=\"tag %s\">%s</span></td>",
              cc_page_classes(out->mem, 1U << filter_of((int)view->severity)),
              cc_severity_tone(view->severity), cc_severity_words[view->severity]);
    cc_markup(out, "<td>%s</td><td>%s<div class=\"mute\">%s</div></td>", found->title,
              view->title ? view->title : view->id, view->about);
    cc_markup(out,
              "<td class=\"id\">%s</td><td class=\"id\">%s</td><td class=\"when\">%s</td></tr>\n",
              view->resource, cc_head_place(out->mem, found->head), view->updated);
}

static void findings_table(struct cc_buf *out, const struct cc_found_all *all)
{
    cc_buf_text(out, "<section>\n<h2>Findings</h2>\n");
    if (all->count > FOUND_MAX) {
        cc_buf_addf(out, "<p>The first %d of %zu: the others are in CSV and JSON.</p>\n", FOUND_MAX,
                    all->count);
    }
    cc_buf_text(out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">"
                     "Severity</th><th scope=\"col\">Service</th><th scope=\"col\">Finding</th>"
                     "<th scope=\"col\">Resource</th><th scope=\"col\">Account and region</th>"
                     "<th scope=\"col\">Updated</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < all->count && i < FOUND_MAX; i++) {
        write_finding(out, &all->rows[i]);
    }
    cc_buf_text(out, "</tbody>\n</table>\n</div>\n</section>\n");
}

static int64_t unread_count(struct cc_rows_of_findings results)
{
    int64_t count = 0;

    for (size_t i = 0; i < results.count; i++) {
        count += (int64_t)results.rows[i].error_count + (results.rows[i].head.error != NULL);
    }
    return count;
}

void cc_findings_html(const void *answer, struct cc_buf *out)
{
    const struct cc_findings_answer *told = answer;
    const struct cc_rows_of_findings results = cc_rows_findings(told);
    const struct cc_found_all all = cc_found_all(out->mem, told);
    struct cc_page_part parts[] = {[EVERY] = {"all", "", (int64_t)all.count},
                                   [CRITICAL] = {"critical", "critical", 0},
                                   [HIGH] = {"high", "bad", 0},
                                   [MEDIUM] = {"medium", "warn", 0},
                                   [LOWER] = {"low", "", 0},
                                   [UNREAD] = {"not read", "warn", unread_count(results)},
                                   {0}};

    for (size_t i = 0; i < all.count; i++) {
        parts[filter_of((int)all.rows[i].view.severity)].count++;
    }
    cc_assess_page_begin(out, "Security findings", &told->whole.head, &told->counts, parts);
    findings_chart(out, results);
    findings_table(out, &all);
    if (told->whole.head.partial) {
        cc_buf_text(out, "<h2>Not read</h2>\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_assess_page_unread(out, &results.rows[i].head, results.rows[i].errors,
                              results.rows[i].error_count, UNREAD);
    }
    cc_page_end(out);
}
