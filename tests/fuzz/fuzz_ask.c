#include "credctl/aws/operations.h"
#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * One ask, all of whose requests are answered alike. The first byte is the operation, the second
 * the status, the third the limit; then come the header lines up to an empty one, and the body.
 */

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzzed {
    struct cc_world world;
    int64_t ticks;
    int status;
    const char *head;
    const char *body;
};

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

static int64_t now(void *self)
{
    (void)self;
    return 1700000000;
}

static int64_t ticks_ms(void *self)
{
    return ((struct fuzzed *)self)->ticks;
}

static const char *env(void *self, const char *name)
{
    (void)self;
    (void)name;
    return NULL;
}

static bool random_bytes(void *self, void *to, size_t size)
{
    (void)self;
    memset(to, 0, size);
    return true;
}

static bool emit(void *self, int fd, const char *text, size_t len)
{
    (void)self;
    (void)fd;
    (void)text;
    (void)len;
    return true;
}

static void answer_all(void *self, const struct cc_pump *pump)
{
    struct fuzzed *fuzzed = self;

    for (;;) {
        int64_t at = CC_PUMP_NEVER;
        struct cc_exchange *exchange = pump->next(pump->about, &at);

        if (exchange) {
            exchange->ok = true;
            exchange->response = (struct cc_response){.status = fuzzed->status,
                                                      .head = fuzzed->head,
                                                      .body = fuzzed->body,
                                                      .body_len = strlen(fuzzed->body)};
            pump->done(pump->about, exchange);
        } else if (at != CC_PUMP_NEVER) {
            fuzzed->ticks = at;
        } else {
            return;
        }
    }
}

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    (void)run;
    (void)ask;
    (void)err;
    must((page->xml != NULL) != (page->json != NULL));
    return true;
}

static void ask_once(struct cc_run *run, uint8_t which, size_t limit)
{
    static const struct cc_keys keys = {.access_key_id = "AKID", .secret_key = {"a secret key"}};
    static const struct cc_settings settings = {.max_attempts = 2};
    static const struct cc_param params[] = {{"Bucket", "logs"},
                                             {"DetectorId", "d"},
                                             {"restapi_id", "r"},
                                             {"domain_name", "n"},
                                             {"Id", "i"},
                                             {"AccountId", "111122223333"},
                                             {0}};
    struct cc_ask_end end;
    struct cc_answer answer;
    struct cc_error err;
    size_t count = 0;

    while (cc_operations[count]) {
        count++;
    }
    const struct cc_ask ask = {.operation = cc_operations[which % count],
                               .settings = &settings,
                               .by = &keys,
                               .region = "eu-west-1",
                               .params = params,
                               .take = take,
                               .limit = limit,
                               .end = &end};
    if (!cc_ask_now(run, &ask, &answer, &err)) {
        const struct cc_ask_failure failure = cc_ask_failed(run, &ask, &answer, &err);

        must(err.code != CC_E_OK && err.what[0]);
        must((failure.action != NULL) == (failure.outcome == CC_OUT_DENIED));
    }
    must(end.more == (end.next != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzzed fuzzed = {.world = {.now = now,
                                      .ticks_ms = ticks_ms,
                                      .env = env,
                                      .random = random_bytes,
                                      .emit = emit,
                                      .http = answer_all}};
    static const int statuses[] = {200, 200, 301, 400, 401, 403, 404, 429, 500, 503};
    struct cc_run run = {.world = &fuzzed.world};

    if (size < 3) {
        return 0;
    }
    fuzzed.world.self = &fuzzed;
    fuzzed.status = statuses[data[1] % CC_COUNT(statuses)];
    char *text = cc_text_dup(&run.mem, (const char *)data + 3, size - 3);
    char *end = strstr(text, "\r\n\r\n");
    fuzzed.head = end ? text : "";
    fuzzed.body = end ? end + 4 : text;
    if (end) {
        end[2] = '\0';
    }
    ask_once(&run, data[0], data[2]);
    cc_arena_wipe(&run.mem);
    return 0;
}
