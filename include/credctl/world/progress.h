#ifndef CREDCTL_WORLD_PROGRESS_H
#define CREDCTL_WORLD_PROGRESS_H

#include "credctl/world/world.h"

/* The progress, on stderr: a bar on a terminal, elsewhere a plain line from time to time. */

struct cc_progress {
    struct cc_run *run;
    bool terminal;
    bool shown; /* the bar is on the line */
    int64_t began;
    int64_t told; /* the last plain line, or bar */
    size_t total;
    size_t done;
    size_t failed;
};

void cc_progress_begin(struct cc_progress *progress, struct cc_run *run, size_t total);
void cc_progress_tick(struct cc_progress *progress, size_t running);
/* Removes the bar before other output. */
void cc_progress_clear(struct cc_progress *progress);

#endif
