#ifndef CREDCTL_WORLD_SERVER_H
#define CREDCTL_WORLD_SERVER_H

/*
 * An HTTP server for this host: one thread that speaks with everybody, and a few that do what takes
 * time. It is built for loopback and Unix sockets: a peer of another user is refused, every wait
 * has an end, and everything that grows has a ceiling.
 *
 * All functions but cc_job.work are called on, and belong to, the thread of cc_server_run.
 */

#include "credctl/base/buf.h"
#include "credctl/world/head.h"
#include "credctl/world/world.h"

struct cc_server;

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
};

struct cc_server_plan {
    /* Where it listens: a socket that systemd passes on beats both of these. */
    const char *address;   /* "127.0.0.1:0", "[::1]:8080" */
    const char *unix_path; /* or NULL; a socket that nobody listens on any more is replaced */
    bool own_socket;       /* never systemd's */
    bool anywhere;         /* another address than loopback is allowed */
    bool strangers;        /* so are peers whose user cannot be told: on other hosts */
    int hop_limit;         /* IP time to live of answers; 0: the system's */
    size_t max_body;
    const int *signals; /* delivered to `signalled`, ends with 0; NULL: SIGTERM and SIGINT */

    void *about;
    /* Answers with cc_server_answer now, or keeps the ticket and answers later. */
    void (*visit)(void *about, struct cc_server *server, const struct cc_visit *visit);
    /* NULL: the server stops. */
    void (*signalled)(void *about, struct cc_server *server, const struct cc_signal *signal);
    /* Something the server itself refused, by its status; may be NULL. */
    void (*refused)(void *about, int status);
};

/* Listens, but answers nobody before cc_server_run. */
CC_MUST_USE bool cc_server_open(struct cc_run *run, const struct cc_server_plan *plan,
                                struct cc_server **server, struct cc_error *err);
/* "127.0.0.1:41233", "[::1]:80", or the path of a Unix socket. */
const char *cc_server_address(const struct cc_server *server);
int cc_server_port(const struct cc_server *server); /* 0 for a Unix socket */
bool cc_server_wildcard(const struct cc_server *server);

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

/* Tells systemd ("READY=1"), when it asked to be told. */
void cc_tell_supervisor(const struct cc_run *run, const char *state);

#endif
