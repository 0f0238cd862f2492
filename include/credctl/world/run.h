#ifndef CREDCTL_WORLD_RUN_H
#define CREDCTL_WORLD_RUN_H

/* What every working function gets: the world, constant settings, and the state of this call. */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"
#include "credctl/base/log.h"
#include "credctl/base/secret.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cc_run;
struct cc_shape;
struct cc_world;

/* Chosen once, before the work begins. */
struct cc_setup {
    enum cc_level level; /* the lowest level that is logged */
    bool log_json;
    const char *output; /* the --output that was chosen */
};

/*
 * Receives results one by one as they arrive: lines on stdout, or messages to a client. `result` is
 * the struct that `shape` describes; what it points to need not outlive the call. False when it
 * could not be passed on: the producer can stop.
 */
struct cc_sink {
    bool (*take)(void *about, struct cc_run *run, const struct cc_shape *shape, const void *result);
    void *about;
};

/* Set on another thread when nobody wants the result of a run any more. */
struct cc_stop {
    atomic_bool set;
};

/* Is told how much of a run is done, on the thread that does it. */
struct cc_follower {
    void (*told)(void *about, size_t done, size_t total);
    void *about;
};

struct cc_run {
    const struct cc_world *world;
    const struct cc_setup *setup; /* NULL: errors are logged, as text */
    const struct cc_sink *sink;   /* NULL: only the complete answer is wanted */

    const struct cc_follower *follower; /* NULL: progress is shown on stderr */
    struct cc_stop *stop;               /* NULL: nobody stops this run but its deadline */

    struct cc_arena mem;
    int64_t deadline_ms;   /* on the clock of ticks_ms; 0: none */
    bool offline;          /* no network */
    bool unattended;       /* runs in the background: nobody can be asked */
    int exit_status;       /* set by a command when its answer is "no", or to the status of another
                              program */
    const char *ca_bundle; /* the --ca-bundle in use; NULL: that of the environment or the system */
    int64_t skew;        /* seconds that AWS is ahead of this clock, once a service has shown it */
    bool clock_seen;     /* an answer of AWS had a Date ... */
    int64_t clock_ahead; /* ... that was so many seconds ahead of this clock, however few */
    int retry_spent;     /* of the retry quota that all calls of the run share */
    struct cc_run *part_of; /* the run that has clock and quota; NULL: this one */
};

/* Hands a result to the run's sink; also true when there is no sink. */
CC_MUST_USE bool cc_give(struct cc_run *run, const struct cc_shape *shape, const void *result);

int64_t cc_now(const struct cc_run *run);
/* The time on AWS's clock, as far as the difference is known: every expiry is compared with it. */
int64_t cc_now_aws(const struct cc_run *run);
/* A part of a run, for one of many calls. It has its own arena, which the caller wipes; skew and
 * retry quota are those of the whole run. */
struct cc_run cc_run_part(struct cc_run *run);
struct cc_run *cc_run_whole(struct cc_run *run);
int64_t cc_ticks_ms(const struct cc_run *run);
void cc_sleep_ms(const struct cc_run *run, int ms); /* not past the deadline */
/* True when the run is to end at once, without a result. */
bool cc_run_stopped(const struct cc_run *run);
/* Milliseconds until the deadline, at most `most`, at least 0; 0 for a run that was stopped. */
int cc_time_left_ms(const struct cc_run *run, int most);
CC_MUST_USE bool cc_random(const struct cc_run *run, void *to, size_t size, struct cc_error *err);
/* Uniform in [0, below). */
uint32_t cc_random_below(const struct cc_run *run, uint32_t below);

/* An empty variable counts as unset, as it does for the AWS tools. */
const char *cc_env(const struct cc_run *run, const char *name);
/* The host name from the kernel; "" when it is not known. */
const char *cc_host_name(struct cc_run *run);

/* An event name, then CC_S and CC_N rows. */
// NOLINTNEXTLINE(readability-identifier-naming): it reads like the function it calls
#define cc_log(run, level, event, ...) \
    cc_log_rows(run, level, event, (const struct cc_row[]){__VA_ARGS__ __VA_OPT__(, ){0}})
/* From now on at least this level is logged. */
void cc_log_from(struct cc_run *run, enum cc_level level);
void cc_log_rows(struct cc_run *run, enum cc_level level, const char *event,
                 const struct cc_row *rows);

#endif
