#ifndef CREDCTL_COMMANDS_FORMATS_H
#define CREDCTL_COMMANDS_FORMATS_H

#include "credctl/aws/keys.h"
#include "credctl/base/buf.h"

/* The credentials to write. */
struct cc_handout {
    const struct cc_keys *keys;
    const char *region;  /* NULL when not known */
    const char *section; /* name of the section of the ini format */
};

struct cc_format {
    const char *name;
    void (*write)(const struct cc_handout *handout, struct cc_buf *out);
    void (*unset)(
        struct cc_buf *out); /* lines that unset the variables; NULL when there are none */
    /*
     * Characters that it cannot write safely, including control characters; NULL: it can write all.
     */
    const char *cannot;
};

extern const struct cc_format cc_formats[]; /* ends with a row without a name */
extern const char *const cc_format_names[];

/* Checks that readers of this format read the same values. Fails with CC_E_BAD_KEYS. */
CC_MUST_USE bool cc_handout_fits(const struct cc_handout *handout, const struct cc_format *format,
                                 struct cc_error *err);

/* For the github format: the lines for $GITHUB_ENV (the masks are what `write` prints). */
void cc_github_variables(const struct cc_handout *handout, struct cc_buf *out);

#endif
