#ifndef TESTS_WORLD_VISITOR_SUPPORT_H
#define TESTS_WORLD_VISITOR_SUPPORT_H

/*
 * The real server and a client on a thread of its own, which says what it has to say and then ends
 * the loop. Time passes when a test says so.
 */

#include "credctl/base/text.h"

#include "../../src/world/visitor.h"
#include "../support/client.h"
#include "../support/temp.h"
#include "../support/test.h"

#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#define ROOM   65536
#define HOST   "Host: x\r\n"
#define LAST   "Connection: close\r\n"
#define BIGGER ((size_t)8 << 20) /* than what a socket takes before it is read */

static struct {
    struct temp *temp;
    struct cc_server *server;
    void (*client)(void);
    sem_t visited; /* once for each visit */
    size_t visits;
    struct cc_ticket parked;
    int refused; /* the last status */
    char heard[ROOM];
    char other[ROOM];
    bool whole; /* the answer ended in order */
    size_t length;
} scene;

static struct cc_server_plan plan;

/* On the client's thread, where a test cannot fail in order. */
static inline void must(bool done)
{
    if (!done) {
        abort();
    }
}

static inline void *client_main(void *about)
{
    (void)about;
    scene.client();
    (void)kill(getpid(), SIGTERM);
    return NULL;
}

static inline void answer_big(struct cc_server *server, struct cc_ticket ticket)
{
    char *big = calloc(1, BIGGER);

    assert_non_null(big);
    memset(big, 'x', BIGGER);
    const struct cc_reply reply = {.status = 200, .body = big, .len = BIGGER};
    cc_server_answer(server, ticket, &reply);
    free(big);
}

static inline void answer_path(struct cc_server *server, struct cc_ticket ticket, const char *path)
{
    const struct cc_reply reply = {.status = 200, .body = path, .len = strlen(path)};

    cc_server_answer(server, ticket, &reply);
}

static inline void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    const char *path = visit->head->path;

    (void)about;
    scene.visits++;
    if (cc_text_equal(path, "/park")) {
        scene.parked = visit->ticket; /* no answer yet */
    } else if (cc_text_equal(path, "/big")) {
        answer_big(server, visit->ticket);
    } else if (cc_text_equal(path, "/stop")) {
        answer_path(server, visit->ticket, path);
        cc_server_stop(server);
    } else if (cc_text_equal(path, "/raw")) {
        static const char raw[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw";

        cc_server_answer_raw(server, visit->ticket, raw, sizeof(raw) - 1);
        cc_server_answer_raw(server, visit->ticket, raw, sizeof(raw) - 1); /* nobody waits now */
    } else {
        answer_path(server, scene.parked, "parked"); /* nobody, unless one was */
        answer_path(server, visit->ticket, path);
    }
    (void)sem_post(&scene.visited);
}

static inline void refused(void *about, int status)
{
    (void)about;
    scene.refused = status;
}

static inline int begin(void **state)
{
    if (temp_setup(state) != 0) {
        return 1;
    }
    memset(&scene, 0, sizeof(scene));
    scene.temp = *state;
    scene.parked.slot = UINT32_MAX;
    (void)sem_init(&scene.visited, 0, 0);
    plan = (struct cc_server_plan){.unix_path = temp_path(scene.temp, "socket"),
                                   .own_socket = true,
                                   .max_body = 40000,
                                   .visit = visit,
                                   .refused = refused};
    return 0;
}

static inline struct cc_desk *desk(void)
{
    return (struct cc_desk *)scene.server;
}

static inline void open_up(void)
{
    struct cc_error err;

    if (!cc_server_open(&scene.temp->run, &plan, &scene.server, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
}

static inline int run_with(void (*client)(void))
{
    pthread_t thread;

    scene.client = client;
    assert_int_equal(pthread_create(&thread, NULL, client_main, NULL), 0);
    int ended_by = cc_server_run(scene.server);
    (void)pthread_join(thread, NULL);
    assert_true(cc_server_close(scene.server));
    return ended_by;
}

static inline void serve(void (*client)(void))
{
    open_up();
    assert_int_equal(run_with(client), SIGTERM);
}

/* Whoever waits for a peer has waited long enough. */
static inline void time_is_over(void *about, struct cc_server *server)
{
    struct cc_desk *at = (struct cc_desk *)server;

    (void)about;
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        at->visitors[i].until = at->visitors[i].until ? 1 : 0;
    }
}

#define SERVES(test) cmocka_unit_test_setup_teardown(test, begin, temp_teardown)

#endif
