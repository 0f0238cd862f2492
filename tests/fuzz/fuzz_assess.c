#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"

#include "../../src/assess/cursor.h"
#include "../../src/assess/types.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

/* Nothing is compliant that has an issue or something that is not known. */
static void check(struct cc_resource resource)
{
    size_t issues = 0;

    while (resource.issues && resource.issues[issues]) {
        must(resource.rules[issues] != NULL);
        issues++;
    }
    must((issues > 0) == (resource.status == CC_NON_COMPLIANT));
    must((issues > 0) == (resource.severity > 0));
    must(resource.compliant.known == (resource.status != CC_COMPLIANCE_UNKNOWN));
    must(!resource.unknowns || resource.status != CC_COMPLIANT);
    must(resource.id || resource.name);
}

#define EACH(type, shape, judge)                                \
    static void judge_##shape(struct cc_site *site, void *read) \
    {                                                           \
        const struct type *list = read;                         \
        for (size_t i = 0; i < list->count; i++) {              \
            check(judge);                                       \
        }                                                       \
    }

static const struct cc_looked found = {CC_LOOKED_FOUND, NULL};
static const struct cc_prefix_lists no_lists = {0};

EACH(cc_volumes, cc_volumes_shape, cc_judge_volume(site, &list->rows[i]))
EACH(cc_databases, cc_databases_shape, cc_judge_database(site, &list->rows[i]))
EACH(cc_file_systems, cc_file_systems_shape, cc_judge_file_system(site, &list->rows[i]))
EACH(cc_cache_clusters, cc_cache_clusters_shape, cc_judge_cache_cluster(site, &list->rows[i]))
EACH(cc_classic_balancers, cc_classic_balancers_shape,
     cc_judge_classic_balancer(site, &list->rows[i], &found, &(struct cc_classic_policies){0}))
EACH(cc_vpc_endpoints, cc_vpc_endpoints_shape, cc_judge_vpc_endpoint(site, &list->rows[i]))
EACH(cc_groups, cc_groups_shape, cc_judge_group(site, &list->rows[i], &no_lists))
EACH(cc_rest_apis, cc_rest_apis_shape, cc_judge_rest_api(site, &list->rows[i], NULL))
EACH(cc_api_domains, cc_api_domains_shape, cc_judge_api_domain(site, &list->rows[i]))
EACH(cc_distributions, cc_distributions_shape, cc_judge_distribution(site, &list->rows[i]))

static void judge_table(struct cc_site *site, void *read)
{
    check(cc_judge_table(site, "t", read, NULL));
}

static void judge_encryption(struct cc_site *site, void *read)
{
    const struct cc_bucket bucket = {.name = "b",
                                     .region = "r",
                                     .encrypted = found,
                                     .encryption = *(struct cc_bucket_encryption *)read};

    check(cc_judge_bucket(site, &bucket));
}

static void judge_block(struct cc_site *site, void *read)
{
    const struct cc_bucket bucket = {.name = "b",
                                     .region = "r",
                                     .encrypted.state = CC_LOOKED_NONE,
                                     .blocked = found,
                                     .block = *(struct cc_public_block *)read,
                                     .account_blocked.state = CC_LOOKED_NONE};

    check(cc_judge_bucket(site, &bucket));
}

static void judge_policies(struct cc_site *site, void *read)
{
    const struct cc_classic_policies *policies = read;
    struct cc_policy_name name = {policies->count > 0 ? policies->rows[0].name : "p"};
    struct cc_classic_listener listener = {"SSL", 443, &name, 1};
    struct cc_classic_balancer balancer = {"lb", NULL, &listener, 1};

    check(cc_judge_classic_balancer(site, &balancer, &found, policies));
}

static void judge_listeners(struct cc_site *site, void *read)
{
    static const struct cc_balancer application = {"arn:a", "a", "application"};
    static const struct cc_balancer network = {"arn:n", "n", "network"};

    check(cc_judge_balancer(site, &application, &found, read));
    check(cc_judge_balancer(site, &network, &found, read));
}

static const struct {
    const struct cc_shape *shape;
    void (*judge)(struct cc_site *site, void *read);
} rows[] = {
    {&cc_volumes_shape, judge_cc_volumes_shape},
    {&cc_databases_shape, judge_cc_databases_shape},
    {&cc_file_systems_shape, judge_cc_file_systems_shape},
    {&cc_cache_clusters_shape, judge_cc_cache_clusters_shape},
    {&cc_table_shape, judge_table},
    {&cc_bucket_encryption_shape, judge_encryption},
    {&cc_public_block_shape, judge_block},
    {&cc_classic_balancers_shape, judge_cc_classic_balancers_shape},
    {&cc_classic_policies_shape, judge_policies},
    {&cc_listeners_shape, judge_listeners},
    {&cc_vpc_endpoints_shape, judge_cc_vpc_endpoints_shape},
    {&cc_groups_shape, judge_cc_groups_shape},
    {&cc_rest_apis_shape, judge_cc_rest_apis_shape},
    {&cc_api_domains_shape, judge_cc_api_domains_shape},
    {&cc_distributions_shape, judge_cc_distributions_shape},
};

static void read_all(struct cc_run *run, const struct cc_page_of_answer *page)
{
    static const struct cc_keys keys = {.secret_key = {"a secret key"}};
    const struct cc_ask ask = {.operation = &cc_op_iam_list_roles, .by = &keys};
    struct cc_site site = {
        .run = run, .account = "111122223333", .partition = "aws", .region = "eu-central-1"};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        void *to = cc_alloc(&run->mem, rows[i].shape->size);
        struct cc_error err = {0};

        if (cc_page_read(run, &ask, page, rows[i].shape, to, &err)) {
            rows[i].judge(&site, to);
        } else {
            must((err.code == CC_E_BAD_ANSWER || err.code == CC_E_TOO_BIG) && err.why[0]);
        }
    }
}

/* A token that is accepted leads to what it names. */
static void read_token(struct cc_arena *mem, const char *text)
{
    struct cc_resource last;
    struct cc_resource again;

    if (cc_cursor_read(mem, text, &last)) {
        must(last.type < CC_RESOURCE_TYPE_COUNT);
        must(cc_cursor_read(mem, cc_cursor_after(mem, &last), &again));
        must(cc_resource_compare(&last, &again) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_run run = {0};
    struct cc_page_of_answer page = {0};
    struct cc_error err;
    const char *text = cc_text_dup(&run.mem, (const char *)data, size);
    const bool json = text[0] == '{' || text[0] == '[';

    read_token(&run.mem, text);
    page.repeats = size % 2 == 1;
    if (json ? cc_json_parse(&run.mem, text, size, "the input", &page.json, &err)
             : cc_xml_parse(&run.mem, text, size, "the input", &page.xml, &err)) {
        read_all(&run, &page);
    }
    cc_arena_wipe(&run.mem);
    return 0;
}
