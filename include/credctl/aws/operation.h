#ifndef CREDCTL_AWS_OPERATION_H
#define CREDCTL_AWS_OPERATION_H

/*
 * Operations of AWS that read something, as data: the rows are in credctl/aws/operations.h. An ask
 * says who calls one with which parameters; its errand reads the answer, page after page.
 */

#include "credctl/aws/call.h"
#include "credctl/aws/region.h"
#include "credctl/aws/xml.h"

/* How requests and answers are written: botocore's protocols of these names. */
enum cc_protocol {
    CC_QUERY,    /* a form; <GetRoleResponse><GetRoleResult> */
    CC_EC2,      /* a form; <DescribeVolumesResponse> */
    CC_REST_XML, /* path and query; XML */
    CC_REST_JSON,
    CC_JSON_1_0, /* a JSON object, and a header that names the operation */
    CC_JSON_1_1,
};

struct cc_paging {
    const char *marker; /* the parameter that asks for the next page ... */
    const char *next;   /* ... and the member of the answer that has its value */
    const char *more;   /* the member that says whether there is one; NULL: `next` is enough */
    const char *list;   /* the member that is listed, for limits; NULL: none is wanted */
    const char *size;   /* the parameter with the size of a page; NULL: none is sent */
    int most;           /* its value, unless fewer items are wanted ... */
    int least;          /* ... but never less than this */
};

/* What a service answers when nobody has enabled it, or subscribed to it, in this account. */
struct cc_off_sign {
    const char *code;
    const char *part; /* of the message, for a code that means other things too; or NULL */
};

struct cc_service {
    const char *id;      /* "IAM": for configured endpoints and messages */
    const char *signing; /* its name in signatures */
    enum cc_protocol protocol;
    const char *version; /* query, ec2: "2010-05-08" */
    const char *target;  /* json: what comes before the name of the operation in X-Amz-Target */
    struct cc_regional regional; /* its hosts; without a label, the next one makes them */
    /* NULL is returned where the service has no endpoint in a partition. */
    const char *(*endpoint)(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region);
    bool buckets;        /* S3: {Bucket} can be in the host, and has its own region */
    const char *account; /* the parameter with the account, which is in the host and in the header
                            x-amz-account-id; or NULL */
    const struct cc_off_sign *off; /* ends with a row without a code; or NULL */
};

struct cc_operation {
    const struct cc_service *service;
    const char *name;               /* "GetRole" */
    const char *action;             /* what a policy must allow: "iam:GetRole" */
    const struct cc_paging *paging; /* NULL: the answer has one page */
    const char *request;            /* rest: "GET /detector/{DetectorId}"; NULL: "POST /" */
};

/*
 * A parameter whose name is in the path of the operation ("{DetectorId}") is put there, in
 * percent-encoding; the others are in the query of a GET, and in the body of anything else.
 */
struct cc_param {
    const char *name;  /* as the protocol writes it: RoleName, Tags.member.1.Key, maxResults */
    const char *value; /* NULL: it is left out */
    bool literal;      /* JSON: not a text but a number, true, false, an object or a list */
};

/* It lives until `take` returns. */
struct cc_page_of_answer {
    /* query: <GetRoleResult>; ec2, rest-xml: the root. Its members are xml->child and so on. */
    const struct cc_xml *xml;
    const cJSON *json; /* JSON: the object */
    bool repeats;      /* a secret of the request is somewhere in it */
};

/* Where an ask ended. */
struct cc_ask_end {
    size_t items;     /* in the lists of all pages that were taken */
    bool more;        /* it ended at the limit, or with an error after the first page ... */
    const char *next; /* ... and what is left begins at this marker; NULL when `more` is false */
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
    /*
     * For operations whose paging has a list: it ends when so many items were taken (0: at the end
     * of the list). A page is taken as a whole, so there are more when a service ignores the size
     * that was asked for.
     */
    size_t limit;
    const char *start;      /* the `next` of an earlier end; NULL: from the beginning */
    struct cc_ask_end *end; /* filled in, also when it fails; or NULL */
};

#define CC_PAGES_MAX 5000

/*
 * The errand. Each page has its own retries; only two pages are in memory at once. It fails with
 * CC_E_TOO_BIG after CC_PAGES_MAX pages or 64 MiB, and with CC_E_BAD_ANSWER when a page has the
 * marker of the one before. `answer` has no body; its status, error and texts are those of the last
 * page, also when it fails; its attempts are those of all pages. A bucket is asked for again in its
 * own region when S3 says that it is another one. NULL, and err: the parameters are too large, one
 * that is part of the path is unusable, or the service has no endpoint here (CC_E_NOT_OFFERED).
 */
struct cc_errand *cc_ask_errand(struct cc_run *run, const struct cc_ask *ask,
                                struct cc_answer *answer, struct cc_error *err);
/* Runs it alone, to its end. */
CC_MUST_USE bool cc_ask_now(struct cc_run *run, const struct cc_ask *ask, struct cc_answer *answer,
                            struct cc_error *err);

/* A copy of a text of a page, for `take`: without secrets that were sent, and in the first case
 * printable. NULL stays NULL. */
const char *cc_page_text(struct cc_run *run, const struct cc_ask *ask,
                         const struct cc_page_of_answer *page, const char *text);
const char *cc_page_lines(struct cc_run *run, const struct cc_ask *ask,
                          const struct cc_page_of_answer *page, const char *text);

/* Fails with CC_E_BAD_ANSWER, for `take`: the answer lacks `member`, or it is not usable. */
bool cc_page_lacks(const struct cc_ask *ask, const char *member, struct cc_error *err);

#endif
