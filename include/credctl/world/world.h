#ifndef CREDCTL_WORLD_WORLD_H
#define CREDCTL_WORLD_WORLD_H

/*
 * Everything outside the process, in one struct. src/world/ fills it with the real thing,
 * tests/support/ with one made of tables. No other file may read a clock, the environment, a file,
 * a socket or the random source (tests/lint/rooms.sh checks).
 *
 * The functions are shaped by what credctl needs, not by what libcurl or POSIX offer. All results
 * live in the arena passed in.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"
#include "credctl/base/log.h"
#include "credctl/base/secret.h"

#include <stdbool.h>
#include <stdint.h>

struct cc_header {
    const char *name;
    const char *value;       /* shown in debug logs ... */
    struct cc_secret secret; /* ... or this, which never is */
};

/* Near: metadata and agents beside us; never through a proxy, no redirect, no retry by itself.
 * Far: everything else; https is verified, the proxy variables are honoured. Neither follows
 * redirects: no AWS API needs it. */
enum cc_distance { CC_FAR, CC_NEAR };

struct cc_request {
    const char *method;
    const char *url;
    const struct cc_header *headers; /* ends with a row without a name; NULL for none */
    struct cc_secret body;           /* absent for none; never logged */
    enum cc_distance distance;
    const char *address; /* numeric address to connect to instead of resolving the host; or NULL */
    int connect_ms;      /* 0: as timeout_ms */
    int timeout_ms;      /* for the whole exchange, also against a peer that drips; cut to the run's
                            deadline */
    size_t max_body;     /* a longer answer is an error */
    const char *ca;      /* file or folder of certificates; NULL: the run's, then the system's */
};

/* How an exchange that got no answer ended. */
enum cc_failure {
    CC_NET_ANSWERED,
    CC_NET_NO_ROUTE,        /* nothing can be sent there */
    CC_NET_REFUSED,         /* the host says no at once */
    CC_NET_CONNECT_TIMEOUT, /* a black hole */
    CC_NET_NAME,            /* the name does not resolve */
    CC_NET_TLS,             /* a certificate that is not trusted, or a TLS that is not spoken */
    CC_NET_TLS_CUT,         /* reset or closed in the middle of the handshake */
    CC_NET_SILENT,          /* connected, then no (whole) answer in time */
    CC_NET_CUT,             /* connected, then reset or closed early */
    CC_NET_TOO_BIG,         /* more than max_body, or endless headers */
    CC_NET_OTHER,
};

struct cc_response {
    enum cc_failure failure; /* also set when the call returns false */
    int status;
    const char *body; /* terminated; never NULL on success */
    size_t body_len;
    const char *head; /* raw header lines; use cc_response_header */
    int took_ms;
};

/* The first header of that name, without blanks around it; NULL when there is none. */
const char *cc_response_header(struct cc_arena *mem, const struct cc_response *response,
                               const char *name);

/* `request` and `about` are the caller's; the rest is filled in by who performs it. */
struct cc_exchange {
    struct cc_run *run; /* whose arena the answer lies in, whose deadline counts, who logs */
    struct cc_request request;
    struct cc_response response;
    struct cc_error err;
    bool ok;
    void *about;
};

/* Told as each of many exchanges ends, from the same thread. */
struct cc_watch {
    void (*done)(void *about, struct cc_exchange *exchange); /* NULL: nobody asks */
    void *about;
};

#define CC_PUMP_NEVER INT64_MAX

/*
 * Exchanges that are made as they are wanted: as many at once as `next` hands out before it says
 * no. All calls come from the thread that pumps.
 */
struct cc_pump {
    /* What to begin now, with its run set; it must stay in its place until `done`. NULL: nothing
     * before *at on the clock of ticks_ms (CC_PUMP_NEVER unless it is set), or before one of those
     * under way has ended. With none under way and CC_PUMP_NEVER the pump has run dry. */
    struct cc_exchange *(*next)(void *about, int64_t *at);
    /* It has ended; afterwards its memory may be given away. */
    void (*done)(void *about, struct cc_exchange *exchange);
    void *about;
};

struct cc_bytes {
    const char *text; /* terminated */
    size_t len;
};

struct cc_process {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    int timeout_ms;
    size_t max_out;         /* a longer output is an error */
    const char *const *set; /* "NAME=value" rows added to the environment; NULL for none */
};

