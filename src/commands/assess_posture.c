#include "assess_posture.h"

#include "credctl/base/text.h"

#include <string.h>

static const char *name_of(const struct cc_resource *resource)
{
    return resource->name ? resource->name : resource->id ? resource->id : "";
}

static void print_resource(const struct cc_resource *resource, struct cc_buf *out)
{
    const bool both = resource->id && resource->name;
    const char *word = resource->status == CC_NON_COMPLIANT ? cc_severity_words[resource->severity]
                                                            : cc_compliance_words[resource->status];

    cc_buf_addf(out, "  %-9s %s %s%s%s%s\n", word, cc_resource_type_words[resource->type],
                name_of(resource), both ? " (" : "", both ? resource->id : "", both ? ")" : "");
    for (const char *const *text = resource->issues; text && *text; text++) {
        cc_buf_addf(out, "            %s\n", *text);
    }
    for (const char *const *text = resource->unknowns; text && *text; text++) {
        cc_buf_addf(out, "            not known: %s\n", *text);
    }
    for (const char *const *text = resource->remediation; text && *text; text++) {
        cc_buf_addf(out, "            to do: %s\n", *text);
    }
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

static void print_errors(const struct cc_posture_result *result, struct cc_buf *out)
{
    if (result->error_count > 0) {
        cc_buf_text(out, "could not be read:\n");
    }
    for (size_t i = 0; i < result->error_count; i++) {
        const struct cc_posture_error *error = &result->errors[i];
        const struct cc_unread *unread = &error->unread;

        cc_buf_addf(out, "  %s: %s: %s", error->service, unread->operation, unread->code);
        if (error->times > 1) {
            cc_buf_addf(out, " (%d times)", error->times);
        }
        cc_buf_addf(out, "\n            %s\n            to do: %s\n", unread->why, unread->fix);
    }
}

static void print_list(const char *heading, const char *const *texts, struct cc_buf *out)
{
    if (texts && *texts) {
        cc_buf_addf(out, "%s:\n", heading);
    }
    for (; texts && *texts; texts++) {
        cc_buf_addf(out, "  %s\n", *texts);
    }
}

static void print_place(const struct cc_posture_result *result, struct cc_buf *out)
{
    const struct cc_assess_head *head = &result->head;

    cc_buf_addf(out, "account %s, region %s%s%s\n", head->account_id ? head->account_id : "unknown",
                head->region ? head->region : "unknown", head->target ? ", target " : "",
                head->target ? head->target : "");
    if (head->error) {
        cc_buf_addf(out, "  nothing could be read: %s: %s\n  to do: %s\n", head->error->what,
                    head->error->why, head->error->fix);
        return;
    }
    print_services(result, out);
    print_resources(result, out);
    print_errors(result, out);
    print_list("notes", result->notes, out);
}

void cc_posture_print(const void *answer, struct cc_buf *out)
{
    const struct cc_posture_answer *told = answer;

    for (size_t i = 0; i < told->result_count; i++) {
        print_place(&told->results[i], out);
        cc_buf_text(out, "\n");
    }
    if (told->result_count == 0) {
        print_place(&told->whole, out);
    }
    print_counts(&told->whole.counts, out);
    print_list("recommendations", told->whole.recommendations, out);
}
