#ifndef CREDCTL_CLI_SHOW_H
#define CREDCTL_CLI_SHOW_H

#include "credctl/commands/command.h"

/* Writes the result in a format of --output other than text and env. */
void cc_show_json(const cJSON *result, struct cc_buf *out);
void cc_show_yaml(const cJSON *result, struct cc_buf *out);
void cc_show_table(const cJSON *result, struct cc_buf *out);

#endif
