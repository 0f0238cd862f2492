#ifndef AWS_PAGE_H
#define AWS_PAGE_H

/* The answer to one request of an ask. */

#include "credctl/aws/operation.h"

/* Whether what comes back is XML. */
bool cc_protocol_is_xml(enum cc_protocol protocol);

/* In the memory of `run`. */
CC_MUST_USE bool cc_page_parse(struct cc_run *run, const struct cc_ask *ask,
                               const struct cc_answer *answer, struct cc_page_of_answer *page,
                               struct cc_error *err);

/* A member by its path; NULL when it is absent, empty, or not a text. */
const char *cc_page_member(struct cc_arena *mem, const struct cc_page_of_answer *page,
                           const char *path);
bool cc_page_member_true(struct cc_arena *mem, const struct cc_page_of_answer *page,
                         const char *path);
/* The length of a list; 0 when it is absent. */
size_t cc_page_list_length(struct cc_arena *mem, const struct cc_page_of_answer *page,
                           const char *path);

#endif
