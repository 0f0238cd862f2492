#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "ports.h"
#include "source.h"
#include "types.h"

// clang-format off
static const struct cc_shape_field range_fields[] = {
    CC_ROW_AS("cidrIp", TEXT, struct cc_source_range, cidr, NULL, NULL), {0}};
static const struct cc_shape range_shape = {"range", range_fields, sizeof(struct cc_source_range)};
static const struct cc_shape_field range6_fields[] = {
    CC_ROW_AS("cidrIpv6", TEXT, struct cc_source_range, cidr, NULL, NULL), {0}};
static const struct cc_shape range6_shape = {"range6", range6_fields, sizeof(struct cc_source_range)};
static const struct cc_shape_field list_id_fields[] = {
    CC_ROW_AS("prefixListId", TEXT, struct cc_prefix_list_id, id, NULL, NULL), {0}};
static const struct cc_shape list_id_shape = {"prefix_list_id", list_id_fields, sizeof(struct cc_prefix_list_id)};

#define PERMISSION(path, member) \
    CC_ROW_AS(path, TEXT, struct cc_permission, member, NULL, NULL, .rules = CC_OMITTED)
#define SOURCES(path, member, counter, type, shape) \
    CC_ROW_LIST_AS(path, struct cc_permission, member, counter, type, shape, NULL, NULL, .rules = CC_OMITTED)
static const struct cc_shape_field permission_fields[] = {
    CC_ROW_AS("ipProtocol", TEXT, struct cc_permission, protocol, NULL, NULL),
    PERMISSION("fromPort", from),
    PERMISSION("toPort", to),
    SOURCES("ipRanges", ranges, range_count, struct cc_source_range, &range_shape),
    SOURCES("ipv6Ranges", ranges6, range6_count, struct cc_source_range, &range6_shape),
    SOURCES("prefixListIds", lists, list_count, struct cc_prefix_list_id, &list_id_shape),
    {0},
};
static const struct cc_shape permission_shape = {"permission", permission_fields, sizeof(struct cc_permission)};

