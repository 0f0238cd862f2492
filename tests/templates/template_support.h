#ifndef TESTS_TEMPLATES_TEMPLATE_SUPPORT_H
#define TESTS_TEMPLATES_TEMPLATE_SUPPORT_H

/* Templates and what is found in them. */

#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/templates/finding.h"
#include "credctl/templates/node.h"

#include "support/test.h"

struct one_template {
    const char *text;
    const char *finds; /* "CODE line CODE line", without notes; "" for none */
};

static inline const char *found_in(struct cc_arena *mem, const char *text, size_t len)
{
    const struct cc_template_report report = cc_template_validate(mem, text, len);
    struct cc_buf out = cc_buf_new(mem, 100000);

    for (size_t i = 0; i < report.count; i++) {
        const struct cc_template_finding *one = &report.findings[i];

        assert_true(one->line > 0 && one->column > 0);
        assert_true(one->message[0] && one->fix[0] && one->path);
        if (one->severity != CC_SEVERITY_NOTE) {
            cc_buf_addf(&out, "%s%s %d", out.len ? " " : "", one->code, one->line);
        }
    }
    return out.text;
}

static inline void check_each(const struct one_template *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cc_arena mem = {0};
        const char *found = found_in(&mem, rows[i].text, strlen(rows[i].text));

        if (strcmp(found, rows[i].finds) != 0) {
            print_error("row %zu:\n%s\n", i, rows[i].text);
        }
        assert_string_equal(found, rows[i].finds);
        cc_arena_wipe(&mem);
    }
}

#define CHECK(rows) check_each(rows, CC_COUNT(rows))

/* The finding, which is the only one. */
static inline const struct cc_template_finding *only_finding(struct cc_arena *mem, const char *text,
                                                             const char *code)
{
    const struct cc_template_report report = cc_template_validate(mem, text, strlen(text));

    assert_int_equal(report.count, 1);
    assert_string_equal(report.findings[0].code, code);
    return &report.findings[0];
}

/* A resource that is right, in three lines. */
#define QUEUE      \
    "Resources:\n" \
    "  Q:\n"       \
    "    Type: AWS::SQS::Queue\n"

/* A role; the rest of the statement of its trust policy begins in line 9. */
#define ROLE_WITH(statement)            \
    "Resources:\n"                      \
    "  Role:\n"                         \
    "    Type: AWS::IAM::Role\n"        \
    "    Properties:\n"                 \
    "      AssumeRolePolicyDocument:\n" \
    "        Version: '2012-10-17'\n"   \
    "        Statement:\n"              \
    "          - Effect: Allow\n"       \
    "            " statement "\n"

/* A role for EC2; the rest of a statement of its inline policy begins in line 17. */
#define POLICY_WITH(statement)                            \
    ROLE_WITH("Principal: {Service: ec2.amazonaws.com}\n" \
              "            Action: sts:AssumeRole")       \
    "      Policies:\n"                                   \
    "        - PolicyName: p\n"                           \
    "          PolicyDocument:\n"                         \
    "            Version: '2012-10-17'\n"                 \
    "            Statement:\n"                            \
    "              - Effect: Allow\n"                     \
    "                " statement "\n"

/* One resource; its properties are in line 4. */
#define RESOURCE(type, properties) \
    "Resources:\n  R:\n    Type: AWS::" type "\n    Properties: " properties "\n"

#endif
