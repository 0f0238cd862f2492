#ifndef CREDCTL_WORLD_FOLDER_H
#define CREDCTL_WORLD_FOLDER_H

/* Folders of private files, named and locked. */

#include "credctl/world/files.h"

/*
 * A folder of private files: not a link, owned by this user, closed to all others. Files are given
 * by name, never by path, and each is checked by the descriptor that is read. Open until its arena
 * is wiped.
 */
struct cc_folder {
    const char *path;
    unsigned long owner; /* the effective user */
};

#define CC_FOLDER_FILE_MAX  65536
#define CC_FOLDER_NAMES_MAX 10000

/* NEVER: locks are not possible here (no space for the file, or a file system without locks). */
enum cc_lock { CC_LOCK_GOT, CC_LOCK_BUSY, CC_LOCK_NEVER };

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
/* Ends with NULL. When there are more than CC_FOLDER_NAMES_MAX, the others are left out and a
 * warning is logged. */
const char *const *cc_folder_names(struct cc_run *run, struct cc_folder *folder);
enum cc_lock cc_folder_lock(struct cc_run *run, struct cc_folder *folder, uint64_t which);
void cc_folder_unlock(struct cc_run *run, struct cc_folder *folder, uint64_t which);

#endif
