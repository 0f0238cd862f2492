#ifndef CREDCTL_REPORT_ASSESS_H
#define CREDCTL_REPORT_ASSESS_H

/* The answers of `assess services` (struct cc_services_answer), `assess findings`
 * (struct cc_findings_answer) and `assess inventory` (struct cc_inventory_answer). */

#include "credctl/base/buf.h"

/* Lines for a terminal. */
void cc_services_text(const void *answer, struct cc_buf *out);
void cc_findings_text(const void *answer, struct cc_buf *out);
void cc_inventory_text(const void *answer, struct cc_buf *out);

/* Of `assess storage` and `assess network` (struct cc_posture_answer): a line of CSV for each
 * resource, a result of SARIF for each issue. */
void cc_posture_text(const void *answer, struct cc_buf *out);
void cc_posture_csv(const void *answer, struct cc_buf *out);
void cc_posture_sarif(const void *answer, struct cc_buf *out);
void cc_posture_html(const void *answer, struct cc_buf *out);

/* A line for each service, finding and service with resources (RFC 4180). */
void cc_services_csv(const void *answer, struct cc_buf *out);
void cc_findings_csv(const void *answer, struct cc_buf *out);
void cc_inventory_csv(const void *answer, struct cc_buf *out);

/* SARIF 2.1.0. */
void cc_findings_sarif(const void *answer, struct cc_buf *out);

/* A page that needs nothing but itself. */
void cc_services_html(const void *answer, struct cc_buf *out);
void cc_findings_html(const void *answer, struct cc_buf *out);

#endif
