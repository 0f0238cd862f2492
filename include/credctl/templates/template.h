#ifndef CREDCTL_TEMPLATES_TEMPLATE_H
#define CREDCTL_TEMPLATES_TEMPLATE_H

/* The CloudFormation templates of templates/, which are part of the program. */

#include "credctl/base/compiler.h"

#include <stddef.h>

/* A file, byte for byte; a zero follows. */
struct cc_blob {
    const unsigned char *bytes;
    size_t len;
};

enum cc_template_side {
    CC_SIDE_HOST,     /* the role that credctl runs as */
    CC_SIDE_TARGET,   /* the role that is assumed */
    CC_SIDE_STACKSET, /* that role in many accounts */
    CC_SIDE_DEPLOY,   /* all of a deployment */
};

struct cc_template {
    const char *name; /* templates/NAME.yaml */
    const char *about;
    enum cc_template_side side;
    const char *role;       /* the resource that is the role; NULL: none */
    const char *nowhere;    /* a partition that does not have the service; NULL: none */
    const char *lacking;    /* a partition that does not have ... */
    const char *lacking_is; /* ... this */
    const char *lacks[4];   /* the resources and outputs that are it */
    const struct cc_blob *blob;
};

extern const struct cc_template cc_templates[]; /* ends with a row without a name */

/* NULL: there is none of this name. */
const struct cc_template *cc_template_named(const char *name);
/* All names; ends with NULL. */
struct cc_arena;
const char *const *cc_template_names(struct cc_arena *mem);

#endif
