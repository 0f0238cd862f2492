#include "template_support.h"

/* Sections, declarations, functions and what they refer to. */

#define USED "    Metadata: {used: !Ref P}\n"

static void sections_are_those_of_cloudformation(void **state)
{
    static const struct one_template rows[] = {
        {"Resource:\n  Q:\n    Type: AWS::SQS::Queue\n", "INVALID_SECTION 1 MISSING_RESOURCES 1"},
        {"Resources: {}\n", "MISSING_RESOURCES 1"},
        {"Resources: []\n", "INVALID_SECTION 1"},
        {"AWSTemplateFormatVersion: 2010-09-09\n" QUEUE, ""},
        {"AWSTemplateFormatVersion: 2012-10-17\n" QUEUE, "INVALID_FORMAT_VERSION 1"},
        {"Description: [a]\n" QUEUE, "INVALID_SECTION 1"},
        {"Metadata: {a: !Anything {b: c}}\n" QUEUE, "UNKNOWN_TAG 1"},
        {"Globals: {}\n" QUEUE, "INVALID_SECTION 1"},
        {"Transform: AWS::Serverless-2016-10-31\nGlobals: {}\n" QUEUE, ""},
        {"Fn::Transform: {Name: AWS::Include}\n", ""},
    };

    (void)state;
    CHECK(rows);
}

#define DECLARED(parameter) "Parameters: {P: " parameter "}\n" QUEUE USED

static void parameters_are_declared_as_cloudformation_expects(void **state)
{
    static const struct one_template rows[] = {
        {DECLARED("{Type: String}"), ""},
        {DECLARED("{Type: List<AWS::EC2::Subnet::Id>}"), ""},
        {DECLARED("{Type: AWS::SSM::Parameter::Value<List<String>>}"), ""},
        {DECLARED("{Type: Strin}"), "INVALID_PARAMETER 1"},
        {DECLARED("{Default: a}"), "INVALID_PARAMETER 1"},
        {DECLARED("{Type: String, Defualt: a}"), "INVALID_PARAMETER 1"},
        {DECLARED("{Type: String, Default: !Ref AWS::Region}"), "INVALID_PARAMETER 1"},
        {DECLARED("{Type: String, Default: [a]}"), "INVALID_PARAMETER 1"},
        {DECLARED("{Type: String, NoEcho: true, Default: secret}"), "PASSWORD_DEFAULT 1"},
        {DECLARED("{Type: String, NoEcho: true, Default: ''}"), ""},
        {"Parameters: {P-: {Type: String}}\n" QUEUE "    Metadata: {used: !Ref P-}\n",
         "INVALID_NAME 1"},
        {"Parameters: {P: {Type: String}}\n" QUEUE, "UNUSED_PARAMETER 1"},
        {"Parameters: {Q: {Type: String}}\n" QUEUE
         "  P:\n    Type: AWS::SQS::Queue\n    Metadata: !Ref Q\n",
         "DUPLICATE_NAME 3"},
    };

    (void)state;
    CHECK(rows);
}

static void a_default_meets_its_own_constraints(void **state)
{
    static const struct one_template rows[] = {
        {DECLARED("{Type: String, Default: a, AllowedValues: [a, b]}"), ""},
        {DECLARED("{Type: String, Default: c, AllowedValues: [a, b]}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: Number, Default: 3, AllowedValues: [1, 3]}"), ""},
        {DECLARED("{Type: Number, Default: x}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: Number, Default: 3, MaxValue: 2}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: Number, Default: 3, MinValue: 4}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: String, Default: \xc3\xa9, MaxLength: 1}"), ""},
        {DECLARED("{Type: String, Default: ab, MaxLength: 1}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: String, Default: ab, MinLength: 3}"), "INVALID_DEFAULT 1"},
        {DECLARED("{Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b]}"), ""},
    };

    (void)state;
    CHECK(rows);
}

