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

/* What is behind the seam: struct cc_server_kind, below. */
struct cc_server {
    const struct cc_server_kind *kind;
    const char *address; /* "127.0.0.1:41233", "[::1]:80", or the path of a Unix socket */
    int port;            /* 0 for a Unix socket, and when it listens nowhere */
    bool wildcard;
};

/* Who waits for an answer. Answering somebody who has left does nothing. */
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
    int64_t uid; /* of the peer; -1 when it cannot be told (plan->strangers) */
};

struct cc_reply {
    int status;
    const char *type;   /* media type; NULL for none */
    const char *fields; /* further header lines, each with its \r\n; or NULL */
    const char *body;
    size_t len;
};

struct cc_signal {
    int number;
    bool from_process; /* sent by somebody, not by the terminal or the kernel */
    bool stops;        /* the terminal's Ctrl-Z */
};

/*
 * Another program. Not apart, it takes over our terminal, files and place in the shell's job, and
 * nothing of it is captured. Apart, it has a process group of its own and no stdin, its output
 * comes line by line or goes to files, and it is asked to end when this process dies. Either way it
 * gets back the limits, signals, mask and umask that were given to us, and no descriptor of ours.
 */
struct cc_child {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    const char *const *env;  /* "NAME=value" rows, ends with NULL */
    bool apart;
    const char *out_path; /* of one apart: made with 0600; NULL: lines */
    const char *err_path;
    size_t id; /* the caller's */
};

struct cc_child_end {
    int status; /* its exit status, or 128 + the signal that ended it */
    int signal; /* 0: it ended by itself */
};

/* The two ways to end a child, and the one to say what somebody said to us. */
enum cc_nudge {
    CC_NUDGE_ASK,  /* the child alone: SIGTERM, and SIGCONT for its group if it is apart */
    CC_NUDGE_KILL, /* SIGKILL; one that is apart with its whole group */
};

enum cc_signals {
    CC_SIGNALS_END, /* SIGTERM and SIGINT */
    CC_SIGNALS_ALL, /* whatever a shell or a terminal sends to a job */
};

#define CC_TICK_MS      200
#define CC_CHILDREN_MAX 512
#define CC_THREADS_MAX  18

struct cc_server_plan {
    bool deaf; /* it listens nowhere; the next seven mean nothing then */
    /* Where it listens: a socket that systemd passes on beats both of these. */
    const char *address;   /* "127.0.0.1:0", "[::1]:8080" */
    const char *unix_path; /* or NULL; a socket that nobody listens on any more is replaced */
    bool own_socket;       /* never systemd's */
    bool anywhere;         /* another address than loopback is allowed */
    bool strangers;        /* so are peers whose user cannot be told: on other hosts */
    int hop_limit;         /* IP time to live of answers; 0: the system's */
    size_t max_body;
    size_t threads; /* at most so many do jobs, up to CC_THREADS_MAX; 0: 4 */
    enum cc_signals signals;

    void *about;
    /* Answers with cc_server_answer now, or keeps the ticket and answers later. */
    void (*visit)(void *about, struct cc_server *server, const struct cc_visit *visit);
    /* NULL: the server stops. */
    void (*signalled)(void *about, struct cc_server *server, const struct cc_signal *signal);
    /* Something the server itself refused, by its status; may be NULL. */
    void (*refused)(void *about, int status);
    /* A line of a child that is apart, without its end, or a piece of an overlong one; `fd` is 1
     * or 2. */
    void (*line)(void *about, size_t id, int fd, const char *text, size_t len);
    void (*ended)(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end);
    /* Every CC_TICK_MS; NULL: nobody asks. */
    void (*tick)(void *about, struct cc_server *server);
};

/* Listens, but answers nobody before cc_server_run. */
CC_MUST_USE bool cc_server_open(struct cc_run *run, const struct cc_server_plan *plan,
                                struct cc_server **server, struct cc_error *err);

/* Until cc_server_stop. Gives back the signal that ended it, or 0. */
int cc_server_run(struct cc_server *server);
/* After what is being written has been written. */
void cc_server_stop(struct cc_server *server);
/*
 * Closes everything. Work that is still being done gets a moment; when it does not end by then, it
 * must not outlive what it uses: false, and the caller ends the process.
 */
CC_MUST_USE bool cc_server_close(struct cc_server *server);

void cc_server_answer(struct cc_server *server, struct cc_ticket ticket,
                      const struct cc_reply *reply);
/* The same with the whole answer, head included, as it goes over the wire. */
void cc_server_answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len);
/* The head and body of a reply as text, for cc_server_answer_raw. */
void cc_reply_text(const struct cc_reply *reply, bool keep_alive, struct cc_buf *out);

struct cc_job {
    /* On a thread of the pool; `run` and what is allocated from it live until `done` returns. */
    void (*work)(struct cc_run *run, void *about);
    /* Then on the server's thread. */
    void (*done)(struct cc_run *run, void *about);
    void *about;
};

/* False when too much is waiting already. */
CC_MUST_USE bool cc_server_job(struct cc_server *server, const struct cc_job *job);

/*
 * Starts a child beside us; plan->ended tells of its end. False when it cannot be started, or when
 * CC_CHILDREN_MAX are running: then *status is a shell's, 126 or 127.
 */
CC_MUST_USE bool cc_server_start(struct cc_server *server, const struct cc_child *child,
                                 int *status, struct cc_error *err);
void cc_server_nudge(struct cc_server *server, size_t id, enum cc_nudge nudge);
/* Sends the child the signal that was sent to us. */
void cc_server_pass_on(struct cc_server *server, size_t id, const struct cc_signal *signal);
/* Stops this process as the terminal's Ctrl-Z would, until somebody continues it. */
void cc_server_pause(struct cc_server *server);

struct cc_server_kind {
    int (*run)(struct cc_server *server);
    void (*stop)(struct cc_server *server);
    bool (*close)(struct cc_server *server);
    void (*answer)(struct cc_server *server, struct cc_ticket ticket, const struct cc_reply *reply);
    void (*answer_raw)(struct cc_server *server, struct cc_ticket ticket, const char *text,
                       size_t len);
    bool (*job)(struct cc_server *server, const struct cc_job *job);
    bool (*start)(struct cc_server *server, const struct cc_child *child, int *status,
                  struct cc_error *err);
    void (*nudge)(struct cc_server *server, size_t id, enum cc_nudge nudge);
    void (*pass_on)(struct cc_server *server, size_t id, const struct cc_signal *signal);
    void (*pause)(struct cc_server *server);
};

#endif
