#ifndef CREDCTL_REPORT_ACCESS_H
#define CREDCTL_REPORT_ACCESS_H

/* The answer of test-access (struct cc_access_answer) for people and for CI. */

#include "credctl/base/buf.h"

/* Lines for a terminal. */
void cc_access_text(const void *answer, struct cc_buf *out);
/* JUnit XML: a test case for each target. */
void cc_access_junit(const void *answer, struct cc_buf *out);
/* A page that needs nothing but itself. */
void cc_access_html(const void *answer, struct cc_buf *out);

#endif
