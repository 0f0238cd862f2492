#include "credctl/world/folder.h"

#include "support/temp.h"
#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static unsigned mode_of(struct temp *temp, const char *name)
{
    struct stat facts;

    assert_int_equal(lstat(temp_path(temp, name), &facts), 0);
    return facts.st_mode & 07777;
}

static unsigned owner_of(struct temp *temp, const char *name)
{
    struct stat facts;

    assert_int_equal(lstat(temp_path(temp, name), &facts), 0);
    return facts.st_uid;
}

static bool there(struct temp *temp, const char *name)
{
    struct stat facts;

    return lstat(temp_path(temp, name), &facts) == 0;
}

/* Everything that is ever made, each under a name of its own. */
static void make_all(struct temp *temp, const char *name)
{
    struct cc_run *run = &temp->run;
    struct cc_error err;
    struct cc_folder *folder = NULL;
    const char *top = temp_path(temp, name);

    assert_true(cc_write_file(run, cc_textf(&run->mem, "%s/a/f", top), "x", 1, &err));
    assert_true(cc_folder_make(run, cc_textf(&run->mem, "%s/b/c", top), &err));
    assert_true(cc_folder_open(run, cc_textf(&run->mem, "%s/d/e", top), true, &folder, &err));
    assert_true(cc_folder_write(run, folder, "n", (struct cc_bytes){"x", 1}, &err));
    assert_int_equal(cc_folder_lock(run, folder, 1), CC_LOCK_GOT);
}

static void what_is_made_has_the_mode_that_is_meant_under_every_umask(void **state)
{
    static const mode_t masks[] = {0, 022, 077, 0177, 0777};
    static const char *const folders[] = {"a", "b", "b/c", "d", "d/e"};
    static const char *const files[] = {"a/f", "d/e/n", "d/e/lock"};
    struct temp *temp = *state;

    for (size_t i = 0; i < CC_COUNT(masks); i++) {
        const char *name = cc_textf(&temp->run.mem, "mask%zu", i);

        (void)umask(masks[i]);
        make_all(temp, name);
        (void)umask(022);
        assert_int_equal(mode_of(temp, name), 0700);
        for (size_t k = 0; k < CC_COUNT(folders); k++) {
            name = cc_textf(&temp->run.mem, "mask%zu/%s", i, folders[k]);
            assert_int_equal(mode_of(temp, name), 0700);
        }
        for (size_t k = 0; k < CC_COUNT(files); k++) {
            name = cc_textf(&temp->run.mem, "mask%zu/%s", i, files[k]);
            assert_int_equal(mode_of(temp, name), 0600);
        }
    }
}

/* A home of somebody else, who we, being root, could write to. */
static bool foreign_home(struct temp *temp)
{
    if (geteuid() != 0) {
        return false;
    }
    assert_int_equal(mkdir(temp_path(temp, "home"), 0755), 0);
    assert_int_equal(chown(temp_path(temp, "home"), NOBODY, NOBODY), 0);
    (void)setenv("HOME", temp_path(temp, "home"), 1);
    return true;
}

static void no_cache(struct temp *temp, const char *path)
{
    struct cc_folder *folder = NULL;
    struct cc_error err = {0};

    assert_false(cc_folder_open(&temp->run, temp_path(temp, path), true, &folder, &err));
    assert_int_equal(err.code, CC_E_UNSAFE_FILE);
    assert_non_null(strstr(err.why, "another user"));
    assert_non_null(strstr(err.fix, "outside of it"));
}

