#include "make.h"

#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Folders of the system belong to root; when this user can write to one, all users can. */
static bool of_another(const struct stat *facts)
{
    return facts->st_uid != geteuid() && facts->st_uid != 0;
}

/* The homes of users, as far as this process knows them. */
static const char *const homes[] = {"HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"};

static bool is_home(const struct stat *folder, bool *foreign)
{
    for (size_t i = 0; i < CC_COUNT(homes); i++) {
        const char *path = getenv(homes[i]); // NOLINT(concurrency-mt-unsafe): nobody sets variables
        struct stat home;

        if (path && path[0] == '/' && path[1] && stat(path, &home) == 0 && same(folder, &home)) {
            *foreign = *foreign || of_another(&home);
            return true;
        }
    }
    return false;
}

/* Goes up from `place` by the folders themselves, not by their names, so that a link does not hide
 * a home. */
static bool in_foreign_home(int place, bool foreign)
{
    struct stat here;
    struct stat above;
    int at = openat(place, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (at >= 0 && fstat(at, &here) == 0) {
        if (is_home(&here, &foreign) && foreign) {
            break;
        }
        int up = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        bool top = up < 0 || fstat(up, &above) != 0 || same(&here, &above);

        fd_close(&at);
        at = up;
        if (top) {
            fd_close(&at);
            return false;
        }
    }
    fd_close(&at);
    return at >= 0;
}

bool cc_may_make_in(int place, enum cc_made made)
{
    struct stat facts;

    if (fstat(place, &facts) != 0) {
        return false;
    }
    if (in_foreign_home(place, made == CC_MADE_UNASKED && of_another(&facts))) {
        errno = CC_FOREIGN_HOME;
        return false;
    }
    return true;
}

bool cc_make_failed(struct cc_error *err, enum cc_code code, const char *verb, const char *path)
{
    int number = errno;

    cc_fail(err, code, "cannot %s %s", verb, path);
    if (number == CC_FOREIGN_HOME) {
        cc_why(err, "it would be in the home of another user, who could not remove it");
        return cc_fix(err, "run credctl as the owner of that home, or choose a folder outside "
                           "of it");
    }
    return cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
}

int cc_make_folder(int place, const char *name, enum cc_made made)
{
    const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

    if (!cc_may_make_in(place, made)) {
        return -1;
    }
    if (mkdirat(place, name, 0700) != 0) {
        return errno == EEXIST ? openat(place, name, how) : -1;
    }
    /* The umask, or default rules of the folder, can have given it another mode. */
    (void)!fchmodat(place, name, 0700, 0);
    return openat(place, name, how);
}

/* The next folder on the path; links are followed, because many homes are links. */
static int step(int place, const char *name)
{
    int fd = openat(place, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 && errno == ENOENT ? cc_make_folder(place, name, CC_MADE_AS_TOLD) : fd;
}

int cc_make_folders(char *path)
{
    int at = open(path[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *name = path + strspn(path, "/");

    while (at >= 0 && *name) {
        size_t len = strcspn(name, "/");
        char *rest = name + len + strspn(name + len, "/");
        char cut = name[len];

        name[len] = '\0';
        int next = step(at, name);
        int number = errno;
        name[len] = cut;
        fd_close(&at);
        errno = number;
        at = next;
        name = rest;
    }
    return at;
}
