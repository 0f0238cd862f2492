#include "credctl/aws/operations.h"

/* IAM API Reference, Organizations API Reference. */
static const struct cc_service iam = {.id = "IAM",
                                      .signing = "iam",
                                      .wire = CC_WIRE_QUERY,
                                      .version = "2010-05-08",
                                      .endpoint = cc_endpoint_iam};
static const struct cc_paging iam_pages = {
    .marker = "Marker", .next = "Marker", .more = "IsTruncated"};

static const struct cc_service org = {.id = "ORGANIZATIONS",
                                      .signing = "organizations",
                                      .wire = CC_WIRE_JSON,
                                      .target = "AWSOrganizationsV20161128.",
                                      .endpoint = cc_endpoint_organizations};
static const struct cc_paging org_pages = {
    .marker = "NextToken", .next = "NextToken", .size = "MaxResults", .items = "20"};

#define X(symbol, of, name, action, paging) \
    const struct cc_operation cc_op_##symbol = {&(of), name, action, paging};
CC_OPERATIONS(X)
#undef X

const struct cc_operation *const cc_operations[] = {
#define X(symbol, ...) &cc_op_##symbol,
    CC_OPERATIONS(X)
#undef X
        NULL,
};
