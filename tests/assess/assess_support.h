#ifndef TESTS_ASSESS_ASSESS_SUPPORT_H
#define TESTS_ASSESS_ASSESS_SUPPORT_H

/* Pages of answers as text, and what is judged of them. */

#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"

#include "../../src/assess/types.h"
#include "support/test.h"

#define ACCOUNT "111122223333"
#define REGION  "eu-central-1"

static const struct cc_keys page_keys = {.secret_key = {CANARY}};
static struct cc_error page_error; /* of the last page that was refused */

/* Reads one page into `to`, which grows; its texts are those of the fake's run. */
static inline bool page_read(struct fake *fake, const char *text, const struct cc_shape *shape,
                             void *to)
{
    const struct cc_ask ask = {.operation = &cc_op_iam_list_roles, .by = &page_keys};
    struct cc_page_of_answer page = {0};
    struct cc_run *run = &fake->run;

    page_error = (struct cc_error){0};
    return (text[0] == '{'
                ? cc_json_parse(&run->mem, text, strlen(text), "the page", &page.json, &page_error)
                : cc_xml_parse(&run->mem, text, strlen(text), "the page", &page.xml,
                               &page_error)) &&
           cc_page_read(run, &ask, &page, shape, to, &page_error);
}

static inline struct cc_site site_of(struct fake *fake)
{
    return (struct cc_site){
        .run = &fake->run, .account = ACCOUNT, .partition = "aws", .region = REGION};
}

static inline bool has(const char *const *list, const char *part)
{
    while (list && *list && !strstr(*list, part)) {
        list++;
    }
    return list && *list;
}

static inline size_t length(const char *const *list)
{
    size_t count = 0;

    while (list && list[count]) {
        count++;
    }
    return count;
}

static inline const cJSON *check_of(const struct cc_resource *resource, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(resource->checks, name);
}

static inline void assert_status(const struct cc_resource *resource, enum cc_compliance status)
{
    if (resource->status != status) {
        print_error("%s: issue %s, unknown %s\n", cc_compliance_words[resource->status],
                    resource->issues ? resource->issues[0] : "-",
                    resource->unknowns ? resource->unknowns[0] : "-");
    }
    assert_int_equal(resource->status, status);
    assert_int_equal(resource->compliant.known, status != CC_COMPLIANCE_UNKNOWN);
    assert_int_equal(resource->compliant.value, status == CC_COMPLIANT);
    assert_int_equal(length(resource->issues), length(resource->rules));
    assert_int_equal(resource->severity > 0, status == CC_NON_COMPLIANT);
}

#endif
