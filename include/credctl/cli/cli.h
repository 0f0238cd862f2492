#ifndef CREDCTL_CLI_CLI_H
#define CREDCTL_CLI_CLI_H

#include "credctl/world/world.h"

/*
 * The program: parses argv, runs the command, prints its answer to stdout and everything else to
 * stderr. Returns the exit status. Values of secret options are erased from argv.
 */
int cc_cli_main(const struct cc_world *world, int argc, char **argv);

#endif
