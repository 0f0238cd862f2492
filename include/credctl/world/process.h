#ifndef CREDCTL_WORLD_PROCESS_H
#define CREDCTL_WORLD_PROCESS_H

/*
 * Another program with captured output. At a terminal it can ask questions: the terminal is its
 * stdin, and its stderr is shown as it comes. Otherwise its stdin is empty.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cc_process {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    int timeout_ms;
    size_t max_out;         /* a longer output is an error */
    const char *const *set; /* "NAME=value" rows added to the environment; NULL for none */
    bool unattended;        /* another program uses the terminal now */
};

struct cc_process_end {
    int status;      /* exit status; 128 + signal when killed */
    const char *out; /* what it wrote to stdout, terminated */
    size_t out_len;
    const char *err; /* the first 4 KiB of its stderr, terminated */
};

#endif
