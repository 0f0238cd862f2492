#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "make.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_WAIT_MS 2000
#define PATH_MAX_LEN 4096

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static bool place(const struct real *real, const char *path, char *full)
{
    if (!path[0] || snprintf(full, PATH_MAX_LEN, "%s%s", path[0] == '/' ? real->root : "", path) >=
                        PATH_MAX_LEN) {
        errno = path[0] ? ENAMETOOLONG : ENOENT;
        return false;
    }
    return true;
}

/* A pipe without a writer, or with a slow one, would block for ever. */
static bool ready(int fd, int64_t until)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int64_t left = until - cc_real_ticks_ms(NULL);
    int got = poll(&wait, 1, left > 0 ? (int)left : 0);

    errno = got == 0 ? ETIMEDOUT : errno;
    return got > 0;
}

bool cc_real_read_all(int fd, struct cc_buf *text)
{
    char piece[4096]; /* on the stack: reading into memory costs less than the first access to a
                         page */
    struct stat facts;
    bool file = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode); /* always readable */
    int64_t until = file ? 0 : cc_real_ticks_ms(NULL) + PIPE_WAIT_MS;

    for (;;) {
        ssize_t got = file || ready(fd, until) ? read(fd, piece, sizeof(piece)) : -1;

        if (got <= 0 || text->too_big) {
            explicit_bzero(piece, sizeof(piece));
            return got == 0;
        }
        cc_buf_add(text, piece, (size_t)got);
    }
}

bool cc_real_read(void *self, struct cc_arena *mem, const char *path, size_t max,
                  struct cc_bytes *to, struct cc_error *err)
{
    char full[PATH_MAX_LEN];
    struct stat facts;
    CC_CLEANUP(fd_close) int fd = -1;
    struct cc_buf read = cc_buf_new(mem, max);

    if (!place(self, path, full)) {
        return cc_make_failed(err, CC_E_UNREADABLE, "read", path);
    }
    fd = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &facts) != 0) {
        return cc_make_failed(err, CC_E_UNREADABLE, "read", path);
    }
    if (S_ISDIR(facts.st_mode)) {
        errno = EISDIR;
        return cc_make_failed(err, CC_E_UNREADABLE, "read", path);
    }
    bool ended = cc_real_read_all(fd, &read);
    if (read.too_big) {
        cc_fail(err, CC_E_TOO_BIG, "cannot read %s", path);
        return cc_why(err, "it is larger than %zu bytes", max);
    }
    if (!ended) {
        return cc_make_failed(err, CC_E_UNREADABLE, "read", path);
    }
    *to = (struct cc_bytes){read.text, read.len};
    return true;
}

struct cc_file_facts cc_real_facts_of(const struct stat *found)
{
    return (struct cc_file_facts){
        .exists = true,
        .regular = S_ISREG(found->st_mode),
        .folder = S_ISDIR(found->st_mode),
        .link = S_ISLNK(found->st_mode),
        .mode = found->st_mode & 07777,
        .ours = found->st_uid == geteuid(),
        .size = found->st_size,
        .changed = found->st_mtime,
    };
}

static enum cc_reading reading_of(const char *full, const struct stat *target)
{
    if (S_ISDIR(target->st_mode)) {
        return CC_READ_FOLDER;
    }
    return faccessat(AT_FDCWD, full, R_OK, AT_EACCESS) == 0 ? CC_READ_FILE : CC_READ_FORBIDDEN;
}

static bool is_foreign(uid_t owner)
{
    return geteuid() != 0 && owner != 0 && owner != geteuid();
}

void cc_real_facts(void *self, const char *path, struct cc_file_facts *facts)
{
    char full[PATH_MAX_LEN];
    struct stat found;

    *facts = (struct cc_file_facts){0};
    if (!place(self, path, full)) {
        return;
    }
    if (lstat(full, &found) != 0) {
        facts->reading = errno == EACCES ? CC_READ_FORBIDDEN : CC_READ_NONE;
        return;
    }
    *facts = cc_real_facts_of(&found);
    if (S_ISLNK(found.st_mode) && stat(full, &found) != 0) {
        facts->reading = errno == EACCES ? CC_READ_FORBIDDEN : CC_READ_NONE;
        return;
    }
    facts->reading = reading_of(full, &found);
    facts->reached_mode = found.st_mode & 07777;
    facts->reached_foreign = is_foreign(found.st_uid);
}

