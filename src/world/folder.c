#include "make.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_LEN 4096
#define NAME_MAX_LEN 255
#define LOCK_NAME    "lock"

struct open_folder {
    struct cc_folder shown;
    int fd;
    int lock; /* -1: not opened yet */
};

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static struct open_folder *opened(struct cc_folder *folder)
{
    return (struct open_folder *)(void *)folder;
}

static void release(void *thing)
{
    struct open_folder *folder = thing;

    fd_close(&folder->lock);
    fd_close(&folder->fd);
}

/* A host without a place for the cache is not an error; a disk that is full or broken is. */
static enum cc_code code_of(int number)
{
    if (number == CC_FOREIGN_HOME) {
        return CC_E_UNSAFE_FILE;
    }
    return number == ENOSPC || number == EDQUOT || number == EIO ? CC_E_UNWRITABLE : CC_E_NOT_HERE;
}

static bool unsafe(struct cc_error *err, const char *path, const char *why)
{
    cc_fail(err, CC_E_UNSAFE_FILE, "%s was not trusted", path);
    return cc_why(err, "%s", why);
}

/* Why this is not a private folder of this user; NULL when it is one. */
static const char *folder_fault(const struct stat *facts)
{
    if (S_ISLNK(facts->st_mode)) {
        return "it is a symbolic link";
    }
    if (!S_ISDIR(facts->st_mode)) {
        return "it is not a folder";
    }
    if (facts->st_uid != geteuid()) {
        return "it belongs to another user";
    }
    return facts->st_mode & 077 ? "other users may enter it" : NULL;
}

/* Links are followed above the folder, as in many homes. The folder itself must not be a link. */
static int open_in(int parent, const char *name, bool make)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    return fd < 0 && errno == ENOENT && make ? cc_make_folder(parent, name, CC_MADE_UNASKED) : fd;
}

static int open_parent(char *full, bool make, const char **name)
{
    const int how = O_PATH | O_DIRECTORY | O_CLOEXEC;
    char *slash = strrchr(full, '/');
    char *above = NULL;

    if (!slash || slash == full || slash[1] == '\0') {
        errno = ENOENT;
        return -1;
    }
    *slash = '\0';
    *name = slash + 1;
    int parent = open(full, how);
    above = strrchr(full, '/');
    if (parent >= 0 || errno != ENOENT || !make || !above || above == full) {
        return parent;
    }
    *above = '\0';
    CC_CLEANUP(fd_close) int grand = open(full, how);
    return grand < 0 ? grand : cc_make_folder(grand, above + 1, CC_MADE_UNASKED);
}

/* Gives the descriptor to the caller, so that it is not closed at the end of the function. */
static int hand_over(int *fd)
{
    int was = *fd;

    *fd = -1;
    return was;
}

bool cc_real_folder_open(void *self, struct cc_arena *mem, const char *path, bool make,
                         struct cc_folder **folder, struct cc_error *err)
{
    const struct real *real = self;
    char full[PATH_MAX_LEN];
    const char *name = NULL;
    struct stat facts;
    CC_CLEANUP(fd_close) int parent = -1;
    CC_CLEANUP(fd_close) int fd = -1;