#define GROUP(path, member, ...) \
    CC_ROW_AS(path, TEXT, struct cc_group, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field group_fields[] = {
    GROUP("groupId", id),
    GROUP("groupName", name, .rules = CC_OMITTED),
    GROUP("securityGroupArn", arn, .rules = CC_OMITTED),
    GROUP("vpcId", vpc, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("ipPermissions", struct cc_group, permissions, permission_count, struct cc_permission, &permission_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape group_shape = {"group", group_fields, sizeof(struct cc_group)};
static const struct cc_shape_field groups_fields[] = {
    CC_ROW_LIST_AS("securityGroupInfo", struct cc_groups, rows, count, struct cc_group, &group_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_groups_shape = {"groups", groups_fields, sizeof(struct cc_groups)};

static const struct cc_shape_field entry_fields[] = {
    CC_ROW_AS("cidr", TEXT, struct cc_source_range, cidr, NULL, NULL), {0}};
static const struct cc_shape entry_shape = {"entry", entry_fields, sizeof(struct cc_source_range)};
static const struct cc_shape_field entries_fields[] = {
    CC_ROW_LIST_AS("entrySet", struct cc_prefix_list, entries, entry_count, struct cc_source_range, &entry_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_prefix_list_shape = {"prefix_list", entries_fields, sizeof(struct cc_prefix_list)};

struct open_port {
    struct cc_maybe_number port; /* null: all of the protocol */
    const char *service;
    const char *protocol;
    const char *cidr;
    const char *prefix_list_id;
};
static const struct cc_shape_field port_fields[] = {
    CC_ROW(MAYBE_NUMBER, struct open_port, port, NULL, "the port; null when all are open"),
    CC_ROW(TEXT, struct open_port, service, NULL, "what usually listens there"),
    CC_ROW(TEXT, struct open_port, protocol, NULL, "tcp, udp, or all"),
    CC_ROW(TEXT, struct open_port, cidr, NULL, "the source"),
    CC_ROW(TEXT, struct open_port, prefix_list_id, NULL, "the prefix list that has it; null when the rule names it", .rules = CC_NULL),
    {0},
};
static const struct cc_shape port_shape = {"open_port", port_fields, sizeof(struct open_port)};

struct checks {
    const struct open_port *open_sensitive_ports;
    size_t count;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW_LIST(struct checks, open_sensitive_ports, count, struct open_port, &port_shape, NULL, "what anybody can reach"),
    {0},
};
static const struct cc_shape checks_shape = {"security_group", checks_fields, sizeof(struct checks)};
// clang-format on

/* More are counted, but not listed. */
#define PORTS_MAX 200
#define NAMED_MAX 12

struct ports {
    bool tcp;
    bool udp;
    bool all; /* of the protocol, or of both */
    int64_t from;
    int64_t to;
    const char *protocol;
};

struct judging {
    const struct cc_site *site;
    struct cc_resource *resource;
    struct open_port *open; /* room for PORTS_MAX */
    size_t listed;
    size_t found;
    bool everything; /* all ports of TCP, of UDP, or both are open */
    bool ports;      /* some sensitive ones are */
    struct cc_buf named;
    struct cc_buf sources; /* of `everything` */
};

/* False: it lets in neither TCP nor UDP. */
static bool read_ports(const struct cc_permission *permission, struct ports *ports)
{
    const char *protocol = permission->protocol;
    const bool every = cc_text_equal(protocol, "-1");

    *ports = (struct ports){
        .tcp = every || cc_text_equal(protocol, "tcp") || cc_text_equal(protocol, "6"),
        .udp = every || cc_text_equal(protocol, "udp") || cc_text_equal(protocol, "17"),
        .to = 65535};
    ports->protocol = every ? "all" : ports->tcp ? "tcp" : "udp";
    if (every ||
        !cc_text_number(permission->from ? permission->from : "", 0, 65535, &ports->from) ||
        !cc_text_number(permission->to ? permission->to : "", 0, 65535, &ports->to)) {
        ports->from = 0;
        ports->to = 65535;
    }
    ports->all = ports->from <= 1 && ports->to == 65535;
    return ports->tcp || ports->udp;
}

static bool lets_in(const struct ports *ports, const struct cc_port *port)
{
    return (port->udp ? ports->udp : ports->tcp) && port->port >= ports->from &&
           port->port <= ports->to;
}

bool cc_permission_matters(const struct cc_permission *permission)
{
    struct ports ports;

    if (!read_ports(permission, &ports)) {
        return false;
    }
    for (const struct cc_port *port = cc_ports; port->service; port++) {
        if (lets_in(&ports, port)) {
            return true;
        }
    }
    return false;
}

static void add(struct judging *judging, struct open_port row)
{
    judging->found++;
    if (judging->listed < PORTS_MAX) {
        judging->open[judging->listed++] = row;
    }
}

static void add_ports(struct judging *judging, const struct ports *ports, const char *cidr,
                      const char *list)
{
    for (const struct cc_port *port = cc_ports; port->service; port++) {
        if (!lets_in(ports, port)) {
            continue;
        }
        const char *protocol = port->udp ? "udp" : "tcp";
        judging->ports = true;
        add(judging, (struct open_port){{true, port->port}, port->service, protocol, cidr, list});
        if (judging->found <= NAMED_MAX) {
            cc_buf_addf(&judging->named, "%s%s (%d/%s) from %s", judging->named.len > 0 ? ", " : "",
                        port->service, port->port, protocol, cidr);
        }
    }
}

static void judge_source(struct judging *judging, const struct ports *ports, const char *cidr,
                         const char *list)
{
    struct cc_arena *mem = &judging->site->run->mem;
    const enum cc_reach reach = cc_source_reach(cidr);

    if (reach == CC_REACH_BAD) {
        cc_resource_unknown(mem, judging->resource, cc_textf(mem, "the source %s", cidr));
    }
    if (reach == CC_REACH_BAD || reach == CC_REACH_LIMITED) {
        return;
    }
    if (ports->all) {
        judging->everything = true;
        add(judging, (struct open_port){{0}, "all ports", ports->protocol, cidr, list});
        if (judging->found <= NAMED_MAX) {
            cc_buf_addf(&judging->sources, "%s%s from %s", judging->sources.len > 0 ? ", " : "",
                        ports->protocol, cidr);
        }
        return;
    }
    add_ports(judging, ports, cidr, list);
    if (ports->tcp && ports->from <= 80 && ports->to >= 80) {
        cc_resource_note(
            mem, judging->resource,
            cc_textf(mem,
                     "HTTP (80/tcp) is open from %s: fine for a listener that redirects "
                     "to HTTPS",
                     cidr));
    }
}

static void judge_list(struct judging *judging, const struct ports *ports, const char *id,
                       const struct cc_prefix_lists *lists)
{
    struct cc_arena *mem = &judging->site->run->mem;
    const struct cc_prefix_list *list = NULL;

    for (size_t i = 0; i < lists->count; i++) {
        list = cc_text_equal(lists->rows[i].id, id) ? &lists->rows[i] : list;
    }
    if (!list || list->looked.state != CC_LOOKED_FOUND) {
        cc_resource_unknown(mem, judging->resource,
                            cc_textf(mem,
                                     "the entries of prefix list %s, to which sensitive ports "
                                     "are open: %s",
                                     id, list ? list->looked.why : "they were not read"));
        return;
    }
    for (size_t i = 0; i < list->entry_count; i++) {
        judge_source(judging, ports, list->entries[i].cidr, id);
    }
}

static void judge_permission(struct judging *judging, const struct cc_permission *permission,
                             const struct cc_prefix_lists *lists)
{
    struct ports ports;

    if (!read_ports(permission, &ports)) {
        return;
    }
    for (size_t i = 0; i < permission->range_count; i++) {
        judge_source(judging, &ports, permission->ranges[i].cidr, NULL);
    }
    for (size_t i = 0; i < permission->range6_count; i++) {
        judge_source(judging, &ports, permission->ranges6[i].cidr, NULL);
    }
    for (size_t i = 0; i < permission->list_count && cc_permission_matters(permission); i++) {
        judge_list(judging, &ports, permission->lists[i].id, lists);
    }
}

static void tell(struct judging *judging)
{
    struct cc_arena *mem = &judging->site->run->mem;
    struct cc_resource *resource = judging->resource;

    if (judging->everything) {
        cc_resource_issue(mem, resource, CC_RULE_GROUP_OPEN_ALL,
                          judging->sources.len > 0 ? judging->sources.text : NULL);
    }
    if (judging->ports) {
        cc_resource_issue(mem, resource, CC_RULE_GROUP_OPEN_PORT,
                          judging->named.len > 0 ? judging->named.text : NULL);
    }
    if (judging->found > NAMED_MAX) {
        cc_resource_note(mem, resource,
                         cc_textf(mem, "the issues name the first %d of %zu open ports", NAMED_MAX,
                                  judging->found));
    }
    if (judging->found > judging->listed) {
        cc_resource_note(mem, resource,
                         cc_textf(mem, "%zu open ports are not listed in open_sensitive_ports",
                                  judging->found - judging->listed));
    }
}

struct cc_resource cc_judge_group(const struct cc_site *site, const struct cc_group *group,
                                  const struct cc_prefix_lists *lists)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_SECURITY_GROUP, site->region);
    struct judging judging = {
        .site = site,
        .resource = &resource,
        .open = cc_alloc(mem, PORTS_MAX * sizeof(struct open_port)),
        .named = cc_buf_new(mem, 4096),
        .sources = cc_buf_new(mem, 4096),
    };

    resource.id = group->id;
    resource.name = group->name;
    resource.arn = group->arn
                       ? group->arn
                       : cc_site_arn(site, "ec2", cc_textf(mem, "security-group/%s", group->id));
    resource.vpc_id = group->vpc;
    for (size_t i = 0; i < group->permission_count; i++) {
        judge_permission(&judging, &group->permissions[i], lists);
    }
    tell(&judging);
    cc_resource_checks(mem, &resource, &checks_shape,
                       &(struct checks){judging.open, judging.listed});
    return resource;
}
