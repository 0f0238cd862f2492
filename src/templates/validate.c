#include "credctl/base/text.h"

#include "lint.h"
#include "types.h"

#include <stdlib.h>
#include <string.h>

static int by_place(const void *a, const void *b)
{
    const struct cc_template_finding *one = a;
    const struct cc_template_finding *other = b;

    if (one->line != other->line) {
        return one->line < other->line ? -1 : 1;
    }
    if (one->column != other->column) {
        return one->column < other->column ? -1 : 1;
    }
    if (one->severity != other->severity) {
        return one->severity < other->severity ? -1 : 1;
    }
    return strcmp(one->code, other->code);
}

static bool same(const struct cc_template_finding *one, const struct cc_template_finding *other)
{
    return one->line == other->line && one->column == other->column && one->code == other->code &&
           strcmp(one->message, other->message) == 0;
}

/* In order, each once: two ways through a condition can lead to the same finding. */
static void sort(struct cc_lint *lint)
{
    size_t kept = 0;

    if (lint->count == 0) {
        return;
    }
    qsort(lint->findings, lint->count, sizeof(*lint->findings), by_place);
    for (size_t i = 0; i < lint->count; i++) {
        if (kept == 0 || !same(&lint->findings[kept - 1], &lint->findings[i])) {
            lint->findings[kept++] = lint->findings[i];
        }
    }
    lint->count = kept;
}

static void check(struct cc_lint *lint)
{
    lint->types = cc_types_load(lint->mem);
    cc_lint_sections(lint);
    cc_lint_parameters(lint);
    cc_lint_mappings(lint);
    cc_lint_conditions(lint);
    cc_lint_rules(lint);
    cc_lint_resources(lint);
    cc_lint_types(lint);
    cc_lint_policies(lint);
    cc_lint_hosts(lint);
    cc_lint_ended(lint);
    cc_lint_networks(lint);
    cc_lint_usage(lint);
    cc_lint_outputs(lint);
    cc_lint_functions(lint);
    cc_lint_references(lint);
    cc_lint_circles(lint);
}

struct cc_template_report cc_template_read(struct cc_arena *mem, const char *text, size_t len,
                                           const struct cc_node **root)
{
    struct cc_lint lint = {.mem = mem, .text = text, .len = len};

    *root = cc_document_read(&lint);
    sort(&lint);
    return (struct cc_template_report){lint.findings, lint.count};
}

struct cc_template_report cc_template_validate(struct cc_arena *mem, const char *text, size_t len)
{
    struct cc_lint lint = {.mem = mem, .text = text, .len = len};

    lint.root = cc_document_read(&lint);
    if (lint.root && cc_node_is_null(lint.root)) {
        cc_found(&lint, lint.root, CC_T_MISSING_RESOURCES, "the template is null");
    } else if (lint.root &&
               cc_lint_kind(&lint, lint.root, CC_NODE_MAP, CC_T_INVALID_SECTION, "the template")) {
        check(&lint);
    }
    sort(&lint);
    if (lint.too_many) {
        lint.count--;
        cc_found(&lint, lint.root, CC_T_TOO_MANY_FINDINGS, "only %d findings are shown",
                 CC_FINDINGS_MAX - 1);
    }
    return (struct cc_template_report){lint.findings, lint.count};
}

bool cc_template_looks(const char *text)
{
    return strstr(text, "AWSTemplateFormatVersion") || strstr(text, "AWS::") ||
           cc_text_starts(text, "Resources:") || strstr(text, "\nResources:");
}
