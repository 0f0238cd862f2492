#ifndef CREDCTL_WORLD_SERVER_H
#define CREDCTL_WORLD_SERVER_H

/*
 * One event loop for this host: an HTTP server, child processes, signals, and jobs on a few threads
 * for what takes time. The server is built for loopback and Unix sockets: a peer of another user is
 * refused, every wait has an end, and everything that grows has a ceiling.
 *
 * All functions but cc_job.work are called on, and belong to, the thread of cc_server_run.
 */

#include "credctl/base/buf.h"
#include "credctl/world/head.h"
#include "credctl/world/world.h"

/* The implementation behind the seam: struct cc_server_kind, below. */
struct cc_server {
    const struct cc_server_kind *kind;
    const char *address; /* "127.0.0.1:41233", "[::1]:80", or the path of a Unix socket */
    int port;            /* 0 for a Unix socket, and when it listens nowhere */
    bool wildcard;
};

/* A client that waits for an answer. An answer to a client that has left does nothing. */
struct cc_ticket {
    uint32_t slot;
    uint32_t turn;
};

/* One request; valid until the visit function returns. */
struct cc_visit {
    struct cc_ticket ticket;
    const struct cc_head *head;
    const char *body; /* not terminated */
    size_t body_len;
    int64_t uid; /* of the peer; -1 when it is not known (plan->strangers) */
};

struct cc_reply {
    int status;
    const char *type;   /* media type; NULL for none */
    const char *fields; /* further header lines, each with its \r\n; or NULL */
    const char *body;
    size_t len;
};

/* What standard input brings, or standard output. */
struct cc_heard {
    enum {
        CC_HEARD_LINE,
        CC_HEARD_TOO_LONG, /* a line of more than max_line bytes, which is not kept */
        CC_HEARD_END,      /* of standard input */
        CC_HEARD_BROKEN,   /* nobody reads standard output any more */
    } what;
    const char *text; /* of a line: without its line end, and terminated; valid during the call */
    size_t len;
};

struct cc_signal {
    int number;
    bool from_process; /* sent by a process, not by the terminal or the kernel */
    bool stops;        /* the terminal's Ctrl-Z */
};

/*
 * Another program. When it is not `apart`, it shares the terminal, the files and the process group
 * of this process, and nothing is captured. When it is `apart`, it has a process group of its own
 * and no stdin, its output comes line by line or goes to files, and it gets SIGTERM when this
 * process dies. In both cases it gets the limits, signal actions, mask and umask that this process
 * was started with, and none of its descriptors.
 */
struct cc_child {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    const char *const *env;  /* "NAME=value" rows, ends with NULL */
    bool apart;
    const char *out_path; /* when apart: files, created with 0600; NULL: lines */
    const char *err_path;
    size_t id; /* belongs to the caller */
};

struct cc_child_end {
    int status; /* its exit status, or 128 + the signal that ended it */
    int signal; /* 0: it was not ended by a signal */
};

/* Two ways to end a child, and one to pass on a signal. */
enum cc_nudge {
    CC_NUDGE_ASK,  /* the child alone: SIGTERM, and SIGCONT for its group if it is apart */
    CC_NUDGE_KILL, /* SIGKILL; for a child that is apart, to its whole group */
};

enum cc_signals {
    CC_SIGNALS_END, /* SIGTERM and SIGINT */
    CC_SIGNALS_ALL, /* all signals that a shell or a terminal sends to a job */
};

#define CC_TICK_MS      200
#define CC_CHILDREN_MAX 512
#define CC_THREADS_MAX  34

struct cc_server_plan {
    bool deaf; /* it does not listen; what follows up to body_ms has no meaning then */
    /* Where it listens. A socket from systemd wins over both of these. */
    const char *address;   /* "127.0.0.1:0", "[::1]:8080" */
    const char *unix_path; /* or NULL; a socket file without a listener is replaced */
    bool own_socket;       /* do not use a socket from systemd */
    bool anywhere;         /* an address that is not loopback is allowed */
    const char *option;    /* what the user gave the address with; NULL: --address */
    const char *open_by;   /* the remedy when it is not allowed; NULL: that of `session serve` */
    bool strangers;        /* peers with an unknown user are allowed: those on other hosts */
    bool anyone;           /* peers of every user are allowed */
    int hop_limit;         /* IP time to live of answers; 0: the system's */
    size_t max_body;
    size_t max_head; /* 0: CC_HEAD_MAX */
    bool chunks;     /* a body may come in chunks */
    int body_ms;     /* for a whole body to arrive; 0: 10 s */
    size_t threads;  /* the largest number of threads for jobs, up to CC_THREADS_MAX; 0: 4 */
    enum cc_signals signals;

