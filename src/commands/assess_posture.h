#ifndef COMMANDS_ASSESS_POSTURE_H
#define COMMANDS_ASSESS_POSTURE_H

/* `assess storage` and `assess network` for people. */

#include "credctl/assess/posture.h"
#include "credctl/base/buf.h"

void cc_posture_print(const void *answer, struct cc_buf *out);

#endif
