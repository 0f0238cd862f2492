#include "credctl/base/text.h"
#include "credctl/report/access.h"

#include "support/access.h"
#include "support/xml.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const struct xml *read_as_xml(void (*print)(const void *answer, struct cc_buf *out),
                                     const struct cc_access_answer *answer)
{
    const struct xml *xml = xml_read(&mem, access_written(&mem, print, answer));

    assert_non_null(xml);
    return xml;
}

/* --- JUnit --- */

/* The first element in the test case of that name; NULL: it has none. */
static const struct xml_element *inside(const struct xml *xml, const char *name)
{
    for (size_t i = 0; i < xml->count; i++) {
        const struct xml_element *element = &xml->elements[i];

        if (cc_text_equal(element->name, "testcase") &&
            cc_text_equal(xml_value(element, "name"), name)) {
            const bool more = i + 1 < xml->count;

            return more && !cc_text_equal(element[1].name, "testcase") ? element + 1 : NULL;
        }
    }
    fail_msg("there is no test case %s", name);
    return NULL;
}

static void a_case_is(const struct xml *xml, const char *name, const char *element,
                      const char *type)
{
    const struct xml_element *found = inside(xml, name);

    assert_non_null(found);
    assert_string_equal(found->name, element);
    if (type) {
        assert_string_equal(xml_value(found, "type"), type);
        assert_true(xml_value(found, "message")[0] != '\0');
    }
}

static void junit_has_a_case_for_each_target(void **state)
{
    const struct xml *xml = read_as_xml(cc_access_junit, access_all_kinds(&mem));
    const struct xml_element *suite = xml_find(xml, "testsuite", 0);

    (void)state;
    assert_string_equal(xml->elements[0].name, "testsuites");
    assert_int_equal(xml_count(xml, "testsuite"), 1);
    assert_string_equal(xml_value(suite, "name"), "credctl test-access");
    assert_string_equal(xml_value(suite, "tests"), "10");
    assert_string_equal(xml_value(suite, "failures"), "6"); /* 3 denied, 3 findings */
    assert_string_equal(xml_value(suite, "errors"), "1");
    assert_string_equal(xml_value(suite, "skipped"), "1");
    assert_string_equal(xml_value(suite, "time"), "12.500");
    assert_string_equal(xml_value(suite, "timestamp"), "2026-11-30T00:00:00");
    assert_int_equal(xml_count(xml, "testcase"), 10);
    assert_int_equal(xml_count(xml, "failure"), 6);
    assert_int_equal(xml_count(xml, "error"), 1);
    assert_int_equal(xml_count(xml, "skipped"), 1);
    assert_string_equal(xml_value(xml_find(xml, "testcase", 1), "classname"), "333333333333");
    assert_string_equal(xml_value(xml_find(xml, "testcase", 5), "classname"), "no account");
    assert_string_equal(xml_value(xml_find(xml, "testcase", 0), "time"), "0.250");
}

static void junit_says_how_each_ended(void **state)
{
    const struct xml *xml = read_as_xml(cc_access_junit, access_all_kinds(&mem));

    (void)state;
    a_case_is(xml, "fine", "system-out", NULL);
    a_case_is(xml, "first", "failure", "trust.no_allow");
    a_case_is(xml, "alone", "failure", "trust.mfa");
    a_case_is(xml, "broken", "error", "network.timeout");
    a_case_is(xml, "late", "skipped", NULL);
    a_case_is(xml, "open", "failure", "external_id.not_enforced");
    a_case_is(xml, "closed", "system-out", NULL);
    a_case_is(xml, "lacking", "failure", "action.denied");
    a_case_is(xml, "both", "failure", "external_id.not_enforced");
    has(xml_text(&mem, xml, inside(xml, "both")), "finding: action.denied\n");
    has(xml_text(&mem, xml, inside(xml, "lacking")), "actions denied: s3:PutObject\n");
    has(xml_text(&mem, xml, inside(xml, "lacking")), "actions unknown: s3:Odd\n");
    has(xml_text(&mem, xml, inside(xml, "fine")),
        "session: arn:aws:sts::222222222222:assumed-role/Audit/credctl-test\n");
}

