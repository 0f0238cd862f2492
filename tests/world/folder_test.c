#include "support/temp.h"
#include "support/test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct cc_folder *open_folder(struct temp *temp)
{
    struct cc_folder *folder = NULL;
    struct cc_error err = {0};

    if (!cc_folder_open(&temp->run, temp_path(temp, "cache/credctl"), true, &folder, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return folder;
}

static void not_opened(struct temp *temp, const char *name, bool make, enum cc_code code,
                       const char *why)
{
    struct cc_folder *folder = NULL;
    struct cc_error err = {0};

    assert_false(cc_folder_open(&temp->run, temp_path(temp, name), make, &folder, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.why, why)) {
        fail_msg("%s", err.why);
    }
    assert_null(folder);
}

static bool put(struct temp *temp, struct cc_folder *folder, const char *name, const char *text)
{
    struct cc_error err;

    return cc_folder_write(&temp->run, folder, name, (struct cc_bytes){text, strlen(text)}, &err);
}

static enum cc_code read_code(struct temp *temp, struct cc_folder *folder, const char *name)
{
    struct cc_error err = {0};
    struct cc_bytes bytes = {0};

    return cc_folder_read(&temp->run, folder, name, &bytes, &err) ? CC_E_OK : err.code;
}

static void it_is_made_for_us_alone_with_the_one_it_lies_in(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);
    struct cc_file_facts facts = cc_file_facts(&temp->run, temp_path(temp, "cache/credctl"));

    assert_int_equal(facts.mode, 0700);
    assert_int_equal(cc_file_facts(&temp->run, temp_path(temp, "cache")).mode, 0700);
    assert_int_equal(folder->owner, geteuid());
    not_opened(temp, "a/b/c", true, CC_E_NOT_HERE, "No such file");
    not_opened(temp, "none/credctl", false, CC_E_NOT_HERE, "No such file");
}

static void what_is_no_private_folder_of_ours_is_refused(void **state)
{
    struct temp *temp = *state;

    temp_file(temp, "file", "", 0600);
    assert_int_equal(mkdir(temp_path(temp, "open"), 0700), 0);
    assert_int_equal(chmod(temp_path(temp, "open"), 0710), 0);
    assert_int_equal(mkdir(temp_path(temp, "target"), 0700), 0);
    assert_int_equal(symlink("target", temp_path(temp, "link")), 0);
    assert_int_equal(symlink("nowhere", temp_path(temp, "dangling")), 0);
    not_opened(temp, "file", true, CC_E_UNSAFE_FILE, "not a folder");
    not_opened(temp, "open", true, CC_E_UNSAFE_FILE, "other users");
    not_opened(temp, "link", true, CC_E_UNSAFE_FILE, "symbolic link");
    not_opened(temp, "dangling", true, CC_E_UNSAFE_FILE, "symbolic link");
    if (geteuid() == 0) {
        assert_int_equal(chown(temp_path(temp, "target"), 12345, 12345), 0);
        not_opened(temp, "target", true, CC_E_UNSAFE_FILE, "another user");
    }
}

static void a_parent_may_be_a_link(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = NULL;
    struct cc_error err;

    assert_int_equal(mkdir(temp_path(temp, "target"), 0700), 0);
    assert_int_equal(symlink("target", temp_path(temp, "link")), 0);
    assert_true(cc_folder_open(&temp->run, temp_path(temp, "link/credctl"), true, &folder, &err));
}

static void what_is_written_is_read_again(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);
    struct cc_bytes bytes = {0};
    struct cc_error err;

    assert_true(put(temp, folder, "a", "one"));
    assert_true(put(temp, folder, "a", "two"));
    assert_true(cc_folder_read(&temp->run, folder, "a", &bytes, &err));
    assert_string_equal(bytes.text, "two");
    assert_int_equal(cc_folder_facts(&temp->run, folder, "a").mode, 0600);
    const char *const *names = cc_folder_names(&temp->run, folder);
    assert_string_equal(names[0], "a");
    assert_null(names[1]);
    assert_true(cc_folder_remove(&temp->run, folder, "a", &err));
    assert_true(cc_folder_remove(&temp->run, folder, "a", &err));
    assert_int_equal(read_code(temp, folder, "a"), CC_E_NOT_HERE);
}

static void a_leftover_of_a_killed_writer_is_no_hindrance(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);

    temp_file(temp, "cache/credctl/a.tmp", "torn", 0400);
    assert_true(put(temp, folder, "a", "whole"));
    assert_int_equal(cc_folder_facts(&temp->run, folder, "a").mode, 0600);
    assert_false(cc_folder_facts(&temp->run, folder, "a.tmp").exists);
}

