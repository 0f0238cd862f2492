#ifndef SRC_AWS_TITLE_H
#define SRC_AWS_TITLE_H

/* The title of a section in the shared files: the text between its brackets. */

#include "credctl/aws/profile.h"
#include "credctl/base/arena.h"

struct cc_title {
    enum cc_section_kind kind;
    const char *name; /* NULL: this section is ignored ... */
    const char *why;  /* ... and why; NULL: it belongs to another tool */
    bool prefixed;    /* [profile default] and not [default] */
};

/* The closing bracket of a line that begins with '['; NULL when there is none. */
const char *cc_title_end(const char *line);

/* `title` is trimmed. Never fails: an invalid title has no name. */
struct cc_title cc_title_read(struct cc_arena *mem, const char *title, bool credentials);

#endif