static void junit_tells_cause_and_remedy(void **state)
{
    const struct xml *xml = read_as_xml(cc_access_junit, access_all_kinds(&mem));
    const char *text = xml_text(&mem, xml, inside(xml, "first"));

    (void)state;
    has(text, "certainty: likely\n");
    has(text, "candidates: trust.mfa, trust.condition\n");
    has(text, "why: the evidence of first\n");
    has(text, "AWS: not authorized\n");
    has(text, "fix: let the owner of account 333333333333 add the statement\n");
    has(text, "add to arn:aws:iam::333333333333:role/Audit (trust policy):\n{\n");
    has(text, "\"AWS\": \"" HUB "\"");
    assert_string_equal(xml_value(inside(xml, "first"), "message"), "the evidence of first");
}

/* --- both --- */

static void no_text_is_markup(void **state)
{
    const struct cc_access_answer *answer = access_hostile(&mem);
    const struct xml *junit = read_as_xml(cc_access_junit, answer);
    const struct xml *page = read_as_xml(cc_access_html, answer);

    (void)state;
    assert_int_equal(xml_count(junit, "script"), 0);
    assert_int_equal(xml_count(page, "script"), 1); /* its own */
    assert_string_equal(xml_value(xml_find(junit, "testcase", 0), "name"), SHOWN);
    assert_string_equal(xml_value(xml_find(junit, "failure", 1), "type"), SHOWN);
    has(page->text, SHOWN);
    has(page->text, "\"</pre><script>\": \"</script>]]>&\"");
    assert_int_equal(times(access_written(&mem, cc_access_html, answer), "<script>"), 1);
    assert_int_equal(times(access_written(&mem, cc_access_html, answer), "</script>"), 1);
}

static void there_may_be_no_targets_or_one(void **state)
{
    struct cc_access_result one[] = {access_target(&mem, "only", "222222222222", "Audit")};
    const struct cc_access_answer *none = access_answered(&mem, one, 0);
    const struct xml *empty = read_as_xml(cc_access_junit, none);

    (void)state;
    assert_string_equal(xml_value(xml_find(empty, "testsuite", 0), "tests"), "0");
    assert_int_equal(xml_count(read_as_xml(cc_access_html, none), "article"), 0);
    const struct cc_access_answer *single = access_answered(&mem, one, 1);
    assert_int_equal(xml_count(read_as_xml(cc_access_junit, single), "testcase"), 1);
    has(read_as_xml(cc_access_html, single)->text, "only");
}

static void thousands_of_targets_are_all_there(void **state)
{
    const struct cc_access_answer *answer = access_many(&mem, 2000);
    const struct xml *page = read_as_xml(cc_access_html, answer);

    (void)state;
    assert_int_equal(xml_count(read_as_xml(cc_access_junit, answer), "testcase"), 2000);
    has(page->text, "400000000000");
    has(page->text, "account-1999");
    has(page->text, "trust.no_allow: 200 targets");
    has(page->text, "The 200 targets");
    assert_int_equal(xml_count(page, "article"), 1 + 40); /* one for all that share it */
    assert_null(strstr(page->text, "Sessions of roles"));
}

/* --- the page --- */

static void every_link_of_the_page_leads_somewhere_on_it(void **state)
{
    const struct xml *page = read_as_xml(cc_access_html, access_all_kinds(&mem));
    size_t links = 0;

    (void)state;
    for (size_t i = 0; i < page->count; i++) {
        const char *to = xml_value(&page->elements[i], "href");
        size_t places = 0;

        assert_null(xml_value(&page->elements[i], "src"));
        assert_null(xml_value(&page->elements[i], "style"));
        if (!to) {
            continue;
        }
        assert_int_equal(to[0], '#');
        for (size_t k = 0; k < page->count; k++) {
            places += cc_text_equal(xml_value(&page->elements[k], "id"), to + 1);
        }
        if (places != 1) {
            fail_msg("%s: %zu places", to, places);
        }
        links++;
    }
    assert_int_equal(links, 7); /* every target but those with nothing more to say */
}

