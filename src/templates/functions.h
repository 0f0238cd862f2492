#ifndef TEMPLATES_FUNCTIONS_H
#define TEMPLATES_FUNCTIONS_H

/* What functions refer to. */

#include "lint.h"

/* Names of AWS that Ref and Fn::Sub accept everywhere; ends with NULL. */
extern const char *const cc_pseudo_parameters[];

/*
 * The next ${...} of a text of Fn::Sub from *at on, with *at moved behind it; false: there is none.
 * ${!...} is text, and passed over.
 */
struct cc_placeholder {
    size_t at; /* in the text */
    const char *name;
};
bool cc_next_placeholder(struct cc_arena *mem, const char *text, size_t *at,
                         struct cc_placeholder *placeholder);

#endif
