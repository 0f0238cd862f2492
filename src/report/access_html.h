#ifndef REPORT_ACCESS_HTML_H
#define REPORT_ACCESS_HTML_H

/* The page of test-access, shared by the files that write it. */

#include "credctl/report/page.h"

#include "access_words.h"

/* What the page counts and filters by. */
enum cc_access_part {
    CC_PART_ALL,
    CC_PART_ALLOWED,
    CC_PART_DENIED,
    CC_PART_ERROR,
    CC_PART_FOUND, /* allowed, with a warning */
    CC_PART_NOT_RUN,
    CC_PART_COUNT,
};

struct cc_access_page {
    struct cc_buf *out;
    const struct cc_access_answer *answer;
    unsigned filters[CC_PART_COUNT]; /* the filter of each part; 0: it has none */
};

/* Chooses the filters of the page; parts that are rare have one only when they have something. */
void cc_access_parts(struct cc_access_page *page, struct cc_page_part parts[CC_PART_COUNT + 1]);

/* "good", "bad", "warn" or "". */
const char *cc_access_tone(const struct cc_access_result *result);
/* The filters that show it, as bits. */
unsigned cc_access_filters(const struct cc_access_page *page,
                           const struct cc_access_result *result);
/* Where on the page more is said about target `i`; NULL: nowhere. */
const char *cc_access_place(const struct cc_access_page *page, size_t i);

/* Accounts and roles, and what became of each target. */
void cc_access_matrix(const struct cc_access_page *page);

#endif
