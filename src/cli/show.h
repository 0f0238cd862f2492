#ifndef CREDCTL_CLI_SHOW_H
#define CREDCTL_CLI_SHOW_H

#include "credctl/commands/command.h"

/* Writes a YAML document of what `tell` sends; `tell` is called once. */
void cc_show_yaml(struct cc_document document, struct cc_buf *out);

/* The answer in the format `output`, one of cc_command_outputs. */
void cc_show(const struct cc_command *command, const void *answer, const char *output,
             struct cc_buf *out);
bool cc_show_has(const struct cc_command *command, const char *output);
/* A struct as JSON, or as YAML. */
void cc_show_data(const struct cc_shape *shape, const void *value, bool yaml, struct cc_buf *out);

#endif
