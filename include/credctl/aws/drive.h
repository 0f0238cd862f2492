#ifndef CREDCTL_AWS_DRIVE_H
#define CREDCTL_AWS_DRIVE_H

/*
 * The only driver of calls. A call is an errand: `prepare` makes its next request, `judge` says
 * what the result of that exchange means. Only the driver waits: a call that is to be tried again
 * is put aside until then, and others continue.
 */

#include "credctl/world/world.h"

enum cc_verdict {
    CC_DONE,   /* it has succeeded */
    CC_FAILED, /* errand->err says why */
    CC_AGAIN,  /* prepare is called again after errand->wait_ms */
};

/* The first part is filled in by its maker; it and all it points to must live until the errand has
 * ended. */
struct cc_errand {
    struct cc_run *run; /* its memory, its deadline, its log */
    void *about;
    /* Fills in a request that is zeroed. False, and err: the call has failed. Without a URL nothing
     * is sent, and judge is called at once. */
    bool (*prepare)(struct cc_errand *errand, struct cc_request *request, struct cc_error *err);
    /* errand->exchange has ended, with an answer or without; or there was nothing to send. */
    enum cc_verdict (*judge)(struct cc_errand *errand);

    bool aside; /* its exchanges do not count among those that run at once; set by its maker */

    struct cc_exchange exchange;
    int wait_ms;    /* set by judge for CC_AGAIN ... */
    bool throttled; /* ... and this when the service throttles */
    bool ok;        /* the outcome ... */
    struct cc_error err;
};

/* Runs it to its end. errand->err is copied to `err` when it fails. */
CC_MUST_USE bool cc_drive_one(struct cc_errand *errand, struct cc_error *err);

/* Runs all of them, at most `parallel` exchanges at once; 0 means 1. */
void cc_drive_all(struct cc_run *run, struct cc_errand *const *errands, size_t count,
                  size_t parallel);

/*
 * Calls that are made on demand, for lists of any length: at most 3 * parallel are open, including
 * those that wait for another attempt, and the memory of each is wiped when it has ended. When a
 * service throttles, fewer calls run at once for a while.
 */
struct cc_source {
    size_t parallel; /* 1 and more */
    /*
     * Returns the next call, made in the arena of `part`, a part of the run that is wiped after
     * `done`; it can set part->deadline_ms for this call. NULL: none now. It is called again
     * whenever a call has ended; the drive ends when no call is open.
     */
    struct cc_errand *(*next)(void *about, struct cc_run *part);
    /* Called with errand->ok and errand->err; what is to be kept must be copied. */
    void (*done)(void *about, struct cc_errand *errand);
    void *about;
};

void cc_drive_source(struct cc_run *run, const struct cc_source *source);

/*
 * For an errand that is made of others, one after the other: what its own prepare and judge do
 * while `part` is the current one. The exchange is made with the run of the part, and the part
 * finds it as if the driver had called it. They set part->ok; part->err is set by the part's judge,
 * and `err` by its prepare.
 */
CC_MUST_USE bool cc_part_prepare(struct cc_errand *whole, struct cc_errand *part,
                                 struct cc_request *request, struct cc_error *err);
enum cc_verdict cc_part_judge(struct cc_errand *whole, struct cc_errand *part);

#endif
