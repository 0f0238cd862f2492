#ifndef REPORT_ASSESS_ROWS_H
#define REPORT_ASSESS_ROWS_H

/* What the reports of assessments have in common. */

#include "credctl/assess/findings.h"
#include "credctl/assess/inventory.h"
#include "credctl/assess/posture.h"
#include "credctl/assess/services.h"
#include "credctl/base/buf.h"

/* The results of an answer, also when it has only one. */
struct cc_rows_of_services {
    const struct cc_services_result *rows;
    size_t count;
};

struct cc_rows_of_findings {
    const struct cc_findings_result *rows;
    size_t count;
};

struct cc_rows_of_inventory {
    const struct cc_inventory_result *rows;
    size_t count;
};

struct cc_rows_of_posture {
    const struct cc_posture_result *rows;
    size_t count;
};

struct cc_rows_of_posture cc_rows_posture(const struct cc_posture_answer *answer);
struct cc_rows_of_services cc_rows_services(const struct cc_services_answer *answer);
struct cc_rows_of_findings cc_rows_findings(const struct cc_findings_answer *answer);
struct cc_rows_of_inventory cc_rows_inventory(const struct cc_inventory_answer *answer);

/* "123456789012 eu-west-1"; with the name of its target, when the list has one. */
const char *cc_head_place(struct cc_arena *mem, const struct cc_assess_head *head);

/* A finding with its origin. */
struct cc_found {
    const struct cc_assess_head *head;
    const char *service;
    const char *title; /* of the service */
    struct cc_finding_view view;
};

struct cc_found_all {
    struct cc_found *rows; /* the worst first */
    size_t count;
};

struct cc_found_all cc_found_all(struct cc_arena *mem, const struct cc_findings_answer *answer);
/* The issues of resources as findings, by account and region. */
struct cc_found_all cc_issues_all(struct cc_arena *mem, const struct cc_posture_answer *answer);

/* A number of a map of counts; "0" when it is absent. */
const char *cc_count_text(struct cc_arena *mem, const cJSON *counts, const char *name);

/* The tone of a severity on a page. */
const char *cc_severity_tone(enum cc_severity severity);

/* --- text */

/* The first line: where and as whom; or how many accounts and regions. */
void cc_text_head(const struct cc_assess_head *head, const struct cc_assess_counts *counts,
                  struct cc_buf *out);
/* What could not be read. */
void cc_text_unread(const struct cc_assess_head *head, const struct cc_service_error *errors,
                    size_t count, struct cc_buf *out);

/* --- CSV */

/* Account, region and target. */
void cc_csv_origin(struct cc_buf *out, const struct cc_assess_head *head);
/* Nothing of this account or region could be read; `cells` between origin and error are empty. */
void cc_csv_failed(struct cc_buf *out, const struct cc_assess_head *head, int cells);
/* A cell and what comes after it: "," or "\r\n". A spreadsheet does not take it for a formula. */
void cc_csv_cell(struct cc_buf *out, const char *text, const char *after);

#endif
