#ifndef TESTS_SUPPORT_FAKE_MACHINE_H
#define TESTS_SUPPORT_FAKE_MACHINE_H

/*
 * Servers and children in memory. A test installs the machine in its fake world, says what happens
 * while a server runs and what children do, and calls a whole command. Nothing waits: the clock of
 * the world moves on to the next thing that happens.
 */

#include "credctl/world/machine.h"

#include "fake_world.h"

struct fake_machine;
struct fake_child;

struct fake_answer {
    int status;       /* 0: none yet */
    const char *text; /* as it goes over the wire */
    const char *body;
    bool open; /* a stream that has not ended */
};

/* What a child does. */
struct fake_act {
    int cannot; /* 126 or 127: it cannot be started */
    int status; /* its exit status ... */
    int signal; /* ... or the signal that ends it */
    int lasts_ms;
    const char *out; /* lines, when it begins */
    const char *err;
    bool deaf; /* it does not end when it is asked to */
};

struct fake_machine {
    struct fake *fake;
    void *about; /* the test's */
    /* Once, when the server runs; what is left afterwards goes on by itself. NULL: nothing. */
    void (*script)(struct fake_machine *machine);
    /* Asked when a child begins; NULL: it ends at once, with 0. */
    struct fake_act (*act)(struct fake_machine *machine, const struct cc_child *child);
    void (*each_tick)(struct fake_machine *machine); /* may be NULL */
    const char *input;                               /* standard input */
    bool cannot_open;                                /* a server */
    bool no_folder;                                  /* no private one can be made */
    bool stuck;                                      /* a job will not end when the server closes */
    bool hold_jobs;                                  /* jobs wait until fake_jobs is called */
    size_t job_room;                                 /* 0: as many as come */

    struct cc_server_plan plan; /* of the server */
    const char *said;           /* on standard output, by a server that hears lines; or NULL */
    const char *told;           /* to the supervisor, joined by '|' */
    const char *started;        /* a line for each child: its argv, joined by blanks */
    const char *const *env;     /* of the last one */
    size_t most_at_once;
    size_t nudges;
    int passed_on; /* the last signal */
    size_t pauses;
    size_t folders; /* private ones that are there */
    int died_of;
    int left_with; /* -1: it did not */

    struct fake_server *server;
};

void fake_machine_install(struct fake *fake, struct fake_machine *machine);
/* One request, and its answer once the jobs it needs are done. `fields`: "Name: value\r\n" rows. */
struct fake_answer fake_ask(struct fake_machine *machine, const char *method, const char *path,
                            const char *fields);
/* A request with a body, without waiting for its answer. */
uint32_t fake_send(struct fake_machine *machine, const char *method, const char *path,
                   const char *fields, const char *body);
/* The client leaves before it is answered. */
void fake_leave(struct fake_machine *machine, uint32_t turn);
/* The same without its end: what was answered meanwhile is told by the second. */
uint32_t fake_ask_only(struct fake_machine *machine, const char *method, const char *path,
                       const char *fields);
struct fake_answer fake_answer_of(struct fake_machine *machine, uint32_t turn);
void fake_jobs(struct fake_machine *machine);
/* A line on standard input; NULL: its end. */
void fake_hear(struct fake_machine *machine, const char *line);
void fake_signal(struct fake_machine *machine, int number, bool from_process);
/* The value of a variable of the last child; NULL when it has none. */
const char *fake_child_env(const struct fake_machine *machine, const char *name);

#endif
