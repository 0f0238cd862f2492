#ifndef CREDCTL_AWS_ANSWER_H
#define CREDCTL_AWS_ANSWER_H

#include "credctl/aws/call.h"

/*
 * Fills what the service said about an error: code, message and request id, in any of the forms
 * the protocols use. A form that nobody knows leaves them NULL.
 */
void cc_answer_read(struct cc_arena *mem, const struct cc_response *response,
                    struct cc_answer *answer);

#endif