struct cc_process_end {
    int status;      /* exit status; 128 + signal when killed */
    const char *out; /* what it wrote to stdout, terminated */
    size_t out_len;
    const char *err; /* the first 4 KiB of its stderr, terminated */
};

struct cc_file_facts {
    bool exists;
    bool regular;
    bool folder;
    bool link;     /* the path itself is a symbolic link; the rest is of the link */
    unsigned mode; /* permission bits */
    bool ours;     /* owned by the effective user */
    int64_t size;
    int64_t changed; /* Unix seconds */
};

/*
 * A folder of private files: no link, ours, closed to everybody else. Its files are named, never
 * given as paths, and each is judged by the descriptor that is read. Open until its arena is wiped.
 */
struct cc_folder {
    const char *path;
    unsigned long owner; /* the effective user */
};

#define CC_FOLDER_FILE_MAX  65536
#define CC_FOLDER_NAMES_MAX 10000

/* NEVER: there can be no lock here (no space for its file, or a file system without locks). */
enum cc_lock { CC_LOCK_GOT, CC_LOCK_BUSY, CC_LOCK_NEVER };

struct cc_world {
    void *self;                      /* handed to every function below */
    int64_t (*now)(void *self);      /* Unix seconds */
    int64_t (*ticks_ms)(void *self); /* monotonic */
    void (*sleep_ms)(void *self, int ms);
    bool (*random)(void *self, void *to, size_t size);

    const char *(*env)(void *self, const char *name);
    const char *const *(*env_all)(void *self); /* "NAME=value" rows, ends with NULL */

    bool (*read_file)(void *self, struct cc_arena *mem, const char *path, size_t max,
                      struct cc_bytes *to, struct cc_error *err);
    /* Mode 0600, by temporary file, fsync and rename; missing folders are made with 0700. */
    bool (*write_file)(void *self, const char *path, const char *text, size_t len,
                       struct cc_error *err);
    /* To the end of a file that is there already. */
    bool (*append_file)(void *self, const char *path, const char *text, size_t len,
                        struct cc_error *err);
    void (*file_facts)(void *self, const char *path, struct cc_file_facts *facts);
    bool (*remove_file)(void *self, const char *path, struct cc_error *err);

    /*
     * With `make` the folder, and the one it lies in, are made with 0700. Fails with
     * CC_E_UNSAFE_FILE when something else lies there than a private folder of ours, with
     * CC_E_UNWRITABLE when the disk is full or broken, and with CC_E_NOT_HERE when there is none
     * and none can be made.
     */
    bool (*folder_open)(void *self, struct cc_arena *mem, const char *path, bool make,
                        struct cc_folder **folder, struct cc_error *err);
    /* CC_E_NOT_HERE: no such file. CC_E_UNSAFE_FILE: not a regular file of ours with mode 0600 and
     * one name. */
    bool (*folder_read)(void *self, struct cc_arena *mem, struct cc_folder *folder,
                        const char *name, struct cc_bytes *to, struct cc_error *err);
    /* By <name>.tmp, fsync and rename. One writer of a name at a time: who holds a lock for it. */
    bool (*folder_write)(void *self, struct cc_folder *folder, const char *name,
                         struct cc_bytes bytes, struct cc_error *err);
    bool (*folder_remove)(void *self, struct cc_folder *folder, const char *name,
                          struct cc_error *err);
    void (*folder_facts)(void *self, struct cc_folder *folder, const char *name,
                         struct cc_file_facts *facts);
    /* Ends with NULL; at most CC_FOLDER_NAMES_MAX. */
    const char *const *(*folder_names)(void *self, struct cc_arena *mem, struct cc_folder *folder);
    /* Does not wait. The kernel lets go of it when the process or the folder's arena ends. */
    enum cc_lock (*folder_lock)(void *self, struct cc_folder *folder, uint64_t which);
    void (*folder_unlock)(void *self, struct cc_folder *folder, uint64_t which);

    void (*http)(void *self, const struct cc_pump *pump); /* until it has run dry */
    /* Numeric addresses of a host name, ends with NULL. */
    bool (*resolve)(void *self, struct cc_arena *mem, const char *name,
                    const char *const **addresses, struct cc_error *err);

