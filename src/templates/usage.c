#include "credctl/base/text.h"

#include "alternatives.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

/* What services accept together, where schemas do not say it. */

static const char *text_of(struct cc_lint *lint, const struct cc_node *map, const char *name)
{
    bool usual = false;

    return cc_value_usual(lint, cc_node_member(map, name), &usual);
}

/* --- ECS: task definitions for Fargate --- */

/* CPU units, and the memory that goes with them, in MiB (ECS Developer Guide, "Task CPU and
 * memory"). `step` 0: only these three. */
static const struct {
    long cpu;
    long least;
    long most;
    long step;
} sizes[] = {
    {256, 512, 2048, 0},          {512, 1024, 4096, 1024},      {1024, 2048, 8192, 1024},
    {2048, 4096, 16384, 1024},    {4096, 8192, 30720, 1024},    {8192, 16384, 61440, 4096},
    {16384, 32768, 122880, 8192}, {32768, 61440, 249856, 4096},
};

/* Number of units; -1: written in another way. */
static long units(const char *text)
{
    char *end = NULL;
    const long number = text ? strtol(text, &end, 10) : -1;

    return end && end != text && *end == '\0' ? number : -1;
}

static bool fits(long cpu, long memory)
{
    for (size_t i = 0; i < CC_COUNT(sizes); i++) {
        if (sizes[i].cpu == cpu) {
            return memory >= sizes[i].least && memory <= sizes[i].most &&
                   (sizes[i].step ? memory % 1024 == 0
                                  : memory == 512 || memory == 1024 || memory == 2048);
        }
    }
    return false;
}

static bool names_fargate(const struct cc_node *list)
{
    for (const struct cc_node *item = list && list->kind == CC_NODE_LIST ? list->first : NULL; item;
         item = item->next) {
        if (cc_text_equal(cc_node_text(item), "FARGATE")) {
            return true;
        }
    }
    return false;
}

static void check_task(struct cc_lint *lint, const struct cc_node *properties)
{
    const struct cc_node *mode = cc_node_member(properties, "NetworkMode");
    const struct cc_node *memory = cc_node_member(properties, "Memory");
    const char *named = text_of(lint, properties, "NetworkMode");
    const long cpu = units(text_of(lint, properties, "Cpu"));
    const long size = units(text_of(lint, properties, "Memory"));

    if (!names_fargate(cc_node_member(properties, "RequiresCompatibilities"))) {
        return;
    }
    if (!mode || (named && strcmp(named, "awsvpc") != 0)) {
        cc_found(lint, mode ? mode : properties, CC_T_TYPE_RULE,
                 "tasks on Fargate need the network mode awsvpc");
    }
    if (!memory || !cc_node_member(properties, "Cpu")) {
        cc_found(lint, properties, CC_T_TYPE_RULE, "tasks on Fargate need Cpu and Memory");
    } else if (cpu >= 0 && size >= 0 && !fits(cpu, size)) {
        cc_found(lint, memory, CC_T_TYPE_RULE,
                 "Fargate has no size with %ld CPU units and %ld MiB of memory", cpu, size);
    }
}

/* --- Lambda --- */

static const char *const reserved[] = {"_HANDLER",
                                       "_X_AMZN_TRACE_ID",
                                       "AWS_DEFAULT_REGION",
                                       "AWS_REGION",
                                       "AWS_EXECUTION_ENV",
                                       "AWS_LAMBDA_FUNCTION_NAME",
                                       "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                       "AWS_LAMBDA_FUNCTION_VERSION",
                                       "AWS_LAMBDA_INITIALIZATION_TYPE",
                                       "AWS_LAMBDA_LOG_GROUP_NAME",
                                       "AWS_LAMBDA_LOG_STREAM_NAME",
                                       "AWS_ACCESS_KEY",
                                       "AWS_ACCESS_KEY_ID",
                                       "AWS_SECRET_ACCESS_KEY",
                                       "AWS_SESSION_TOKEN",
                                       "AWS_LAMBDA_RUNTIME_API",
                                       "LAMBDA_TASK_ROOT",
                                       "LAMBDA_RUNTIME_DIR",
                                       NULL};