    if (snprintf(full, sizeof(full), "%s%s", real->root, path) >= (int)sizeof(full)) {
        errno = ENAMETOOLONG;
        return cc_make_failed(err, CC_E_NOT_HERE, "open", path);
    }
    parent = open_parent(full, make, &name);
    if (parent < 0) {
        return cc_make_failed(err, code_of(errno), "open", path);
    }
    fd = open_in(parent, name, make);
    bool found = fd >= 0;
    int number = errno;
    if (found ? fstat(fd, &facts) == 0 : fstatat(parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0) {
        const char *fault = folder_fault(&facts);

        if (fault) {
            return unsafe(err, path, fault);
        }
    }
    if (!found) {
        errno = number;
        return cc_make_failed(err, code_of(number), "open", path);
    }
    struct open_folder *made = cc_alloc(mem, sizeof(*made));
    *made =
        (struct open_folder){{cc_text_dup(mem, path, strlen(path)), geteuid()}, hand_over(&fd), -1};
    cc_arena_adopt(mem, release, made);
    *folder = &made->shown;
    return true;
}

/* Why this is not a private file of this user; NULL when it is one. */
static const char *file_fault(const struct stat *facts)
{
    if (!S_ISREG(facts->st_mode)) {
        return "it is not a regular file";
    }
    if (facts->st_uid != geteuid()) {
        return "it belongs to another user";
    }
    if ((facts->st_mode & 07777) != 0600) {
        return "its mode is not 0600";
    }
    /* 0 links when it has just been replaced: the open file is still complete. */
    return facts->st_nlink <= 1 ? NULL : "it has more than one hard link";
}

static bool refuse(struct cc_error *err, const struct cc_folder *folder, const char *name,
                   const char *fault)
{
    char path[PATH_MAX_LEN];

    (void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    return unsafe(err, path, fault);
}

bool cc_real_folder_read(void *self, struct cc_arena *mem, struct cc_folder *folder,
                         const char *name, struct cc_bytes *to, struct cc_error *err)
{
    CC_CLEANUP(fd_close)
    int fd =
        openat(opened(folder)->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct cc_buf text = cc_buf_new(mem, CC_FOLDER_FILE_MAX);
    struct stat facts;

    (void)self;
    if (fd < 0 && errno == ELOOP) {
        return refuse(err, folder, name, "it is a symbolic link");
    }
    if (fd < 0 || fstat(fd, &facts) != 0) {
        return cc_make_failed(err, CC_E_NOT_HERE, "read", name);
    }
    const char *fault = file_fault(&facts);
    if (fault) {
        return refuse(err, folder, name, fault);
    }
    if (!cc_real_read_all(fd, &text) || text.too_big) {
        return cc_make_failed(err, CC_E_UNREADABLE, "read", name);
    }
    *to = (struct cc_bytes){text.text, text.len};
    return true;
}

bool cc_real_folder_write(void *self, struct cc_folder *folder, const char *name,
                          struct cc_bytes bytes, struct cc_error *err)
{
    char temporary[NAME_MAX_LEN + 1];
    int at = opened(folder)->fd;
    CC_CLEANUP(fd_close) int fd = -1;

    (void)self;
    if (snprintf(temporary, sizeof(temporary), "%s.tmp", name) >= (int)sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return cc_make_failed(err, CC_E_UNWRITABLE, "write", name);
    }
    (void)unlinkat(at, temporary, 0); /* left by a process that was killed */
    fd = openat(at, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return cc_make_failed(err, code_of(errno), "write", name);
    }
    /* fchmod, because the umask may have removed bits, and readers require exactly these. */
    if (fchmod(fd, 0600) != 0 || !cc_real_put_all(fd, bytes.text, bytes.len) ||
        renameat(at, temporary, at, name) != 0) {
        cc_make_failed(err, code_of(errno), "write", name);
        (void)unlinkat(at, temporary, 0);
        return false;
    }
    return true;
}

void cc_real_folder_facts(void *self, struct cc_folder *folder, const char *name,
                          struct cc_file_facts *facts)
{
    struct stat found;

    (void)self;
    *facts = (struct cc_file_facts){0};
    if (fstatat(opened(folder)->fd, name, &found, AT_SYMLINK_NOFOLLOW) == 0) {
        *facts = cc_real_facts_of(&found);
    }
}

bool cc_real_folder_remove(void *self, struct cc_folder *folder, const char *name,
                           struct cc_error *err)
{
    (void)self;
    if (unlinkat(opened(folder)->fd, name, 0) != 0 && errno != ENOENT) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "remove", name);
    }
    return true;
}

const char *const *cc_real_folder_names(void *self, struct cc_arena *mem, struct cc_folder *folder,
                                        bool *more)
{
    (void)self;
    /* A description of its own, because the position in the folder is part of it. */
    return cc_real_names(mem, openat(opened(folder)->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                         more);
}

static int open_lock_file(int folder)
{
    const int how = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(folder, LOCK_NAME, how);

    if (fd >= 0 || errno != ENOENT) {
        return fd;
    }
    fd = openat(folder, LOCK_NAME, how | O_CREAT | O_EXCL, 0600);
    if (fd >= 0) {
        (void)fchmod(fd, 0600);
        return fd;
    }
    return errno == EEXIST ? openat(folder, LOCK_NAME, how) : fd; /* another process was faster */
}

/* One file has all locks, one byte each, so that no lock files are left behind. */
static bool open_lock(struct open_folder *folder)
{
    struct stat facts;

    if (folder->lock >= 0) {
        return true;
    }
    folder->lock = open_lock_file(folder->fd);
    if (folder->lock < 0 || fstat(folder->lock, &facts) != 0 || file_fault(&facts)) {
        fd_close(&folder->lock);
        folder->lock = -1;
        return false;
    }
    return true;
}

static struct flock range(short type, uint64_t which)
{
    return (struct flock){
        .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)(which >> 2), .l_len = 1};
}

enum cc_lock cc_real_folder_lock(void *self, struct cc_folder *folder, uint64_t which)
{
    struct open_folder *own = opened(folder);
    struct flock wish = range(F_WRLCK, which);

    (void)self;
    if (!open_lock(own)) {
        return CC_LOCK_NEVER;
    }
    /* An "open file description" lock belongs to this descriptor, not to the process: threads
     * exclude each other too, and close() of another descriptor does not release it. */
    if (fcntl(own->lock, F_OFD_SETLK, &wish) == 0) {
        return CC_LOCK_GOT;
    }
    return errno == EAGAIN || errno == EACCES || errno == EINTR ? CC_LOCK_BUSY : CC_LOCK_NEVER;
}

void cc_real_folder_unlock(void *self, struct cc_folder *folder, uint64_t which)
{
    struct open_folder *own = opened(folder);
    struct flock wish = range(F_UNLCK, which);

    (void)self;
    if (own->lock >= 0) {
        (void)fcntl(own->lock, F_OFD_SETLK, &wish);
    }
}
