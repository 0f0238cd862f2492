#include "credctl/base/text.h"

#include "lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const cc_template_severity_words[] = {"error", "security", "warning", "note", NULL};

const struct cc_template_row cc_template_rows[] = {
#define X(name, severity, about, fix) {#name, CC_SEVERITY_##severity, about, fix},
    CC_TEMPLATE_CODES(X)
#undef X
        {0},
};

enum cc_template_code cc_template_code_named(const char *name)
{
    int code = 0;

    while (code < CC_T_COUNT && !cc_text_equal(cc_template_rows[code].name, name)) {
        code++;
    }
    return (enum cc_template_code)code;
}

static struct cc_template_finding *more_room(struct cc_lint *lint)
{
    if (lint->count == lint->room) {
        struct cc_template_finding *before = lint->findings;

        lint->room = lint->room ? 2 * lint->room : 32;
        lint->findings = cc_alloc(lint->mem, lint->room * sizeof(*before));
        if (before) {
            memcpy(lint->findings, before, lint->count * sizeof(*before));
        }
    }
    return &lint->findings[lint->count++];
}

#define MESSAGE_MAX 600

CC_PRINTF(2, 0)
static const char *written(struct cc_lint *lint, const char *format, va_list arguments)
{
    char text[MESSAGE_MAX];

    vsnprintf(text, sizeof(text), format, arguments);
    return cc_text_printable(lint->mem, text);
}

static void add(struct cc_lint *lint, struct cc_place place, const char *path,
                enum cc_template_code code, const char *message)
{
    const struct cc_template_row *row = &cc_template_rows[code];

    if (lint->count >= CC_FINDINGS_MAX) {
        lint->too_many = true;
        return;
    }
    *more_room(lint) = (struct cc_template_finding){
        .line = place.line > 0 ? place.line : 1,
        .column = place.column > 0 ? place.column : 1,
        .severity = (int)row->severity,
        .code = row->name,
        .path = cc_text_printable(lint->mem, path),
        .message = message,
        .fix = row->fix,
    };
}

void cc_found(struct cc_lint *lint, const struct cc_node *node, enum cc_template_code code,
              const char *message, ...)
{
    const struct cc_place place = {node ? node->line : 1, node ? node->column : 1};
    va_list arguments;

    va_start(arguments, message);
    add(lint, place, node ? cc_node_path(lint->mem, node) : "", code,
        written(lint, message, arguments));
    va_end(arguments);
}

void cc_found_at_name(struct cc_lint *lint, const struct cc_node *node, enum cc_template_code code,
                      const char *message, ...)
{
    const struct cc_place place = {node->name_line ? node->name_line : node->line,
                                   node->name_line ? node->name_column : node->column};
    va_list arguments;

    va_start(arguments, message);
    add(lint, place, cc_node_path(lint->mem, node), code, written(lint, message, arguments));
    va_end(arguments);
}

void cc_found_at(struct cc_lint *lint, struct cc_place place, enum cc_template_code code,
                 const char *message, ...)
{
    va_list arguments;

    va_start(arguments, message);
    add(lint, place, "", code, written(lint, message, arguments));
    va_end(arguments);
}

void cc_found_fix(struct cc_lint *lint, const char *fix, ...)
{
    va_list arguments;

    if (lint->count == 0 || lint->too_many) {
        return;
    }
    va_start(arguments, fix);
    lint->findings[lint->count - 1].fix = written(lint, fix, arguments);
    va_end(arguments);
}

void cc_found_is(struct cc_lint *lint, enum cc_template_code code, const struct cc_node *node)
{
    const struct cc_template_row *row = &cc_template_rows[code];

    if (lint->count > 0 && !lint->too_many) {
        struct cc_template_finding *last = &lint->findings[lint->count - 1];

        last->code = row->name;
        last->severity = (int)row->severity;
        last->fix = row->fix;
        last->path = cc_text_printable(lint->mem, cc_node_path(lint->mem, node));
    }
}

void cc_found_only(struct cc_lint *lint, enum cc_template_severity severity)
{
    if (lint->count > 0 && !lint->too_many) {
        lint->findings[lint->count - 1].severity = (int)severity;
    }
}