static void check_function(struct cc_lint *lint, const struct cc_node *properties)
{
    const struct cc_node *variables =
        cc_node_member(cc_node_member(properties, "Environment"), "Variables");

    if (!variables || variables->kind != CC_NODE_MAP || cc_node_function(variables)) {
        return;
    }
    for (const struct cc_node *one = variables->first; one; one = one->next) {
        if (cc_one_of(one->name, reserved)) {
            cc_found_at_name(lint, one, CC_T_TYPE_RULE, "Lambda reserves the variable %s",
                             one->name);
            cc_found_fix(lint, "remove it, or use another name");
        }
    }
}

/* --- load balancers --- */

static void check_balancer(struct cc_lint *lint, const struct cc_node *properties)
{
    const struct cc_node *subnets = cc_node_member(properties, "Subnets");
    const char *type = text_of(lint, properties, "Type");

    if ((!cc_node_member(properties, "Type") || cc_text_equal(type, "application")) && subnets &&
        subnets->kind == CC_NODE_LIST && subnets->count == 1 &&
        subnets->first->kind != CC_NODE_MAP) {
        cc_found(lint, subnets, CC_T_TYPE_RULE,
                 "an application load balancer needs subnets of two Availability Zones");
    }
}

static void check_listener(struct cc_lint *lint, const struct cc_node *properties)
{
    const char *protocol = text_of(lint, properties, "Protocol");
    const struct cc_node *node = cc_node_member(properties, "Protocol");

    if ((cc_text_equal(protocol, "HTTPS") || cc_text_equal(protocol, "TLS")) &&
        !cc_node_member(properties, "Certificates")) {
        cc_found(lint, node, CC_T_TYPE_RULE, "a listener for %s needs Certificates", protocol);
    }
}

/* --- tags --- */

static bool has_before(const struct cc_node *list, const struct cc_node *item, const char *key)
{
    const struct cc_node *one = list->first;

    while (one != item && !cc_text_equal(cc_node_text(cc_node_member(one, "Key")), key)) {
        one = one->next;
    }
    return one != item;
}

static void check_tags(struct cc_lint *lint, const struct cc_node *list)
{
    for (const struct cc_node *item = list->first; item; item = item->next) {
        const struct cc_node *key = cc_node_member(item, "Key");

        if (cc_node_text(key) && has_before(list, item, key->text)) {
            cc_found(lint, key, CC_T_DUPLICATE_TAG, "there is a tag %.60s before", key->text);
        }
    }
}

#define TAGS_MAX 200 /* more are refused for their number */

static const struct {
    const char *type;
    void (*check)(struct cc_lint *lint, const struct cc_node *properties);
} rows[] = {
    {"AWS::ECS::TaskDefinition", check_task},
    {"AWS::Lambda::Function", check_function},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", check_balancer},
    {"AWS::ElasticLoadBalancingV2::Listener", check_listener},
};

static void check_resource(struct cc_lint *lint, const char *type, const struct cc_node *properties)
{
    const struct cc_node *tags = cc_node_member(properties, "Tags");

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (strcmp(type, rows[i].type) == 0) {
            rows[i].check(lint, properties);
        }
    }
    if (cc_text_starts(type, "AWS::") && tags && tags->kind == CC_NODE_LIST &&
        tags->count <= TAGS_MAX) {
        check_tags(lint, tags);
    }
}

void cc_lint_usage(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;

    for (; resource; resource = resource->next) {
        const char *type = cc_node_text(cc_node_member(resource, "Type"));
        const struct cc_node *properties = cc_node_member(resource, "Properties");

        if (type && properties && properties->kind == CC_NODE_MAP &&
            !cc_node_function(properties) && !cc_has_loop(properties)) {
            check_resource(lint, type, properties);
        }
    }
}