    bool (*process)(void *self, struct cc_arena *mem, const struct cc_process *process,
                    struct cc_process_end *end, struct cc_error *err);
    /* Asks at the terminal (/dev/tty), without echo; fails with CC_E_MFA when there is none. */
    bool (*ask)(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                struct cc_error *err);

    bool (*is_terminal)(void *self, int fd);
    /* stdout is a file that others may read. */
    bool (*output_exposed)(void *self);
    /* False when not all could be written. */
    bool (*emit)(void *self, int fd, const char *text, size_t len);
};

/* What every function that does work is given. */
struct cc_run {
    const struct cc_world *world;
    struct cc_arena mem;
    int64_t deadline_ms; /* on the clock of ticks_ms; 0: none */
    enum cc_level level; /* what is logged: this and graver */
    bool log_json;
    bool offline;           /* no network at all */
    const char *output;     /* the --output that was chosen */
    int exit_status;        /* set by a command whose answer is "no", or another's status */
    const char *ca_bundle;  /* --ca-bundle; NULL: as the environment and the system say */
    int64_t skew;           /* seconds AWS is ahead of our clock, once a service has told us */
    int retry_spent;        /* of the quota that all calls of the run share */
    struct cc_run *part_of; /* the run whose skew and quota are meant; NULL: its own */
};

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

CC_MUST_USE bool cc_read_file(struct cc_run *run, const char *path, size_t max, const char **text,
                              size_t *len, struct cc_error *err);
/* One line of printable text, without its newline: fit to be sent in a header. */
CC_MUST_USE bool cc_read_secret(struct cc_run *run, const char *path, struct cc_secret *secret,
                                struct cc_error *err);
CC_MUST_USE bool cc_write_file(struct cc_run *run, const char *path, const char *text, size_t len,
                               struct cc_error *err);
CC_MUST_USE bool cc_append_file(struct cc_run *run, const char *path, const char *text, size_t len,
                                struct cc_error *err);
struct cc_file_facts cc_file_facts(struct cc_run *run, const char *path);
/* As in struct cc_world. */
CC_MUST_USE bool cc_folder_open(struct cc_run *run, const char *path, bool make,
                                struct cc_folder **folder, struct cc_error *err);
CC_MUST_USE bool cc_folder_read(struct cc_run *run, struct cc_folder *folder, const char *name,
                                struct cc_bytes *to, struct cc_error *err);
CC_MUST_USE bool cc_folder_write(struct cc_run *run, struct cc_folder *folder, const char *name,
                                 struct cc_bytes bytes, struct cc_error *err);
CC_MUST_USE bool cc_folder_remove(struct cc_run *run, struct cc_folder *folder, const char *name,
                                  struct cc_error *err);
struct cc_file_facts cc_folder_facts(struct cc_run *run, struct cc_folder *folder,
                                     const char *name);
const char *const *cc_folder_names(struct cc_run *run, struct cc_folder *folder);
enum cc_lock cc_folder_lock(struct cc_run *run, struct cc_folder *folder, uint64_t which);
void cc_folder_unlock(struct cc_run *run, struct cc_folder *folder, uint64_t which);

/* A leading "~/" becomes $HOME, else the passwd entry's folder. */
const char *cc_path_expand(struct cc_run *run, const char *path);
/* $HOME, else the passwd entry; NULL when neither is known. */
const char *cc_home(struct cc_run *run);

/* Fails with CC_E_DEADLINE when the run's time is over, and when the run is offline. */
CC_MUST_USE bool cc_http(struct cc_run *run, const struct cc_request *request,
                         struct cc_response *response, struct cc_error *err);
/* At most `parallel` at once. */
void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch);
/* An exchange whose run is offline or over ends at once, as with cc_http. */
void cc_http_pump(struct cc_run *run, const struct cc_pump *pump);

/* An event name, then CC_S and CC_N rows. */
// NOLINTNEXTLINE(readability-identifier-naming): it reads like the function it calls
#define cc_log(run, level, event, ...) \
    cc_log_rows(run, level, event, (const struct cc_row[]){__VA_ARGS__ __VA_OPT__(, ){0}})
void cc_log_rows(struct cc_run *run, enum cc_level level, const char *event,
                 const struct cc_row *rows);

/* The real one. `root` is put before every path that is read ("" for none). */
struct cc_world *cc_world_real(const char *root);
void cc_world_close(struct cc_world *world);

#endif
