#ifndef ROLLOUT_STEPS_H
#define ROLLOUT_STEPS_H

/* Parts of the instructions. */

#include "plan.h"

/* What a statement of this Sid is for; NULL: it is none of ours. */
const char *cc_purpose_of(const char *sid);

/*
 * Markdown of one kind of template, or NULL. {{Name}} stands for the value of that parameter, or
 * for its name in capitals when it is not known, and {{stack}}, {{region}}, {{suffix}} for what
 * they say.
 */
struct cc_steps {
    const char *kind;
    const char *before; /* what must be there */
    const char *check;  /* how to see that it works */
};

/* A row for each kind of template; ends with a row without a kind. */
extern const struct cc_steps cc_steps[];

#endif
