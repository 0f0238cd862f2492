#include "credctl/base/text.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void nothing_equals_no_text(void **state)
{
    (void)state;
    assert_true(cc_text_equal("a", "a"));
    assert_false(cc_text_equal("a", "A"));
    assert_false(cc_text_equal(NULL, NULL));
    assert_false(cc_text_equal("", NULL));
    assert_true(cc_text_equal_nocase("TrUe", "true"));
    assert_false(cc_text_equal_nocase(NULL, NULL));
    assert_true(cc_text_is_true("TRUE"));
    assert_false(cc_text_is_true("1"));
    assert_false(cc_text_is_true(NULL));
}

static void starts_and_ends_take_the_whole_part(void **state)
{
    (void)state;
    assert_true(cc_text_starts("abc", "ab"));
    assert_true(cc_text_starts("abc", ""));
    assert_false(cc_text_starts("ab", "abc"));
    assert_false(cc_text_starts(NULL, ""));
    assert_true(cc_text_ends("abc", "bc"));
    assert_false(cc_text_ends("bc", "abc"));
    assert_false(cc_text_ends(NULL, ""));
}

static void blank_is_missing_empty_or_white(void **state)
{
    (void)state;
    assert_true(cc_text_blank(NULL));
    assert_true(cc_text_blank(""));
    assert_true(cc_text_blank(" \t\r\n\v\f"));
    assert_false(cc_text_blank(" x "));
}

static void a_set_of_characters_holds_up_to_its_length_and_not_beyond(void **state)
{
    (void)state;
    assert_true(cc_text_consists("Role-1_x", "-_", 8));
    assert_false(cc_text_consists("Role-1_x", "-_", 7));
    assert_false(cc_text_consists("", "-_", 8));
    assert_false(cc_text_consists(NULL, "-_", 8));
    assert_false(cc_text_consists("a b", "-_", 8));
    assert_false(cc_text_consists("caf\xc3\xa9", "-_", 8));
    assert_true(cc_text_digits("012345678901", 12));
    assert_false(cc_text_digits("01234567890", 12));
    assert_false(cc_text_digits("0123456789012", 12));
    assert_false(cc_text_digits("01234567890x", 12));
    assert_false(cc_text_digits(NULL, 0));
}

static void control_characters_never_stay_printable(void **state)
{
    (void)state;
    assert_string_equal(cc_text_printable(&mem, "a\x1b[2Jb\r\n\t\x7f"), "a?[2Jb????");
    assert_string_equal(cc_text_printable(&mem, "x\xc2\x9b"
                                                "31my"),
                        "x??31my");
    assert_string_equal(cc_text_printable(&mem, "x\x9b"
                                                "31my"),
                        "x?31my");
    assert_string_equal(cc_text_printable(&mem, "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
                        "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

static void text_that_turns_its_direction_is_not_printable(void **state)
{
    (void)state;
    assert_string_equal(cc_text_printable(&mem, "role\xe2\x80\xaegnp"), "role???gnp");
    assert_string_equal(cc_text_printable(&mem, "role\xe2\x81\xa6x"), "role???x");
}

static void printable_text_is_always_utf8(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\xff",
        "\xc3",
        "a\xe2\x82",
        "\xc0\x80",         /* NUL in two bytes */
        "\xe0\x80\xaf",     /* '/' in three */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* past U+10FFFF */
        "\x80x",
        "\xf0\x9f\x98",
        "\xc2\xc2\x9b",
    };

    for (size_t i = 0; i < CC_COUNT(broken); i++) {
        assert_false(cc_text_is_utf8(broken[i]));
        const char *mended = cc_text_printable(&mem, broken[i]);
        assert_true(cc_text_is_utf8(mended));
        assert_int_equal(strlen(mended), strlen(broken[i]));
        assert_null(strstr(mended, "\xc2\x9b"));
    }
    assert_true(cc_text_is_utf8(""));
    assert_true(cc_text_is_utf8("\xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf"));
}

static void trimming_takes_only_the_ends(void **state)
{
    (void)state;
    assert_string_equal(cc_text_trim(&mem, " \t a b \r\n"), "a b");
    assert_string_equal(cc_text_trim(&mem, "   "), "");
    assert_string_equal(cc_text_trim(&mem, ""), "");
    assert_string_equal(cc_text_lower(&mem, "AbC-\xc3\x84"), "abc-\xc3\x84");
}

static void a_number_is_the_whole_text_and_in_its_range(void **state)
{
    (void)state;
    static const char *const refused[] = {"",    " 1",  "1 ", "+1", "1.0", "0x10",
                                          "1e3", "--1", "-",  "9",  "101", "9223372036854775808"};
    int64_t number = -7;

    for (size_t i = 0; i < CC_COUNT(refused); i++) {
        assert_false(cc_text_number(refused[i], 10, 100, &number));
    }
    assert_false(cc_text_number(NULL, 10, 100, &number));
    assert_int_equal(number, -7);
    assert_true(cc_text_number("10", 10, 100, &number));
    assert_int_equal(number, 10);
    assert_true(cc_text_number("-9223372036854775808", INT64_MIN, INT64_MAX, &number));
    assert_true(number == INT64_MIN);
    assert_false(cc_text_number("-9223372036854775809", INT64_MIN, INT64_MAX, &number));
}

static void percent_encoding_is_that_of_rfc_3986(void **state)
{
    (void)state;
    assert_string_equal(cc_text_percent(&mem, "aZ09-._~/ %\xc3\xa9", false),
                        "aZ09-._~%2F%20%25%C3%A9");
    assert_string_equal(cc_text_percent(&mem, "a/b c", true), "a/b%20c");
}

static void base64url_agrees_with_rfc_4648(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},       {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"\xff\xfe", "__4"}, {"\xfb\xf0", "-_A"}};
    char hex[5] = "";

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *bytes = NULL;
        size_t size = 99;

        assert_string_equal(
            cc_text_base64url(&mem, (const unsigned char *)rows[i][0], strlen(rows[i][0])),
            rows[i][1]);
        assert_true(cc_text_unbase64(&mem, rows[i][1], strlen(rows[i][1]), &bytes, &size));
        assert_int_equal(size, strlen(rows[i][0]));
        assert_string_equal(bytes, rows[i][0]);
    }
    cc_text_hex(hex, (const unsigned char *)"\x00\xab", 2);
    assert_string_equal(hex, "00ab");
}

