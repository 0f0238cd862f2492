#ifndef CREDCTL_COMMANDS_FORMATS_H
#define CREDCTL_COMMANDS_FORMATS_H

#include "credctl/aws/keys.h"
#include "credctl/base/buf.h"

/* What is handed out. */
struct cc_handout {
    const struct cc_keys *keys;
    const char *region;  /* NULL when not known */
    const char *section; /* name of the section of the ini format */
};

struct cc_format {
    const char *name;
    void (*write)(const struct cc_handout *handout, struct cc_buf *out);
    void (*unset)(struct cc_buf *out); /* lines that take it back; NULL when there are none */
    /* Characters it has no sure way to write, control characters among them; NULL: it writes all.
     */
    const char *cannot;
};

extern const struct cc_format cc_formats[]; /* ends with a row without a name */
extern const char *const cc_format_names[];

/* Can it be written in this format, so that its readers read the same? Fails with CC_E_BAD_KEYS. */
CC_MUST_USE bool cc_handout_fits(const struct cc_handout *handout, const struct cc_format *format,
                                 struct cc_error *err);

/* For the github format: the lines for $GITHUB_ENV (the masks are what `write` prints). */
void cc_github_variables(const struct cc_handout *handout, struct cc_buf *out);

#endif
