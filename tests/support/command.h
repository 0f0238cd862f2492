#ifndef TESTS_SUPPORT_COMMAND_H
#define TESTS_SUPPORT_COMMAND_H

/* A command, asked in the fake world as the command line asks it. */

#include "credctl/base/json.h"
#include "credctl/commands/command.h"

#include "test.h"

struct asked {
    const struct cc_command *command; /* NULL when the words name none */
    const void *options;
    const void *answer;
    const cJSON *json; /* the answer; NULL when it is text of the command's own */
};

/* What stands behind "credctl"; ends with NULL. The exit status of the run is set to 0 first. */
bool asked(struct fake *fake, const char *const *words, struct asked *asked, struct cc_error *err);
#define ASK(fake, asked_, err, ...) \
    asked(fake, (const char *const[]){__VA_ARGS__, NULL}, asked_, err)

/* The answer for people, and in another format of shapes. */
const char *asked_text(struct fake *fake, const struct asked *asked);
const char *asked_env(struct fake *fake, const struct asked *asked);
/* Fails the test unless the answer has exactly the members that its schema requires. */
void asked_as_in_schema(struct fake *fake, const struct asked *asked);

#endif
