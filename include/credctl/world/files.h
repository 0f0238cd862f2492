#ifndef CREDCTL_WORLD_FILES_H
#define CREDCTL_WORLD_FILES_H

/* Files given by their paths. */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"
#include "credctl/base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cc_run;

struct cc_bytes {
    const char *text; /* terminated */
    size_t len;
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
/* A leading "~/" becomes $HOME, else the passwd entry's folder. */
const char *cc_path_expand(struct cc_run *run, const char *path);
/* $HOME, else the passwd entry; NULL when neither is known. */
const char *cc_home(struct cc_run *run);

#endif
