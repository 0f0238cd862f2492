#include "credctl/base/buf.h"

#include "../../src/assess/source.h"
#include "assess_support.h"

#define RULE(protocol, ports, sources) \
    "<item><ipProtocol>" protocol "</ipProtocol>" ports sources "</item>"
#define PORTS(from, to) "<fromPort>" from "</fromPort><toPort>" to "</toPort>"
#define V4(cidr)        "<ipRanges><item><cidrIp>" cidr "</cidrIp></item></ipRanges>"
#define V6(cidr)        "<ipv6Ranges><item><cidrIpv6>" cidr "</cidrIpv6></item></ipv6Ranges>"
#define PEER            "<groups><item><groupId>sg-2</groupId></item></groups>"
#define LIST(id)        "<prefixListIds><item><prefixListId>" id "</prefixListId></item></prefixListIds>"
#define GROUP(rules)                                                                            \
    "<R><securityGroupInfo><item><groupId>sg-1</groupId><groupName>web</groupName><vpcId>vpc-1" \
    "</vpcId><ipPermissions>" rules "</ipPermissions></item></securityGroupInfo></R>"

static const struct cc_prefix_lists no_lists = {0};

static struct cc_resource group(struct fake *fake, const char *rules,
                                const struct cc_prefix_lists *lists)
{
    const struct cc_site site = site_of(fake);
    struct cc_groups groups = {0};

    assert_true(page_read(fake, rules, &cc_groups_shape, &groups));
    assert_int_equal(groups.count, 1);
    return cc_judge_group(&site, &groups.rows[0], lists);
}

static void what_everybody_can_reach_is_found_by_ranges(void **state)
{
    static const struct {
        const char *rules;
        const char *rule; /* NULL: compliant */
        const char *says;
        int open;
    } rows[] = {
        {GROUP(""), NULL, "", 0},
        {GROUP(RULE("-1", "", V4("0.0.0.0/0"))), "security_group.open_all", "all from 0.0.0.0/0",
         1},
        {GROUP(RULE("-1", "", V6("::/0"))), "security_group.open_all", "all from ::/0", 1},
        {GROUP(RULE("-1", "", PEER)), NULL, "", 0},
        {GROUP(RULE("tcp", PORTS("0", "65535"), V4("0.0.0.0/0"))), "security_group.open_all",
         "tcp from 0.0.0.0/0", 1},
        {GROUP(RULE("tcp", PORTS("22", "22"), V4("0.0.0.0/0"))), "security_group.open_port",
         "SSH (22/tcp) from 0.0.0.0/0", 1},
        {GROUP(RULE("6", PORTS("20", "22"), V6("::/0"))), "security_group.open_port",
         "SSH (22/tcp) from ::/0", 3},
        {GROUP(RULE("udp", PORTS("22", "22"), V4("0.0.0.0/0"))), NULL, "", 0},
        {GROUP(RULE("tcp", PORTS("3000", "4000"), V4("0.0.0.0/0"))), "security_group.open_port",
         "MySQL (3306/tcp)", 2},
        {GROUP(RULE("tcp", PORTS("22", "22"), V4("10.0.0.0/8"))), NULL, "", 0},
        {GROUP(RULE("tcp", PORTS("22", "22"), V4("203.0.113.0/24"))), NULL, "", 0},
        {GROUP(RULE("tcp", PORTS("22", "22"), V4("0.0.0.0/1"))), "security_group.open_port",
         "0.0.0.0/1", 1},
        {GROUP(RULE("tcp", PORTS("5432", "5432"), V6("2000::/3"))), "security_group.open_port",
         "PostgreSQL", 1},
        {GROUP(RULE("tcp", PORTS("443", "443"), V4("0.0.0.0/0"))), NULL, "", 0},
        {GROUP(RULE("tcp", PORTS("80", "80"), V4("0.0.0.0/0"))), NULL, "", 0},
        {GROUP(RULE("icmp", PORTS("-1", "-1"), V4("0.0.0.0/0"))), NULL, "", 0},
        {GROUP(RULE("tcp", "", V4("0.0.0.0/0"))), "security_group.open_all", "tcp", 1},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_resource resource = group(*state, rows[i].rules, &no_lists);

        assert_status(&resource, rows[i].rule ? CC_NON_COMPLIANT : CC_COMPLIANT);
        assert_true(!rows[i].rule ||
                    (has(resource.rules, rows[i].rule) && has(resource.issues, rows[i].says)));
        assert_int_equal(cJSON_GetArraySize(check_of(&resource, "open_sensitive_ports")),
                         rows[i].open);
    }
}

