#ifndef CREDCTL_AWS_PROFILE_H
#define CREDCTL_AWS_PROFILE_H

/*
 * The content of the shared config and credentials files, as read by aws/shared_files.h with the
 * grammar of aws/ini.h. All texts are in the arena of the reader.
 */

#include "credctl/base/error.h"

#include <stdbool.h>

/* A property and its place, for messages. */
struct cc_property {
    const char *key; /* lower case */
    const char
        *value; /* continuation lines joined with \n; "" for a property with sub-properties */
    const char *file;
    int line;
    int continued; /* the line that continues the value; 0: the value has one line */
    int comment;   /* an indented comment line that is part of the value; 0: none */
    const struct cc_property *nested; /* sub-properties, or NULL */
    const struct cc_property *next;
};

enum cc_section_kind { CC_SECTION_PROFILE, CC_SECTION_SSO_SESSION, CC_SECTION_SERVICES };

struct cc_section {
    enum cc_section_kind kind;
    const char *name;
    const char *file; /* where it was first seen */
    int line;
    const struct cc_property *properties; /* the last in the files comes first, and wins */
    const struct cc_section *next;
};

/* A section or property that is ignored because of its name. */
struct cc_ignored {
    const char *file;
    int line;
    const char *section; /* its title, printable, shortened; NULL: a property, whose line can
                            contain a secret */
    const char *why;
    const struct cc_ignored *next;
};

struct cc_profiles {
    const char *config_file; /* the path that was read */
    const char *credentials_file;
    bool config_read; /* it exists, and was read */
    bool credentials_read;
    /* Why a file at its default path was treated as missing; NULL: no file was. */
    const struct cc_error *unread;
    const struct cc_ignored *ignored; /* in the order of the files */
    const struct cc_section *sections;
};

const struct cc_section *cc_profiles_section(const struct cc_profiles *profiles,
                                             enum cc_section_kind kind, const char *name);
/* NULL when there is none, or its value is blank; sub-properties are not a value. */
const struct cc_property *cc_section_property(const struct cc_section *section, const char *key);
const char *cc_section_value(const struct cc_section *section, const char *key);
/* The first sub-property of a property, newest first; NULL when it has none. */
const struct cc_property *cc_section_nested(const struct cc_section *section, const char *key);

/*
 * True when the value is a single line. Otherwise an indented line below it, often a comment, is
 * part of it: fails with CC_E_CONFIG and names both lines. True for NULL.
 */
CC_MUST_USE bool cc_property_one_line(const struct cc_property *property, struct cc_error *err);
/* The same, and true only when no character in it is invisible (cc_text_unseen). */
CC_MUST_USE bool cc_property_clean(const struct cc_property *property, struct cc_error *err);

#endif