bool cc_real_list(void *self, struct cc_arena *mem, const char *path, const char *const **names,
                  bool *more, struct cc_error *err)
{
    char full[PATH_MAX_LEN];
    int fd = -1;

    if (place(self, path, full)) {
        fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } else {
        errno = ENAMETOOLONG;
    }
    if (fd < 0) {
        return cc_make_failed(err, CC_E_UNREADABLE, "list", path);
    }
    *names = cc_real_names(mem, fd, more);
    return true;
}

/* Never a device or a link: writing to them creates no new file. */
bool cc_real_remove(void *self, const char *path, struct cc_error *err)
{
    char full[PATH_MAX_LEN];
    struct stat found;
    bool placed = place(self, path, full);

    if (placed && lstat(full, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
        return true;
    }
    if (!placed || (unlink(full) != 0 && errno != ENOENT)) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "remove", path);
    }
    return true;
}

static bool put_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, text, len);

        if (wrote <= 0) {
            return false;
        }
        text += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

bool cc_real_put_all(int fd, const char *text, size_t len)
{
    return put_all(fd, text, len) && fsync(fd) == 0;
}

/* The folder of `full`, which is created when it is missing, and the name in it. */
static int folder_of(char *full, const char **name)
{
    char *slash = strrchr(full, '/');

    *name = slash ? slash + 1 : full;
    if (!slash || slash == full) {
        return open(slash ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    *slash = '\0';
    int fd = cc_make_folders(full);
    *slash = '/';
    return fd;
}

/*
 * The new file gets the owner of the old one: root can rewrite a file of another user, who must
 * still be able to read it. A new file is created only where that is allowed.
 */
static bool settle(int folder, const char *name, int fd)
{
    struct stat old;

    if (fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) != 0) {
        return cc_may_make_in(folder, CC_MADE_AS_TOLD);
    }
    return old.st_uid == geteuid() || fchown(fd, old.st_uid, old.st_gid) == 0;
}

/* In the same folder, so that the rename is atomic. The name is new, so it is not a link. */
static int open_temporary(int folder, const char *name, char *temporary, size_t room)
{
    unsigned long number = 0;

    if (!cc_real_random(NULL, &number, sizeof(number)) ||
        snprintf(temporary, room, ".%.200s.%lx", name, number) >= (int)room) {
        errno = EIO;
        return -1;
    }
    return openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* A terminal, /dev/null or a pipe, also through a link such as /dev/stderr. */
static bool is_no_file(const char *full)
{
    struct stat found;

    return stat(full, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

/* It is written to, and never replaced. */
static bool write_there(const char *full, const char *text, size_t len)
{
    CC_CLEANUP(fd_close) int fd = open(full, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t wrote = fd < 0 ? -1 : write(fd, text, len);

    if (wrote >= 0 && wrote != (ssize_t)len) {
        errno = ENOSPC;
    }
    return wrote == (ssize_t)len;
}

/* A file on its way. */
struct written {
    const char *path; /* as it was given */
    const char *full;
    const char *temporary; /* its content, in the same folder; NULL: it needs no rename */
};

static void give_up(const struct written *written, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (written[i].temporary) {
            (void)unlink(written[i].temporary);
        }
    }
}

static bool write_beside(struct cc_arena *mem, const struct cc_file_text *file, bool alone,
                         struct written *written, struct cc_error *err)
{
    char *full = cc_text_dup(mem, written->full, strlen(written->full));
    char temporary[256];
    const char *name = NULL;
    CC_CLEANUP(fd_close) int folder = folder_of(full, &name);
    CC_CLEANUP(fd_close) int fd = -1;

    if (folder < 0) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "create the folder of", file->path);
    }
    fd = open_temporary(folder, name, temporary, sizeof(temporary));
    if (fd < 0) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "write", file->path);
    }
    written->temporary = cc_textf(mem, "%.*s%s", (int)(name - full), full, temporary);
    return (settle(folder, name, fd) && fchmod(fd, 0600) == 0 &&
            (alone ? cc_real_put_all : put_all)(fd, file->text, file->len)) ||
           cc_make_failed(err, CC_E_UNWRITABLE, "write", file->path);
}

