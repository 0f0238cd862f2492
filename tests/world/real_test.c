#include "credctl/world/heap.h"

#include "support/temp.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <openssl/evp.h>

static void time_goes_on_while_it_sleeps(void **state)
{
    struct temp *temp = *state;
    int64_t ticks = cc_ticks_ms(&temp->run);
    time_t before = time(NULL);

    cc_sleep_ms(&temp->run, 20);
    assert_true(cc_ticks_ms(&temp->run) >= ticks + 20);
    assert_in_range(cc_now(&temp->run), before, time(NULL));
}

static void random_bytes_are_not_the_same_twice(void **state)
{
    struct temp *temp = *state;
    unsigned char one[32] = {0};
    unsigned char two[32] = {0};
    struct cc_error err;

    assert_true(cc_random(&temp->run, one, sizeof(one), &err));
    assert_true(cc_random(&temp->run, two, sizeof(two), &err));
    assert_memory_not_equal(one, two, sizeof(one));
    assert_true(cc_random_below(&temp->run, 10) < 10);
    assert_int_equal(cc_random_below(&temp->run, 0), 0);
}

static void the_environment_is_the_process_s(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    bool found = false;

    (void)setenv("CREDCTL_TEST_VARIABLE", "v", 1);
    (void)setenv("CREDCTL_TEST_EMPTY", "", 1);
    assert_string_equal(cc_env(&temp->run, "CREDCTL_TEST_VARIABLE"), "v");
    assert_null(cc_env(&temp->run, "CREDCTL_TEST_EMPTY"));
    assert_null(cc_env(&temp->run, "CREDCTL_TEST_NONE"));
    for (const char *const *row = world->env_all(world->self); *row; row++) {
        found = found || strcmp(*row, "CREDCTL_TEST_VARIABLE=v") == 0;
    }
    assert_true(found);
}

static void *read_slowly(void *from)
{
    char piece[1024];
    size_t *count = malloc(sizeof(*count));
    ssize_t got = 0;

    assert_non_null(count);
    *count = 0;
    do {
        got = read(*(int *)from, piece, sizeof(piece));
        *count += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    return count;
}

static void all_of_a_text_goes_into_a_pipe_that_would_block(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    static char big[1000000];
    int ends[2];
    pthread_t reader;
    void *count = NULL;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_slowly, &ends[0]), 0);
    assert_true(world->emit(world->self, ends[1], big, sizeof(big)));
    assert_false(world->is_terminal(world->self, ends[1]));
    (void)close(ends[1]);
    (void)pthread_join(reader, &count);
    assert_int_equal(*(size_t *)count, sizeof(big));
    free(count);
    (void)close(ends[0]);
}

static void writing_for_a_reader_that_went_away_fails_and_does_not_end_us(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    (void)close(ends[0]);
    assert_false(world->emit(world->self, ends[1], "x", 1));
    assert_int_equal(errno, EPIPE);
    (void)close(ends[1]);
}

static int exposed(struct temp *temp, const char *name, unsigned mode)
{
    const struct cc_world *world = temp->run.world;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        temp_file(temp, name, "", mode);
        int fd = open(temp_path(temp, name), O_WRONLY | O_CLOEXEC);
        (void)dup2(fd, STDOUT_FILENO);
        temp_leave(world->output_exposed(world->self) ? 7 : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

static void only_a_file_that_others_may_read_exposes_the_output(void **state)
{
    assert_int_equal(exposed(*state, "open", 0644), 7);
    assert_int_equal(exposed(*state, "group", 0640), 7);
    assert_int_equal(exposed(*state, "own", 0600), 8);
}

static void a_name_has_its_addresses_and_one_that_is_none_an_error(void **state)
{
    struct temp *temp = *state;
    const struct cc_world *world = temp->run.world;
    const char *const *addresses = NULL;
    struct cc_error err = {0};

    assert_true(world->resolve(world->self, &temp->run.mem, "127.0.0.1", &addresses, &err));
    assert_string_equal(addresses[0], "127.0.0.1");
    assert_null(addresses[1]);
    assert_true(world->resolve(world->self, &temp->run.mem, "::1", &addresses, &err));
    assert_string_equal(addresses[0], "::1");
    assert_false(world->resolve(world->self, &temp->run.mem, "no such name", &addresses, &err));
    assert_int_equal(err.code, CC_E_DNS);
    assert_true(err.why[0]);
}

static bool works_hardened(void)
{
    struct rlimit core;
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    cc_harden();
    cJSON *doc = cJSON_Parse("{\"a\":[1,2,{\"b\":\"c\"}]}");
    bool read = doc != NULL;
    cJSON_Delete(doc);
    return read && getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 &&
           prctl(PR_GET_DUMPABLE) == 0 && EVP_Digest("x", 1, sum, &size, EVP_sha256(), NULL) == 1 &&
           size == 32;
}

static void a_hardened_process_leaves_no_core_and_still_works(void **state)
{
    int status = 0;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        temp_leave(works_hardened() ? 7 : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(time_goes_on_while_it_sleeps),
        IN_REAL_WORLD(random_bytes_are_not_the_same_twice),
        IN_REAL_WORLD(the_environment_is_the_process_s),
        IN_REAL_WORLD(all_of_a_text_goes_into_a_pipe_that_would_block),
        IN_REAL_WORLD(writing_for_a_reader_that_went_away_fails_and_does_not_end_us),
        IN_REAL_WORLD(only_a_file_that_others_may_read_exposes_the_output),
        IN_REAL_WORLD(a_name_has_its_addresses_and_one_that_is_none_an_error),
        IN_REAL_WORLD(a_hardened_process_leaves_no_core_and_still_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