    void *about;
    /* Answers with cc_server_answer now, or keeps the ticket and answers later. */
    void (*visit)(void *about, struct cc_server *server, const struct cc_visit *visit);
    /* NULL: the server stops. */
    void (*signalled)(void *about, struct cc_server *server, const struct cc_signal *signal);
    /* Called with the status of a request that the server itself refused; may be NULL. */
    void (*refused)(void *about, int status);
    /* The body of its answer then; NULL: code and message. */
    void (*refusal)(int status, const char *why, struct cc_buf *body);
    /* A client has left before it was answered: its ticket is of no use any more. NULL: nobody
     * looks. */
    void (*left)(void *about, struct cc_server *server, struct cc_ticket ticket);
    /* Standard input; NULL: it is not read. */
    void (*heard)(void *about, struct cc_server *server, const struct cc_heard *heard);
    size_t max_line;
    /* A line of a child that is apart, without its line end, or a part of a line that is too long;
     * `fd` is 1 or 2. */
    void (*line)(void *about, size_t id, int fd, const char *text, size_t len);
    void (*ended)(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end);
    /* Called every CC_TICK_MS; NULL: not called. */
    void (*tick)(void *about, struct cc_server *server);
};

/* Listens, but does not answer before cc_server_run. */
CC_MUST_USE bool cc_server_open(struct cc_run *run, const struct cc_server_plan *plan,
                                struct cc_server **server, struct cc_error *err);

/* Runs until cc_server_stop. Returns the signal that ended it, or 0. */
int cc_server_run(struct cc_server *server);
/* Stops when pending writes are done. */
void cc_server_stop(struct cc_server *server);
/*
 * Closes everything. Jobs that are still running get a moment to end. When they do not, the result
 * is false, and the caller must end the process, because they use what would be freed.
 */
CC_MUST_USE bool cc_server_close(struct cc_server *server);

void cc_server_answer(struct cc_server *server, struct cc_ticket ticket,
                      const struct cc_reply *reply);
/* The same with the complete answer, including the head, as it is sent. */
void cc_server_answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len);
/* The head and body of a reply as text, for cc_server_answer_raw. */
void cc_reply_text(const struct cc_reply *reply, bool keep_alive, struct cc_buf *out);

/* To standard output, without waiting for its reader. Only when plan->heard is set. */
void cc_server_say(struct cc_server *server, const char *text, size_t len);

/*
 * An answer that comes in pieces: begin, any number of pieces, end. Its body has no length;
 * `fields` are header lines, each with its \r\n. A client that does not read is disconnected.
 */
void cc_server_stream_begin(struct cc_server *server, struct cc_ticket ticket, const char *type,
                            const char *fields);
void cc_server_stream_add(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len);
void cc_server_stream_end(struct cc_server *server, struct cc_ticket ticket);

struct cc_job {
    /* Called on a thread of the pool; `run` and what is allocated from it live until `done`
     * returns. */
    void (*work)(struct cc_run *run, void *about);
    /* Called afterwards on the server's thread. */
    void (*done)(struct cc_run *run, void *about);
    void *about;
    /* Called on the server's thread while the job is running, after its progress has changed. NULL:
     * progress is not reported. */
    void (*noted)(void *about, size_t done, size_t total);
};

/* False when too many jobs are waiting already. */
CC_MUST_USE bool cc_server_job(struct cc_server *server, const struct cc_job *job);
/* Asks the job with this `about` to end early: cc_run_stopped is true for its run. `done` is called
 * as ever. */
void cc_server_abandon(struct cc_server *server, const void *about);

/*
 * Starts a child; plan->ended is called when it ends. False when it cannot be started, or when
 * CC_CHILDREN_MAX are running: then *status is 126 or 127, as in a shell.
 */
CC_MUST_USE bool cc_server_start(struct cc_server *server, const struct cc_child *child,
                                 int *status, struct cc_error *err);
void cc_server_nudge(struct cc_server *server, size_t id, enum cc_nudge nudge);
/* Sends the child the signal that was sent to this process. */
void cc_server_pass_on(struct cc_server *server, size_t id, const struct cc_signal *signal);
/* Stops this process as Ctrl-Z does, until it is continued. */
void cc_server_pause(struct cc_server *server);

struct cc_server_kind {
    int (*run)(struct cc_server *server);
    void (*stop)(struct cc_server *server);
    bool (*close)(struct cc_server *server);
    void (*answer)(struct cc_server *server, struct cc_ticket ticket, const struct cc_reply *reply);
    void (*answer_raw)(struct cc_server *server, struct cc_ticket ticket, const char *text,
                       size_t len);
    bool (*job)(struct cc_server *server, const struct cc_job *job);
    void (*abandon)(struct cc_server *server, const void *about);
    void (*say)(struct cc_server *server, const char *text, size_t len);
    void (*stream_begin)(struct cc_server *server, struct cc_ticket ticket, const char *type,
                         const char *fields);
    void (*stream_add)(struct cc_server *server, struct cc_ticket ticket, const char *text,
                       size_t len);
    void (*stream_end)(struct cc_server *server, struct cc_ticket ticket);
    bool (*start)(struct cc_server *server, const struct cc_child *child, int *status,
                  struct cc_error *err);
    void (*nudge)(struct cc_server *server, size_t id, enum cc_nudge nudge);
    void (*pass_on)(struct cc_server *server, size_t id, const struct cc_signal *signal);
    void (*pause)(struct cc_server *server);
};

#endif
