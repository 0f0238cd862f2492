#ifndef TESTS_SUPPORT_FAKE_WORLD_H
#define TESTS_SUPPORT_FAKE_WORLD_H

/*
 * A world made of tables. Set it up, run, and let go of it with the teardown, which fails the test
 * if an expected request was never made or if the canary got into anything shown. A request that
 * matches no row fails at once. Sleeping only moves the clock.
 */

#include "credctl/world/world.h"

#define CANARY "CANARY-do-not-show"

struct fake_pair {
    const char *name;
    const char *value;
};

struct fake;

/* One answer, given once to the first request for this URL (and method) that has none yet. */
struct fake_exchange {
    const char *method; /* NULL: any */
    const char *url;
    const char *part; /* of the request's body or headers; NULL: any */
    int status;       /* 0: no answer, but `failure` */
    const char *body;
    const char *head; /* header lines of the answer, each ending in \r\n; or NULL */
    enum cc_failure failure;
    bool optional;                        /* need not be asked for */
    bool forever;                         /* may be asked for again and again */
    int takes_ms;                         /* moves the clock */
    void (*meanwhile)(struct fake *fake); /* what others do before it is answered; or NULL */
    bool used;
};

struct fake_sent {
    const char *method;
    const char *url;
    const char *address;
    const char *headers; /* "Name: value\n" rows, secrets included */
    const char *body;
    enum cc_distance distance;
};

struct fake_machine;

struct fake {
    struct cc_world world;
    struct fake_machine *machine; /* servers and children, when a test installed them */
    struct cc_setup setup;
    struct cc_run run;
    int64_t now;   /* Unix seconds */
    int64_t ticks; /* milliseconds */
    int64_t slept; /* milliseconds in all */
    struct fake_pair env[64];
    const char *env_rows[65];
    struct fake_pair files[64];
    struct fake_mode {
        const char *path;
        unsigned mode; /* of what a reader gets */
        bool foreign;
        bool closed; /* this user cannot read it */
    } modes[16];     /* of files and folders that are not 0600 and 0700 */
    struct fake_exchange http[64];
    struct fake_sent sent[128]; /* every request made, in its order */
    size_t sent_count;
    size_t most_at_once; /* requests under way at the same time */
    bool forgets;        /* more requests than there is room for: only the last ones are kept */
    struct fake_pair resolves[16]; /* name -> addresses, separated by blanks */
    struct cc_process_end process; /* what the next process answers */
    bool process_missing;          /* it cannot be started */
    const char *process_line;      /* the argv of the last one, joined by blanks */
    const char *answer;            /* what is typed at the terminal; NULL: there is no terminal */
    enum cc_code folder_fails;     /* no folder can be opened: why */
    int64_t file_age;              /* seconds, of all files in folders */
    bool crowded;                  /* a folder has more files than are listed */
    bool disk_full;                /* no file in a folder can be written */
    int64_t locked_until;          /* in ticks: another process holds every lock */
    bool lock_never;               /* a file system without locks */
    void (*on_lock)(struct fake *fake); /* what another process did before we got a lock */
    int64_t file_locked_until;          /* in ticks: another process holds the lock of every file */
    void (*on_file_lock)(struct fake *fake); /* what it did before we got the lock */
    bool file_lock_never;                    /* files on a file system without locks */
    int files_locked;                        /* held now; 0 when a test ends */
    bool read_only;                          /* no file can be replaced */
    const char *folder;                      /* the working folder; NULL: /work */
    const char *host;                        /* the name of the host; NULL: host */
    struct fake_read {
        char kind; /* 'v'ariable, 'f'ile, 'a'll variables, 'w'orking folder, 'l'ist of a folder */
        const char *name;
        int times;
    } reads[512]; /* what was looked at */
    size_t read_count;
    bool exposed;        /* stdout is a world-readable file */
    bool terminal;       /* stdout and stderr are terminals */
    struct cc_arena mem; /* outlives the run */
    char shown[262144];  /* stdout and stderr together */
    size_t shown_len;
    char out[131072]; /* stdout alone */
    size_t out_len;
    bool canary_is_meant; /* the command under test prints credentials: do not fail on the canary */
};

void fake_locks(struct fake *fake); /* fills in its part of the world */
void fake_noted(struct fake *fake, char kind, const char *name); /* that it was looked at */
int fake_setup(void **state);
int fake_teardown(void **state);
void fake_env(struct fake *fake, const char *name, const char *value);
void fake_file(struct fake *fake, const char *path, const char *text); /* replaces an older one */
void fake_mode(struct fake *fake, struct fake_mode mode);
const char *fake_file_text(struct fake *fake, const char *path); /* NULL: not there */
void fake_http(struct fake *fake, const char *url, int status, const char *body);
void fake_http_row(struct fake *fake, struct fake_exchange row);
void fake_no_answer(struct fake *fake, const char *url, enum cc_failure failure);
void fake_resolves(struct fake *fake, const char *name, const char *addresses);
/* The first request whose URL holds `part`; NULL when there is none. */
const struct fake_sent *fake_sent(struct fake *fake, const char *part);

#endif
