#include "credctl/base/text.h"

#include "support/test.h"
#include "support/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct heard {
    size_t count;
    size_t good;
};

static void hear(void *about, struct cc_exchange *exchange)
{
    struct heard *heard = about;

    heard->count++;
    heard->good += exchange->ok;
}

static void many_are_asked_at_once_but_not_more_than_said(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange many[24] = {0};
    struct heard heard = {0};
    const struct cc_watch watch = {hear, &heard};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        many[i].request = web_get(temp, "/slow");
    }
    cc_http_many(&temp->run, many, CC_COUNT(many), 6, &watch);
    assert_int_equal(heard.count, 24);
    assert_int_equal(heard.good, 24);
    assert_true(web_peer.most_busy <= 6 && web_peer.most_busy > 1);
}

static void failures_among_successes_stay_where_they_belong(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/x", "/cut", "/500", "/silent", "bad", "/big", "/x"};
    static const enum cc_failure ends[] = {CC_NET_ANSWERED, CC_NET_CUT,   CC_NET_ANSWERED,
                                           CC_NET_SILENT,   CC_NET_OTHER, CC_NET_TOO_BIG,
                                           CC_NET_ANSWERED};
    struct cc_exchange many[70] = {0};
    struct heard heard = {0};
    const struct cc_watch watch = {hear, &heard};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        const char *path = paths[i % CC_COUNT(paths)];

        many[i].request = web_get(temp, path);
        many[i].request.timeout_ms = strcmp(path, "/silent") == 0 ? 700 : 60000;
        many[i].request.url = path[0] == '/' ? many[i].request.url : "http://[::x]/";
    }
    cc_http_many(&temp->run, many, CC_COUNT(many), 32, &watch);
    assert_int_equal(heard.count, 70);
    for (size_t i = 0; i < CC_COUNT(many); i++) {
        enum cc_failure end = ends[i % CC_COUNT(paths)];

        if (many[i].response.failure != end || many[i].ok != (end == CC_NET_ANSWERED)) {
            fail_msg("%zu: %s ended as %d: %s", i, many[i].request.url,
                     (int)many[i].response.failure, many[i].err.why);
        }
    }
    assert_int_equal(many[2].response.status, 500);
}

static void the_deadline_holds_for_those_that_wait_for_their_turn(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange many[8] = {0};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        many[i].request = web_get(temp, "/silent");
        many[i].request.timeout_ms = 600000;
    }
    temp->run.deadline_ms = cc_ticks_ms(&temp->run) + 500;
    cc_http_many(&temp->run, many, CC_COUNT(many), 2, NULL);
    assert_int_equal(many[0].err.code, CC_E_TIMEOUT);
    assert_int_equal(many[7].err.code, CC_E_DEADLINE);
}

static void none_at_all_and_parallel_0_end(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange one = {.request = web_get(temp, "/x")};

    cc_http_many(&temp->run, NULL, 0, 4, NULL);
    cc_http_many(&temp->run, &one, 1, 0, NULL);
    assert_true(one.ok);
    temp->run.offline = true;
    cc_http_many(&temp->run, &one, 1, 4, NULL);
    assert_false(one.ok);
    assert_int_equal(one.err.code, CC_E_UNREACHABLE);
}

static void one_connection_serves_single_and_many_exchanges(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange one = {.request = web_get(temp, "/x")};

    one.request.url = web_url(temp, "/keep");
    cc_http_many(&temp->run, &one, 1, 1, NULL);
    assert_true(one.ok);
    one.request.timeout_ms = 200; /* the peer answers one request of a connection */
    cc_http_many(&temp->run, &one, 1, 1, NULL);
    assert_int_equal(peer_connections(&web_peer), 1);
}

/* Three exchanges, each not before 60 ms after the one before has ended. */
struct slow_pump {
    struct temp *temp;
    struct cc_exchange exchange;
    int begun;
    int ended;
    int64_t at;
};

static struct cc_exchange *slow_next(void *about, int64_t *at)
{
    struct slow_pump *slow = about;
    int64_t now = cc_ticks_ms(&slow->temp->run);

    if (slow->begun == 3 || slow->begun > slow->ended) {
        return NULL;
    }
    if (now < slow->at) {
        *at = slow->at;
        return NULL;
    }
    slow->begun++;
    slow->exchange =
        (struct cc_exchange){.run = &slow->temp->run, .request = web_get(slow->temp, "/x")};
    return &slow->exchange;
}

static void slow_done(void *about, struct cc_exchange *exchange)
{
    struct slow_pump *slow = about;

    assert_true(exchange->ok);
    slow->ended++;
    slow->at = cc_ticks_ms(&slow->temp->run) + 60;
}

static void a_pump_is_asked_again_at_the_time_it_names(void **state)
{
    struct slow_pump slow = {.temp = *state};
    const struct cc_pump pump = {slow_next, slow_done, &slow};

    cc_http_pump(&slow.temp->run, &pump);
    assert_int_equal(slow.ended, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PEER(many_are_asked_at_once_but_not_more_than_said),
        WITH_A_PEER(failures_among_successes_stay_where_they_belong),
        WITH_A_PEER(the_deadline_holds_for_those_that_wait_for_their_turn),
        WITH_A_PEER(none_at_all_and_parallel_0_end),
        WITH_A_PEER(one_connection_serves_single_and_many_exchanges),
        WITH_A_PEER(a_pump_is_asked_again_at_the_time_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
