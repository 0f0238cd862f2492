#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void not_read(struct temp *temp, const char *path, size_t max, enum cc_code code,
                     const char *why)
{
    struct cc_error err = {0};
    const char *text = NULL;
    size_t len = 99;

    if (cc_read_file(&temp->run, path, max, &text, &len, &err)) {
        fail_msg("%s was read", path);
    }
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.what, path));
    if (!strstr(err.why, why)) {
        fail_msg("%s: %s", path, err.why);
    }
    assert_string_equal(err.fix, cc_code_remedy(code));
    assert_null(text);
    assert_int_equal(len, 99);
}

static void a_file_is_read_whole_up_to_its_ceiling(void **state)
{
    struct temp *temp = *state;
    struct cc_error err;
    const char *text = NULL;
    size_t len = 0;

    temp_file(temp, "f", "0123456789", 0600);
    assert_true(cc_read_file(&temp->run, temp_path(temp, "f"), 10, &text, &len, &err));
    assert_string_equal(text, "0123456789");
    assert_int_equal(len, 10);
    not_read(temp, temp_path(temp, "f"), 9, CC_E_TOO_BIG, "larger than 9 bytes");
}

static void a_file_that_is_not_there_is_said_to_be_missing(void **state)
{
    struct temp *temp = *state;

    not_read(temp, temp_path(temp, "none"), 10, CC_E_UNREADABLE, "No such file");
    not_read(temp, temp_path(temp, "none/deeper"), 10, CC_E_UNREADABLE, "No such file");
    not_read(temp, "", 10, CC_E_UNREADABLE, "No such file");
    not_read(temp, temp->folder, 10, CC_E_UNREADABLE, "Is a directory");
}

static void a_path_too_long_for_the_system_is_an_ordinary_error(void **state)
{
    struct temp *temp = *state;
    char *path = cc_alloc(&temp->run.mem, 10000);
    struct cc_error err;
    const char *text = NULL;

    memset(path, 'a', 9999);
    path[0] = '/';
    assert_false(cc_read_file(&temp->run, path, 10, &text, NULL, &err));
    assert_int_equal(err.code, CC_E_UNREADABLE);
    assert_string_equal(err.why, "File name too long");
    assert_false(cc_write_file(&temp->run, path, "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_false(cc_file_facts(&temp->run, path).exists);
}

static void an_endless_device_is_too_big(void **state)
{
    not_read(*state, "/dev/zero", 100000, CC_E_TOO_BIG, "larger than 100000 bytes");
}

static void a_pipe_that_nobody_writes_to_keeps_us_for_seconds_only(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "fifo");

    assert_int_equal(mkfifo(path, 0600), 0);
    /* With a writer that stays silent: without one the system says "end" at once. */
    int fd = open(path, O_RDWR | O_CLOEXEC);
    not_read(temp, path, 100, CC_E_UNREADABLE, "timed out");
    (void)close(fd);
}

static void *drip(void *fifo)
{
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);

    while (write(fd, "x", 1) == 1) { /* until the reader has gone */
        (void)usleep(200000);
    }
    (void)close(fd);
    return NULL;
}

static void a_pipe_that_drips_keeps_us_for_seconds_only(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "fifo");
    pthread_t writer;

    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, drip, (void *)path), 0);
    (void)usleep(100000);
    int hold = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    not_read(temp, path, 100000, CC_E_UNREADABLE, "timed out");
    (void)close(hold);
    (void)pthread_join(writer, NULL);
}

static void a_written_file_is_for_its_owner_only_and_so_are_its_folders(void **state)
{
    struct temp *temp = *state;
    struct cc_error err;
    const char *text = NULL;

    (void)umask(0);
    assert_true(cc_write_file(&temp->run, temp_path(temp, "a/b/f"), "x\0y", 3, &err));
    struct cc_file_facts file = cc_file_facts(&temp->run, temp_path(temp, "a/b/f"));
    struct cc_file_facts outer = cc_file_facts(&temp->run, temp_path(temp, "a"));
    struct cc_file_facts inner = cc_file_facts(&temp->run, temp_path(temp, "a/b"));
    (void)umask(022);
    assert_true(file.exists && file.regular && file.ours && !file.link && !file.folder);
    assert_int_equal(file.mode, 0600);
    assert_int_equal(file.size, 3);
    assert_true(outer.folder);
    assert_int_equal(outer.mode, 0700);
    assert_int_equal(inner.mode, 0700);
    assert_true(cc_read_file(&temp->run, temp_path(temp, "a/b/f"), 10, &text, NULL, &err));
    assert_memory_equal(text, "x\0y", 4);
}

