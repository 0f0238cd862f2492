#ifndef CREDCTL_AWS_ANSWER_H
#define CREDCTL_AWS_ANSWER_H

#include "credctl/aws/call.h"

/*
 * Fills code, message and request ID of an error, in any of the forms that the protocols use. An
 * unknown form leaves them NULL.
 */
void cc_answer_read(struct cc_arena *mem, const struct cc_response *response,
                    struct cc_answer *answer);

#endif
