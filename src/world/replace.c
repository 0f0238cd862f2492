#include "credctl/world/replace.h"

#include "credctl/base/text.h"

#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_LEN 4096

struct cc_file_lock {
    int fd;
};

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static bool failed(struct cc_error *err, const char *path)
{
    int number = errno;
    cc_fail(err, CC_E_UNWRITABLE, "cannot write %s", path);
    return cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
}

/* The file itself, after all links. */
static bool target_of(const struct real *real, const char *path, char *target)
{
    char full[PATH_MAX_LEN];
    char real_path[PATH_MAX];

    if (snprintf(full, sizeof(full), "%s%s", path[0] == '/' ? real->root : "", path) >=
        (int)sizeof(full)) {
        errno = ENAMETOOLONG;
        return false;
    }
    return realpath(full, real_path) &&
           snprintf(target, PATH_MAX_LEN, "%s", real_path) < PATH_MAX_LEN;
}

/* The previous holder of the lock may have replaced the file that was opened. */
static bool still_there(int fd, const char *target)
{
    struct stat held;
    struct stat named;

    return fstat(fd, &held) == 0 && stat(target, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

/* BUSY also when the file was replaced: the next attempt opens the new one. */
static enum cc_lock lock_opened(int fd, const char *target)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK || errno == EINTR ? CC_LOCK_BUSY : CC_LOCK_NEVER;
    }
    return still_there(fd, target) ? CC_LOCK_GOT : CC_LOCK_BUSY;
}

static enum cc_lock lock_target(const char *target, int *held)
{
    /* Some file systems give such a lock only to processes that can write. */
    int fd = open(target, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    fd = fd >= 0 ? fd : open(target, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return CC_LOCK_NEVER;
    }
    enum cc_lock got = lock_opened(fd, target);
    if (got == CC_LOCK_GOT) {
        *held = fd;
    } else {
        (void)close(fd);
    }
    return got;
}

enum cc_lock cc_real_file_lock(void *self, const char *path, struct cc_file_lock **lock)
{
    char target[PATH_MAX_LEN];
    int fd = -1;

    if (!target_of(self, path, target)) {
        return CC_LOCK_NEVER;
    }
    enum cc_lock got = lock_target(target, &fd);
    if (got == CC_LOCK_GOT) {
        *lock = malloc(sizeof(**lock));
        if (!*lock) {
            abort();
        }
        (*lock)->fd = fd;
    }
    return got;
}

void cc_real_file_unlock(void *self, struct cc_file_lock *lock)
{
    (void)self;
    (void)close(lock->fd);
    free(lock);
}

/* In the same folder, so that a rename is atomic; mkostemp makes it 0600 and exclusive. */
static int open_beside(const char *target, char *temporary)
{
    if (snprintf(temporary, PATH_MAX_LEN, "%s.XXXXXX", target) >= PATH_MAX_LEN) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return mkostemp(temporary, O_CLOEXEC);
}

bool cc_real_may_replace(void *self, const char *path, size_t size, struct cc_error *err)
{
    char target[PATH_MAX_LEN];
    char temporary[PATH_MAX_LEN];
    CC_CLEANUP(fd_close) int fd = -1;

    if (!target_of(self, path, target)) {
        return failed(err, path);
    }
    fd = open_beside(target, temporary);
    if (fd < 0) {
        return failed(err, path);
    }
    errno = posix_fallocate(fd, 0, (off_t)size);
    bool room = errno == 0 || errno == EOPNOTSUPP || errno == EINVAL;
    if (!room) {
        failed(err, path);
    }
    (void)unlink(temporary);
    return room;
}

bool cc_real_replace_file(void *self, const char *path, const char *text, size_t len,
                          struct cc_error *err)
{
    char target[PATH_MAX_LEN];
    char temporary[PATH_MAX_LEN];
    CC_CLEANUP(fd_close) int fd = -1;

    if (!target_of(self, path, target)) {
        return failed(err, path);
    }
    fd = open_beside(target, temporary);
    if (fd < 0) {
        return failed(err, path);
    }
    /* fchmod, because the umask may have removed bits. */
    if (fchmod(fd, 0600) != 0 || !cc_real_put_all(fd, text, len) ||
        rename(temporary, target) != 0) {
        failed(err, path);
        (void)unlink(temporary);
        return false;
    }
    return true;
}

const char *cc_real_working_folder(void *self, struct cc_arena *mem)
{
    char path[PATH_MAX_LEN];
    struct stat facts = {0};

    (void)self;
    if (getcwd(path, sizeof(path))) {
        return cc_text_dup(mem, path, strlen(path));
    }
    (void)!stat(".", &facts);
    return cc_textf(mem, "%llu:%llu", (unsigned long long)facts.st_dev,
                    (unsigned long long)facts.st_ino);
}

enum cc_lock cc_file_lock(struct cc_run *run, const char *path, struct cc_file_lock **lock)
{
    return run->world->file_lock(run->world->self, path, lock);
}

void cc_file_unlock(struct cc_run *run, struct cc_file_lock *lock)
{
    run->world->file_unlock(run->world->self, lock);
}

bool cc_may_replace(struct cc_run *run, const char *path, size_t size, struct cc_error *err)
{
    return run->world->may_replace(run->world->self, path, size, err);
}

bool cc_replace_file(struct cc_run *run, const char *path, const char *text, size_t len,
                     struct cc_error *err)
{
    return run->world->replace_file(run->world->self, path, text, len, err);
}

const char *cc_working_folder(struct cc_run *run)
{
    return run->world->working_folder(run->world->self, &run->mem);
}
