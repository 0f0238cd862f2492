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

static struct fake_exchange *answer_to(struct fake *fake, const struct cc_request *request)
{
    for (struct fake_exchange *row = fake->http; row->url; row++) {
        if ((!row->used || row->forever) && strcmp(row->url, request->url) == 0 &&
            (!row->method || strcmp(row->method, request->method) == 0)) {
            row->used = true;
            return row;
        }
    }
    fail_msg("nobody expected %s %s", request->method, request->url);
    return NULL;
}

static bool fake_exchange(void *self, struct cc_arena *mem, const struct cc_request *request,
                          struct cc_response *response, struct cc_error *err)
{
    struct fake *fake = self;

    note(fake, request);
    const struct fake_exchange *row = answer_to(fake, request);
    if (row->takes_ms > request->timeout_ms) {
        fake_pass(fake, request->timeout_ms);
        *response = (struct cc_response){.failure = CC_NET_SILENT, .took_ms = request->timeout_ms};
        return cc_fail(err, CC_E_TIMEOUT, "no usable answer from %s", request->url);
    }
    fake_pass(fake, row->takes_ms);
    if (row->status == 0) {
        *response = (struct cc_response){.failure = row->failure};
        return cc_fail(err, CC_E_UNREACHABLE, "no usable answer from %s", request->url);
    }
    const char *body = row->body ? row->body : "";
    if (strlen(body) > request->max_body) {
        *response = (struct cc_response){.failure = CC_NET_TOO_BIG};
        return cc_fail(err, CC_E_TOO_BIG, "no usable answer from %s", request->url);
    }
    *response = (struct cc_response){
        .failure = CC_NET_ANSWERED,
        .status = row->status,
        .body = cc_text_dup(mem, body, strlen(body)),
        .body_len = strlen(body),
        .head = row->head ? row->head : "",
        .took_ms = row->takes_ms,
    };
    return true;
}

static void fake_many(void *self, struct cc_arena *mem, struct cc_exchange *exchanges, size_t count,
                      size_t parallel, const struct cc_watch *watch)
{
    (void)parallel;
    for (size_t i = 0; i < count; i++) {
        struct cc_exchange *one = &exchanges[i];

        one->ok = fake_exchange(self, mem, &one->request, &one->response, &one->err);
        if (watch && watch->done) {
            watch->done(watch->about, one);
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
    world->http = fake_exchange;
    world->http_many = fake_many;
    world->resolve = fake_resolve;
}
