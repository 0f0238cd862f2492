#include "real.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void *self)
{
    (void)self;
    return (int64_t)time(NULL);
}

int64_t cc_real_ticks_ms(void *self)
{
    struct timespec at = {0};

    (void)self;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void sleep_ms(void *self, int ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};

    (void)self;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
        /* interrupted: sleep the rest */
    }
}

static bool fill_random(void *self, void *to, size_t size)
{
    char *at = to;

    (void)self;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);

        if (got <= 0) {
            return false;
        }
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static const char *env(void *self, const char *name)
{
    (void)self;
    return getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets variables
}

static const char *const *env_all(void *self)
{
    (void)self;
    return (const char *const *)environ;
}

static bool is_terminal(void *self, int fd)
{
    (void)self;
    return isatty(fd) == 1;
}

static bool output_exposed(void *self)
{
    struct stat facts;

    (void)self;
    return fstat(STDOUT_FILENO, &facts) == 0 && S_ISREG(facts.st_mode) &&
           (facts.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

static bool emit(void *self, int fd, const char *text, size_t len)
{
    (void)self;
    while (len > 0) {
        ssize_t wrote = write(fd, text, len);

        if (wrote < 0 && errno == EAGAIN) { /* a pipe that its other end made non-blocking */
            struct pollfd wait = {.fd = fd, .events = POLLOUT};

            (void)poll(&wait, 1, -1);
        } else if (wrote < 0 && errno != EINTR) {
            return false;
        } else if (wrote > 0) {
            text += wrote;
            len -= (size_t)wrote;
        }
    }
    return true;
}

static void restore_signals(const struct real *real)
{
    (void)signal(SIGPIPE, real->pipe_ignored ? SIG_IGN : SIG_DFL);
    (void)signal(SIGXFSZ, real->size_ignored ? SIG_IGN : SIG_DFL);
}

void cc_real_restore(const struct real *real)
{
    (void)setrlimit(RLIMIT_CORE, &real->core);
    restore_signals(real);
    (void)pthread_sigmask(SIG_SETMASK, &real->mask, NULL);
}

struct cc_world *cc_world_real(const char *root)
{
    struct real *real = cc_heap_calloc(1, sizeof(*real));

    if (!real || strlen(root) >= sizeof(real->root)) {
        abort();
    }
    memcpy(real->root, root, strlen(root) + 1);
    (void)getrlimit(RLIMIT_CORE, &real->core);
    (void)pthread_sigmask(SIG_BLOCK, NULL, &real->mask);
    /* A reader that went away and a file that may not grow are errors of write(), not our end. */
    real->pipe_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
    real->size_ignored = signal(SIGXFSZ, SIG_IGN) == SIG_IGN;
    (void)pthread_mutex_init(&real->lock, NULL);
    real->world = (struct cc_world){
        .self = real,
        .now = now,
        .ticks_ms = cc_real_ticks_ms,
        .sleep_ms = sleep_ms,
        .random = fill_random,
        .env = env,
        .env_all = env_all,
        .read_file = cc_real_read,
        .write_file = cc_real_write,
        .append_file = cc_real_append,
        .file_facts = cc_real_facts,
        .remove_file = cc_real_remove,
        .folder_open = cc_real_folder_open,
        .folder_read = cc_real_folder_read,
        .folder_write = cc_real_folder_write,
        .folder_remove = cc_real_folder_remove,
        .folder_facts = cc_real_folder_facts,
        .folder_names = cc_real_folder_names,
        .folder_lock = cc_real_folder_lock,
        .folder_unlock = cc_real_folder_unlock,
        .http = cc_real_http,
        .http_many = cc_real_http_many,
        .resolve = cc_real_resolve,
        .process = cc_real_process,
        .ask = cc_real_ask,
        .is_terminal = is_terminal,
        .output_exposed = output_exposed,
        .emit = emit,
    };
    return &real->world;
}

void cc_world_close(struct cc_world *world)
{
    struct real *real = world->self;

    cc_real_http_close(real);
    restore_signals(real);
    (void)pthread_mutex_destroy(&real->lock);
    cc_heap_free(real);
}
