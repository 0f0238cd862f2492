#include "real.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

static void dir_close(DIR **dir)
{
    if (*dir) {
        (void)closedir(*dir);
    }
}

struct names {
    const char **rows;
    size_t count;
    size_t room;
};

static void add_name(struct cc_arena *mem, struct names *names, const char *name)
{
    if (names->count + 1 >= names->room) {
        size_t room = names->room > 0 ? 2 * names->room : 64;
        const char **rows = cc_alloc(mem, room * sizeof(*rows));

        if (names->count > 0) {
            memcpy(rows, names->rows, names->count * sizeof(*rows));
        }
        names->rows = rows;
        names->room = room;
    }
    names->rows[names->count++] = cc_text_dup(mem, name, strlen(name));
    names->rows[names->count] = NULL;
}

const char *const *cc_real_names(struct cc_arena *mem, int fd, bool *more)
{
    CC_CLEANUP(dir_close) DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry = NULL;
    struct names names = {cc_alloc(mem, sizeof(const char *)), 0, 0};

    if (!dir && fd >= 0) {
        (void)close(fd);
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own
    while (dir && !*more && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        *more = names.count == CC_FOLDER_NAMES_MAX;
        if (!*more) {
            add_name(mem, &names, entry->d_name);
        }
    }
    return (const char *const *)names.rows;
}
