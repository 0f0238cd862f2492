#ifndef CREDCTL_AWS_OPERATION_H
#define CREDCTL_AWS_OPERATION_H

/*
 * Operations of AWS that read something, as data: the rows are in credctl/aws/operations.h. An ask
 * says who calls one with which parameters; its errand reads the answer, page after page.
 */

#include "credctl/aws/call.h"
#include "credctl/aws/region.h"
#include "credctl/aws/xml.h"

struct cc_paging {
    const char *marker; /* the parameter that asks for the next page ... */
    const char *next;   /* ... and the member of the answer that has its value */
    const char *more;   /* the member that says whether there is one; NULL: `next` is enough */
    const char *size;   /* the parameter with the size of a page; NULL: none is sent */
    const char *items;  /* its value */
};

struct cc_service {
    const char *id;      /* "IAM": for configured endpoints and messages */
    const char *signing; /* its name in signatures */
    enum cc_wire wire;
    const char *version; /* query: "2010-05-08" */
    const char *target;  /* JSON: what comes before the name of the operation in X-Amz-Target */
    const char *(*endpoint)(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region);
};

struct cc_operation {
    const struct cc_service *service;
    const char *name;               /* "GetRole" */
    const char *action;             /* what a policy must allow: "iam:GetRole" */
    const struct cc_paging *paging; /* NULL: the answer has one page */
};

struct cc_param {
    const char *name;  /* as the protocol writes it: RoleName, Tags.member.1.Key */
    const char *value; /* NULL: it is left out */
    bool literal;      /* JSON: not a text but a number, true or false */
};

/* It lives until `take` returns. */
struct cc_page_of_answer {
    const struct cc_xml *xml; /* query: <GetRoleResult>; its members are xml->child and so on */
    const cJSON *json;        /* JSON: the object */
    bool repeats;             /* a secret of the request is somewhere in it */
};

/* It and all it points to must live until its errand has ended. */
struct cc_ask {
    const struct cc_operation *operation;
    const struct cc_settings *settings;
    const struct cc_keys *by;
    const char *region;            /* of the endpoint, or of its partition; NULL: "aws" */
    const struct cc_param *params; /* ends with a row without a name; NULL: none */
    /*
     * Reads each page as it arrives; what is kept is copied into the memory of `run`
     * (cc_page_text). False, and err: it is not the expected answer. NULL: nothing is read.
     */
    bool (*take)(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err);
    void *about; /* for take */
};

#define CC_PAGES_MAX 5000

/*
 * The errand. Each page has its own retries; only two pages are in memory at once. It fails with
 * CC_E_TOO_BIG after CC_PAGES_MAX pages or 64 MiB, and with CC_E_BAD_ANSWER when a page has the
 * marker of the one before. `answer` has no body; its status, error and texts are those of the last
 * page, also when it fails; its attempts are those of all pages. NULL, and err: the parameters are
 * too large.
 */
struct cc_errand *cc_ask_errand(struct cc_run *run, const struct cc_ask *ask,
                                struct cc_answer *answer, struct cc_error *err);
/* Runs it alone, to its end. */
CC_MUST_USE bool cc_ask_now(struct cc_run *run, const struct cc_ask *ask, struct cc_answer *answer,
                            struct cc_error *err);

/* For callers who can continue without the answer: the caller lacks the permission ... */
bool cc_answer_denied(const struct cc_answer *answer);
/* ... or what was asked about does not exist. */
bool cc_answer_none(const struct cc_answer *answer);

/* A copy of a text of a page, for `take`: without secrets that were sent, and in the first case
 * printable. NULL stays NULL. */
const char *cc_page_text(struct cc_run *run, const struct cc_ask *ask,
                         const struct cc_page_of_answer *page, const char *text);
const char *cc_page_lines(struct cc_run *run, const struct cc_ask *ask,
                          const struct cc_page_of_answer *page, const char *text);

/* Fails with CC_E_BAD_ANSWER, for `take`: the answer lacks `member`, or it is not usable. */
bool cc_page_lacks(const struct cc_ask *ask, const char *member, struct cc_error *err);

#endif
