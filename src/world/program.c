#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHELL      "/bin/sh"
#define LOOKED_AT  256 /* bytes of a file that may be a script */
#define PATH_USUAL "/usr/local/bin:/bin:/usr/bin"

/* True for text; false for a program for another machine. */
static bool may_be_script(const char *path)
{
    char text[LOOKED_AT];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, text, sizeof(text)) : -1;

    if (fd >= 0) {
        (void)close(fd);
    }
    return got >= 0 && !memchr(text, '\0', (size_t)got);
}

static void run_by_shell(const char *path, const char *const *argv, const char *const *env)
{
    size_t count = 0;

    while (argv[count]) {
        count++;
    }
    const char **words = calloc(count + 2, sizeof(*words));
    if (!words) {
        return;
    }
    words[0] = SHELL;
    words[1] = path;
    memcpy(words + 2, argv + 1, count * sizeof(*words)); /* with the NULL at the end */
    (void)execve(SHELL, (char *const *)words, (char *const *)env);
    free(words);
}

static int become(const char *path, const char *const *argv, const char *const *env)
{
    (void)execve(path, (char *const *)argv, (char *const *)env);
    if (errno == ENOEXEC && may_be_script(path)) {
        run_by_shell(path, argv, env);
        return ENOEXEC;
    }
    return errno;
}

/* Searches each folder of PATH; an empty one is the working directory. A file that cannot be
 * executed is an error only when there is no other. */
static int search(const char *folders, const char *const *argv, const char *const *env)
{
    char path[PATH_MAX];
    int told = ENOENT;

    for (;; folders++) {
        size_t len = strcspn(folders, ":");
        int size =
            snprintf(path, sizeof(path), "%.*s%s%s", (int)len, folders, len ? "/" : "./", argv[0]);
        int number = size < PATH_MAX ? become(path, argv, env) : ENAMETOOLONG;

        if (number == EACCES) {
            told = EACCES;
        } else if (number != ENOENT && number != ENOTDIR) {
            return number;
        }
        folders += len;
        if (!*folders) {
            return told;
        }
    }
}

int cc_program_become(const char *const *argv, const char *const *env)
{
    const char *folders = getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nobody changes it
    const char *const *variables = env ? env : (const char *const *)environ;

    if (!argv[0][0]) {
        return ENOENT;
    }
    return strchr(argv[0], '/') ? become(argv[0], argv, variables)
                                : search(folders ? folders : PATH_USUAL, argv, variables);
}
