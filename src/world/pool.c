#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_MAX   256
#define STACK_SIZE  ((size_t)512 << 10)
#define JOB_MS      60000 /* the limit of a job without a deadline */
#define LAST_WAIT_S 2

struct task {
    struct cc_pool *pool;
    struct cc_job job;
    struct cc_run run;
    struct cc_stop stop;
    struct cc_follower follower;
    bool noted; /* its progress has changed ... */
    size_t done;
    size_t total; /* ... to this */
    struct task *next;
};

struct list {
    struct task *first;
    struct task *last;
    size_t count;
};

struct cc_pool {
    struct cc_run model; /* each job starts with a copy of this */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct list waiting;
    struct list finished;
    struct task *working[CC_THREADS_MAX];
    pthread_t threads[CC_THREADS_MAX];
    size_t thread_count;
    size_t thread_most;
    size_t idle;
    size_t alive;
    bool closing;
    int wake;
};

static void push(struct list *list, struct task *task)
{
    task->next = NULL;
    if (list->last) {
        list->last->next = task;
    } else {
        list->first = task;
    }
    list->last = task;
    list->count++;
}

static struct task *pop(struct list *list)
{
    struct task *task = list->first;

    if (task) {
        list->first = task->next;
        list->last = list->first ? list->last : NULL;
        list->count--;
    }
    return task;
}

static void task_free(struct task *task)
{
    cc_arena_wipe(&task->run.mem);
    free(task);
}

static void wake(const struct cc_pool *pool)
{
    const uint64_t one = 1;

    (void)!write(pool->wake, &one, sizeof(one));
}

static void note(void *about, size_t done, size_t total)
{
    struct task *task = about;

    (void)pthread_mutex_lock(&task->pool->lock);
    task->noted = true;
    task->done = done;
    task->total = total;
    (void)pthread_mutex_unlock(&task->pool->lock);
    wake(task->pool);
}

/* The place of this task among those that are being worked on; NULL: any free one. */
static struct task **place_of(struct cc_pool *pool, const struct task *task)
{
    struct task **place = pool->working;

    while (*place != task) {
        place++;
    }
    return place;
}

static void work_on(struct cc_pool *pool, struct task *task)
{
    *place_of(pool, NULL) = task;
    task->run.deadline_ms = cc_ticks_ms(&task->run) + JOB_MS;
    (void)pthread_mutex_unlock(&pool->lock);
    task->job.work(&task->run, task->job.about);
    (void)pthread_mutex_lock(&pool->lock);
    *place_of(pool, task) = NULL;
    push(&pool->finished, task);
    wake(pool);
}

static void *thread_main(void *about)
{
    struct cc_pool *pool = about;

    (void)pthread_mutex_lock(&pool->lock);
    while (!pool->closing) {
        struct task *task = pop(&pool->waiting);

        if (task) {
            work_on(pool, task);
            continue;
        }
        pool->idle++;
        (void)pthread_cond_wait(&pool->changed, &pool->lock);
        pool->idle--;
    }
    pool->alive--;
    (void)pthread_cond_broadcast(&pool->changed);
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct cc_pool *cc_pool_new(const struct cc_run *run, size_t threads, int *wake)
{
    struct cc_pool *pool = calloc(1, sizeof(*pool));
    pthread_condattr_t clock;

    if (!pool) {
        abort();
    }
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    pool->thread_most = threads < CC_THREADS_MAX ? threads : CC_THREADS_MAX;
    pool->model = *run;
    pool->model.mem = (struct cc_arena){0};
    pool->model.deadline_ms = 0;
    pool->model.unattended = true;
    pool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *wake = pool->wake;
    return pool;
}

/* Threads are started when there is work for them, so that the process can fork before that. */
static void start_thread(struct cc_pool *pool)
{
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t before;

    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    (void)sigfillset(&all); /* signals are handled by the first thread */
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&pool->threads[pool->thread_count], &attributes, thread_main, pool) == 0) {
        pool->thread_count++;
        pool->alive++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
}

bool cc_pool_add(struct cc_pool *pool, const struct cc_job *job)
{
    struct task *task = calloc(1, sizeof(*task));
    bool taken = false;

    if (!task) {
        abort();
    }
    task->pool = pool;
    task->job = *job;
    task->run = pool->model;
    task->run.stop = &task->stop;
    task->follower = (struct cc_follower){note, task};
    task->run.follower = job->noted ? &task->follower : NULL;
    (void)pthread_mutex_lock(&pool->lock);
    if (pool->idle <= pool->waiting.count && pool->thread_count < pool->thread_most) {
        start_thread(pool);
    }
    taken = pool->thread_count > 0 && pool->waiting.count < QUEUE_MAX;
    if (taken) {
        push(&pool->waiting, task);
        (void)pthread_cond_signal(&pool->changed);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (!taken) {
        task_free(task);
    }
    return taken;
}

void cc_pool_abandon(struct cc_pool *pool, const void *about)
{
    (void)pthread_mutex_lock(&pool->lock);
    for (struct task *task = pool->waiting.first; task; task = task->next) {
        if (task->job.about == about) {
            atomic_store(&task->stop.set, true);
        }
    }
    for (size_t i = 0; i < CC_THREADS_MAX; i++) {
        if (pool->working[i] && pool->working[i]->job.about == about) {
            atomic_store(&pool->working[i]->stop.set, true);
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
}

/* A copy of the next task with news, which its thread may end meanwhile. */
static bool next_noted(struct cc_pool *pool, struct task *news)
{
    bool found = false;

    (void)pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < CC_THREADS_MAX && !found; i++) {
        struct task *task = pool->working[i];

        if (task && task->noted) {
            task->noted = false;
            *news = (struct task){.job = task->job, .done = task->done, .total = task->total};
            found = true;
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return found;
}

static struct task *next_finished(struct cc_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct task *task = pop(&pool->finished);
    (void)pthread_mutex_unlock(&pool->lock);
    return task;
}

void cc_pool_finish(struct cc_pool *pool)
{
    uint64_t count = 0;
    struct task news;

    (void)!read(pool->wake, &count, sizeof(count));
    while (next_noted(pool, &news)) {
        news.job.noted(news.job.about, news.done, news.total);
    }
    for (struct task *task = next_finished(pool); task; task = next_finished(pool)) {
        if (task->noted) {
            task->job.noted(task->job.about, task->done, task->total);
        }
        pool->model.skew = task->run.skew; /* later jobs know it from the start */
        task->job.done(&task->run, task->job.about);
        task_free(task);
    }
}

static bool wait_for_threads(struct cc_pool *pool)
{
    struct timespec until = {0};
    int status = 0;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LAST_WAIT_S;
    while (pool->alive > 0 && status != ETIMEDOUT) {
        status = pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
    }
    return pool->alive == 0;
}

bool cc_pool_close(struct cc_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    (void)pthread_cond_broadcast(&pool->changed);
    bool ended = wait_for_threads(pool);
    (void)pthread_mutex_unlock(&pool->lock);
    if (!ended) {
        return false;
    }
    for (size_t i = 0; i < pool->thread_count; i++) {
        (void)pthread_join(pool->threads[i], NULL);
    }
    for (struct task *task = pop(&pool->waiting); task; task = pop(&pool->waiting)) {
        task_free(task);
    }
    for (struct task *task = pop(&pool->finished); task; task = pop(&pool->finished)) {
        task_free(task);
    }
    (void)close(pool->wake);
    (void)pthread_mutex_destroy(&pool->lock);
    (void)pthread_cond_destroy(&pool->changed);
    free(pool);
    return true;
}