static void an_open_port_80_is_a_note(void **state)
{
    const struct cc_resource resource =
        group(*state, GROUP(RULE("tcp", PORTS("80", "80"), V4("0.0.0.0/0"))), &no_lists);

    assert_status(&resource, CC_COMPLIANT);
    assert_true(has(resource.notes, "HTTP (80/tcp) is open from 0.0.0.0/0"));
}

static void a_prefix_list_counts_for_its_entries(void **state)
{
    static const struct cc_source_range any = {"0.0.0.0/0"};
    static const struct cc_source_range some = {"203.0.113.0/24"};
    static const struct {
        struct cc_prefix_list list;
        const char *ports;
        enum cc_compliance status;
    } rows[] = {
        {{"pl-1", {CC_LOOKED_FOUND, NULL}, &any, 1}, PORTS("22", "22"), CC_NON_COMPLIANT},
        {{"pl-1", {CC_LOOKED_FOUND, NULL}, &some, 1}, PORTS("22", "22"), CC_COMPLIANT},
        {{"pl-1", {CC_LOOKED_FOUND, NULL}, NULL, 0}, PORTS("22", "22"), CC_COMPLIANT},
        {{"pl-1", {CC_LOOKED_UNKNOWN, "denied"}, NULL, 0},
         PORTS("22", "22"),
         CC_COMPLIANCE_UNKNOWN},
        {{"pl-2", {CC_LOOKED_FOUND, NULL}, &some, 1}, PORTS("22", "22"), CC_COMPLIANCE_UNKNOWN},
        {{"pl-2", {CC_LOOKED_FOUND, NULL}, &some, 1}, PORTS("443", "443"), CC_COMPLIANT},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_prefix_lists lists = {&rows[i].list, 1};
        const char *page =
            cc_textf(&fake->mem, GROUP(RULE("tcp", "%s", LIST("pl-1"))), rows[i].ports);
        const struct cc_resource resource = group(fake, page, &lists);

        assert_status(&resource, rows[i].status);
    }
}

static void a_long_list_of_open_ports_says_what_it_leaves_out(void **state)
{
    struct fake *fake = *state;
    struct cc_buf rules = cc_buf_new(&fake->mem, (size_t)1 << 20);

    for (int i = 0; i < 90; i++) {
        cc_buf_text(&rules, RULE("tcp", PORTS("1", "1000"), V4("0.0.0.0/0")));
    }
    const struct cc_resource resource =
        group(fake, cc_textf(&fake->mem, GROUP("%s"), rules.text), &no_lists);
    assert_status(&resource, CC_NON_COMPLIANT);
    assert_int_equal(cJSON_GetArraySize(check_of(&resource, "open_sensitive_ports")), 200);
    assert_true(has(resource.notes, "open ports are not listed"));
    assert_int_equal(length(resource.issues), 1);
}

static void the_reach_of_a_range_is_found(void **state)
{
    static const struct {
        const char *cidr;
        enum cc_reach reach;
    } rows[] = {
        {"0.0.0.0/0", CC_REACH_ANY},
        {"::/0", CC_REACH_ANY},
        {"0.0.0.0/1", CC_REACH_WIDE},
        {"128.0.0.0/1", CC_REACH_WIDE},
        {"54.0.0.0/8", CC_REACH_WIDE},
        {"10.0.0.0/8", CC_REACH_LIMITED},
        {"8.0.0.0/7", CC_REACH_WIDE},
        {"172.16.0.0/12", CC_REACH_LIMITED},
        {"2000::/3", CC_REACH_WIDE},
        {"2001::/16", CC_REACH_WIDE},
        {"2001:db8::/32", CC_REACH_LIMITED},
        {"fc00::/7", CC_REACH_LIMITED},
        {"fe80::/10", CC_REACH_LIMITED},
        {"fc00::/6", CC_REACH_WIDE},
        {"1.2.3.4", CC_REACH_BAD},
        {"1.2.3.4/33", CC_REACH_BAD},
        {"1.2.3/8", CC_REACH_BAD},
        {"::/129", CC_REACH_BAD},
        {"", CC_REACH_BAD},
        {"/0", CC_REACH_BAD},
        {"0.0.0.0/-1", CC_REACH_BAD},
        {"0.0.0.0/", CC_REACH_BAD},
        {"0.0.0.0/0/0", CC_REACH_BAD},
        {"00000000000000000000000000000000000000000000000000/0", CC_REACH_BAD},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(cc_source_reach(rows[i].cidr), rows[i].reach);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_everybody_can_reach_is_found_by_ranges),
        IN_FAKE_WORLD(an_open_port_80_is_a_note),
        IN_FAKE_WORLD(a_prefix_list_counts_for_its_entries),
        IN_FAKE_WORLD(a_long_list_of_open_ports_says_what_it_leaves_out),
        IN_FAKE_WORLD(the_reach_of_a_range_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
