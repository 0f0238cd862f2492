#include "probes.h"

// clang-format off
#define STORAGE(X) X(s3) X(ebs) X(rds) X(dynamodb) X(efs) X(elasticache)
#define NETWORK(X) X(elb) X(vpc) X(apigateway) X(cloudfront)
// clang-format on

#define X(name) extern const struct cc_probe cc_probe_##name;
STORAGE(X)
NETWORK(X)
#undef X

#define X(name) &cc_probe_##name,
const struct cc_probe *const cc_storage_probes[] = {STORAGE(X) NULL};
const struct cc_probe *const cc_network_probes[] = {NETWORK(X) NULL};
#undef X

#define X(name) #name,
static const char *const storage_names[] = {STORAGE(X) NULL};
static const char *const network_names[] = {NETWORK(X) NULL};
#undef X

const char *const *cc_storage_services(struct cc_arena *mem)
{
    (void)mem;
    return storage_names;
}

const char *const *cc_network_services(struct cc_arena *mem)
{
    (void)mem;
    return network_names;
}

#define OPERATIONS_MAX 64

static void add_operation(const struct cc_operation **list, const struct cc_operation *operation)
{
    size_t at = 0;

    while (list[at] && list[at] != operation) {
        at++;
    }
    if (at < OPERATIONS_MAX) {
        list[at] = operation;
    }
}

const struct cc_operation *const *cc_probes_operations(struct cc_arena *mem,
                                                       const struct cc_probe *const *probes)
{
    const struct cc_operation **list =
        cc_alloc(mem, (OPERATIONS_MAX + 1) * sizeof(const struct cc_operation *));

    for (size_t i = 0; probes[i]; i++) {
        for (size_t j = 0; probes[i]->operations[j]; j++) {
            add_operation(list, probes[i]->operations[j]);
        }
    }
    return list;
}
