#ifndef CREDCTL_AWS_PROFILE_H
#define CREDCTL_AWS_PROFILE_H

/*
 * The shared config and credentials files, in the grammar of the AWS SDKs and Tools Reference
 * Guide ("Shared config and credentials files"); the finer rules and what each SDK makes of them:
 * docs/providers.md. At most 1 MiB a file.
 */

#include "credctl/world/world.h"

/* A property and where it stands, for messages. */
struct cc_property {
    const char *key; /* lower case */
    const char
        *value; /* continuation lines joined with \n; "" for a property with sub-properties */
    const char *file;
    int line;
    const struct cc_property *nested; /* sub-properties, or NULL */
    const struct cc_property *next;
};

enum cc_section_kind { CC_SECTION_PROFILE, CC_SECTION_SSO_SESSION, CC_SECTION_SERVICES };

struct cc_section {
    enum cc_section_kind kind;
    const char *name;
    const char *file; /* where it was first seen */
    int line;
    const struct cc_property *properties;
    const struct cc_section *next;
};

struct cc_profiles {
    const char *config_file; /* as it was looked for */
    const char *credentials_file;
    bool config_read; /* it exists */
    bool credentials_read;
    const struct cc_section *sections;
};

/*
 * Reads and merges both files. A file that is not there is no error. A file that cannot be read or
 * breaks the grammar fails with CC_E_CONFIG_SYNTAX (or CC_E_UNREADABLE), naming file and line.
 */
CC_MUST_USE bool cc_profiles_load(struct cc_run *run, struct cc_profiles *profiles,
                                  struct cc_error *err);

/* Parses one text; for tests and fuzzing. `credentials` selects the grammar of that file. */
CC_MUST_USE bool cc_profiles_parse(struct cc_arena *mem, struct cc_bytes content, const char *file,
                                   bool credentials, struct cc_profiles *into,
                                   struct cc_error *err);

const struct cc_section *cc_profiles_section(const struct cc_profiles *profiles,
                                             enum cc_section_kind kind, const char *name);
/* NULL when there is none, or its value is blank. */
const struct cc_property *cc_section_property(const struct cc_section *section, const char *key);
const char *cc_section_value(const struct cc_section *section, const char *key);

#endif
