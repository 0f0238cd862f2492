#include "credctl/aws/operations.h"
#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"

#include "alike.h"

#include <stdint.h>

/*
 * One ask, all of whose requests are answered alike. The first byte is the operation, the second
 * the status, the third the limit; then come the header lines up to an empty one, and the body.
 */

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    struct alike alike = {.head = ""};
    static const int statuses[] = {200, 200, 301, 400, 401, 403, 404, 429, 500, 503};
    struct cc_run run = {.world = &alike.world};

    if (size < 3) {
        return 0;
    }
    alike.world = alike_world(&alike);
    alike.status = statuses[data[1] % CC_COUNT(statuses)];
    char *text = cc_text_dup(&run.mem, (const char *)data + 3, size - 3);
    char *end = strstr(text, "\r\n\r\n");
    alike.head = end ? text : "";
    alike.body = end ? end + 4 : text;
    if (end) {
        end[2] = '\0';
    }
    ask_once(&run, data[0], data[2]);
    cc_arena_wipe(&run.mem);
    return 0;
}