static void unbase64_refuses_what_is_not_base64(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "A",      "AAAAA", "Zg=",  "Zg===", "Zm8==", "Zg=a", "Z g=",
        "Zg==\n", "=",     "====", "Zh",    "Zm9=",  "Zg%3D"};
    const char *bytes = NULL;
    size_t size = 99;

    for (size_t i = 0; i < CC_COUNT(refused); i++) {
        if (cc_text_unbase64(&mem, refused[i], strlen(refused[i]), &bytes, &size)) {
            fail_msg("%s was taken", refused[i]);
        }
    }
    assert_null(bytes);
    assert_int_equal(size, 99);
    assert_true(cc_text_unbase64(&mem, "Zg==", 4, &bytes, &size));
    assert_true(cc_text_unbase64(&mem, "AA+/", 4, &bytes, &size));
    assert_int_equal(size, 3);
}

static const char *const names[] = {"detect", "session", "session export", "validate", "mcp", NULL};

static const char *name_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static void the_nearest_name_is_the_one_meant(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"detct", "detect"},
                                          {"dtect", "detect"},
                                          {"sesion", "session"},
                                          {"vali", "validate"},
                                          {"session exprt", "session export"},
                                          {"", NULL},
                                          {"xyzzy", NULL},
                                          {"q", NULL}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *near = cc_text_nearest(rows[i][0], name_at, names);

        if (rows[i][1]) {
            assert_string_equal(near, rows[i][1]);
        } else {
            assert_null(near);
        }
    }
}

static void a_very_long_word_is_near_nothing(void **state)
{
    (void)state;
    char junk[5000];

    for (size_t len = 41; len < sizeof(junk); len += 83) {
        memset(junk, 'x', len);
        junk[len] = '\0';
        assert_null(cc_text_nearest(junk, name_at, names));
    }
}

static void a_word_for_a_shell_is_quoted_where_it_needs_it(void **state)
{
    (void)state;
    assert_string_equal(cc_text_sh_word(&mem, "dev-1/x@y"), "dev-1/x@y");
    assert_string_equal(cc_text_sh_word(&mem, "my profile"), "'my profile'");
    assert_string_equal(cc_text_sh_word(&mem, "$(x)'s"), "'$(x)'\\''s'");
    assert_string_equal(cc_text_sh_word(&mem, ""), "''");
    assert_string_equal(cc_text_sh_quoted(&mem, "a"), "'a'");
}

static void a_pattern_matches_as_in_a_shell(void **state)
{
    (void)state;
    assert_true(cc_text_matches("*", ""));
    assert_true(cc_text_matches("", ""));
    assert_false(cc_text_matches("", "a"));
    assert_false(cc_text_matches("?", ""));
    assert_true(cc_text_matches("arn:*:role/Admin?", "arn:aws:iam::1:role/Admin1"));
    assert_false(cc_text_matches("Admin", "Admin1"));
    assert_true(cc_text_matches("*a*b*", "xxaxxbxx"));
    assert_false(cc_text_matches("*a*b", "xxaxxbxx"));
    assert_true(cc_text_matches("a*b", "a*b"));
    assert_true(cc_text_matches("***", "abc"));
}

static void a_hostile_pattern_ends_in_time(void **state)
{
    (void)state;
    char text[4096];

    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(cc_text_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_equals_no_text),
        cmocka_unit_test(starts_and_ends_take_the_whole_part),
        cmocka_unit_test(blank_is_missing_empty_or_white),
        cmocka_unit_test(a_set_of_characters_holds_up_to_its_length_and_not_beyond),
        cmocka_unit_test(control_characters_never_stay_printable),
        cmocka_unit_test(text_that_turns_its_direction_is_not_printable),
        cmocka_unit_test(printable_text_is_always_utf8),
        cmocka_unit_test(trimming_takes_only_the_ends),
        cmocka_unit_test(a_number_is_the_whole_text_and_in_its_range),
        cmocka_unit_test(percent_encoding_is_that_of_rfc_3986),
        cmocka_unit_test(base64url_agrees_with_rfc_4648),
        cmocka_unit_test(unbase64_refuses_what_is_not_base64),
        cmocka_unit_test(the_nearest_name_is_the_one_meant),
        cmocka_unit_test(a_very_long_word_is_near_nothing),
        cmocka_unit_test(a_word_for_a_shell_is_quoted_where_it_needs_it),
        cmocka_unit_test(a_pattern_matches_as_in_a_shell),
        cmocka_unit_test(a_hostile_pattern_ends_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
