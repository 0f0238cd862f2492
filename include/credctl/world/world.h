#ifndef CREDCTL_WORLD_WORLD_H
#define CREDCTL_WORLD_WORLD_H

/*
 * Everything outside the process, in one struct. src/world/ fills it with the real thing,
 * tests/support/ with one made of tables. No other file may read a clock, the environment, a file,
 * a socket or the random source (tests/lint/rooms.sh checks). The arguments and results of the
 * functions are described in one header per subject; this one includes them all.
 *
 * The functions are shaped by what credctl needs, not by what libcurl or POSIX offer. All results
 * live in the arena passed in.
 */

#include "credctl/world/files.h"
#include "credctl/world/folder.h"
#include "credctl/world/http.h"
#include "credctl/world/process.h"
#include "credctl/world/run.h"

struct cc_machine;

struct cc_file_lock;

struct cc_world {
    void *self;                       /* handed to every function below */
    const struct cc_machine *machine; /* servers, children and the like */
    int64_t (*now)(void *self);       /* Unix seconds */
    int64_t (*ticks_ms)(void *self);  /* monotonic */
    void (*sleep_ms)(void *self, int ms);
    bool (*random)(void *self, void *to, size_t size);

    const char *(*env)(void *self, const char *name);
    const char *const *(*env_all)(void *self); /* "NAME=value" rows, ends with NULL */
    const char *(*host_name)(void *self, struct cc_arena *mem);

    bool (*read_file)(void *self, struct cc_arena *mem, const char *path, size_t max,
                      struct cc_bytes *to, struct cc_error *err);
    /* As cc_write_files. */
    bool (*write_files)(void *self, const struct cc_file_text *files, size_t count,
                        struct cc_error *err);
    /* To the end of a file that is there already. */
    bool (*append_file)(void *self, const char *path, const char *text, size_t len,
                        struct cc_error *err);
    bool (*make_folders)(void *self, const char *path, struct cc_error *err);
    void (*file_facts)(void *self, const char *path, struct cc_file_facts *facts);
    /* As cc_list_folder; *more as folder_names has it. */
    bool (*list)(void *self, struct cc_arena *mem, const char *path, const char *const **names,
                 bool *more, struct cc_error *err);
    bool (*remove_file)(void *self, const char *path, struct cc_error *err);

    /* As credctl/world/replace.h has them. */
    enum cc_lock (*file_lock)(void *self, const char *path, struct cc_file_lock **lock);
    void (*file_unlock)(void *self, struct cc_file_lock *lock);
    bool (*may_replace)(void *self, const char *path, size_t size, struct cc_error *err);
    bool (*replace_file)(void *self, const char *path, const char *text, size_t len,
                         struct cc_error *err);
    const char *(*working_folder)(void *self, struct cc_arena *mem);

    /*
     * With `make`, the folder and its parent are created with 0700, but not in the home of
     * another user (see cc_write_file), which is CC_E_UNSAFE_FILE. Fails with
     * CC_E_UNSAFE_FILE when the path is not a private folder of this user, with
     * CC_E_UNWRITABLE when the disk is full or broken, and with CC_E_NOT_HERE when there is none
     * and none can be created.
     */
    bool (*folder_open)(void *self, struct cc_arena *mem, const char *path, bool make,
                        struct cc_folder **folder, struct cc_error *err);
    /* CC_E_NOT_HERE: no such file. CC_E_UNSAFE_FILE: not a regular file of this user with mode 0600
     * and one hard link. */
    bool (*folder_read)(void *self, struct cc_arena *mem, struct cc_folder *folder,
                        const char *name, struct cc_bytes *to, struct cc_error *err);
    /* By <name>.tmp, fsync and rename. A name has one writer at a time: the holder of its lock. */
    bool (*folder_write)(void *self, struct cc_folder *folder, const char *name,
                         struct cc_bytes bytes, struct cc_error *err);
    bool (*folder_remove)(void *self, struct cc_folder *folder, const char *name,
                          struct cc_error *err);
    void (*folder_facts)(void *self, struct cc_folder *folder, const char *name,
                         struct cc_file_facts *facts);
    /* Ends with NULL; *more is set when there are more than CC_FOLDER_NAMES_MAX. */
    const char *const *(*folder_names)(void *self, struct cc_arena *mem, struct cc_folder *folder,
                                       bool *more);
    /* Does not wait. The kernel releases it when the process or the folder's arena ends. */
    enum cc_lock (*folder_lock)(void *self, struct cc_folder *folder, uint64_t which);
    void (*folder_unlock)(void *self, struct cc_folder *folder, uint64_t which);

    void (*http)(void *self,
                 const struct cc_pump *pump); /* until the pump has nothing more to do */
    /* Numeric addresses of a host name, ends with NULL. */
    bool (*resolve)(void *self, struct cc_arena *mem, const char *name,
                    const char *const **addresses, struct cc_error *err);

    bool (*process)(void *self, struct cc_arena *mem, const struct cc_process *process,
                    struct cc_process_end *end, struct cc_error *err);
    /* Asks at the terminal (/dev/tty), without echo; fails with CC_E_MFA when there is none. */
    bool (*ask)(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                struct cc_error *err);

    bool (*is_terminal)(void *self, int fd);
    /* stdout is a file that other users can read. */
    bool (*output_exposed)(void *self);
    /* False when not everything could be written. */
    bool (*emit)(void *self, int fd, const char *text, size_t len);
};

/*
 * The real one. `root` is put before every path that is read ("" for none). Signal actions, mask,
 * umask and closed standard streams are set to what credctl needs; every child, and this process
 * after the close, has them as they were at the start.
 */
struct cc_world *cc_world_real(const char *root);
void cc_world_close(struct cc_world *world);

#endif