static void a_file_that_others_could_read_is_theirs_no_more_once_written(void **state)
{
    struct temp *temp = *state;
    struct cc_error err;

    temp_file(temp, "f", "old", 0644);
    assert_true(cc_write_file(&temp->run, temp_path(temp, "f"), "new", 3, &err));
    assert_int_equal(cc_file_facts(&temp->run, temp_path(temp, "f")).mode, 0600);
    assert_int_equal(temp_count(temp), 1);
}

static void a_symbolic_link_is_replaced_and_its_target_left_alone(void **state)
{
    struct temp *temp = *state;
    struct cc_error err;
    const char *text = NULL;

    temp_file(temp, "target", "precious", 0600);
    assert_int_equal(symlink(temp_path(temp, "target"), temp_path(temp, "link")), 0);
    assert_true(cc_file_facts(&temp->run, temp_path(temp, "link")).link);
    assert_true(cc_write_file(&temp->run, temp_path(temp, "link"), "new", 3, &err));
    assert_true(cc_read_file(&temp->run, temp_path(temp, "target"), 100, &text, NULL, &err));
    assert_string_equal(text, "precious");
    assert_true(cc_file_facts(&temp->run, temp_path(temp, "link")).regular);
}

static void what_a_reader_gets_behind_a_link_is_told_beside_the_link_itself(void **state)
{
    struct temp *temp = *state;

    temp_file(temp, "target", "t", 0640);
    assert_int_equal(symlink(temp_path(temp, "target"), temp_path(temp, "link")), 0);
    assert_int_equal(symlink(temp_path(temp, "nowhere"), temp_path(temp, "dangling")), 0);
    struct cc_file_facts link = cc_file_facts(&temp->run, temp_path(temp, "link"));
    struct cc_file_facts dangling = cc_file_facts(&temp->run, temp_path(temp, "dangling"));
    assert_true(link.link);
    assert_int_equal(link.reached_mode, 0640);
    assert_false(link.reached_foreign);
    assert_true(dangling.exists);
    assert_int_equal(dangling.reading, CC_READ_NONE);
    assert_int_equal(dangling.reached_mode, 0);
}

