#include "assess_rows.h"

#include "credctl/base/text.h"

#include "lines.h"

#include <stdlib.h>
#include <string.h>

struct cc_rows_of_services cc_rows_services(const struct cc_services_answer *answer)
{
    return answer->result_count > 0
               ? (struct cc_rows_of_services){answer->results, answer->result_count}
               : (struct cc_rows_of_services){&answer->whole, 1};
}

struct cc_rows_of_findings cc_rows_findings(const struct cc_findings_answer *answer)
{
    return answer->result_count > 0
               ? (struct cc_rows_of_findings){answer->results, answer->result_count}
               : (struct cc_rows_of_findings){&answer->whole, 1};
}

struct cc_rows_of_inventory cc_rows_inventory(const struct cc_inventory_answer *answer)
{
    return answer->result_count > 0
               ? (struct cc_rows_of_inventory){answer->results, answer->result_count}
               : (struct cc_rows_of_inventory){&answer->whole, 1};
}

struct cc_rows_of_posture cc_rows_posture(const struct cc_posture_answer *answer)
{
    return answer->result_count > 0
               ? (struct cc_rows_of_posture){answer->results, answer->result_count}
               : (struct cc_rows_of_posture){&answer->whole, 1};
}

const char *cc_head_place(struct cc_arena *mem, const struct cc_assess_head *head)
{
    const char *account = head->account_id ? head->account_id : "(account not known)";
    const bool named = head->target && !cc_text_equal(head->target, account);

    return cc_textf(mem, "%s%s%s%s%s%s", account, named ? " (" : "", named ? head->target : "",
                    named ? ")" : "", head->region ? " " : "", head->region ? head->region : "");
}

const char *cc_count_text(struct cc_arena *mem, const cJSON *counts, const char *name)
{
    double number = 0;

    return cc_json_number(counts, name, &number) ? cc_textf(mem, "%.0f", number) : "0";
}

const char *cc_severity_tone(enum cc_severity severity)
{
    static const char *const tones[CC_SEVERITY_COUNT] = {
        [CC_SEVERITY_NONE] = "",
        [CC_SEVERITY_LOW] = "",
        [CC_SEVERITY_MEDIUM] = "warn",
        [CC_SEVERITY_HIGH] = "bad",
        [CC_SEVERITY_CRITICAL] = "critical",
    };

    return tones[severity];
}

/* --- findings of all services */

static size_t count_all(struct cc_rows_of_findings results)
{
    size_t count = 0;

    for (size_t i = 0; i < results.count; i++) {
        for (size_t row = 0; row < results.rows[i].told_count; row++) {
            count += results.rows[i].told[row].findings_count;
        }
    }
    return count;
}

static void take_of(struct cc_arena *mem, const struct cc_findings_result *result,
                    const struct cc_service_told *told, int severity, struct cc_found_all *all)
{
    const cJSON *item = told->by_severity[severity] > 0 ? told->findings->child : NULL;

    for (; item; item = item->next) {
        const struct cc_finding_view view = cc_finding_view(mem, told->service, item);

        if ((int)view.severity == severity) {
            all->rows[all->count++] =
                (struct cc_found){&result->head, told->service, told->title, view};
        }
    }
}

/* A merge by severity: each list is already in that order. */
static void take_severity(struct cc_arena *mem, struct cc_rows_of_findings results, int severity,
                          struct cc_found_all *all)
{
    for (size_t i = 0; i < results.count; i++) {
        for (size_t row = 0; row < results.rows[i].told_count; row++) {
            take_of(mem, &results.rows[i], &results.rows[i].told[row], severity, all);
        }
    }
}

struct cc_found_all cc_found_all(struct cc_arena *mem, const struct cc_findings_answer *answer)
{
    const struct cc_rows_of_findings results = cc_rows_findings(answer);
    struct cc_found_all all = {cc_alloc(mem, (count_all(results) + 1) * sizeof(*all.rows)), 0};

    for (int severity = CC_SEVERITY_CRITICAL; severity >= CC_SEVERITY_NONE; severity--) {
        take_severity(mem, results, severity, &all);
    }
    return all;
}

/* --- text */

void cc_text_head(const struct cc_assess_head *head, const struct cc_assess_counts *counts,
                  struct cc_buf *out)
{
    if (counts->place_count == 1) {
        cc_buf_addf(out, "%s", cc_head_place(out->mem, head));
        if (head->caller_arn) {
            cc_buf_addf(out, ", as %s", head->caller_arn);
        }
        cc_buf_addf(out, " (%s)\n\n", head->credential_source);
        return;
    }
    cc_buf_addf(out, "%lld account%s, %lld results\n\n", (long long)counts->account_count,
                counts->account_count == 1 ? "" : "s", (long long)counts->place_count);
}

static void tell_error(const char *title, const char *why, const char *permission, const char *fix,
                       struct cc_buf *out)
{
    cc_buf_addf(out, "  %s\n", title);
    if (permission) {
        cc_lines_paragraph("needs", permission, out);
    }
    cc_lines_paragraph("why", why, out);
    cc_lines_paragraph("fix", fix, out);
}

void cc_text_unread(const struct cc_assess_head *head, const struct cc_service_error *errors,
                    size_t count, struct cc_buf *out)
{
    const char *place = cc_head_place(out->mem, head);

    if (head->error) {
        tell_error(place, cc_textf(out->mem, "%s: %s", head->error->what, head->error->why), NULL,
                   head->error->fix, out);
    }
    for (size_t i = 0; i < count; i++) {
        const struct cc_unread *unread = &errors[i].unread;

        tell_error(cc_textf(out->mem, "%s, %s: %s", place, errors[i].service, unread->code),
                   unread->why, unread->missing_permission, unread->fix, out);
    }
}

/* --- CSV */

void cc_csv_cell(struct cc_buf *out, const char *text, const char *after)
{
    text = text ? cc_text_printable(out->mem, text) : "";
    const bool formula = text[0] && strchr("=+-@", text[0]);
    const bool quoted = formula || strpbrk(text, ",\"\r\n");

    cc_buf_text(out, quoted ? "\"" : "");
    cc_buf_text(out, formula ? "'" : "");
    for (const char *c = text; *c; c++) {
        cc_buf_add(out, c, 1);
        cc_buf_text(out, *c == '"' ? "\"" : "");
    }
    cc_buf_text(out, quoted ? "\"" : "");
    cc_buf_text(out, after);
}

void cc_csv_origin(struct cc_buf *out, const struct cc_assess_head *head)
{
    cc_csv_cell(out, head->account_id, ",");
    cc_csv_cell(out, head->region, ",");
    cc_csv_cell(out, head->target, ",");
}

void cc_csv_failed(struct cc_buf *out, const struct cc_assess_head *head, int cells)
{
    cc_csv_origin(out, head);
    for (int i = 0; i < cells; i++) {
        cc_buf_text(out, ",");
    }
    cc_csv_cell(out, cc_textf(out->mem, "%s: %s", head->error->what, head->error->why), "\r\n");
}
