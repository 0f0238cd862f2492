#ifndef CREDCTL_ASSESS_TYPES_H
#define CREDCTL_ASSESS_TYPES_H

/*
 * What is read of each type of resource, with the shape of a page of the list (cc_ask_want), and
 * the function that judges one. Lists grow page by page.
 */

#include "site.h"

/* What was found out about one thing: it is there, it is not, or it could not be read. */
enum cc_looked_state { CC_LOOKED_UNKNOWN, CC_LOOKED_NONE, CC_LOOKED_FOUND };
struct cc_looked {
    enum cc_looked_state state;
    const char *why; /* UNKNOWN */
};

/* --- storage --- */

struct cc_volume {
    const char *id;
    bool encrypted;
    const char *key;   /* NULL: none */
    const char *state; /* NULL: not told */
};
struct cc_volumes {
    const struct cc_volume *rows;
    size_t count;
};
extern const struct cc_shape cc_volumes_shape;
struct cc_resource cc_judge_volume(const struct cc_site *site, const struct cc_volume *volume);

struct cc_database {
    const char *id;
    const char *arn;
    const char *engine;
    struct cc_maybe_flag encrypted;
    const char *key;
};
struct cc_databases {
    const struct cc_database *rows;
    size_t count;
};
extern const struct cc_shape cc_databases_shape;
struct cc_resource cc_judge_database(const struct cc_site *site,
                                     const struct cc_database *database);

struct cc_file_system {
    const char *id;
    const char *name;
    const char *arn;
    struct cc_maybe_flag encrypted;
    const char *key;
};
struct cc_file_systems {
    const struct cc_file_system *rows;
    size_t count;
};
extern const struct cc_shape cc_file_systems_shape;
struct cc_resource cc_judge_file_system(const struct cc_site *site,
                                        const struct cc_file_system *system);

struct cc_cache_cluster {
    const char *id;
    const char *arn;
    const char *engine;
    const char *version;
    const char *group; /* its replication group; NULL: none */
    struct cc_maybe_flag at_rest;
    struct cc_maybe_flag in_transit;
    const char *transit_mode; /* "preferred", "required"; NULL: not told */
    struct cc_maybe_flag auth_token;
};
struct cc_cache_clusters {
    const struct cc_cache_cluster *rows;
    size_t count;
};
extern const struct cc_shape cc_cache_clusters_shape;
struct cc_resource cc_judge_cache_cluster(const struct cc_site *site,
                                          const struct cc_cache_cluster *cluster);

struct cc_table_name {
    const char *name;
};
struct cc_table_list {
    const struct cc_table_name *rows;
    size_t count;
};
struct cc_table {
    const char *arn;
    const char *status;     /* of its encryption; NULL: the key is owned by AWS */
    const char *encryption; /* "KMS", "AES256"; NULL as above */
    const char *key;
};
extern const struct cc_shape cc_table_list_shape;
extern const struct cc_shape cc_table_shape; /* at "Table" */
/* `why`: NULL, or why it was not read. */
struct cc_resource cc_judge_table(const struct cc_site *site, const char *name,
                                  const struct cc_table *table, const char *why);

struct cc_bucket_row {
    const char *name;
    const char *region; /* NULL: not told */
};
struct cc_bucket_list {
    const struct cc_bucket_row *rows;
    size_t count;
};
struct cc_bucket_encryption {
    const char *algorithm;
    const char *key;
    struct cc_maybe_flag bucket_key;
};
/* The four settings of Block Public Access, of a bucket or an account. */
struct cc_public_block {
    struct cc_maybe_flag block_acls;
    struct cc_maybe_flag ignore_acls;
    struct cc_maybe_flag block_policy;
    struct cc_maybe_flag restrict_buckets;
};
struct cc_bucket {
    const char *name;
    const char *region;
    struct cc_looked encrypted;
    struct cc_bucket_encryption encryption;
    struct cc_looked blocked;
    struct cc_public_block block;
    struct cc_looked account_blocked;
    struct cc_public_block account_block;
};
extern const struct cc_shape cc_bucket_list_shape;
extern const struct cc_shape cc_bucket_encryption_shape; /* at "." */
extern const struct cc_shape cc_public_block_shape;      /* at "." */
struct cc_resource cc_judge_bucket(const struct cc_site *site, const struct cc_bucket *bucket);

/* --- network --- */

struct cc_policy_name {
    const char *name;
};
struct cc_classic_listener {
    const char *protocol; /* "HTTP", "HTTPS", "TCP", "SSL" */
    int port;
    const struct cc_policy_name *policies; /* also those that are not for TLS */
    size_t policy_count;
};
struct cc_classic_balancer {
    const char *name;
    const char *scheme;
    const struct cc_classic_listener *listeners;
    size_t listener_count;
};
struct cc_classic_balancers {
    const struct cc_classic_balancer *rows;
    size_t count;
};
struct cc_policy_attribute {
    const char *name;
    const char *value;
};
struct cc_classic_policy {
    const char *name;
    const char *type;
    const struct cc_policy_attribute *attributes;
    size_t attribute_count;
};
struct cc_classic_policies {
    const struct cc_classic_policy *rows;
    size_t count;
};
extern const struct cc_shape cc_classic_balancers_shape;
extern const struct cc_shape cc_classic_policies_shape;
/* It has listeners for TLS, so that its policies matter. */
bool cc_classic_has_tls(const struct cc_classic_balancer *balancer);
/* `looked`: whether the policies were read; not needed without listeners for TLS. */
struct cc_resource cc_judge_classic_balancer(const struct cc_site *site,
                                             const struct cc_classic_balancer *balancer,
                                             const struct cc_looked *looked,
                                             const struct cc_classic_policies *policies);

