#ifndef CREDCTL_WORLD_RUN_H
#define CREDCTL_WORLD_RUN_H

/*
 * What every function that does work is given: the world, the settings that nobody changes, and the
 * state of this one call.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"
#include "credctl/base/log.h"
#include "credctl/base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cc_run;
struct cc_shape;
struct cc_world;

/* Chosen once, before the work begins. */
struct cc_setup {
    enum cc_level level; /* what is logged: this and graver */
    bool log_json;
    const char *output; /* the --output that was chosen */
};

/*
 * Where results go that arrive one by one, in the order they arrive in: lines on stdout, or
 * messages to a client. `result` is the struct that `shape` describes; what it points to need not
 * outlive the call. False when it could not be passed on: whoever makes results may stop.
 */
struct cc_sink {
    bool (*take)(void *about, struct cc_run *run, const struct cc_shape *shape, const void *result);
    void *about;
};

struct cc_run {
    const struct cc_world *world;
    const struct cc_setup *setup; /* NULL: errors are logged, as text */
    const struct cc_sink *sink;   /* NULL: only the whole answer is asked for */

    struct cc_arena mem;
    int64_t deadline_ms;    /* on the clock of ticks_ms; 0: none */
    bool offline;           /* no network at all */
    bool unattended;        /* in the background of something else: nobody may be asked */
    int exit_status;        /* set by a command whose answer is "no", or another's status */
    const char *ca_bundle;  /* in force: --ca-bundle; NULL: as the environment and the system say */
    int64_t skew;           /* seconds AWS is ahead of our clock, once a service has told us */
    int retry_spent;        /* of the quota that all calls of the run share */
    struct cc_run *part_of; /* the run whose skew and quota are meant; NULL: its own */
};

/* Hands a result to the run's sink; true as well when there is none. */
CC_MUST_USE bool cc_give(struct cc_run *run, const struct cc_shape *shape, const void *result);

int64_t cc_now(const struct cc_run *run);
/* On AWS's clock, as far as its distance from ours is known: what every expiry is judged by. */
int64_t cc_now_aws(const struct cc_run *run);
/* A part of a run, for one of many calls: with an arena of its own, which the caller wipes; skew
 * and retry quota are the whole run's. */
struct cc_run cc_run_part(struct cc_run *run);
struct cc_run *cc_run_whole(struct cc_run *run);
int64_t cc_ticks_ms(const struct cc_run *run);
void cc_sleep_ms(const struct cc_run *run, int ms); /* not past the deadline */
/* What is left until the deadline, at most `most`, at least 0. */
int cc_time_left_ms(const struct cc_run *run, int most);
CC_MUST_USE bool cc_random(const struct cc_run *run, void *to, size_t size, struct cc_error *err);
/* Uniform in [0, below). */
uint32_t cc_random_below(const struct cc_run *run, uint32_t below);

/* An empty variable counts as unset, as it does for the AWS tools. */
const char *cc_env(const struct cc_run *run, const char *name);
struct cc_secret cc_env_secret(struct cc_run *run, const char *name);
/* What the kernel calls this host; "" when it does not say. */
const char *cc_host_name(struct cc_run *run);

/* An event name, then CC_S and CC_N rows. */
// NOLINTNEXTLINE(readability-identifier-naming): it reads like the function it calls
#define cc_log(run, level, event, ...) \
    cc_log_rows(run, level, event, (const struct cc_row[]){__VA_ARGS__ __VA_OPT__(, ){0}})
/* From here on at least this level is logged. */
void cc_log_from(struct cc_run *run, enum cc_level level);
void cc_log_rows(struct cc_run *run, enum cc_level level, const char *event,
                 const struct cc_row *rows);

#endif
