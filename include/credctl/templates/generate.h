#ifndef CREDCTL_TEMPLATES_GENERATE_H
#define CREDCTL_TEMPLATES_GENERATE_H

/*
 * Makes a template for one account from one of templates/. What is known is written into it, so
 * that it needs no parameter for it and no Condition. Pure, and the same for the same input.
 */

#include "credctl/policy/document.h"
#include "credctl/templates/template.h"

#include <stdint.h>

#define CC_TEMPLATE_BODY_MAX 51200 /* TemplateBody (CloudFormation quotas) */

/* A parameter of a template. Texts may be NULL. */
struct cc_parameter {
    const char *name;
    const char *type;
    const char *usual; /* its default; NULL: it must be given */
    const char *about;
    const char *constraint;
    const char *const *allowed; /* ends with NULL; NULL: not a list */
};

struct cc_parameters {
    const struct cc_parameter *rows;
    size_t count;
};

/* A parameter whose value is known. */
struct cc_setting {
    const char *parameter;
    const char *source;        /* in messages: "--role-name" */
    const char *const *values; /* ends with NULL; more than one for a list */
};

/* Whom the target role trusts. */
enum cc_trust {
    CC_TRUST_ROOT,   /* the account of the hosting role, with a condition on its ARN */
    CC_TRUST_PINNED, /* the hosting role: another one of the same name is not trusted */
    CC_TRUST_ORG,    /* the organization, and the hosting role when it is given */
};

struct cc_generation {
    const struct cc_template *template;
    bool json;
    const char *partition; /* "aws" */
    const char *account;   /* that it is for; NULL: any */
    const struct cc_setting *settings;
    size_t setting_count;
    bool no_external_id;
    enum cc_trust trust;
    int64_t revision; /* of a pinned trust: IAM looks the role up again; 0: the first */
    const char *organization;
    bool session_tags;
    const char *const *tools;       /* only their permissions; NULL: of all */
    const struct cc_policy *policy; /* more permissions; or NULL */
    const char *boundary;
    const char *const *managed_policies;
    const char *const *tags; /* "KEY=VALUE" */
    bool vpc;
    bool existing_provider;
};

/* A statement that allows something to the role. */
struct cc_grant {
    const char *sid;
    const char *const *actions; /* ends with NULL */
};

struct cc_generated {
    const char *text;
    size_t len;
    struct cc_parameters parameters; /* those that are left */
    const char *role_name;           /* of the role; NULL: a parameter without a default has it */
    const char *role_path;
    const struct cc_grant *grants; /* of the role and its policies; ends with a row without a sid */
};

/* Fails with CC_E_USAGE: an option that this kind of template does not have, or a value that is
 * not valid. */
CC_MUST_USE bool cc_generate(struct cc_arena *mem, const struct cc_generation *generation,
                             struct cc_generated *generated, struct cc_error *err);

/* The parameters of a template as it lies in templates/. */
CC_MUST_USE bool cc_template_parameters(struct cc_arena *mem, const struct cc_template *template,
                                        struct cc_parameters *parameters, struct cc_error *err);

#endif
