#include "credctl/base/text.h"

#include "alternatives.h"
#include "value.h"

#include <string.h>

/* Instances, functions and security groups that are open to others. */

/* The text of a property, by its path in the properties ("MetadataOptions.HttpTokens"); NULL: it is
 * not there. A parameter stands for its default. */
static const struct cc_node *at_path(const struct cc_node *map, const char *path)
{
    char name[64];

    while (map && *path) {
        const size_t len = strcspn(path, ".");

        if (len >= sizeof(name)) {
            return NULL;
        }
        memcpy(name, path, len);
        name[len] = '\0';
        map = cc_node_member(map, name);
        path += len + (path[len] == '.');
    }
    return map;
}

/* --- instances --- */

static const struct {
    const char *type;
    const char *from; /* where the options can be */
} instances[] = {
    {"AWS::EC2::Instance", ""},
    {"AWS::EC2::LaunchTemplate", "LaunchTemplateData"},
    {"AWS::AutoScaling::LaunchConfiguration", ""},
};

static bool is_open(const struct cc_node *map)
{
    return !map || map->kind != CC_NODE_MAP || cc_node_function(map) || cc_has_loop(map);
}

static void check_tokens(struct cc_lint *lint, const struct cc_node *data)
{
    const struct cc_node *options = cc_node_member(data, "MetadataOptions");
    const struct cc_node *tokens = cc_node_member(options, "HttpTokens");
    const struct cc_node *endpoint = cc_node_member(options, "HttpEndpoint");
    bool usual = false;
    const char *text = cc_value_usual(lint, tokens, &usual);

    if ((options && is_open(options)) || cc_text_equal(cc_node_text(endpoint), "disabled")) {
        return;
    }
    if (!tokens) {
        cc_found_at_name(
            lint, options ? options : data, CC_T_IMDSV1_ALLOWED,
            "MetadataOptions.HttpTokens is not set, so that images and accounts without "
            "a default of their own allow IMDSv1");
    } else if (cc_text_equal(text, "optional")) {
        cc_found(lint, tokens, CC_T_IMDSV1_ALLOWED, "HttpTokens is optional%s",
                 usual ? " by default" : "");
    }
}

static void check_instance(struct cc_lint *lint, const struct cc_node *properties, const char *type)
{
    for (size_t i = 0; i < CC_COUNT(instances); i++) {
        const struct cc_node *data = at_path(properties, instances[i].from);

        if (strcmp(instances[i].type, type) == 0 && data && !is_open(data) &&
            !cc_node_member(data, "LaunchTemplate")) {
            check_tokens(lint, data);
        }
    }
}

/* --- functions --- */

static void check_url(struct cc_lint *lint, const struct cc_node *properties)
{
    const struct cc_node *type = cc_node_member(properties, "AuthType");
    bool usual = false;

    if (cc_text_equal(cc_value_usual(lint, type, &usual), "NONE")) {
        cc_found(lint, type, CC_T_PUBLIC_FUNCTION_URL,
                 "the function URL can be called without credentials%s",
                 usual ? " by default" : "");
    }
}

static bool has_any(const struct cc_node *map, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        if (cc_presence(map, names[i]) != CC_ABSENT_VALUE) {
            return true;
        }
    }
    return false;
}

static void check_permission(struct cc_lint *lint, const struct cc_node *properties)
{
    static const char *const limits[] = {"SourceArn", "SourceAccount", "PrincipalOrgID",
                                         "EventSourceToken", NULL};
    const struct cc_node *principal = cc_node_member(properties, "Principal");
    const char *text = cc_node_text(principal);
    const char *auth = cc_node_text(cc_node_member(properties, "FunctionUrlAuthType"));

    if (!text || is_open(properties) || has_any(properties, limits)) {
        return;
    }
    if (strcmp(text, "*") == 0 && !cc_text_equal(auth, "AWS_IAM")) {
        cc_found(lint, principal, CC_T_PUBLIC_FUNCTION, "everybody may invoke the function");
    } else if (cc_text_ends(text, ".amazonaws.com")) {
        cc_found(lint, principal, CC_T_RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL,
                 "%s may invoke the function on behalf of any account", text);
        cc_found_fix(lint, "add SourceArn or SourceAccount");
    }
}

/* --- security groups --- */

static bool port_of(struct cc_lint *lint, const struct cc_node *rule, const char *name,
                    int64_t *port)
{
    bool usual = false;
    const char *text = cc_value_usual(lint, cc_node_member(rule, name), &usual);

    return text && cc_text_number(text, -1, 65535, port);
}

/* A web server is meant to be open. */
static bool is_web(int64_t from, int64_t to)
{
    return from == to && (from == 80 || from == 443);
}

static void check_ports(struct cc_lint *lint, const struct cc_node *rule,
                        const struct cc_node *source, const char *how)
{
    const char *protocol = cc_node_text(cc_node_member(rule, "IpProtocol"));
    int64_t from = 0;
    int64_t to = 0;

    if (cc_text_equal(protocol, "-1")) {
        cc_found(lint, source, CC_T_OPEN_SECURITY_GROUP, "every port is open to the internet%s",
                 how);
        return;
    }
    if (cc_text_starts(protocol, "icmp") || cc_text_equal(protocol, "1") ||
        cc_text_equal(protocol, "58") || !port_of(lint, rule, "FromPort", &from) ||
        !port_of(lint, rule, "ToPort", &to) || is_web(from, to)) {
        return;
    }
    if (from == to) {
        cc_found(lint, source, CC_T_OPEN_SECURITY_GROUP, "port %d is open to the internet%s",
                 (int)from, how);
    } else {
        cc_found(lint, source, CC_T_OPEN_SECURITY_GROUP,
                 "ports %d to %d are open to the internet%s", (int)from, (int)to, how);
    }
}

static void check_rule(struct cc_lint *lint, const struct cc_node *rule)
{
    static const char *const sources[] = {"CidrIp", "CidrIpv6", NULL};

    for (size_t i = 0; sources[i] && !is_open(rule); i++) {
        const struct cc_node *source = cc_node_member(rule, sources[i]);
        bool usual = false;
        const char *text = cc_value_usual(lint, source, &usual);

        if (cc_text_equal(text, "0.0.0.0/0") || cc_text_equal(text, "::/0")) {
            check_ports(lint, rule, source, usual ? " by default" : "");
        }
    }
}

static void check_group(struct cc_lint *lint, const struct cc_node *properties)
{
    const struct cc_node *list = cc_node_member(properties, "SecurityGroupIngress");

    if (list) {
        const struct cc_nodes rules = cc_items(lint->mem, list);

        for (size_t i = 0; i < rules.count; i++) {
            check_rule(lint, rules.rows[i].node);
        }
    }
}

static const struct {
    const char *type;
    void (*check)(struct cc_lint *lint, const struct cc_node *properties);
} rows[] = {
    {"AWS::Lambda::Url", check_url},
    {"AWS::Lambda::Permission", check_permission},
    {"AWS::EC2::SecurityGroup", check_group},
    {"AWS::EC2::SecurityGroupIngress", check_rule},
};

static void check_resource(struct cc_lint *lint, const char *type, const struct cc_node *properties)
{
    check_instance(lint, properties, type);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (strcmp(type, rows[i].type) == 0) {
            rows[i].check(lint, properties);
        }
    }
}

void cc_lint_hosts(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;

    for (; resource; resource = resource->next) {
        const char *type = cc_node_text(cc_node_member(resource, "Type"));
        const struct cc_node *properties = cc_node_member(resource, "Properties");

        if (type && !is_open(properties)) {
            check_resource(lint, type, properties);
        }
    }
}
