#ifndef CREDCTL_WORLD_CREW_H
#define CREDCTL_WORLD_CREW_H

/*
 * Many programs, some at a time, each in a process group of its own and without our stdin. Their
 * output comes line by line, or goes to files. They do not outlive this process.
 */

#include "credctl/world/world.h"

/* What a member writes status lines to (cc_status_line): CREDCTL_STATUS_FD in its environment. */
#define CC_STATUS_FD      9
#define CC_STATUS_FD_TEXT "9"

struct cc_member {
    const char *const *argv; /* argv[0] is a path */
    const char *const *env;
    int64_t timeout_ms;   /* 0: none. Then its group is asked to end, and soon made to */
    const char *out_path; /* made with 0600; NULL: lines */
    const char *err_path;
    size_t id; /* the caller's */
};

struct cc_member_end {
    int status; /* as cc_child_ended; 126 or 127 when it could not be started */
    bool timed_out;
    const char *report; /* its status lines so far; terminated */
    int64_t took_ms;
};

enum cc_crew_next { CC_CREW_START, CC_CREW_LATER, CC_CREW_NO_MORE };

struct cc_crew {
    size_t parallel;
    void *about;
    /* Fills `member`, or says that there is none now (asked again soon) or ever. */
    enum cc_crew_next (*next)(void *about, struct cc_member *member);
    /* A line without its end, or a piece of an overlong one; `fd` is 1 or 2. */
    void (*line)(void *about, size_t id, int fd, const char *text, size_t len);
    void (*ended)(void *about, size_t id, const struct cc_member_end *end);
    void (*tick)(void *about, size_t running); /* a few times a second */
};

/*
 * Until there is no more and all have ended. *signal is 0, or the SIGINT or SIGTERM that came: then
 * no more are started, and those that run are asked to end, and soon made to.
 */
CC_MUST_USE bool cc_crew_run(struct cc_run *run, const struct cc_crew *crew, int *signal,
                             struct cc_error *err);

/* To its end, however long its writer takes. */
CC_MUST_USE bool cc_stdin_read(struct cc_run *run, size_t max, const char **text, size_t *len,
                               struct cc_error *err);

#endif
