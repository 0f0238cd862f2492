#include "temp.h"

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int temp_setup(void **state)
{
    struct temp *temp = calloc(1, sizeof(*temp));

    assert_non_null(temp);
    strcpy(temp->folder, "/tmp/credctl-test-XXXXXX");
    assert_non_null(mkdtemp(temp->folder));
    temp->run.world = cc_world_real("");
    temp->run.setup = &temp->setup;
    *state = temp;
    return 0;
}

static int drop(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
    (void)facts;
    (void)kind;
    (void)at;
    (void)chmod(path, 0700);
    return remove(path);
}

int temp_teardown(void **state)
{
    struct temp *temp = *state;

    (void)nftw(temp->folder, drop, 8, FTW_DEPTH | FTW_PHYS);
    cc_arena_wipe(&temp->run.mem);
    cc_world_close((struct cc_world *)temp->run.world);
    free(temp);
    return 0;
}

const char *temp_path(struct temp *temp, const char *name)
{
    return cc_textf(&temp->run.mem, "%s/%s", temp->folder, name);
}

void temp_file(struct temp *temp, const char *name, const char *text, unsigned mode)
{
    const char *path = temp_path(temp, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    (void)close(fd);
}

size_t temp_count(struct temp *temp)
{
    DIR *folder = opendir(temp->folder);
    size_t count = 0;

    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(folder);
    return count;
}

#ifdef CREDCTL_COVERAGE
extern void __gcov_dump(void); // NOLINT(bugprone-reserved-identifier): of gcc's library
#endif

void temp_leave(int status)
{
#ifdef CREDCTL_COVERAGE
    __gcov_dump();
#endif
    _exit(status);
}
