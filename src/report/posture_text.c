#include "credctl/base/text.h"
#include "credctl/report/assess.h"

#include "assess_rows.h"
#include "lines.h"

static const char *name_of(const struct cc_resource *resource)
{
    return resource->name ? resource->name : resource->id ? resource->id : "";
}

static void print_paragraphs(const char *label, const char *const *texts, struct cc_buf *out)
{
    for (; texts && *texts; texts++) {
        cc_lines_paragraph(label, *texts, out);
    }
}

static void print_resource(const struct cc_resource *resource, struct cc_buf *out)
{
    const bool both = resource->id && resource->name;
    const char *word = resource->status == CC_NON_COMPLIANT ? cc_severity_words[resource->severity]
                                                            : cc_compliance_words[resource->status];

    cc_buf_addf(out, "  %-9s %s %s%s%s%s\n", word, cc_resource_type_words[resource->type],
                name_of(resource), both ? " (" : "", both ? resource->id : "", both ? ")" : "");
    print_paragraphs("why", resource->issues, out);
    print_paragraphs("?", resource->unknowns, out);
    print_paragraphs("fix", resource->remediation, out);
}

static void print_severity(const struct cc_posture_result *result, int severity, struct cc_buf *out)
{
    for (size_t i = 0; i < result->detail_count; i++) {
        const struct cc_resource *resource = &result->resource_details[i];

        if (resource->status != CC_COMPLIANT && resource->severity == severity) {
            print_resource(resource, out);
        }
    }
}

/* The worst first; compliant resources are only counted. */
static void print_resources(const struct cc_posture_result *result, struct cc_buf *out)
{
    for (int severity = CC_SEVERITY_CRITICAL; severity >= CC_SEVERITY_NONE; severity--) {
        print_severity(result, severity, out);
    }
    if (result->truncated) {
        cc_buf_addf(out, "  there are more: --next-token %s\n",
                    result->next_token ? result->next_token : "TOKEN");
    }
}

static void print_counts(const struct cc_posture_counts *counts, struct cc_buf *out)
{
    cc_buf_addf(
        out, "%d %s checked: %d compliant, %d not compliant, %d unknown\n",
        counts->resources_checked, counts->resources_checked == 1 ? "resource" : "resources",
        counts->compliant_resources, counts->non_compliant_resources, counts->unknown_resources);
}

static void print_services(const struct cc_posture_result *result, struct cc_buf *out)
{
    for (size_t i = 0; i < result->key_count; i++) {
        cc_buf_addf(out, "  %-16s", result->keys[i].name);
        print_counts(&result->keys[i].counts, out);
    }
}

static void print_list(const char *heading, const char *const *texts, struct cc_buf *out)
{
    if (texts && *texts) {
        cc_buf_addf(out, "\n%s\n", heading);
    }
    for (; texts && *texts; texts++) {
        cc_buf_text(out, "  ");
        cc_lines_wrapped(*texts, 2, out);
    }
}

static void print_result(const struct cc_posture_answer *told,
                         const struct cc_posture_result *result, struct cc_buf *out)
{
    if (told->result_count > 0) {
        cc_buf_addf(out, "%s\n", cc_head_place(out->mem, &result->head));
    }
    print_services(result, out);
    print_resources(result, out);
    if (result->head.error || result->error_count > 0) {
        cc_buf_text(out, "\nNot read\n");
    }
    cc_text_unread(&result->head, result->errors, result->error_count, out);
    print_list("Notes", result->notes, out);
    cc_buf_text(out, told->result_count > 0 ? "\n" : "");
}

void cc_posture_text(const void *answer, struct cc_buf *out)
{
    const struct cc_posture_answer *told = answer;
    const struct cc_rows_of_posture results = cc_rows_posture(told);

    cc_text_head(&told->whole.head, &told->counts, out);
    for (size_t i = 0; i < results.count; i++) {
        print_result(told, &results.rows[i], out);
    }
    print_list("Recommendations", told->whole.recommendations, out);
    cc_buf_text(out, "\n");
    print_counts(&told->whole.counts, out);
}
