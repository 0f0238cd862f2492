#include "real.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

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

static const char *host_name(void *self, struct cc_arena *mem)
{
    struct utsname names;

    (void)self;
    return uname(&names) == 0 ? cc_text_dup(mem, names.nodename, strlen(names.nodename)) : "";
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

        if (wrote < 0 && errno == EAGAIN) { /* a pipe that the other end has made non-blocking */
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

struct cc_world *cc_world_real(const char *root)
{
    struct real *real = cc_heap_calloc(1, sizeof(*real));

    if (!real || strlen(root) >= sizeof(real->root)) {
        abort();
    }
    memcpy(real->root, root, strlen(root) + 1);
    cc_inherited_take(&real->inherited);
    cc_forked_init(&real->forked);
    (void)pthread_mutex_init(&real->lock, NULL);
    real->world = (struct cc_world){
        .self = real,
        .machine = &cc_real_machine,
        .now = cc_real_now,
        .ticks_ms = cc_real_ticks_ms,
        .sleep_ms = cc_real_sleep_ms,
        .random = cc_real_random,
        .env = env,
        .env_all = env_all,
        .host_name = host_name,
        .read_file = cc_real_read,
        .write_files = cc_real_write,
        .append_file = cc_real_append,
        .make_folders = cc_real_make_folders,
        .file_facts = cc_real_facts,
        .list = cc_real_list,
        .remove_file = cc_real_remove,
        .file_lock = cc_real_file_lock,
        .file_unlock = cc_real_file_unlock,
        .may_replace = cc_real_may_replace,
        .replace_file = cc_real_replace_file,
        .working_folder = cc_real_working_folder,
        .folder_open = cc_real_folder_open,
        .folder_read = cc_real_folder_read,
        .folder_write = cc_real_folder_write,
        .folder_remove = cc_real_folder_remove,
        .folder_facts = cc_real_folder_facts,
        .folder_names = cc_real_folder_names,
        .folder_lock = cc_real_folder_lock,
        .folder_unlock = cc_real_folder_unlock,
        .http = cc_real_http,
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
    int dies_of = real->dies_of;

    cc_real_http_close(real);
    cc_inherited_give_back(&real->inherited);
    cc_forked_close(&real->forked);
    (void)pthread_mutex_destroy(&real->lock);
    cc_heap_free(real);
    if (dies_of != 0) {
        cc_die_by(dies_of);
    }
}
