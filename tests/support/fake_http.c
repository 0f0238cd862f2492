#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "fake_parts.h"
#include "test.h"

#include <string.h>

static void note(struct fake *fake, const struct cc_request *request)
{
    struct cc_buf rows = cc_buf_new(&fake->mem, 1 << 20);

    for (const struct cc_header *h = request->headers; h && h->name; h++) {
        cc_buf_addf(&rows, "%s: %s\n", h->name, h->value ? h->value : cc_secret_reveal(h->secret));
    }
    if (fake->forgets && fake->sent_count == CC_COUNT(fake->sent)) {
        fake->sent_count = 0;
    }
    assert_true(fake->sent_count < CC_COUNT(fake->sent));
    fake->sent[fake->sent_count++] = (struct fake_sent){
        .method = cc_text_dup(&fake->mem, request->method, strlen(request->method)),
        .url = cc_text_dup(&fake->mem, request->url, strlen(request->url)),
        .address = request->address
                       ? cc_text_dup(&fake->mem, request->address, strlen(request->address))
                       : NULL,
        .headers = rows.text,
        .body = cc_text_dup(&fake->mem, cc_secret_reveal(request->body),
                            strlen(cc_secret_reveal(request->body))),
        .distance = request->distance,
    };
}

static bool is_for(const struct fake_exchange *row, const struct fake_sent *sent)
{
    return strcmp(row->url, sent->url) == 0 &&
           (!row->method || strcmp(row->method, sent->method) == 0) &&
           (!row->part || strstr(sent->body, row->part) || strstr(sent->headers, row->part));
}

/* To the request that was noted last. */
static struct fake_exchange *next_answer(struct fake *fake)
{
    const struct fake_sent *sent = &fake->sent[fake->sent_count - 1];

    for (struct fake_exchange *row = fake->http; row->url; row++) {
        if ((!row->used || row->forever) && is_for(row, sent)) {
            row->used = true;
            return row;
        }
    }
    fail_msg("nobody expected %s %s %.200s", sent->method, sent->url, sent->body);
    return NULL;
}

/* What an exchange will end with, once the clock is there. */
static bool decide(const struct fake_exchange *row, struct cc_exchange *one)
{
    const struct cc_request *request = &one->request;
    const char *body = row->body ? row->body : "";

    if (row->takes_ms > request->timeout_ms) {
        one->response =
            (struct cc_response){.failure = CC_NET_SILENT, .took_ms = request->timeout_ms};
        return cc_fail(&one->err, CC_E_TIMEOUT, "no usable answer from %s", request->url);
    }
    if (row->status == 0) {
        one->response = (struct cc_response){.failure = row->failure, .took_ms = row->takes_ms};
        cc_fail(&one->err, row->failure == CC_NET_NAME ? CC_E_DNS : CC_E_UNREACHABLE,
                "no usable answer from %s", request->url);
        return cc_why(&one->err, "nothing answers");
    }
    if (strlen(body) > request->max_body) {
        one->response = (struct cc_response){.failure = CC_NET_TOO_BIG};
        return cc_fail(&one->err, CC_E_TOO_BIG, "no usable answer from %s", request->url);
    }
    one->response = (struct cc_response){
        .failure = CC_NET_ANSWERED,
        .status = row->status,
        .body = cc_text_dup(&one->run->mem, body, strlen(body)),
        .body_len = strlen(body),
        .head = row->head ? row->head : "",
        .took_ms = row->takes_ms,
    };
    return true;
}

struct fake_flight {
    struct cc_exchange *exchange;
    int64_t ends;
};

static void begin(struct fake *fake, struct fake_flight *flight, struct cc_exchange *next)
{
    note(fake, &next->request);
    const struct fake_exchange *row = next_answer(fake);

    if (row->meanwhile) {
        row->meanwhile(fake);
    }
    next->ok = decide(row, next);
    *flight = (struct fake_flight){next, fake->ticks + next->response.took_ms};
}

/* The one that ends first, of those that began first. */
static size_t first_end(const struct fake_flight *flights, size_t count)
{
    size_t first = 0;

    for (size_t i = 1; i < count; i++) {
        first = flights[i].ends < flights[first].ends ? i : first;
    }
    return first;
}

static void fake_pump(void *self, const struct cc_pump *pump)
{
    struct fake *fake = self;
    struct fake_flight flights[128];
    size_t count = 0;

    for (;;) {
        int64_t at = CC_PUMP_NEVER;

        for (struct cc_exchange *next = pump->next(pump->about, &at); next;
             next = pump->next(pump->about, &at)) {
            assert_true(count < CC_COUNT(flights));
            begin(fake, &flights[count++], next);
            fake->most_at_once = count > fake->most_at_once ? count : fake->most_at_once;
            at = CC_PUMP_NEVER;
        }
        size_t first = first_end(flights, count);
        if (count > 0 && flights[first].ends <= at) {
            struct cc_exchange *ended = flights[first].exchange;

            if (flights[first].ends > fake->ticks) {
                fake_pass(fake, (int)(flights[first].ends - fake->ticks));
            }
            memmove(&flights[first], &flights[first + 1], (--count - first) * sizeof(flights[0]));
            pump->done(pump->about, ended);
        } else if (at != CC_PUMP_NEVER) {
            fake->world.sleep_ms(fake, (int)(at - fake->ticks));
        } else {
            return;
        }
    }
}

static bool fake_resolve(void *self, struct cc_arena *mem, const char *name,
                         const char *const **addresses, struct cc_error *err)
{
    const char *found = fake_pair_value(((struct fake *)self)->resolves, name);
    const char **list = cc_alloc(mem, 9 * sizeof(*list));
    size_t count = 0;

    if (!found) {
        return cc_fail(err, CC_E_DNS, "cannot find the address of %s", name);
    }
    while (*found && count < 8) {
        size_t len = strcspn(found, " ");

        list[count++] = cc_text_dup(mem, found, len);
        found += len;
        found += strspn(found, " ");
    }
    *addresses = (const char *const *)list;
    return true;
}

void fake_http_row(struct fake *fake, struct fake_exchange row)
{
    struct fake_exchange *slot = fake->http;

    while (slot->url) {
        slot++;
    }
    assert_true(slot < fake->http + CC_COUNT(fake->http) - 1);
    *slot = row;
}

void fake_http(struct fake *fake, const char *url, int status, const char *body)
{
    fake_http_row(fake, (struct fake_exchange){.url = url, .status = status, .body = body});
}

void fake_no_answer(struct fake *fake, const char *url, enum cc_failure failure)
{
    fake_http_row(fake, (struct fake_exchange){.url = url, .failure = failure});
}

void fake_resolves(struct fake *fake, const char *name, const char *addresses)
{
    fake_pair_set(fake->resolves, CC_COUNT(fake->resolves), name, addresses);
}

const struct fake_sent *fake_sent(struct fake *fake, const char *part)
{
    for (size_t i = 0; i < fake->sent_count; i++) {
        if (strstr(fake->sent[i].url, part)) {
            return &fake->sent[i];
        }
    }
    return NULL;
}

void fake_http_install(struct cc_world *world)
{
    world->http = fake_pump;
    world->resolve = fake_resolve;
}
