#include "credctl/base/text.h"

#include "real.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Folders for what only one command is to read. Each is locked as long as its process lives, so
 * that the folder of one that was killed is known as such, and removed when the next is made.
 */

#define PREFIX    "credctl-"
#define UNIQUE    "XXXXXX"
#define TRIES_MAX 16 /* another process may take a new folder, not yet locked, for an old one */

static bool named_so(const char *name)
{
    return strncmp(name, PREFIX, strlen(PREFIX)) == 0 &&
           strlen(name) == strlen(PREFIX) + strlen(UNIQUE);
}

/* -1: it is not ours, or somebody holds it. */
static int lock_in(int place, const char *name)
{
    int fd = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat held;
    struct stat named;

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &held) == 0 && held.st_uid == geteuid() && (held.st_mode & 07777) == 0700 &&
        flock(fd, LOCK_EX | LOCK_NB) == 0 &&
        fstatat(place, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && held.st_dev == named.st_dev &&
        held.st_ino == named.st_ino) {
        return fd;
    }
    (void)close(fd);
    return -1;
}

/* Its files, and the folder. Takes the descriptor. */
static void empty(int place, const char *name, int fd)
{
    DIR *folder = fdopendir(fd);

    if (!folder) {
        (void)close(fd);
        return;
    }
    for (struct dirent *row = readdir(folder); row; // NOLINT(concurrency-mt-unsafe)
         row = readdir(folder)) {                   // NOLINT(concurrency-mt-unsafe)
        (void)unlinkat(dirfd(folder), row->d_name, 0);
    }
    (void)unlinkat(place, name, AT_REMOVEDIR); /* while it is locked */
    (void)closedir(folder);
}

static void remove_left(const char *place)
{
    DIR *all = opendir(place);

    for (struct dirent *row = all ? readdir(all) : NULL; row; // NOLINT(concurrency-mt-unsafe)
         row = readdir(all)) {                                // NOLINT(concurrency-mt-unsafe)
        int fd = named_so(row->d_name) ? lock_in(dirfd(all), row->d_name) : -1;

        if (fd >= 0) {
            empty(dirfd(all), row->d_name, fd);
        }
    }
    if (all) {
        (void)closedir(all);
    }
}

static const char *make_in(struct real *real, struct cc_arena *mem, const char *place)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        char *path = cc_textf(mem, "%s/" PREFIX UNIQUE, place);

        if (!mkdtemp(path) || chmod(path, 0700) != 0) {
            return NULL;
        }
        int fd = lock_in(AT_FDCWD, path);
        if (fd >= 0) {
            real->private_lock = fd;
            return path;
        }
        (void)rmdir(path);
    }
    return NULL;
}

bool cc_real_private_folder(void *self, struct cc_arena *mem, const char **path,
                            struct cc_error *err)
{
    struct real *real = self;
    const char *const places[] = {"/dev/shm", real->world.env(self, "TMPDIR"), "/tmp"};

    for (size_t i = 0; i < CC_COUNT(places); i++) {
        if (!places[i] || places[i][0] != '/') {
            continue;
        }
        remove_left(places[i]);
        const char *made = make_in(real, mem, places[i]);
        if (made) {
            *path = made;
            return true;
        }
    }
    cc_fail(err, CC_E_UNWRITABLE, "cannot create a private folder");
    cc_why(err, "neither /dev/shm, $TMPDIR nor /tmp can be written");
    return cc_fix(err, "set TMPDIR to a folder that can be written");
}

void cc_real_drop_folder(void *self, const char *path)
{
    struct real *real = self;

    if (real->private_lock > 0) {
        empty(AT_FDCWD, path, real->private_lock);
        real->private_lock = 0;
    }
}
