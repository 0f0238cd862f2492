#include "credctl/report/markup.h"

#include "credctl/base/text.h"
#include "credctl/report/page.h"

#include "support/test.h"
#include "support/xml.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const char *text_of(const char *text)
{
    struct cc_buf out = cc_buf_new(&mem, 65536);

    cc_markup_text(&out, text);
    return out.text;
}

static const char *value_of(const char *text)
{
    struct cc_buf out = cc_buf_new(&mem, 65536);

    cc_markup(&out, "<a b=\"%s\"/>", text);
    return out.text;
}

static void what_would_be_markup_is_text(void **state)
{
    (void)state;
    assert_string_equal(text_of("a<b>&\"c\"' ]]>"), "a&lt;b&gt;&amp;\"c\"' ]]&gt;");
    assert_string_equal(value_of("\"'><x>&amp;"), "<a b=\"&quot;&#39;&gt;&lt;x&gt;&amp;amp;\"/>");
    const char *volatile nothing = NULL; /* the compiler warns of the other one */
    assert_string_equal(text_of(nothing), "");
    assert_string_equal(value_of(nothing), "<a b=\"\"/>");
    assert_string_equal(text_of("caf\xc3\xa9 \xf0\x9f\x98\x80"), "caf\xc3\xa9 \xf0\x9f\x98\x80");
}

static void line_breaks_stay_and_survive_in_attributes(void **state)
{
    (void)state;
    assert_string_equal(text_of("a\n\tb\n"), "a\n\tb\n");
    assert_string_equal(value_of("a\n\tb"), "<a b=\"a&#10;&#9;b\"/>");
}

static void what_xml_forbids_becomes_a_question_mark(void **state)
{
    (void)state;
    assert_string_equal(text_of("a\x01\x1b[2J\r\x7f"), "a??[2J??");
    assert_string_equal(text_of("\xff\xfe\xc0\x80"), "????");
    assert_string_equal(text_of("\xed\xa0\x80"), "???"); /* a surrogate */
    assert_string_equal(text_of("\xef\xbf\xbe\xef\xbf\xbf!"), "?????"
                                                              "?!"); /* U+FFFE, U+FFFF */
    assert_string_equal(text_of("\xef\xbf\xbd"), "\xef\xbf\xbd");
    assert_string_equal(text_of("\xe2\x80\xae"), "???"); /* it would turn the text around */
}

static void every_byte_gives_well_formed_xml(void **state)
{
    (void)state;
    for (int first = 1; first < 256; first++) {
        for (int second = 1; second < 256; second += 7) {
            const char bytes[] = {(char)first, (char)second, '\0'};
            const char *doc = cc_textf(&mem, "<d>%s%s</d>", text_of(bytes), value_of(bytes));

            assert_non_null(xml_read(&mem, doc));
        }
    }
}

static void a_page_is_complete_and_asks_for_nothing(void **state)
{
    static const struct cc_page_fact facts[] = {{"Caller", "<b>"}, {NULL, NULL}};
    static const struct cc_page_part parts[] = {
        {"targets", "", 12345}, {"denied", "bad", 1}, {NULL, NULL, 0}};
    struct cc_buf out = cc_buf_new(&mem, 65536);

    (void)state;
    cc_page_begin(&out, &(struct cc_page){"A & B", facts, parts});
    cc_page_term(&out, "Term", "text");
    cc_page_term(&out, "Term", "");
    cc_page_term(&out, "Term", NULL);
    cc_page_end(&out);
    const struct xml *page = xml_read(&mem, out.text);
    assert_non_null(page);
    assert_string_equal(xml_text(&mem, page, xml_find(page, "title", 0)), "A & B");
    assert_string_equal(xml_text(&mem, page, xml_find(page, "h1", 0)), "A & B");
    assert_int_equal(xml_count(page, "dt"), 2);
    assert_string_equal(xml_text(&mem, page, xml_find(page, "dd", 0)), "<b>");
    assert_string_equal(xml_text(&mem, page, xml_find(page, "b", 0)), "12,345");
    assert_int_equal(xml_count(page, "input"), 3); /* two filters, and the field of the script */
    const char *policy = xml_value(xml_find(page, "meta", 1), "content");
    assert_true(cc_text_starts(policy, "default-src 'none'; style-src 'sha256-"));
    assert_null(strstr(policy, "unsafe"));
    assert_null(strstr(out.text, "http:"));
    assert_null(strstr(out.text, "https:"));
    assert_null(strstr(out.text, "url("));
    assert_null(strstr(out.text, " style="));
}

static void numbers_have_commas(void **state)
{
    (void)state;
    assert_string_equal(cc_page_number(&mem, 0), "0");
    assert_string_equal(cc_page_number(&mem, 999), "999");
    assert_string_equal(cc_page_number(&mem, 1000), "1,000");
    assert_string_equal(cc_page_number(&mem, 1234567), "1,234,567");
    assert_string_equal(cc_page_number(&mem, -123456), "-123,456");
    assert_string_equal(cc_page_classes(&mem, 0), "");
    assert_string_equal(cc_page_classes(&mem, 1U << 1 | 1U << 4), " f1 f4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_be_markup_is_text),
        cmocka_unit_test(line_breaks_stay_and_survive_in_attributes),
        cmocka_unit_test(what_xml_forbids_becomes_a_question_mark),
        cmocka_unit_test(every_byte_gives_well_formed_xml),
        cmocka_unit_test(a_page_is_complete_and_asks_for_nothing),
        cmocka_unit_test(numbers_have_commas),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
