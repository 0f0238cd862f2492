#ifndef EXEC_MANY_H
#define EXEC_MANY_H

/* One command for many targets: shared by the files that run it. */

#include "credctl/exec/exec.h"
#include "credctl/serve/endpoint.h"
#include "credctl/targets/shard.h"
#include "credctl/world/progress.h"

#include "copies.h"
#include "journal.h"

enum cc_work_state { CC_WORK_WAITING, CC_WORK_UNDER_WAY, CC_WORK_ENDED, CC_WORK_DONE_BEFORE };

/* A target. */
struct cc_work {
    enum cc_work_state state;
    int64_t not_before; /* in ticks: of one that is tried again */
    struct cc_journal_row row;
};

struct cc_many;

enum cc_seat_state {
    CC_SEAT_FREE,
    CC_SEAT_ASKING, /* for the first credentials */
    CC_SEAT_READY,
    CC_SEAT_RUNNING,
    CC_SEAT_LEAVING, /* its command has ended, but a refresh is still under way */
};

/* A target that is being run, from the first request for its credentials to the end of its command.
 * Its memory is wiped at the end. */
struct cc_seat {
    enum cc_seat_state state;
    struct cc_many *many;
    size_t target;
    struct cc_kept kept;
    struct cc_secret token;
    struct cc_arena mem;
    int64_t began;   /* in ticks: its credentials were first asked for */
    int64_t ask_at;  /* in ticks: its command is asked to end; 0: never ... */
    int64_t make_at; /* ... and made to */
    bool timed_out;
};

/* Lines of the journal. */
struct cc_page {
    struct cc_arena mem;
    struct cc_buf text;
};

struct cc_many {
    struct cc_run *run;
    const struct cc_exec_options *options;
    struct cc_settings settings;
    struct cc_shard shard;
    struct cc_targets targets; /* of the shard */
    struct cc_work *works;     /* as many as there are targets */
    size_t next;               /* the first that was never tried */
    size_t *again;             /* those that are to be tried again */
    size_t again_count;
    struct cc_endpoint *endpoint;
    struct cc_child_env shared; /* what every command is given */
    struct cc_copies copies;
    struct cc_seat *seats;
    size_t seat_count;
    size_t parallel;
    size_t asking;
    size_t ready;
    size_t running;
    size_t leaving;
    bool no_more; /* targets are begun */
    bool going;   /* on with the next ones, further up the stack ... */
    bool changed; /* ... where this is to be noticed */
    struct cc_signal ended_by;
    const char *journal;
    struct cc_page pages[2]; /* one is being written, the other is filled */
    size_t filling;
    bool writing;
    void (*written)(struct cc_many *many); /* after each page */
    bool journal_broken;
    bool structured; /* stdout is used for the result */
    struct cc_progress progress;
};

/* Reads the journal, and starts the file again with the targets that are done. */
CC_MUST_USE bool cc_many_begin_journal(struct cc_many *many, struct cc_error *err);
/*
 * A job writes the row at once, together with rows that came while another one was written, so that
 * nothing waits for the disk. cc_many_noted: all are written.
 */
void cc_many_note(struct cc_many *many, const struct cc_journal_row *row);
bool cc_many_noted(struct cc_many *many);
void cc_many_end_journal(struct cc_many *many);

/* The credentials of a target: its role, assumed with the credentials of the chain. For
 * cc_kept.fetch. */
bool cc_many_fetch(struct cc_run *run, const struct cc_kept *kept, const struct cc_keys *by,
                   struct cc_fetched *fetched, struct cc_error *err);
/* The command of a seat's target, in its memory. */
struct cc_child cc_many_child(struct cc_seat *seat);

/* Runs the targets. The server that it opens stays open. */
CC_MUST_USE bool cc_many_run(struct cc_many *many, struct cc_error *err);

/* Passes the result of a target to the sink of the run; and the report at the end. */
void cc_many_give(const struct cc_many *many, size_t target);
void cc_many_sum_up(struct cc_many *many, struct cc_exec_answer *answer);

#endif
