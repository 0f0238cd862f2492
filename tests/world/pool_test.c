#include "../../src/world/serve.h"
#include "support/temp.h"
#include "support/test.h"

#include <poll.h>
#include <pthread.h>

#define JOBS 40

/* What the jobs do, and how many did it. */
struct work {
    pthread_mutex_t lock;
    int done_on_threads;
    int done_here;
    pthread_t here;
    bool worked_here;    /* some job ran on this thread */
    bool told_elsewhere; /* ... or told of its end on another */
    bool no_skew;        /* ... or did not know what the one before had learnt */
};

static void work_once(struct cc_run *run, void *about)
{
    struct work *work = about;

    (void)cc_alloc(&run->mem, 1000);
    (void)pthread_mutex_lock(&work->lock);
    work->done_on_threads++;
    work->worked_here |= pthread_equal(pthread_self(), work->here);
    (void)pthread_mutex_unlock(&work->lock);
    run->skew = 7200; /* what a call may learn */
}

static void tell(struct cc_run *run, void *about)
{
    struct work *work = about;

    work->done_here++;
    work->told_elsewhere |= !pthread_equal(pthread_self(), work->here);
    assert_true(run->deadline_ms > 0);
}

static void finish(struct cc_pool *pool, int wake, const struct work *work, int count)
{
    while (work->done_here < count) {
        struct pollfd ready = {.fd = wake, .events = POLLIN};

        assert_true(poll(&ready, 1, 30000) == 1);
        cc_pool_finish(pool);
    }
}

static void every_job_is_done_on_a_thread_and_told_of_here(void **state)
{
    struct temp *temp = *state;
    struct work work = {.lock = PTHREAD_MUTEX_INITIALIZER, .here = pthread_self()};
    const struct cc_job job = {work_once, tell, &work};
    int wake = -1;
    struct cc_pool *pool = cc_pool_new(&temp->run, 4, &wake);

    for (int i = 0; i < JOBS; i++) {
        assert_true(cc_pool_add(pool, &job));
    }
    finish(pool, wake, &work, JOBS);
    assert_true(cc_pool_close(pool));
    assert_int_equal(work.done_on_threads, JOBS);
    assert_false(work.worked_here);
    assert_false(work.told_elsewhere);
}

static void expect_skew(struct cc_run *run, void *about)
{
    struct work *work = about;

    (void)pthread_mutex_lock(&work->lock);
    work->no_skew |= cc_now_aws(run) < cc_now(run) + 7200;
    (void)pthread_mutex_unlock(&work->lock);
}

static void what_one_job_learns_of_the_clock_the_next_one_knows(void **state)
{
    struct temp *temp = *state;
    struct work work = {.lock = PTHREAD_MUTEX_INITIALIZER, .here = pthread_self()};
    int wake = -1;
    struct cc_pool *pool = cc_pool_new(&temp->run, 1, &wake);

    assert_true(cc_pool_add(pool, &(struct cc_job){work_once, tell, &work}));
    finish(pool, wake, &work, 1);
    assert_true(cc_pool_add(pool, &(struct cc_job){expect_skew, tell, &work}));
    finish(pool, wake, &work, 2);
    assert_true(cc_pool_close(pool));
    assert_false(work.no_skew);
}

/* A job that goes on until it is asked to end. */
struct endless {
    size_t done;
    size_t total;
    size_t notes;
    int ended;
};

static void go_on(struct cc_run *run, void *about)
{
    (void)about;
    assert_true(cc_time_left_ms(run, 100) == 100);
    run->follower->told(run->follower->about, 3, 40);
    while (!cc_run_stopped(run)) {
        cc_sleep_ms(run, 5);
    }
    assert_true(cc_time_left_ms(run, 100) == 0);
    run->follower->told(run->follower->about, 4, 40);
}

static void has_ended(struct cc_run *run, void *about)
{
    (void)run;
    ((struct endless *)about)->ended++;
}

static void is_noted(void *about, size_t done, size_t total)
{
    struct endless *endless = about;

    endless->notes++;
    endless->done = done;
    endless->total = total;
}

static void turn(struct cc_pool *pool, int wake)
{
    struct pollfd ready = {.fd = wake, .events = POLLIN};

    assert_true(poll(&ready, 1, 30000) == 1);
    cc_pool_finish(pool);
}

static void a_job_tells_of_its_progress_and_can_be_asked_to_end(void **state)
{
    struct temp *temp = *state;
    struct endless endless = {0};
    struct endless other = {0};
    int wake = -1;
    struct cc_pool *pool = cc_pool_new(&temp->run, 1, &wake);

    assert_true(cc_pool_add(pool, &(struct cc_job){go_on, has_ended, &endless, is_noted}));
    assert_true(cc_pool_add(pool, &(struct cc_job){go_on, has_ended, &other, is_noted}));
    while (endless.notes == 0) {
        turn(pool, wake);
    }
    assert_int_equal(endless.done, 3);
    assert_int_equal(endless.total, 40);
    assert_int_equal(endless.ended, 0);
    cc_pool_abandon(pool, &wake); /* nobody's */
    cc_pool_abandon(pool, &endless);
    while (endless.ended == 0) {
        turn(pool, wake);
    }
    assert_int_equal(other.ended, 0);
    assert_int_equal(endless.done, 4); /* also what it told last */
    while (other.notes == 0) {
        turn(pool, wake);
    }
    cc_pool_abandon(pool, &other);
    while (other.ended == 0) {
        turn(pool, wake);
    }
    assert_true(cc_pool_close(pool));
}

static void what_waits_at_the_end_is_let_go(void **state)
{
    struct temp *temp = *state;
    struct work work = {.lock = PTHREAD_MUTEX_INITIALIZER, .here = pthread_self()};
    const struct cc_job job = {work_once, tell, &work};
    int wake = -1;
    struct cc_pool *pool = cc_pool_new(&temp->run, 1, &wake);
    size_t taken = 0;

    (void)pthread_mutex_lock(&work.lock); /* the one thread waits for it */
    while (taken < 10000 && cc_pool_add(pool, &job)) {
        taken++;
    }
    assert_true(taken < 10000); /* there is an end to what may wait */
    (void)pthread_mutex_unlock(&work.lock);
    assert_true(cc_pool_close(pool));
    assert_true(work.done_here == 0);
}

#define IN_TEMP(test) cmocka_unit_test_setup_teardown(test, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TEMP(every_job_is_done_on_a_thread_and_told_of_here),
        IN_TEMP(what_one_job_learns_of_the_clock_the_next_one_knows),
        IN_TEMP(a_job_tells_of_its_progress_and_can_be_asked_to_end),
        IN_TEMP(what_waits_at_the_end_is_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