static void what_is_no_file_is_written_to_and_stays_what_it_is(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    const char *pipe = temp_path(temp, "pipe");
    const char *link = temp_path(temp, "link");
    struct cc_error err;
    struct stat found;
    char got[8] = {0};

    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(symlink(pipe, link), 0);
    assert_false(cc_write_file(&temp->run, pipe, "x", 1, &err)); /* nobody reads */
    int fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(cc_write_file(&temp->run, pipe, "one", 3, &err));
    assert_true(cc_write_file(&temp->run, link, "two", 3, &err));
    assert_true(world->remove_file(world->self, pipe, &err));
    assert_true(world->remove_file(world->self, link, &err));
    assert_int_equal(read(fd, got, sizeof(got)), 6);
    assert_memory_equal(got, "onetwo", 6);
    assert_int_equal(close(fd), 0);
    assert_int_equal(lstat(pipe, &found), 0);
    assert_true(S_ISFIFO(found.st_mode));
    assert_int_equal(lstat(link, &found), 0);
    assert_true(S_ISLNK(found.st_mode));
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};
    const char *text = NULL;

    assert_int_equal(mkdir(temp_path(temp, "folder"), 0700), 0);
    assert_false(cc_write_file(&temp->run, temp_path(temp, "folder"), "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_string_equal(err.why, "Is a directory");
    assert_string_equal(err.fix, "check the folder's owner, mode and free space");
    assert_int_equal(temp_count(temp), 1);
    temp_file(temp, "file", "old", 0600);
    assert_false(cc_write_file(&temp->run, temp_path(temp, "file/under"), "x", 1, &err));
    assert_string_equal(err.why, "Not a directory");
    assert_true(cc_read_file(&temp->run, temp_path(temp, "file"), 100, &text, NULL, &err));
    assert_string_equal(text, "old");
    assert_false(cc_write_file(&temp->run, "", "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
}

/* In a child, because a limit cannot be lifted again everywhere. */
static void of_many_files_none_is_replaced_unless_all_can_be(void **state)
{
    struct temp *temp = *state;
    struct cc_error err;
    const char *text = NULL;
    size_t len = 0;
    struct cc_file_text files[] = {
        {temp_path(temp, "many/a"), "new a", 5},
        {temp_path(temp, "many/b"), "new b", 5},
        {temp_path(temp, "many/folder"), "x", 1},
    };

    assert_true(cc_write_file(&temp->run, files[0].path, "old", 3, &err));
    assert_true(cc_folder_make(&temp->run, files[2].path, &err));
    assert_false(
        cc_write_files(&temp->run, (const struct cc_file_text[]){files[0], {"", "x", 1}}, 2, &err));
    assert_true(cc_read_file(&temp->run, files[0].path, 9, &text, &len, &err));
    assert_string_equal(text, "old");
    assert_true(cc_write_files(&temp->run, files, 2, &err));
    for (size_t i = 0; i < 2; i++) {
        assert_true(cc_read_file(&temp->run, files[i].path, 9, &text, &len, &err));
        assert_string_equal(text, files[i].text);
        assert_int_equal(cc_file_facts(&temp->run, files[i].path).mode, 0600);
    }
    assert_false(cc_write_files(&temp->run, &files[1], 2, &err));
    assert_non_null(strstr(err.what, "folder"));
}

static void a_file_that_may_not_grow_leaves_the_old_one_and_no_temporary(void **state)
{
    struct temp *temp = *state;
    static char big[100000];
    const char *text = NULL;
    struct cc_error err;
    int status = 0;

    temp_file(temp, "f", "old", 0600);
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit small = {4096, 4096};

        (void)setrlimit(RLIMIT_FSIZE, &small);
        bool wrote = cc_write_file(&temp->run, temp_path(temp, "f"), big, sizeof(big), &err);
        temp_leave(!wrote && err.code == CC_E_UNWRITABLE && strcmp(err.why, "File too large") == 0
                       ? 7
                       : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(temp_count(temp), 1);
    assert_true(cc_read_file(&temp->run, temp_path(temp, "f"), 100, &text, NULL, &err));
    assert_string_equal(text, "old");
}

static void *read_often(void *of)
{
    struct temp *temp = of;
    struct cc_run run = {.world = temp->run.world};
    char path[100];
    size_t torn = 0;

    (void)snprintf(path, sizeof(path), "%s/f", temp->folder);
    for (int i = 0; i < 2000; i++) {
        const char *text = NULL;
        struct cc_error err;
        size_t len = 0;

        if (!cc_read_file(&run, path, 100000, &text, &len, &err) || len != 50000 ||
            text[0] != text[49999]) {
            torn++;
        }
        cc_arena_wipe(&run.mem);
    }
    return (void *)torn;
}

static void a_reader_never_sees_half_a_file(void **state)
{
    struct temp *temp = *state;
    char text[50000];
    pthread_t reader;
    struct cc_error err;
    void *torn = NULL;

    memset(text, 'a', sizeof(text));
    assert_true(cc_write_file(&temp->run, temp_path(temp, "f"), text, sizeof(text), &err));
    assert_int_equal(pthread_create(&reader, NULL, read_often, temp), 0);
    for (int i = 0; i < 200; i++) {
        memset(text, 'a' + i % 26, sizeof(text));
        assert_true(cc_write_file(&temp->run, temp_path(temp, "f"), text, sizeof(text), &err));
    }
    (void)pthread_join(reader, &torn);
    assert_null(torn);
    assert_int_equal(temp_count(temp), 1);
}

static void lines_are_added_only_to_a_file_that_is_there(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};
    const char *text = NULL;

    assert_false(cc_append_file(&temp->run, temp_path(temp, "none"), "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_string_equal(err.why, "No such file or directory");
    temp_file(temp, "f", "a\n", 0600);
    assert_true(cc_append_file(&temp->run, temp_path(temp, "f"), "b\n", 2, &err));
    assert_true(cc_read_file(&temp->run, temp_path(temp, "f"), 100, &text, NULL, &err));
    assert_string_equal(text, "a\nb\n");
}

static void nothing_is_added_through_a_link_or_to_a_pipe(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    temp_file(temp, "f", "a\n", 0600);
    assert_int_equal(symlink("f", temp_path(temp, "link")), 0);
    assert_false(cc_append_file(&temp->run, temp_path(temp, "link"), "x", 1, &err));
    assert_int_equal(mkfifo(temp_path(temp, "fifo"), 0600), 0);
    assert_false(cc_append_file(&temp->run, temp_path(temp, "fifo"), "x", 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_false(cc_append_file(&temp->run, "/dev/full", "x", 1, &err));
    assert_string_equal(err.why, "No space left on device");
}

static void removing_what_is_not_there_is_done(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    struct cc_error err = {0};

    temp_file(temp, "f", "x", 0600);
    assert_true(world->remove_file(world->self, temp_path(temp, "f"), &err));
    assert_true(world->remove_file(world->self, temp_path(temp, "f"), &err));
    assert_int_equal(temp_count(temp), 0);
    assert_false(world->remove_file(world->self, temp->folder, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
}

static void token(struct temp *temp, const char *text, const char *why)
{
    struct cc_secret secret = {0};
    struct cc_error err = {0};

    temp_file(temp, "token", text, 0600);
    bool ok = cc_read_secret(&temp->run, temp_path(temp, "token"), &secret, &err);
    if (!why) {
        assert_true(ok);
        assert_string_equal(cc_secret_reveal(secret), "eyJ-token");
        return;
    }
    assert_false(ok);
    assert_int_equal(err.code, CC_E_TOKEN_FILE);
    assert_non_null(strstr(err.why, why));
    assert_null(strstr(err.why, "eyJ"));
    assert_false(cc_secret_present(secret));
}

static void a_token_is_one_line_of_printable_text(void **state)
{
    struct temp *temp = *state;
    struct cc_secret secret;
    struct cc_error err;

    token(temp, "eyJ-token", NULL);
    token(temp, "eyJ-token\n", NULL);
    token(temp, "eyJ-token\r\n", NULL);
    token(temp, "", "empty");
    token(temp, "eyJ\nX-Evil: 1", "more than one line");
    token(temp, "eyJ\x1b[2J", "control characters");
    assert_false(cc_read_secret(&temp->run, temp_path(temp, "none"), &secret, &err));
    assert_int_equal(err.code, CC_E_TOKEN_FILE);
    assert_string_equal(err.why, "No such file or directory");
}

static void a_world_with_a_root_reads_below_it(void **state)
{
    struct temp *temp = *state;
    struct cc_world *below = cc_world_real(temp->folder);
    struct cc_run run = {.world = below};
    const char *text = NULL;
    struct cc_error err;

    temp_file(temp, "passwd", "x", 0600);
    assert_true(cc_read_file(&run, "/passwd", 10, &text, NULL, &err));
    assert_string_equal(text, "x");
    assert_false(cc_file_facts(&run, "/etc/passwd").exists);
    cc_arena_wipe(&run.mem);
    cc_world_close(below);
}

static void a_tilde_is_the_home_of_the_variable_or_of_the_passwd_entry(void **state)
{
    struct fake *fake = *state;

    assert_string_equal(cc_path_expand(&fake->run, "~/x"), "~/x");
    fake_file(fake, "/etc/passwd",
              cc_textf(&fake->mem,
                       "broken\nx:x:1%u:1::/no:/bin/sh\nme:x:%u:1:,,:/home/me:/bin/sh\n",
                       (unsigned)getuid(), (unsigned)getuid()));
    assert_string_equal(cc_path_expand(&fake->run, "~/x"), "/home/me/x");
    fake_env(fake, "HOME", "/h");
    assert_string_equal(cc_path_expand(&fake->run, "~/x"), "/h/x");
    assert_string_equal(cc_path_expand(&fake->run, "~"), "/h");
    assert_string_equal(cc_path_expand(&fake->run, "~other/x"), "~other/x");
    assert_string_equal(cc_path_expand(&fake->run, "a/~/x"), "a/~/x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(a_file_is_read_whole_up_to_its_ceiling),
        IN_REAL_WORLD(a_file_that_is_not_there_is_said_to_be_missing),
        IN_REAL_WORLD(a_path_too_long_for_the_system_is_an_ordinary_error),
        IN_REAL_WORLD(an_endless_device_is_too_big),
        IN_REAL_WORLD(a_pipe_that_nobody_writes_to_keeps_us_for_seconds_only),
        IN_REAL_WORLD(a_pipe_that_drips_keeps_us_for_seconds_only),
        IN_REAL_WORLD(a_written_file_is_for_its_owner_only_and_so_are_its_folders),
        IN_REAL_WORLD(a_file_that_others_could_read_is_theirs_no_more_once_written),
        IN_REAL_WORLD(a_symbolic_link_is_replaced_and_its_target_left_alone),
        IN_REAL_WORLD(what_a_reader_gets_behind_a_link_is_told_beside_the_link_itself),
        IN_REAL_WORLD(what_is_no_file_is_written_to_and_stays_what_it_is),
        IN_REAL_WORLD(a_failed_write_leaves_the_old_file_and_nothing_else),
        IN_REAL_WORLD(of_many_files_none_is_replaced_unless_all_can_be),
        IN_REAL_WORLD(a_file_that_may_not_grow_leaves_the_old_one_and_no_temporary),
        IN_REAL_WORLD(a_reader_never_sees_half_a_file),
        IN_REAL_WORLD(lines_are_added_only_to_a_file_that_is_there),
        IN_REAL_WORLD(nothing_is_added_through_a_link_or_to_a_pipe),
        IN_REAL_WORLD(removing_what_is_not_there_is_done),
        IN_REAL_WORLD(a_token_is_one_line_of_printable_text),
        IN_REAL_WORLD(a_world_with_a_root_reads_below_it),
        IN_FAKE_WORLD(a_tilde_is_the_home_of_the_variable_or_of_the_passwd_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