static void not_written(struct temp *temp, const char *path)
{
    struct cc_error err = {0};

    assert_false(cc_write_file(&temp->run, path, "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_non_null(strstr(err.why, "another user"));
    assert_non_null(strstr(err.fix, "outside of it"));
}

static void nothing_is_made_in_the_home_of_another_user(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    if (!foreign_home(temp)) {
        skip();
    }
    no_cache(temp, "home/.cache/credctl");
    no_cache(temp, "home/credctl");
    not_written(temp, temp_path(temp, "home/f"));
    not_written(temp, temp_path(temp, "home/new/f"));
    assert_false(cc_folder_make(&temp->run, temp_path(temp, "home/a/b"), &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    /* A folder of ours in it is still in it, and so is what a link leads to. */
    assert_int_equal(mkdir(temp_path(temp, "home/ours"), 0755), 0);
    assert_int_equal(symlink("home/ours", temp_path(temp, "link")), 0);
    no_cache(temp, "home/ours/credctl");
    no_cache(temp, "link/credctl");
    not_written(temp, temp_path(temp, "link/f"));
    assert_int_equal(chdir(temp_path(temp, "home/ours")), 0);
    not_written(temp, "f");
    not_written(temp, "a/f");
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(temp_path(temp, "home/ours")), 0);
    assert_int_equal(rmdir(temp_path(temp, "home")), 0); /* it is empty */
}

static void a_cache_home_of_another_user_is_a_home_too(void **state)
{
    struct temp *temp = *state;

    if (!foreign_home(temp)) {
        skip();
    }
    (void)setenv("XDG_CACHE_HOME", temp_path(temp, "home"), 1);
    (void)setenv("HOME", "/root", 1);
    no_cache(temp, "home/credctl");
    (void)unsetenv("XDG_CACHE_HOME");
    assert_false(there(temp, "home/credctl"));
}

/* A container's volume: `docker run -v ~/.cache:/root/.cache`, `-v $PWD:/work`. */
static void below_our_home_a_folder_of_another_user_gets_only_what_we_were_told_to_make(
    void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    if (!foreign_home(temp)) {
        skip();
    }
    (void)setenv("HOME", temp->folder, 1);
    no_cache(temp, "home/credctl");
    assert_true(cc_write_file(&temp->run, temp_path(temp, "home/out/f"), "x", 1, &err));
    assert_int_equal(owner_of(temp, "home/out"), 0);
}

static void a_rewritten_file_stays_its_owners(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    if (!foreign_home(temp)) {
        skip();
    }
    temp_file(temp, "home/token", "old", 0644);
    assert_int_equal(chown(temp_path(temp, "home/token"), NOBODY, NOBODY), 0);
    assert_true(cc_write_file(&temp->run, temp_path(temp, "home/token"), "new", 3, &err));
    assert_int_equal(owner_of(temp, "home/token"), NOBODY);
    assert_int_equal(mode_of(temp, "home/token"), 0600);
}

static void what_reading_comes_to_is_told_apart(void **state)
{
    struct temp *temp = *state;
    struct cc_run *run = &temp->run;

    temp_file(temp, "file", "x", 0600);
    temp_file(temp, "shut", "x", 0);
    assert_int_equal(mkdir(temp_path(temp, "folder"), 0700), 0);
    assert_int_equal(symlink("folder", temp_path(temp, "to-folder")), 0);
    assert_int_equal(symlink("none", temp_path(temp, "to-none")), 0);
    assert_int_equal(symlink("file", temp_path(temp, "to-file")), 0);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "file")).reading, CC_READ_FILE);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "to-file")).reading, CC_READ_FILE);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "none")).reading, CC_READ_NONE);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "file/under")).reading, CC_READ_NONE);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "to-none")).reading, CC_READ_NONE);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "folder")).reading, CC_READ_FOLDER);
    assert_int_equal(cc_file_facts(run, temp_path(temp, "to-folder")).reading, CC_READ_FOLDER);
}

/* In a child that is not root: to root nothing is closed. */
static void a_file_or_folder_that_is_closed_to_us_is_forbidden(void **state)
{
    struct temp *temp = *state;
    int status = 0;

    temp_file(temp, "shut", "x", 0);
    assert_int_equal(mkdir(temp_path(temp, "room"), 0700), 0);
    temp_file(temp, "room/file", "x", 0644);
    assert_int_equal(chmod(temp->folder, 0711), 0);
    pid_t pid = fork();
    if (pid == 0) {
        const char *shut = temp_path(temp, "shut");
        const char *inside = temp_path(temp, "room/file");

        (void)chmod(temp_path(temp, "room"), 0);
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
            temp_leave(9);
        }
        temp_leave(cc_file_facts(&temp->run, shut).reading == CC_READ_FORBIDDEN &&
                           cc_file_facts(&temp->run, inside).reading == CC_READ_FORBIDDEN &&
                           !cc_file_facts(&temp->run, inside).exists
                       ? 7
                       : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void a_folder_with_more_names_than_are_looked_at_says_so(void **state)
{
    struct temp *temp = *state;
    struct cc_run *run = &temp->run;
    struct cc_folder *folder = NULL;
    struct cc_error err;
    bool more = false;
    size_t count = 0;

    assert_true(cc_folder_open(run, temp_path(temp, "many"), true, &folder, &err));
    for (int i = 0; i < CC_FOLDER_NAMES_MAX; i++) {
        char name[100];

        (void)snprintf(name, sizeof(name), "%s/many/%d", temp->folder, i);
        int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        assert_true(fd >= 0);
        (void)close(fd);
    }
    const char *const *names = run->world->folder_names(run->world->self, &run->mem, folder, &more);
    while (names[count]) {
        count++;
    }
    assert_int_equal(count, CC_FOLDER_NAMES_MAX);
    assert_false(more);
    temp_file(temp, "many/one-more", "", 0600);
    names = run->world->folder_names(run->world->self, &run->mem, folder, &more);
    assert_true(more);
    assert_non_null(names[CC_FOLDER_NAMES_MAX - 1]);
    assert_null(names[CC_FOLDER_NAMES_MAX]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(what_is_made_has_the_mode_that_is_meant_under_every_umask),
        IN_REAL_WORLD(nothing_is_made_in_the_home_of_another_user),
        IN_REAL_WORLD(a_cache_home_of_another_user_is_a_home_too),
        IN_REAL_WORLD(below_our_home_a_folder_of_another_user_gets_only_what_we_were_told_to_make),
        IN_REAL_WORLD(a_rewritten_file_stays_its_owners),
        IN_REAL_WORLD(what_reading_comes_to_is_told_apart),
        IN_REAL_WORLD(a_file_or_folder_that_is_closed_to_us_is_forbidden),
        IN_REAL_WORLD(a_folder_with_more_names_than_are_looked_at_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
