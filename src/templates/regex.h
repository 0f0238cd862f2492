#ifndef TEMPLATES_REGEX_H
#define TEMPLATES_REGEX_H

/*
 * The regular expressions of resource schemas and of AllowedPattern (those of ECMAScript and Java).
 * All ways through an expression are followed at once, so that no expression takes exponential
 * time. What is not understood, or takes too long, is MAYBE.
 */

#include <stdbool.h>

enum cc_regex_verdict { CC_REGEX_NO, CC_REGEX_YES, CC_REGEX_MAYBE, CC_REGEX_BROKEN };

/* `whole`: the pattern must match all of the text, not only a part. */
enum cc_regex_verdict cc_regex_matches(const char *pattern, const char *text, bool whole);

#endif
