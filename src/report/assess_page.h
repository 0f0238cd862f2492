#ifndef REPORT_ASSESS_PAGE_H
#define REPORT_ASSESS_PAGE_H

/* What the pages of all assessments have in common. */

#include "credctl/report/page.h"

#include "assess_rows.h"

void cc_assess_page_begin(struct cc_buf *out, const char *title, const struct cc_assess_head *head,
                          const struct cc_assess_counts *counts, const struct cc_page_part *parts);
/* What could not be read of an account and region, shown by this filter. */
void cc_assess_page_unread(struct cc_buf *out, const struct cc_assess_head *head,
                           const struct cc_service_error *errors, size_t count, unsigned filter);

#endif