static void the_page_tells_everything(void **state)
{
    static const char *const parts[] = {
        "arn:aws:sts::111122223333:assumed-role/Hub/s",
        "2026-11-30T00:00:00Z",
        "12.50 s",
        "10 targets",
        "3 denied",
        "1 could not be tested",
        "3 allowed, with a warning",
        "1 not run",
        "trust.no_allow: 2 targets",
        "the evidence of first",
        "the evidence of second",
        "let the owner of account <account> add the statement",
        "add to <role> (trust policy):",
        "\"Action\": \"sts:AssumeRole\"",
        "the remedy of alone",
        "not authorized",
        "the remedy of broken",
        "external_id.not_enforced: 2 targets",
        "action.denied: 2 targets",
        "denied: s3:PutObject",
        "external ID enforced",
        "2026-11-30T00:53:20Z",
    };
    const struct xml *page = read_as_xml(cc_access_html, access_all_kinds(&mem));

    (void)state;
    for (size_t i = 0; i < CC_COUNT(parts); i++) {
        has(page->text, parts[i]);
    }
}

static void the_matrix_has_a_row_for_the_larger_side(void **state)
{
    struct cc_access_result roles[30];
    struct cc_access_result both[200];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(roles); i++) {
        roles[i] = access_target(&mem, "x", "222222222222", cc_textf(&mem, "Role%zu", i));
    }
    const struct xml *turned =
        read_as_xml(cc_access_html, access_answered(&mem, roles, CC_COUNT(roles)));
    assert_string_equal(xml_text(&mem, turned, xml_find(turned, "th", 0)), "Role");
    assert_string_equal(xml_text(&mem, turned, xml_find(turned, "th", 1)), "222222222222");
    for (size_t i = 0; i < CC_COUNT(both); i++) {
        both[i] = access_target(&mem, "x", cc_textf(&mem, "%012zu", i % 14),
                                cc_textf(&mem, "Role%zu", i / 14));
    }
    const struct xml *lines =
        read_as_xml(cc_access_html, access_answered(&mem, both, CC_COUNT(both)));
    assert_string_equal(xml_text(&mem, lines, xml_find(lines, "th", 2)), "Outcome");
    assert_int_equal(xml_count(lines, "tr"), 1 + 200);
    const struct xml *matrix = read_as_xml(cc_access_html, access_answered(&mem, both, 50));
    assert_string_equal(xml_text(&mem, matrix, xml_find(matrix, "th", 0)), "Account");
    assert_int_equal(xml_count(matrix, "tr"), 1 + 14);
    assert_int_equal(xml_count(matrix, "td"), 14 * 4);
}

static void roles_that_were_only_discovered_are_listed(void **state)
{
    static const struct cc_access_found found[] = {
        {"arn:aws:iam::222222222222:role/Audit", "222222222222", "<b> in p"}};
    static const char *const not_expanded[] = {"arn:aws:iam::*:role/*: every role", NULL};
    struct cc_access_answer answer = *access_answered(&mem, NULL, 0);

    (void)state;
    answer.discovered = found;
    answer.discovered_count = 1;
    answer.not_expanded = not_expanded;
    const struct xml *page = read_as_xml(cc_access_html, &answer);
    has(page->text, "1 role");
    has(page->text, "arn:aws:iam::222222222222:role/Audit222222222222<b> in p");
    has(page->text, "not listed: arn:aws:iam::*:role/*: every role");
    assert_int_equal(xml_count(page, "section"), 1);
    assert_int_equal(xml_count(read_as_xml(cc_access_junit, &answer), "testcase"), 0);
    assert_string_equal(access_written(&mem, cc_access_text, &answer),
                        "# roles that arn:aws:sts::111122223333:assumed-role/Hub/s may assume by "
                        "its own policies\narn:aws:iam::222222222222:role/Audit\n"
                        "# not listed: arn:aws:iam::*:role/*: every role\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(junit_has_a_case_for_each_target),
        cmocka_unit_test(junit_says_how_each_ended),
        cmocka_unit_test(junit_tells_cause_and_remedy),
        cmocka_unit_test(no_text_is_markup),
        cmocka_unit_test(there_may_be_no_targets_or_one),
        cmocka_unit_test(thousands_of_targets_are_all_there),
        cmocka_unit_test(every_link_of_the_page_leads_somewhere_on_it),
        cmocka_unit_test(the_page_tells_everything),
        cmocka_unit_test(the_matrix_has_a_row_for_the_larger_side),
        cmocka_unit_test(roles_that_were_only_discovered_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
