#include "credctl/world/replace.h"

#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *text_of(struct temp *temp, const char *path)
{
    struct cc_error err;
    const char *text = NULL;

    return cc_read_file(&temp->run, path, 4096, &text, NULL, &err) ? text : NULL;
}

static bool replace(struct temp *temp, const char *path, const char *text)
{
    struct cc_error err = {0};

    return cc_replace_file(&temp->run, path, text, strlen(text), &err);
}

static void a_file_is_replaced_for_its_owner_alone(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "token");
    struct stat facts;

    temp_file(temp, "token", "old", 0644);
    mode_t mask = umask(0277);
    assert_true(replace(temp, path, "new"));
    (void)umask(mask);
    assert_string_equal(text_of(temp, path), "new");
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(temp_count(temp), 1);
}

static void what_a_link_leads_to_is_replaced_and_the_link_stays(void **state)
{
    struct temp *temp = *state;
    const char *link = temp_path(temp, "link");
    struct stat facts;

    temp_file(temp, "target", "old", 0600);
    assert_int_equal(symlink("target", link), 0);
    assert_true(replace(temp, link, "new"));
    assert_int_equal(lstat(link, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_string_equal(text_of(temp, temp_path(temp, "target")), "new");
}

static void a_file_that_is_gone_is_not_made_anew(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    assert_false(replace(temp, temp_path(temp, "nothing"), "new"));
    assert_false(cc_may_replace(&temp->run, temp_path(temp, "nothing"), 1, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_int_equal(temp_count(temp), 0);
}

static void whether_it_can_be_replaced_is_tried_and_leaves_nothing_behind(void **state)
{
    struct temp *temp = *state;
    struct cc_error err = {0};

    temp_file(temp, "token", "old", 0600);
    assert_true(cc_may_replace(&temp->run, temp_path(temp, "token"), 8192, &err));
    assert_int_equal(temp_count(temp), 1);
    assert_string_equal(text_of(temp, temp_path(temp, "token")), "old");
    assert_false(cc_may_replace(&temp->run, "/proc/self/status", 8192, &err));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
}

static void one_at_a_time_holds_the_lock_by_whatever_name(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "token");
    const char *link = temp_path(temp, "link");
    struct cc_file_lock *lock = NULL;
    struct cc_file_lock *second = NULL;

    temp_file(temp, "token", "old", 0600);
    assert_int_equal(symlink("token", link), 0);
    assert_int_equal(cc_file_lock(&temp->run, path, &lock), CC_LOCK_GOT);
    assert_int_equal(cc_file_lock(&temp->run, path, &second), CC_LOCK_BUSY);
    assert_int_equal(cc_file_lock(&temp->run, link, &second), CC_LOCK_BUSY);
    cc_file_unlock(&temp->run, lock);
    assert_int_equal(cc_file_lock(&temp->run, link, &second), CC_LOCK_GOT);
    cc_file_unlock(&temp->run, second);
    assert_int_equal(temp_count(temp), 2); /* nothing is left behind */
}

static void the_lock_is_of_the_file_that_is_there_now(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "token");
    struct cc_file_lock *lock = NULL;
    struct cc_file_lock *next = NULL;

    temp_file(temp, "token", "old", 0600);
    assert_int_equal(cc_file_lock(&temp->run, path, &lock), CC_LOCK_GOT);
    assert_true(replace(temp, path, "new"));
    assert_int_equal(cc_file_lock(&temp->run, path, &next), CC_LOCK_GOT);
    cc_file_unlock(&temp->run, lock);
    cc_file_unlock(&temp->run, next);
}

static void the_lock_of_a_process_that_ends_is_free(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "token");
    struct cc_file_lock *lock = NULL;

    temp_file(temp, "token", "old", 0600);
    pid_t child = fork();
    if (child == 0) {
        _exit(cc_file_lock(&temp->run, path, &lock) == CC_LOCK_GOT ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(cc_file_lock(&temp->run, path, &lock), CC_LOCK_GOT);
    cc_file_unlock(&temp->run, lock);
}

static void without_a_file_there_is_no_lock(void **state)
{
    struct temp *temp = *state;
    struct cc_file_lock *lock = NULL;

    assert_int_equal(cc_file_lock(&temp->run, temp_path(temp, "nothing"), &lock), CC_LOCK_NEVER);
}

static void the_working_folder_has_a_name_even_when_it_is_gone(void **state)
{
    struct temp *temp = *state;
    const char *gone = temp_path(temp, "gone");
    char before[4096];

    assert_non_null(getcwd(before, sizeof(before)));
    assert_string_equal(cc_working_folder(&temp->run), before);
    assert_int_equal(mkdir(gone, 0700), 0);
    assert_int_equal(chdir(gone), 0);
    assert_int_equal(rmdir(gone), 0);
    const char *name = cc_working_folder(&temp->run);
    assert_int_equal(chdir(before), 0);
    assert_true(name[0] != '\0');
    assert_string_not_equal(name, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(a_file_is_replaced_for_its_owner_alone),
        IN_REAL_WORLD(what_a_link_leads_to_is_replaced_and_the_link_stays),
        IN_REAL_WORLD(a_file_that_is_gone_is_not_made_anew),
        IN_REAL_WORLD(whether_it_can_be_replaced_is_tried_and_leaves_nothing_behind),
        IN_REAL_WORLD(one_at_a_time_holds_the_lock_by_whatever_name),
        IN_REAL_WORLD(the_lock_is_of_the_file_that_is_there_now),
        IN_REAL_WORLD(the_lock_of_a_process_that_ends_is_free),
        IN_REAL_WORLD(without_a_file_there_is_no_lock),
        IN_REAL_WORLD(the_working_folder_has_a_name_even_when_it_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