static void a_file_that_others_could_touch_is_not_read(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);

    temp_file(temp, "cache/credctl/readable", "x", 0640);
    temp_file(temp, "cache/credctl/writable", "x", 0602);
    temp_file(temp, "cache/credctl/ours", "x", 0600);
    assert_int_equal(symlink("ours", temp_path(temp, "cache/credctl/link")), 0);
    assert_int_equal(mkdir(temp_path(temp, "cache/credctl/folder"), 0700), 0);
    assert_int_equal(mkfifo(temp_path(temp, "cache/credctl/pipe"), 0600), 0);
    assert_int_equal(read_code(temp, folder, "ours"), CC_E_OK);
    assert_int_equal(read_code(temp, folder, "readable"), CC_E_UNSAFE_FILE);
    assert_int_equal(read_code(temp, folder, "writable"), CC_E_UNSAFE_FILE);
    assert_int_equal(read_code(temp, folder, "link"), CC_E_UNSAFE_FILE);
    assert_int_equal(read_code(temp, folder, "folder"), CC_E_UNSAFE_FILE);
    assert_int_equal(read_code(temp, folder, "pipe"), CC_E_UNSAFE_FILE);
    assert_int_equal(
        link(temp_path(temp, "cache/credctl/ours"), temp_path(temp, "cache/credctl/second")), 0);
    assert_int_equal(read_code(temp, folder, "ours"), CC_E_UNSAFE_FILE);
}

static void a_file_past_the_ceiling_is_not_read(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);
    char *big = cc_alloc(&temp->run.mem, CC_FOLDER_FILE_MAX + 2);

    memset(big, 'x', CC_FOLDER_FILE_MAX + 1);
    temp_file(temp, "cache/credctl/big", big, 0600);
    assert_int_equal(read_code(temp, folder, "big"), CC_E_UNREADABLE);
}

static void a_lock_keeps_out_every_other_opening_but_only_for_its_own_number(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *first = open_folder(temp);
    struct cc_folder *second = open_folder(temp);

    assert_int_equal(cc_folder_lock(&temp->run, first, 40), CC_LOCK_GOT);
    assert_int_equal(cc_folder_lock(&temp->run, second, 40), CC_LOCK_BUSY);
    assert_int_equal(cc_folder_lock(&temp->run, second, 44), CC_LOCK_GOT);
    assert_int_equal(cc_folder_lock(&temp->run, second, UINT64_MAX), CC_LOCK_GOT);
    cc_folder_unlock(&temp->run, first, 40);
    assert_int_equal(cc_folder_lock(&temp->run, second, 40), CC_LOCK_GOT);
}

static void a_lock_ends_with_its_process(void **state)
{
    struct temp *temp = *state;
    int told[2];
    char byte = 0;

    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        enum cc_lock lock = cc_folder_lock(&temp->run, open_folder(temp), 1);

        (void)!write(told[1], lock == CC_LOCK_GOT ? "y" : "n", 1);
        (void)pause();
        temp_leave(0);
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    struct cc_folder *folder = open_folder(temp);
    assert_int_equal(cc_folder_lock(&temp->run, folder, 1), CC_LOCK_BUSY);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    assert_int_equal(cc_folder_lock(&temp->run, folder, 1), CC_LOCK_GOT);
    (void)close(told[0]);
    (void)close(told[1]);
}

static void a_lock_file_that_is_not_ours_alone_locks_nothing(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);

    temp_file(temp, "target", "", 0600);
    assert_int_equal(symlink("../../target", temp_path(temp, "cache/credctl/lock")), 0);
    assert_int_equal(cc_folder_lock(&temp->run, folder, 1), CC_LOCK_NEVER);
    assert_int_equal(unlink(temp_path(temp, "cache/credctl/lock")), 0);
    temp_file(temp, "cache/credctl/lock", "", 0666);
    assert_int_equal(cc_folder_lock(&temp->run, folder, 1), CC_LOCK_NEVER);
}

static void a_folder_that_was_removed_is_no_failure_to_fear(void **state)
{
    struct temp *temp = *state;
    struct cc_folder *folder = open_folder(temp);

    assert_int_equal(rmdir(temp_path(temp, "cache/credctl")), 0);
    assert_false(put(temp, folder, "a", "x"));
    assert_int_equal(cc_folder_lock(&temp->run, folder, 1), CC_LOCK_NEVER);
    assert_null(cc_folder_names(&temp->run, folder)[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(it_is_made_for_us_alone_with_the_one_it_lies_in),
        IN_REAL_WORLD(what_is_no_private_folder_of_ours_is_refused),
        IN_REAL_WORLD(a_parent_may_be_a_link),
        IN_REAL_WORLD(what_is_written_is_read_again),
        IN_REAL_WORLD(a_leftover_of_a_killed_writer_is_no_hindrance),
        IN_REAL_WORLD(a_file_that_others_could_touch_is_not_read),
        IN_REAL_WORLD(a_file_past_the_ceiling_is_not_read),
        IN_REAL_WORLD(a_lock_keeps_out_every_other_opening_but_only_for_its_own_number),
        IN_REAL_WORLD(a_lock_ends_with_its_process),
        IN_REAL_WORLD(a_lock_file_that_is_not_ours_alone_locks_nothing),
        IN_REAL_WORLD(a_folder_that_was_removed_is_no_failure_to_fear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
