#ifndef CREDCTL_AWS_PROFILE_H
#define CREDCTL_AWS_PROFILE_H

/*
 * What the shared config and credentials files say, once they are read (aws/shared_files.h) in
 * their grammar (aws/ini.h). All texts live in the arena they were read into.
 */

#include "credctl/base/error.h"

#include <stdbool.h>

/* A property and where it stands, for messages. */
struct cc_property {
    const char *key; /* lower case */
    const char
        *value; /* continuation lines joined with \n; "" for a property with sub-properties */
    const char *file;
    int line;
    int continued; /* the line that continues the value; 0: the value is one line */
    int comment;   /* an indented comment line that became a part of the value; 0: none */
    const struct cc_property *nested; /* sub-properties, or NULL */
    const struct cc_property *next;
};

enum cc_section_kind { CC_SECTION_PROFILE, CC_SECTION_SSO_SESSION, CC_SECTION_SERVICES };

struct cc_section {
    enum cc_section_kind kind;
    const char *name;
    const char *file; /* where it was first seen */
    int line;
    const struct cc_property *properties; /* the newest first: the last one in the files wins */
    const struct cc_section *next;
};

/* A section or property that nothing reads, because of its name. */
struct cc_ignored {
    const char *file;
    int line;
    const char *section; /* its title, printable, cut; NULL: a property, whose line may be secret */
    const char *why;
    const struct cc_ignored *next;
};

struct cc_profiles {
    const char *config_file; /* as it was looked for */
    const char *credentials_file;
    bool config_read; /* it exists, and was read */
    bool credentials_read;
    /* Why a file at its default place was passed over as if it did not exist; NULL: none was. */
    const struct cc_error *unread;
    const struct cc_ignored *ignored; /* in the order of the files */
    const struct cc_section *sections;
};

const struct cc_section *cc_profiles_section(const struct cc_profiles *profiles,
                                             enum cc_section_kind kind, const char *name);
/* NULL when there is none, or its value is blank; sub-properties are no value. */
const struct cc_property *cc_section_property(const struct cc_section *section, const char *key);
const char *cc_section_value(const struct cc_section *section, const char *key);
/* The first sub-property of a property, newest first; NULL when it has none. */
const struct cc_property *cc_section_nested(const struct cc_section *section, const char *key);

/*
 * True when the value is a single line. Otherwise an indented line below it, often a comment,
 * became a part of it: fails with CC_E_CONFIG and names both lines. NULL is true.
 */
CC_MUST_USE bool cc_property_one_line(const struct cc_property *property, struct cc_error *err);
/* The same, and true only when no character in it is invisible (cc_text_unseen). */
CC_MUST_USE bool cc_property_clean(const struct cc_property *property, struct cc_error *err);

#endif