struct cc_balancer {
    const char *arn;
    const char *name;
    const char *type; /* "application", "network", "gateway" */
};
struct cc_balancers {
    const struct cc_balancer *rows;
    size_t count;
};
struct cc_listener_action {
    const char *type;
    const char *redirect; /* the protocol that it redirects to; NULL: none, or the same */
};
struct cc_listener {
    const char *arn;
    const char *protocol;
    int port;
    const char *policy;
    const struct cc_listener_action *actions;
    size_t action_count;
};
struct cc_listeners {
    const struct cc_listener *rows;
    size_t count;
};
extern const struct cc_shape cc_balancers_shape;
extern const struct cc_shape cc_listeners_shape;
struct cc_resource cc_judge_balancer(const struct cc_site *site, const struct cc_balancer *balancer,
                                     const struct cc_looked *looked,
                                     const struct cc_listeners *listeners);

struct cc_group_id {
    const char *id;
};
struct cc_vpc_endpoint {
    const char *id;
    const char *type; /* "Interface", "Gateway", ... */
    const char *vpc;
    const char *service;
    struct cc_maybe_flag private_dns;
    const struct cc_group_id *groups;
    size_t group_count;
};
struct cc_vpc_endpoints {
    const struct cc_vpc_endpoint *rows;
    size_t count;
};
extern const struct cc_shape cc_vpc_endpoints_shape;
struct cc_resource cc_judge_vpc_endpoint(const struct cc_site *site,
                                         const struct cc_vpc_endpoint *endpoint);

struct cc_source_range {
    const char *cidr;
};
struct cc_prefix_list_id {
    const char *id;
};
struct cc_permission {
    const char *protocol; /* "tcp", "udp", "icmp", "-1" for all, or a number */
    const char *from;     /* of the ports; NULL: all */
    const char *to;
    const struct cc_source_range *ranges;
    size_t range_count;
    const struct cc_source_range *ranges6;
    size_t range6_count;
    const struct cc_prefix_list_id *lists;
    size_t list_count;
};
struct cc_group {
    const char *id;
    const char *name;
    const char *arn;
    const char *vpc;
    const struct cc_permission *permissions;
    size_t permission_count;
};
struct cc_groups {
    const struct cc_group *rows;
    size_t count;
};
struct cc_prefix_list {
    const char *id;
    struct cc_looked looked;
    const struct cc_source_range *entries;
    size_t entry_count;
};
struct cc_prefix_lists {
    const struct cc_prefix_list *rows;
    size_t count;
};
extern const struct cc_shape cc_groups_shape;
extern const struct cc_shape cc_prefix_list_shape; /* the entries */
/* The rule lets in something that matters, so that its sources do too. */
bool cc_permission_matters(const struct cc_permission *permission);
/* `lists`: those that rules refer to. */
struct cc_resource cc_judge_group(const struct cc_site *site, const struct cc_group *group,
                                  const struct cc_prefix_lists *lists);

struct cc_rest_api {
    const char *id;
    const char *name;
    const char *policy; /* of its default endpoint; NULL: not told */
    struct cc_maybe_flag endpoint_off;
};
struct cc_rest_apis {
    const struct cc_rest_api *rows;
    size_t count;
};
struct cc_api_domain {
    const char *name;
    const char *arn;
    const char *policy;
};
struct cc_api_domains {
    const struct cc_api_domain *rows;
    size_t count;
};
struct cc_api_mapping {
    const char *api;
};
struct cc_api_mappings {
    const struct cc_api_mapping *rows;
    size_t count;
};
extern const struct cc_shape cc_rest_apis_shape;
extern const struct cc_shape cc_api_domains_shape;
extern const struct cc_shape cc_api_mappings_shape;
/* It accepts old protocols, so that the APIs behind it matter. */
bool cc_api_domain_is_old(const struct cc_api_domain *domain);
/* `domains`: those with old protocols that lead to it; ends with NULL; or NULL. */
struct cc_resource cc_judge_rest_api(const struct cc_site *site, const struct cc_rest_api *api,
                                     const struct cc_api_domain *const *domains);
struct cc_resource cc_judge_api_domain(const struct cc_site *site,
                                       const struct cc_api_domain *domain);

struct cc_edge_origin {
    const char *id;
    const char *domain;
    const char *identity; /* an origin access identity; NULL: none */
    const char *control;  /* the ID of an origin access control; NULL: none */
    const char *custom;   /* the protocol policy of a custom origin; NULL: it is none */
};
struct cc_edge_behavior {
    const char *path;
    const char *policy;
};
struct cc_distribution {
    const char *id;
    const char *arn;
    const char *domain;
    const char *policy;                       /* of the default behavior */
    struct cc_maybe_flag default_certificate; /* that of cloudfront.net */
    const char *minimum;
    const struct cc_edge_behavior *behaviors;
    size_t behavior_count;
    const struct cc_edge_origin *origins;
    size_t origin_count;
};
struct cc_distributions {
    const struct cc_distribution *rows;
    size_t count;
};
extern const struct cc_shape cc_distributions_shape;
struct cc_resource cc_judge_distribution(const struct cc_site *site,
                                         const struct cc_distribution *distribution);

#endif
