#include "credctl/aws/xml.h"

#include "credctl/base/buf.h"

#include "support/test.h"

static const struct cc_xml *parsed(struct fake *fake, const char *text)
{
    const struct cc_xml *root = NULL;
    struct cc_error err;

    assert_true(cc_xml_parse(&fake->run.mem, text, strlen(text), "the answer", &root, &err));
    return root;
}

static void assert_refused(struct fake *fake, const char *text, size_t len, const char *why)
{
    const struct cc_xml *root = NULL;
    struct cc_error err;

    assert_false(cc_xml_parse(&fake->run.mem, text, len, "the answer", &root, &err));
    assert_null(root);
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_string_equal(err.what, "the answer is not usable XML");
    assert_non_null(strstr(err.why, why));
    assert_string_equal(err.fix, cc_code_remedy(CC_E_BAD_ANSWER));
}

static void a_path_leads_to_the_text(void **state)
{
    const struct cc_xml *root =
        parsed(*state, "<R xmlns=\"https://sts.amazonaws.com/doc/\">\n <A><B> one </B></A>"
                       "<A><B>two</B></A></R>");

    assert_string_equal(cc_xml_text(root, "R/A/B"), "one");
    assert_null(cc_xml_text(root, "R/A"));
    assert_null(cc_xml_text(root, "R/A/B/C"));
    assert_null(cc_xml_text(root, "A/B"));
    assert_null(cc_xml_find(root, ""));
    assert_non_null(cc_xml_find(root, "R/A")->next);
}

static void prefixes_and_attributes_do_not_matter(void **state)
{
    const struct cc_xml *root =
        parsed(*state, "<?xml version='1.0'?><s:R xmlns:s='u'><s:A x='1'>v</s:A><!-- c --></s:R>");

    assert_string_equal(cc_xml_text(root, "R/A"), "v");
}

static void the_five_entities_and_sections_are_text(void **state)
{
    const struct cc_xml *root =
        parsed(*state, "<R><A>&lt;&amp;&gt;&quot;&apos;&#65;</A><B><![CDATA[<x>&]]></B></R>");

    assert_string_equal(cc_xml_text(root, "R/A"), "<&>\"'A");
    assert_string_equal(cc_xml_text(root, "R/B"), "<x>&");
}

static void an_empty_element_has_no_text(void **state)
{
    const struct cc_xml *root = parsed(*state, "<R><A/><B> \n</B></R>");

    assert_null(cc_xml_text(root, "R/A"));
    assert_null(cc_xml_text(root, "R/B"));
    assert_string_equal(cc_xml_find(root, "R/A")->text, "");
}

static void a_document_type_is_refused(void **state)
{
    static const char *const texts[] = {
        "<!DOCTYPE R [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><R>&b;</R>",
        "<!DOCTYPE R SYSTEM \"file:///etc/passwd\"><R/>",
        "<!DOCTYPE R><R/>",
    };

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        assert_refused(*state, texts[i], strlen(texts[i]), "document type");
    }
}

static void an_unknown_entity_is_refused(void **state)
{
    assert_refused(*state, "<R>&x;</R>", 10, "malformed");
}

static const char *nested(struct fake *fake, int levels)
{
    struct cc_buf text = cc_buf_new(&fake->run.mem, 4096);

    for (int i = 0; i < 2 * levels; i++) {
        cc_buf_text(&text, i < levels ? "<a>" : "</a>");
    }
    return text.text;
}

static void thirty_two_levels_are_read_and_one_more_is_not(void **state)
{
    const char *text = nested(*state, 33);

    assert_non_null(parsed(*state, nested(*state, 32)));
    assert_refused(*state, text, strlen(text), "too deep");
}

static void more_than_four_mib_is_refused(void **state)
{
    struct fake *fake = *state;
    const char *text = cc_textf(&fake->run.mem, "<R/>%*s", (4 << 20) - 4, "");

    assert_int_equal(strlen(text), 4 << 20);
    (void)parsed(fake, text);
    text = cc_textf(&fake->run.mem, "%s ", text);
    assert_refused(fake, text, strlen(text), "4 MiB");
}

static void what_is_cut_off_or_no_xml_is_refused(void **state)
{
    assert_refused(*state, "", 0, "empty");
    assert_refused(*state, "<R><A>" CANARY, 6 + strlen(CANARY), "cut off");
    assert_refused(*state, "{\"a\":1}", 7, "malformed");
    assert_refused(*state, "<R/><S/>", 8, "malformed");
    assert_refused(*state, "<R>a\0b</R>", 10, "NUL");
    assert_refused(*state, "<R>\xff</R>", 8, "malformed");
    assert_refused(*state, "\xff\xfe<\0R\0/\0>\0", 10, "NUL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_path_leads_to_the_text),
        IN_FAKE_WORLD(prefixes_and_attributes_do_not_matter),
        IN_FAKE_WORLD(the_five_entities_and_sections_are_text),
        IN_FAKE_WORLD(an_empty_element_has_no_text),
        IN_FAKE_WORLD(a_document_type_is_refused),
        IN_FAKE_WORLD(an_unknown_entity_is_refused),
        IN_FAKE_WORLD(thirty_two_levels_are_read_and_one_more_is_not),
        IN_FAKE_WORLD(more_than_four_mib_is_refused),
        IN_FAKE_WORLD(what_is_cut_off_or_no_xml_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
