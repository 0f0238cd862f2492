#ifndef CREDCTL_TEMPLATES_FINDING_H
#define CREDCTL_TEMPLATES_FINDING_H

/*
 * What is wrong with a template. Each code is one row: its name, the severity, one line about it
 * (docs/validate-template.md), and the remedy that is used when the place knows no better one.
 * Where IAM Access Analyzer has a finding for the same, its name is used.
 */

#include "credctl/base/arena.h"
#include "credctl/templates/codes.h"

#include <stdbool.h>
#include <stddef.h>

/* From the worst to the least. */
enum cc_template_severity {
    CC_SEVERITY_ERROR,
    CC_SEVERITY_SECURITY,
    CC_SEVERITY_WARNING,
    CC_SEVERITY_NOTE
};

/* The word for each, by its number; ends with NULL. */
extern const char *const cc_template_severity_words[];

enum cc_template_code {
#define X(name, severity, about, fix) CC_T_##name,
    CC_TEMPLATE_CODES(X)
#undef X
        CC_T_COUNT
};

struct cc_template_row {
    const char *name;
    enum cc_template_severity severity;
    const char *about; /* lower case, no full stop */
    const char *fix;
};

/* By enum cc_template_code. */
extern const struct cc_template_row cc_template_rows[];
/* CC_T_COUNT: there is no such code. */
enum cc_template_code cc_template_code_named(const char *name);

/* Texts are printable and on one line. */
struct cc_template_finding {
    const char *file; /* NULL, until the caller sets it */
    int line;         /* from 1 */
    int column;       /* in characters, from 1 */
    int severity;     /* enum cc_template_severity */
    const char *code;
    const char *path; /* "Resources.Role.Properties"; "" for the whole template */
    const char *message;
    const char *fix;
};

struct cc_template_report {
    struct cc_template_finding *findings; /* by place */
    size_t count;
};

/*
 * Checks one template, in YAML or JSON. It never fails: what cannot be read is a finding. `text` is
 * terminated at `len`; more than CC_TEMPLATE_MAX bytes are a finding too.
 */
struct cc_template_report cc_template_validate(struct cc_arena *mem, const char *text, size_t len);

/* Is it a CloudFormation template, as far as its words tell? */
bool cc_template_looks(const char *text);

struct cc_node;

/* Only reads it. *root is NULL when it cannot be read. */
struct cc_template_report cc_template_read(struct cc_arena *mem, const char *text, size_t len,
                                           const struct cc_node **root);

#endif
