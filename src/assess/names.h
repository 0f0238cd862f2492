#ifndef ASSESS_NAMES_H
#define ASSESS_NAMES_H

#include <stdbool.h>

/* One of the texts of `list`, each with names that commas separate, has `name`; also true when the
 * list is NULL or empty. */
bool cc_names_have(const char *const *list, const char *name);

#endif
