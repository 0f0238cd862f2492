#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "../src/templates/draft.h"
#include "support/test.h"

/* Texts that mean something else in YAML when they are written as they are. */
static const char *const hostile[] = {
    "",
    " ",
    "it's",
    "\"quoted\"",
    "two\nlines",
    "line\n",
    "\nline",
    "a: b",
    "a:",
    "- item",
    "# comment",
    "a # comment",
    "!Ref Secret",
    "&anchor",
    "*alias",
    "{a: b}",
    "[a, b]",
    "%TAG",
    "@at",
    "`tick",
    "? key",
    "| block",
    "> folded",
    "yes",
    "No",
    "null",
    "~",
    "true",
    "0",
    "012345678901",
    "1e3",
    "0x1f",
    "0o17",
    "12:30:45",
    "2012-10-17",
    ".inf",
    "1_000",
    "<<",
    "=",
    "---",
    "...",
    "tab\there",
    " leading",
    "trailing ",
    "back\\slash",
    "${AWS::AccountId}",
    "\x01\x1f\x7f",
    "\xc2\x85next line",
    "\xe2\x80\xa8separator",
    "\xef\xbb\xbfmark",
    "\xef\xbf\xbf\xef\xbf\xbe no characters",
    "caf\xc3\xa9 \xe6\x97\xa5",
    "end'\n  Evil:\n    Type: AWS::IAM::User\n",
};

static const enum cc_draft_style styles[] = {CC_DRAFT_AUTO, CC_DRAFT_QUOTED, CC_DRAFT_BLOCK};

static struct cc_draft_node *styled(struct cc_arena *mem, const char *text,
                                    enum cc_draft_style style)
{
    struct cc_draft_node *node = cc_draft_text(mem, NULL, text);

    node->style = style;
    return node;
}

/* As value and as key, in maps and lists of both forms. */
static struct cc_draft_node *everywhere(struct cc_arena *mem, const char *text,
                                        enum cc_draft_style style)
{
    struct cc_draft_node *root = cc_draft_map(mem);
    struct cc_draft_node *list = cc_draft_list(mem);
    struct cc_draft_node *flow = cc_draft_map(mem);
    struct cc_draft_node *items = cc_draft_list(mem);

    flow->flow = true;
    items->flow = true;
    cc_draft_put(flow, text, styled(mem, text, style), NULL);
    cc_draft_append(items, styled(mem, text, style));
    cc_draft_append(items, cc_draft_text(mem, "Sub", text));
    cc_draft_append(list, styled(mem, text, style));
    cc_draft_append(list, flow);
    cc_draft_append(list, items);
    cc_draft_put(root, "list", list, NULL);
    cc_draft_put(root, cc_textf(mem, "k%s", text), styled(mem, text, style), NULL);
    return root;
}

static void any_text_is_read_back_as_it_was_written(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(hostile); i++) {
        for (size_t j = 0; j < CC_COUNT(styles); j++) {
            const struct cc_draft_node *root = everywhere(&fake->mem, hostile[i], styles[j]);
            struct cc_buf yaml = cc_buf_new(&fake->mem, CC_DRAFT_MAX);
            struct cc_draft_node *again = NULL;
            struct cc_error err;

            cc_draft_yaml(root, &yaml);
            if (!cc_draft_read(&fake->mem, yaml.text, yaml.len, &again, &err)) {
                fail_msg("%s: %s\n%s", err.what, err.why, yaml.text);
            }
            assert_string_equal(cc_draft_json_text(&fake->mem, root),
                                cc_draft_json_text(&fake->mem, again));
        }
    }
}

/* A reader of YAML gives texts that look like numbers as numbers, unless they are in quotes. */
static void only_what_all_readers_take_for_a_string_is_without_quotes(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(hostile); i++) {
        struct cc_draft_node *root = cc_draft_map(&fake->mem);
        struct cc_buf yaml = cc_buf_new(&fake->mem, CC_DRAFT_MAX);

        cc_draft_put(root, "k", cc_draft_text(&fake->mem, NULL, hostile[i]), NULL);
        cc_draft_yaml(root, &yaml);
        assert_true(cc_text_starts(yaml.text, "k: '") || cc_text_starts(yaml.text, "k: \"") ||
                    strstr(hostile[i], "back\\slash") == hostile[i]);
    }
}

static void a_value_with_a_variable_does_not_become_one(void **state)
{
    struct fake *fake = *state;
    static const char text[] = "Parameters:\n  P:\n    Type: String\nResources:\n"
                               "  A: !Sub 'x-${P}-${AWS::Region}'\n  B: !Sub '${P}'\n";
    struct cc_draft_node *root = NULL;
    struct cc_error err;

    assert_true(cc_draft_read(&fake->mem, text, strlen(text), &root, &err));
    cc_draft_set(&fake->mem, root, "P", cc_draft_text(&fake->mem, NULL, "${Secret}"));
    cc_draft_fold(&fake->mem, root);
    const struct cc_draft_node *resources = cc_draft_in(root, "Resources");
    assert_string_equal(cc_draft_in(resources, "A")->text, "x-${!Secret}-${AWS::Region}");
    assert_string_equal(cc_draft_in(resources, "A")->tag, "Sub");
    assert_string_equal(cc_draft_text_in(resources, "B"), "${Secret}");
    assert_null(cc_draft_in(root, "Parameters"));
}

static void what_is_made_of_a_parameter_goes_with_it(void **state)
{
    struct fake *fake = *state;
    static const char text[] = "Parameters:\n  P:\n    Type: String\n  Q:\n    Type: String\n"
                               "Resources:\n"
                               "  Map:\n    a: !Ref P\n    b: !Ref Q\n"
                               "  Only:\n    deep:\n      a: !Sub '${P}'\n"
                               "  List:\n    - {Name: N, Value: !Ref P}\n    - {Name: M}\n"
                               "  Script: !Sub |\n    one\n    two ${P}\n    three\n";
    struct cc_draft_node *root = NULL;
    struct cc_error err;

    assert_true(cc_draft_read(&fake->mem, text, strlen(text), &root, &err));
    cc_draft_drop(&fake->mem, root, "P");
    assert_string_equal(
        cc_draft_json_text(&fake->mem, root),
        "{\"Parameters\":{\"Q\":{\"Type\":\"String\"}},\"Resources\":{\"Map\":{\"b\":{\"Ref\":"
        "\"Q\"}},\"List\":[{\"Name\":\"M\"}],\"Script\":{\"Fn::Sub\":\"one\\nthree\\n\"}}}");
}

static void a_tree_that_is_too_deep_is_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 4096);
    struct cc_draft_node *root = NULL;
    struct cc_error err;

    cc_buf_text(&text, "a: ");
    for (int i = 0; i < CC_DRAFT_DEPTH + 1; i++) {
        cc_buf_text(&text, "[");
    }
    assert_false(cc_draft_read(&fake->mem, text.text, text.len, &root, &err));
    assert_int_equal(err.code, CC_E_INTERNAL);
    assert_false(cc_draft_read(&fake->mem, "a: [", 4, &root, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(any_text_is_read_back_as_it_was_written),
        IN_FAKE_WORLD(only_what_all_readers_take_for_a_string_is_without_quotes),
        IN_FAKE_WORLD(a_value_with_a_variable_does_not_become_one),
        IN_FAKE_WORLD(what_is_made_of_a_parameter_goes_with_it),
        IN_FAKE_WORLD(a_tree_that_is_too_deep_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
