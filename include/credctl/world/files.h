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

/* The result of reading a path, with links followed. An input at its default path can be missing,
 * and one that cannot be read stops only those who need it. */
enum cc_reading {
    CC_READ_NONE,      /* nothing is there */
    CC_READ_FILE,      /* or a pipe, or a device */
    CC_READ_FOLDER,    /* container mounts create a folder for a file that does not exist */
    CC_READ_FORBIDDEN, /* this user cannot read it, or enter a folder above it */
};

struct cc_file_facts {
    bool exists;
    enum cc_reading reading; /* for paths; not set for files in a cc_folder */
    bool regular;
    bool folder;
    bool link;     /* the path itself is a symbolic link; the rest is of the link */
    unsigned mode; /* permission bits */
    bool ours;     /* owned by the effective user */
    int64_t size;
    int64_t changed; /* Unix seconds */
    /* For paths: of what a reader gets, with links followed; zero when nothing can be reached. */
    unsigned reached_mode;
    bool reached_foreign; /* its owner is neither this user nor root; for root nobody is foreign */
};

/* The whole of a text file, terminated, without a byte order mark; CC_E_TOO_BIG above `max`. */
CC_MUST_USE bool cc_read_file(struct cc_run *run, const char *path, size_t max, const char **text,
                              size_t *len, struct cc_error *err);
struct cc_file_text {
    const char *path;
    const char *text;
    size_t len;
};

/* One line of printable text, without its newline, which can be sent in a header. */
CC_MUST_USE bool cc_read_secret(struct cc_run *run, const char *path, struct cc_secret *secret,
                                struct cc_error *err);
/*
 * Mode 0600, by temporary file, fsync and rename; missing folders are created with 0700. A file of
 * another user keeps its owner. Fails with CC_E_UNWRITABLE, also when something new would be in the
 * home of another user.
 */
CC_MUST_USE bool cc_write_file(struct cc_run *run, const char *path, const char *text, size_t len,
                               struct cc_error *err);
/* The same for many files, of which none is replaced before all are on the disk. */
CC_MUST_USE bool cc_write_files(struct cc_run *run, const struct cc_file_text *files, size_t count,
                                struct cc_error *err);
CC_MUST_USE bool cc_append_file(struct cc_run *run, const char *path, const char *text, size_t len,
                                struct cc_error *err);
/* mkdir -p with mode 0700, by the rules of cc_write_file. */
CC_MUST_USE bool cc_folder_make(struct cc_run *run, const char *path, struct cc_error *err);
struct cc_file_facts cc_file_facts(struct cc_run *run, const char *path);
#define CC_LIST_MAX 10000
/* The names in a folder, sorted by their bytes, without those that begin with a dot; ends with
 * NULL. CC_E_TOO_BIG when there are more than CC_LIST_MAX. */
CC_MUST_USE bool cc_list_folder(struct cc_run *run, const char *path, const char *const **names,
                                struct cc_error *err);
/* A leading "~/" becomes $HOME, else the passwd entry's folder. */
const char *cc_path_expand(struct cc_run *run, const char *path);
/* $HOME, else the passwd entry; NULL when neither is known. */
const char *cc_home(struct cc_run *run);

#endif
