#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "survey.h"

// clang-format off
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_cache_cluster, member, NULL, NULL, __VA_ARGS__)

static const struct cc_shape_field cluster_fields[] = {
    ROW(TEXT, "CacheClusterId", id),
    ROW(TEXT, "ARN", arn, .rules = CC_OMITTED),
    ROW(TEXT, "Engine", engine, .rules = CC_OMITTED),
    ROW(TEXT, "EngineVersion", version, .rules = CC_OMITTED),
    ROW(TEXT, "ReplicationGroupId", group, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "AtRestEncryptionEnabled", at_rest, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "TransitEncryptionEnabled", in_transit, .rules = CC_OMITTED),
    ROW(TEXT, "TransitEncryptionMode", transit_mode, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "AuthTokenEnabled", auth_token, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape cluster_shape = {"cache_cluster", cluster_fields, sizeof(struct cc_cache_cluster)};
static const struct cc_shape_field clusters_fields[] = {
    CC_ROW_LIST_AS("CacheClusters", struct cc_cache_clusters, rows, count, struct cc_cache_cluster, &cluster_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_cache_clusters_shape = {"cache_clusters", clusters_fields, sizeof(struct cc_cache_clusters)};

struct checks {
    struct cc_maybe_flag at_rest_encryption;
    struct cc_maybe_flag transit_encryption;
    struct cc_maybe_flag auth_token_enabled;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(MAYBE_FLAG, struct checks, at_rest_encryption, NULL, "data at rest is encrypted"),
    CC_ROW(MAYBE_FLAG, struct checks, transit_encryption, NULL, "data in transit is encrypted"),
    CC_ROW(MAYBE_FLAG, struct checks, auth_token_enabled, NULL, "clients need an AUTH token"),
    {0},
};
static const struct cc_shape checks_shape = {"elasticache", checks_fields, sizeof(struct checks)};
// clang-format on

/* A flag that is not told is off: the service leaves out what does not apply to an old cluster. */
static bool is_on(struct cc_maybe_flag flag)
{
    return flag.known && flag.value;
}

static void judge_at_rest(struct cc_arena *mem, const struct cc_cache_cluster *cluster,
                          struct cc_resource *resource)
{
    if (is_on(cluster->at_rest)) {
        return;
    }
    if (cc_text_equal(cluster->engine, "memcached")) {
        cc_resource_note(mem, resource,
                         "node-based Memcached clusters have no encryption at rest: they keep data "
                         "in memory only");
        return;
    }
    cc_resource_issue(mem, resource, CC_RULE_CACHE_AT_REST, NULL);
}

static void judge_in_transit(struct cc_arena *mem, const struct cc_cache_cluster *cluster,
                             struct cc_resource *resource)
{
    if (!is_on(cluster->in_transit)) {
        cc_resource_issue(mem, resource, CC_RULE_CACHE_IN_TRANSIT, NULL);
    } else if (cc_text_equal(cluster->transit_mode, "preferred")) {
        cc_resource_issue(mem, resource, CC_RULE_CACHE_IN_TRANSIT,
                          "the mode is preferred, which accepts unencrypted connections too");
    }
    if (!is_on(cluster->auth_token) && !cc_text_equal(cluster->engine, "memcached")) {
        cc_resource_note(
            mem, resource,
            "it has no AUTH token; clients can still be limited by a user group (RBAC) "
            "of its replication group, which was not read");
    }
}

struct cc_resource cc_judge_cache_cluster(const struct cc_site *site,
                                          const struct cc_cache_cluster *cluster)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_ELASTICACHE, site->region);
    const struct checks checks = {
        .at_rest_encryption = {true, is_on(cluster->at_rest)},
        .transit_encryption = {true, is_on(cluster->in_transit)},
        .auth_token_enabled = {true, is_on(cluster->auth_token)},
    };

    resource.id = cluster->id;
    resource.name = cluster->group;
    resource.arn = cluster->arn;
    resource.engine = cluster->engine;
    judge_at_rest(mem, cluster, &resource);
    judge_in_transit(mem, cluster, &resource);
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct cc_cache_clusters *list = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*list));

    (void)cc_survey_list(survey, probing, &cc_op_elasticache_describe_cache_clusters,
                         &cc_cache_clusters_shape, list);
    probing->state = list;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_cache_clusters *list = probing->state;

    for (size_t i = 0; i < list->count; i++) {
        cc_survey_add(survey, cc_judge_cache_cluster(cc_survey_site(survey), &list->rows[i]));
    }
}

static const char *const keys[] = {"elasticache", NULL};
static const struct cc_operation *const operations[] = {&cc_op_elasticache_describe_cache_clusters,
                                                        NULL};

const struct cc_probe cc_probe_elasticache = {
    .name = "elasticache",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