static bool write_one(struct real *real, struct cc_arena *mem, const struct cc_file_text *file,
                      bool alone, struct written *written, struct cc_error *err)
{
    char full[PATH_MAX_LEN];

    *written = (struct written){.path = file->path};
    if (!place(real, file->path, full)) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "write", file->path);
    }
    written->full = cc_text_dup(mem, full, strlen(full));
    if (is_no_file(full)) {
        return write_there(full, file->text, file->len) ||
               cc_make_failed(err, CC_E_UNWRITABLE, "write", file->path);
    }
    return write_beside(mem, file, alone, written, err);
}

/* One call for each file system: many files reach the disk in the time of a few. */
static bool to_disk(const struct written *written, size_t count, struct cc_error *err)
{
    dev_t done = 0;

    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        CC_CLEANUP(fd_close)
        int fd = written[i].temporary ? open(written[i].temporary, O_RDONLY | O_CLOEXEC) : -1;

        if (written[i].temporary &&
            (fd < 0 || fstat(fd, &facts) != 0 || (facts.st_dev != done && syncfs(fd) != 0))) {
            return cc_make_failed(err, CC_E_UNWRITABLE, "write", written[i].path);
        }
        done = written[i].temporary ? facts.st_dev : done;
    }
    return true;
}

static bool write_all(struct real *real, struct cc_arena *mem, const struct cc_file_text *files,
                      size_t count, struct cc_error *err)
{
    struct written *written = cc_alloc(mem, count * sizeof(*written));

    for (size_t i = 0; i < count; i++) {
        if (!write_one(real, mem, &files[i], count == 1, &written[i], err)) {
            give_up(written, i + 1);
            return false;
        }
    }
    if (count > 1 && !to_disk(written, count, err)) {
        give_up(written, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (written[i].temporary && rename(written[i].temporary, written[i].full) != 0) {
            cc_make_failed(err, CC_E_UNWRITABLE, "write", files[i].path);
            give_up(written + i, count - i);
            return false;
        }
    }
    return true;
}

bool cc_real_write(void *self, const struct cc_file_text *files, size_t count, struct cc_error *err)
{
    struct cc_arena mem = {0};
    const bool wrote = write_all(self, &mem, files, count, err);

    cc_arena_wipe(&mem);
    return wrote;
}

bool cc_real_make_folders(void *self, const char *path, struct cc_error *err)
{
    char full[PATH_MAX_LEN];
    CC_CLEANUP(fd_close) int fd = place(self, path, full) ? cc_make_folders(full) : -1;

    return fd >= 0 || cc_make_failed(err, CC_E_UNWRITABLE, "create the folder", path);
}

bool cc_real_append(void *self, const char *path, const char *text, size_t len,
                    struct cc_error *err)
{
    char full[PATH_MAX_LEN];
    CC_CLEANUP(fd_close) int fd = -1;

    if (!place(self, path, full)) {
        return cc_make_failed(err, CC_E_UNWRITABLE, "write", path);
    }
    fd = open(full, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    /* In one piece, so that lines of other writers do not get into the middle of it. */
    ssize_t wrote = fd < 0 ? -1 : write(fd, text, len);
    if (wrote != (ssize_t)len) {
        errno = wrote < 0 ? errno : ENOSPC;
        return cc_make_failed(err, CC_E_UNWRITABLE, "write", path);
    }
    (void)fsync(fd); /* pipes and devices do not support it */
    return true;
}
