#ifndef REPORT_ACCESS_WORDS_H
#define REPORT_ACCESS_WORDS_H

/* What the reports of test-access have in common. */

#include "credctl/access/access.h"

/* A role that could be assumed may still be a finding. */
enum cc_access_finding {
    CC_FOUND_OPEN_ID,   /* it can be assumed without the external ID, or with a wrong one */
    CC_FOUND_NO_ACTION, /* its policies deny an action that was to be checked */
    CC_FOUND_COUNT,
};

struct cc_finding_words {
    const char *name;
    const char *title;
    const char *why;
    const char *fix;
};

extern const struct cc_finding_words cc_access_finding_words[CC_FOUND_COUNT];

/* Of a target that was allowed; false for all others. */
bool cc_access_has(const struct cc_access_result *result, enum cc_access_finding finding);
bool cc_access_has_any(const struct cc_access_result *result);
/* More than that it was allowed, or that its turn did not come. */
bool cc_access_noteworthy(const struct cc_access_result *result);
/* How many targets have the finding. */
size_t cc_access_count(const struct cc_access_answer *answer, enum cc_access_finding finding);

/* "not run" for not_run. */
const char *cc_access_outcome_words(enum cc_access_outcome outcome);
/* What the result says about the external ID; NULL: nothing. */
const char *cc_access_external_id(const struct cc_access_result *result);
/* The path and name of its role; "" when it has none. */
const char *cc_access_role(const struct cc_access_result *result);
/* The target has a name that is not its ARN. */
bool cc_access_named(const struct cc_access_result *result);

/* The actions of a decision, separated by commas. */
const char *cc_access_actions(struct cc_arena *mem, const struct cc_access_result *result,
                              const char *decision);

/* What is to be done about one target, or about several. */
struct cc_remedy {
    const char *evidence; /* `why` without the message of AWS */
    const char *said;     /* the message of AWS; NULL: none */
    const char *fix;
    const char *place;     /* "add to ARN (trust policy)"; NULL: there is no statement */
    const char *statement; /* JSON on many lines; or NULL */
};

struct cc_remedy cc_remedy_of(struct cc_arena *mem, const struct cc_access_result *result);
struct cc_remedy cc_remedy_of_shared(struct cc_arena *mem, const struct cc_access_shared *shared);

#endif