/* AllowedPattern matches the whole text. */
static void patterns_are_those_of_java(void **state)
{
#define ARN "^arn:aws(-[a-z]+)*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}$"
    static const struct {
        const char *pattern;
        const char *text;
        const char *finds;
    } rows[] = {
        {"a", "a", ""},
        {"a", "ab", "INVALID_DEFAULT 1"},
        {"^[\\w+=,.@-]{1,64}$", "credctl-mcp", ""},
        {"^[\\w+=,.@-]{1,3}$", "credctl", "INVALID_DEFAULT 1"},
        {"^(o-[a-z0-9]{10,32})?$", "", ""},
        {"^(o-[a-z0-9]{10,32})?$", "o-1", "INVALID_DEFAULT 1"},
        {ARN, "arn:aws-us-gov:iam::123456789012:role/a/b", ""},
        {ARN, "arn:aws:iam::12345678901:role/a", "INVALID_DEFAULT 1"},
        {"a|bc|d*", "ddd", ""},
        {"a|bc|d*", "bd", "INVALID_DEFAULT 1"},
        {"(ab|c)+", "abcab", ""},
        {"(?:a|b){2,}", "a", "INVALID_DEFAULT 1"},
        {"[^a-c]+?", "xyz", ""},
        {"[^a-c]+", "xbz", "INVALID_DEFAULT 1"},
        {"\\x41\\u0042", "AB", ""},
        {"[]a]+", "]a", ""},
        {".*", "any thing", ""},
        {"\\D\\S\\W", "aa-", ""},
        {"\\p{L}+", "abc", ""},
        {"(?=.*x)[a-z]*", "axb", ""},
        {"(?i)ABC", "abc", ""},
        {"(a)\\1", "ab", ""},
        {"(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "INVALID_DEFAULT 1"},
        {"\xc3\xa9?", "\xc3\xa9", ""},
        {"[", "a", "INVALID_PARAMETER 1"},
        {"(", "a", "INVALID_PARAMETER 1"},
        {"a{2,1}", "a", "INVALID_PARAMETER 1"},
        {"*", "a", "INVALID_PARAMETER 1"},
        {"a{", "a{", ""},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_arena mem = {0};
        const char *text = cc_textf(
            &mem, "Parameters: {P: {Type: String, AllowedPattern: '%s', Default: '%s'}}\n%s",
            rows[i].pattern, rows[i].text, QUEUE USED);
        const char *found = found_in(&mem, text, strlen(text));

        if (strcmp(found, rows[i].finds) != 0) {
            print_error("%s against %s\n", rows[i].pattern, rows[i].text);
        }
        assert_string_equal(found, rows[i].finds);
        cc_arena_wipe(&mem);
    }
}

#define VALUE(text) QUEUE "    Metadata: " text "\n"
#define LET(text)   "Conditions: {C: " text "}\n" QUEUE "    Condition: C\n"

static void functions_have_the_arguments_that_they_take(void **state)
{
    static const struct one_template rows[] = {
        {VALUE("!Join ['', [a, b]]"), ""},
        {VALUE("!Join ['', a]"), "INVALID_FUNCTION 4"},
        {VALUE("!Join [a]"), "INVALID_FUNCTION 4"},
        {VALUE("!Join a"), "INVALID_FUNCTION 4"},
        {VALUE("!Select [1, [a, b]]"), ""},
        {VALUE("!Select [x, [a, b]]"), "INVALID_FUNCTION 4"},
        {VALUE("!Select [2, [a, b]]"), "INVALID_FUNCTION 4"},
        {VALUE("!Select [0, !GetAZs '']"), ""},
        {VALUE("!Split [',', 'a,b']"), ""},
        {VALUE("!Split [',']"), "INVALID_FUNCTION 4"},
        {VALUE("!Sub [a, b, c]"), "INVALID_FUNCTION 4"},
        {VALUE("!Sub ['${a}', {a: 1, b: 2}]"), "UNUSED_VARIABLE 4"},
        {VALUE("!Sub '${!x} ${AWS::Region}'"), ""},
        {VALUE("!Sub '${}'"), "INVALID_FUNCTION 4"},
        {VALUE("!GetAtt P"), "INVALID_FUNCTION 4"},
        {VALUE("!Base64 {Ref: AWS::Region}"), ""},
        {VALUE("!Base64 [a]"), "INVALID_FUNCTION 4"},
        {VALUE("{Fn::Joined: a}"), "UNKNOWN_FUNCTION 4"},
        {VALUE("{Fn::Sub: a, b: c}"), "INVALID_FUNCTION 4"},
        {VALUE("!Length [a]"), "INVALID_FUNCTION 4"},
        {"Transform: AWS::LanguageExtensions\n" VALUE("!Length [a]"), ""},
        {VALUE("!Cidr [10.0.0.0/16, 2, 8]"), ""},
        {VALUE("!ImportValue {Fn::Sub: '${AWS::StackName}-x'}"), ""},
        {VALUE("!If [a]"), "INVALID_FUNCTION 4 UNKNOWN_REFERENCE 4"},
        {LET("!Equals [a]"), "INVALID_FUNCTION 1"},
        {LET("!Not [a]"), "INVALID_FUNCTION 1"},
        {LET("!Or [!Equals [a, b], !Equals [c, d]]"), ""},
        {LET("a"), "INVALID_CONDITION 1"},
    };

    (void)state;
    CHECK(rows);
}

#define OTHER(text)  QUEUE "  P:\n    Type: AWS::SQS::Queue\n    Metadata: " text "\n"
#define LOOKUP(text) "Mappings: {M: {a: {b: c}}}\n" VALUE("!FindInMap [M, " text "]")

static void what_functions_refer_to_exists(void **state)
{
    static const struct one_template rows[] = {
        {VALUE("!Ref AWS::AcountId"), "UNKNOWN_REFERENCE 4"},
        {VALUE("!Ref Nothing"), "UNKNOWN_REFERENCE 4"},
        {VALUE("!Sub 'a ${Nothing}'"), "UNKNOWN_REFERENCE 4"},
        {VALUE("!Sub ['${Var}', {Var: !Ref Nothing}]"), "UNKNOWN_REFERENCE 4"},
        {OTHER("!Sub '${Q.Arn} ${Q.Nope}'"), "UNKNOWN_ATTRIBUTE 6"},
        {OTHER("!GetAtt [Q, Arn]"), ""},
        {OTHER("{Fn::GetAtt: Q.Arn}"), ""},
        {OTHER("!GetAtt Q.Arnn"), "UNKNOWN_ATTRIBUTE 6"},
        {OTHER("!GetAtt X.Arn"), "UNKNOWN_REFERENCE 6"},
        {QUEUE "    DependsOn: X\n", "UNKNOWN_REFERENCE 4"},
        {QUEUE "    DependsOn: [!Ref X]\n", "INVALID_RESOURCE 4 UNKNOWN_REFERENCE 4"},
        {QUEUE "    Condition: X\n", "UNKNOWN_REFERENCE 4"},
        {VALUE("!FindInMap [M, a, b]"), "UNKNOWN_REFERENCE 4"},
        {LOOKUP("a, b"), ""},
        {LOOKUP("a, z"), "UNKNOWN_MAPPING_KEY 5"},
        {LOOKUP("z, b"), "UNKNOWN_MAPPING_KEY 5"},
        {LOOKUP("!Ref AWS::Region, z"), "UNKNOWN_MAPPING_KEY 5"},
        {"Mappings: {M: {a: {b: c}}}\n" QUEUE, "UNUSED_MAPPING 1"},
        {"Mappings: {M: {a: b}}\n" VALUE("!FindInMap [M, !Ref AWS::Region, b]"),
         "INVALID_MAPPING 1"},
        {"Conditions: {C: !Equals [a, b]}\n" QUEUE, "UNUSED_CONDITION 1"},
        {"Conditions: {C: !Equals [a, b], D: !Not [{Condition: C}]}\n" QUEUE "    Condition: D\n",
         ""},
        {"Transform: Macro\n" VALUE("!Ref Nothing"), ""},
        {"Transform: Macro\n" VALUE("!Ref AWS::Nothing"), "UNKNOWN_REFERENCE 5"},
    };

    (void)state;
    CHECK(rows);
}

static void circles_are_told_where_they_close(void **state)
{
    static const struct one_template rows[] = {
        {VALUE("!Ref Q"), "CIRCULAR_DEPENDENCY 4"},
        {QUEUE "    DependsOn: P\n  P:\n    Type: AWS::SQS::Queue\n    Metadata: !Sub '${Q}'\n",
         "CIRCULAR_DEPENDENCY 7"},
        {"Conditions: {C: {Condition: D}, D: {Condition: C}}\n" QUEUE "    Condition: C\n",
         "CIRCULAR_DEPENDENCY 1"},
        {QUEUE "    DependsOn: P\n  P:\n    Type: AWS::SQS::Queue\n    DependsOn: R\n  R:\n"
               "    Type: AWS::SQS::Queue\n",
         ""},
    };
    struct cc_arena mem = {0};

    (void)state;
    CHECK(rows);
    assert_string_equal(only_finding(&mem, rows[1].text, "CIRCULAR_DEPENDENCY")->message,
                        "circular dependency: Q -> P -> Q");
    cc_arena_wipe(&mem);
}

static void outputs_rules_and_resources_have_their_form(void **state)
{
    static const struct one_template rows[] = {
        {QUEUE "Outputs: {O: {Value: !Ref Q, Export: {Name: n}}}\n", ""},
        {QUEUE "Outputs: {O: {Value: [a]}}\n", "INVALID_OUTPUT 4"},
        {QUEUE "Outputs: {O: {Value: {a: b}}}\n", "INVALID_OUTPUT 4"},
        {QUEUE "Outputs: {O: {Val: a}}\n", "INVALID_OUTPUT 4 INVALID_OUTPUT 4"},
        {QUEUE "Outputs: {O: {Value: a, Export: n}}\n", "INVALID_OUTPUT 4"},
        {"Parameters: {P: {Type: CommaDelimitedList}}\n" QUEUE "Outputs: {O: {Value: !Ref P}}\n",
         "INVALID_OUTPUT 5"},
        {QUEUE "Rules: {R: {Assertions: [{Assert: !Equals [a, b]}]}}\n", ""},
        {QUEUE "Rules: {R: {RuleCondition: !Equals [a, b]}}\n", "INVALID_RULE 4"},
        {QUEUE "    Propertes: {}\n", "INVALID_RESOURCE 4"},
        {QUEUE "    DeletionPolicy: Keep\n", "INVALID_RESOURCE 4"},
        {QUEUE "    Properties: []\n", "INVALID_RESOURCE 4"},
        {QUEUE "  P: {}\n", "INVALID_RESOURCE 4"},
        {QUEUE "  P: text\n", "INVALID_RESOURCE 4"},
        {QUEUE "  P-1:\n    Type: AWS::SQS::Queue\n", "INVALID_NAME 4"},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_are_those_of_cloudformation),
        cmocka_unit_test(parameters_are_declared_as_cloudformation_expects),
        cmocka_unit_test(a_default_meets_its_own_constraints),
        cmocka_unit_test(patterns_are_those_of_java),
        cmocka_unit_test(functions_have_the_arguments_that_they_take),
        cmocka_unit_test(what_functions_refer_to_exists),
        cmocka_unit_test(circles_are_told_where_they_close),
        cmocka_unit_test(outputs_rules_and_resources_have_their_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
