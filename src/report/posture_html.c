#include "credctl/base/text.h"
#include "credctl/report/assess.h"
#include "credctl/report/chart.h"
#include "credctl/report/markup.h"

#include "assess_page.h"

#define RESOURCES_MAX 2000 /* more resources are for CSV and JSON */

/* The filters: all, and one for each status. */
enum { ALL, FIRST };

static const char *const tones[] = {
    [CC_COMPLIANT] = "good", [CC_NON_COMPLIANT] = "bad", [CC_COMPLIANCE_UNKNOWN] = "warn"};

static unsigned filter_of(enum cc_compliance status)
{
    return 1U << (FIRST + status);
}

static void chart(struct cc_buf *out, struct cc_rows_of_posture results)
{
    static const struct cc_chart_part parts[] = {
        {"compliant", "good"}, {"not compliant", "bad"}, {"unknown", "warn"}, {0}};
    struct cc_chart_row *rows = cc_alloc(out->mem, (results.count + 1) * sizeof(*rows));

    for (size_t i = 0; i < results.count; i++) {
        const struct cc_posture_counts *counts = &results.rows[i].counts;
        unsigned filters = results.rows[i].head.partial ? filter_of(CC_COMPLIANCE_UNKNOWN) : 0;

        rows[i] = (struct cc_chart_row){.label = cc_head_place(out->mem, &results.rows[i].head),
                                        .values = {counts->compliant_resources,
                                                   counts->non_compliant_resources,
                                                   counts->unknown_resources}};
        for (int status = CC_COMPLIANT; status <= CC_COMPLIANCE_UNKNOWN; status++) {
            filters |= rows[i].values[status] > 0 ? filter_of((enum cc_compliance)status) : 0;
        }
        rows[i].classes = cc_page_classes(out->mem, filters);
    }
    const struct cc_chart whole = {"Resources by status", parts, rows, results.count};
    cc_chart(out, &whole);
}

static void write_texts(struct cc_buf *out, const char *const *texts, const char *markup)
{
    for (; texts && *texts; texts++) {
        cc_buf_addf(out, "<div%s>", markup);
        cc_markup_text(out, *texts);
        cc_buf_text(out, "</div>");
    }
}

static void write_resource(struct cc_buf *out, const struct cc_assess_head *head,
                           const struct cc_resource *resource)
{
    const char *name = resource->name ? resource->name : resource->id;

    cc_markup(out, "<tr class=\"row%s\"><td><span class=\"outcome %s\">%s</span></td>",
              cc_page_classes(out->mem, filter_of(resource->status)), tones[resource->status],
              cc_compliance_words[resource->status]);
    cc_markup(out, "<td><span class=\"tag %s\">%s</span></td>",
              cc_severity_tone((enum cc_severity)resource->severity),
              cc_severity_words[resource->severity]);
    cc_markup(out, "<td>%s</td><td class=\"id\">%s</td><td class=\"id\">%s</td><td>",
              cc_resource_type_words[resource->type], name, cc_head_place(out->mem, head));
    write_texts(out, resource->issues, "");
    write_texts(out, resource->unknowns, " class=\"mute\"");
    write_texts(out, resource->remediation, " class=\"mute\"");
    cc_buf_text(out, "</td></tr>\n");
}

/* Those of one severity, as long as there is room. */
static void write_severity(struct cc_buf *out, const struct cc_posture_result *result, int severity,
                           size_t *room)
{
    for (size_t i = 0; i < result->detail_count; i++) {
        const struct cc_resource *resource = &result->resource_details[i];

        if (*room > 0 && resource->severity == severity) {
            write_resource(out, &result->head, resource);
            (*room)--;
        }
    }
}

static size_t count_told(struct cc_rows_of_posture results)
{
    size_t count = 0;

    for (size_t i = 0; i < results.count; i++) {
        count += results.rows[i].detail_count;
    }
    return count;
}

static void table(struct cc_buf *out, struct cc_rows_of_posture results)
{
    const size_t count = count_told(results);
    size_t room = RESOURCES_MAX;

    cc_buf_text(out, "<section>\n<h2>Resources</h2>\n");
    if (count > RESOURCES_MAX) {
        cc_buf_addf(out, "<p>The worst %d of %zu: the others are in CSV and JSON.</p>\n",
                    RESOURCES_MAX, count);
    }
    cc_buf_text(out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">"
                     "Status</th><th scope=\"col\">Severity</th><th scope=\"col\">Type</th>"
                     "<th scope=\"col\">Resource</th><th scope=\"col\">Account and region</th>"
                     "<th scope=\"col\">Why, and what to do</th></tr></thead>\n<tbody>\n");
    for (int severity = CC_SEVERITY_CRITICAL; severity >= CC_SEVERITY_NONE; severity--) {
        for (size_t i = 0; i < results.count; i++) {
            write_severity(out, &results.rows[i], severity, &room);
        }
    }
    cc_buf_text(out, "</tbody>\n</table>\n</div>\n</section>\n");
}

static void advice(struct cc_buf *out, const char *const *texts)
{
    if (!texts || !*texts) {
        return;
    }
    cc_buf_text(out, "<section>\n<h2>Recommendations</h2>\n<ul>\n");
    for (; *texts; texts++) {
        cc_markup(out, "<li>%s</li>\n", *texts);
    }
    cc_buf_text(out, "</ul>\n</section>\n");
}

void cc_posture_html(const void *answer, struct cc_buf *out)
{
    const struct cc_posture_answer *told = answer;
    const struct cc_rows_of_posture results = cc_rows_posture(told);
    const struct cc_posture_counts *counts = &told->whole.counts;
    const struct cc_page_part parts[] = {
        {"all", "", counts->resources_checked},
        {"compliant", tones[CC_COMPLIANT], counts->compliant_resources},
        {"not compliant", tones[CC_NON_COMPLIANT], counts->non_compliant_resources},
        {"unknown", tones[CC_COMPLIANCE_UNKNOWN], counts->unknown_resources},
        {0}};

    cc_assess_page_begin(out, "How resources are protected", &told->whole.head, &told->counts,
                         parts);
    chart(out, results);
    table(out, results);
    advice(out, told->whole.recommendations);
    if (told->whole.head.partial) {
        cc_buf_text(out, "<h2>Not read</h2>\n");
    }
    for (size_t i = 0; i < results.count; i++) {
        cc_assess_page_unread(out, &results.rows[i].head, results.rows[i].errors,
                              results.rows[i].error_count, FIRST + CC_COMPLIANCE_UNKNOWN);
    }
    cc_page_end(out);
}
