#ifndef CREDCTL_AWS_DRIVE_H
#define CREDCTL_AWS_DRIVE_H

/*
 * The one driver of calls. A call is an errand: `prepare` makes its next request, `judge` says what
 * the end of that exchange means. Between the two nothing waits but the driver: a call that is to
 * be tried again is put aside until its time, and others go on.
 */

#include "credctl/world/world.h"

enum cc_verdict {
    CC_DONE,   /* it has what it wanted */
    CC_FAILED, /* errand->err says why */
    CC_AGAIN,  /* prepare is asked once more, after errand->wait_ms */
};

/* The first part is filled in by who makes it and lives, as all it points to, until it has ended.
 */
struct cc_errand {
    struct cc_run *run; /* its memory, its deadline, its log */
    void *about;
    /* Fills in a request, all zero before. False, and err: the call has failed. */
    bool (*prepare)(struct cc_errand *errand, struct cc_request *request, struct cc_error *err);
    /* errand->exchange has ended, with an answer or without. */
    enum cc_verdict (*judge)(struct cc_errand *errand);

    struct cc_exchange exchange;
    int wait_ms;    /* set by judge for CC_AGAIN ... */
    bool throttled; /* ... and this when the service said that it is asked too much */
    bool ok;        /* the outcome ... */
    struct cc_error err;
};

/* Until it has ended. errand->err is copied to `err` when it fails. */
CC_MUST_USE bool cc_drive_one(struct cc_errand *errand, struct cc_error *err);

/* All of them, at most `parallel` exchanges at once; 0 is taken for 1. */
void cc_drive_all(struct cc_run *run, struct cc_errand *const *errands, size_t count,
                  size_t parallel);

/*
 * Calls that are made as they are wanted, for lists of any length: at most 3 * parallel are open,
 * those included that wait for another attempt, and the memory of each is wiped when it has ended.
 * When a service throttles, fewer are asked at once for a while.
 */
struct cc_source {
    size_t parallel; /* 1 and more */
    /*
     * The next call, made in the arena of `part`, a part of the run that is wiped after `done`; it
     * may set part->deadline_ms, for this call alone. NULL: none now; it is asked again whenever a
     * call has ended, and all is done when none is open.
     */
    struct cc_errand *(*next)(void *about, struct cc_run *part);
    /* errand->ok and errand->err; what is to be kept of it has to be copied. */
    void (*done)(void *about, struct cc_errand *errand);
    void *about;
};

void cc_drive_source(struct cc_run *run, const struct cc_source *source);

#endif
