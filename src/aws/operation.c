#include "credctl/aws/operation.h"

#include "credctl/aws/outcome.h"
#include "credctl/aws/trouble.h"
#include "credctl/base/text.h"

#include "page.h"
#include "request.h"

#include <string.h>

#define BODY_MAX   ((size_t)8 << 20) /* a page: a hundred findings of Security Hub */
#define ANSWER_MAX ((size_t)64 << 20)

/* A page that was asked for. */
struct page {
    struct cc_run part; /* the memory of this page */
    struct cc_call call;
    struct cc_answer answer;
    struct cc_errand *errand; /* NULL: not asked for yet */
    const char *marker;       /* what it was asked for with; NULL: it is the first one */
    const char *next;         /* the marker of the page after it; NULL: this is the last one */
};

struct asking {
    struct cc_errand errand;
    const struct cc_ask *ask;
    struct cc_answer *answer;    /* for the caller */
    bool configured;             /* its endpoint is one of the settings */
    bool followed;               /* it goes to the region of its bucket */
    const char *endpoint;        /* of AWS */
    const char *region;          /* of the signature */
    struct cc_ask_request first; /* for the first page */
    struct page pages[2];        /* the current one, and the one before, which has its marker */
    struct page *page;           /* the current one; NULL: it is not begun */
    size_t count;                /* of pages that were begun */
    size_t items;                /* in the pages that were taken */
    size_t bytes;                /* of all pages */
    int attempts;                /* for the pages that have ended */
};

static const struct cc_paging no_paging = {0};

static const struct cc_paging *paging_of(const struct cc_ask *ask)
{
    return ask->operation->paging ? ask->operation->paging : &no_paging;
}

/* --- requests */

/* The size of the next page. */
static int size_of_page(const struct asking *asking)
{
    const struct cc_paging *paging = paging_of(asking->ask);
    const size_t limit = asking->ask->limit;
    const size_t left = limit > asking->items ? limit - asking->items : 0;

    if (limit == 0 || left >= (size_t)paging->most) {
        return paging->most;
    }
    return left < (size_t)paging->least ? paging->least : (int)left;
}

static bool make_request(struct cc_arena *mem, const struct asking *asking, const char *marker,
                         struct cc_ask_request *request, struct cc_error *err)
{
    const struct cc_paging *paging = paging_of(asking->ask);
    struct cc_param rows[3] = {0};
    size_t count = 0;

    if (paging->size) {
        rows[count++] =
            (struct cc_param){paging->size, cc_textf(mem, "%d", size_of_page(asking)), true};
    }
    if (paging->marker && marker) {
        rows[count++] = (struct cc_param){paging->marker, marker};
    }
    return cc_ask_request(mem, asking->ask, rows, !asking->configured, request, err);
}

/* --- answers */

static const char *kept(struct cc_run *run, const char *text)
{
    return text ? cc_text_dup(&run->mem, text, strlen(text)) : NULL;
}

static bool find_next(struct cc_run *run, struct asking *asking,
                      const struct cc_page_of_answer *answer, struct cc_error *err)
{
    const struct cc_paging *paging = asking->ask->operation->paging;

    if (!paging || (paging->more && !cc_page_member_true(&run->mem, answer, paging->more))) {
        return true;
    }
    asking->page->next = cc_page_member(&run->mem, answer, paging->next);
    if (!asking->page->next) {
        return !paging->more || cc_page_lacks(asking->ask, paging->next, err);
    }
    if (cc_text_equal(asking->page->next, asking->page->marker)) {
        cc_page_lacks(asking->ask, paging->next, err);
        return cc_why(err, "its page %zu has the same %s as the one before", asking->count,
                      paging->next);
    }
    return true;
}

static void count_items(struct cc_run *run, struct asking *asking,
                        const struct cc_page_of_answer *page)
{
    const struct cc_paging *paging = paging_of(asking->ask);

    if (paging->list) {
        asking->items += cc_page_list_length(&run->mem, page, paging->list);
    }
}

/* In the memory of the page; what is taken from it goes to that of the run. */
static bool take(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                 struct cc_error *err)
{
    struct asking *asking = call->about;
    const struct cc_ask *ask = asking->ask;
    struct cc_page_of_answer page;

    if (!cc_page_parse(run, ask, answer, &page, err) ||
        (ask->take && !ask->take(asking->errand.run, ask, &page, err))) {
        return false;
    }
    asking->bytes += answer->body_len;
    count_items(run, asking, &page);
    return find_next(run, asking, &page, err);
}

static void explain(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                    struct cc_error *err)
{
    const struct asking *asking = call->about;

    (void)run;
    if (cc_answer_denied(answer) && !cc_trouble_denied(answer->error_message)) {
        cc_fix(err, "allow %s in the policies of the caller", asking->ask->operation->action);
    }
}

/* --- the errand */

/* The host of S3 with the bucket before it. */
static const char *endpoint_for(struct cc_arena *mem, const struct asking *asking,
                                const char *bucket)
{
    const char *const scheme = "https://";

    return bucket ? cc_textf(mem, "%s%s.%s", scheme, bucket, asking->endpoint + strlen(scheme))
                  : asking->endpoint;
}

static struct cc_call call_of(struct cc_arena *mem, struct asking *asking,
                              const struct cc_ask_request *request)
{
    const struct cc_ask *ask = asking->ask;
    const struct cc_service *service = ask->operation->service;

    return (struct cc_call){
        .id = service->id,
        .operation = ask->operation->name,
        .service = service->signing,
        .region = asking->region,
        .endpoint = endpoint_for(mem, asking, request->bucket),
        .wire = cc_protocol_is_xml(service->protocol) ? CC_WIRE_QUERY : CC_WIRE_JSON,
        .method = request->method,
        .path = request->path,
        .headers = request->headers,
        .body = {request->body},
        .path_as_is = service->buckets,
        .max_body = BODY_MAX,
        .signer = ask->by,
        .take = take,
        .explain = explain,
        .about = asking,
    };
}

static bool begin_page(struct asking *asking, struct cc_error *err)
{
    struct page *page = &asking->pages[asking->count % 2];
    const char *marker =
        asking->count > 0 ? asking->pages[(asking->count - 1) % 2].next : asking->ask->start;
    struct cc_ask_request request = asking->first;

    cc_arena_wipe(&page->part.mem);
    *page = (struct page){.part = cc_run_part(asking->errand.run), .marker = marker};
    if (asking->count > 0 && !make_request(&page->part.mem, asking, marker, &request, err)) {
        return false;
    }
    page->call = call_of(&page->part.mem, asking, &request);
    page->errand = cc_call_errand(&page->part, asking->ask->settings, &page->call, &page->answer);
    asking->page = page;
    asking->count++;
    return true;
}

/* After a failure, what is left begins with the page that failed. */
static void tell_end(struct asking *asking, enum cc_verdict verdict)
{
    const struct page *page = asking->page;
    const char *next = !page ? NULL : verdict == CC_DONE ? page->next : page->marker;

    if (asking->ask->end) {
        *asking->ask->end = (struct cc_ask_end){
            .items = asking->items, .more = next != NULL, .next = kept(asking->errand.run, next)};
    }
}

/* The answer is that of the last page, without its body. */
static enum cc_verdict end(struct asking *asking, enum cc_verdict verdict)
{
    struct cc_run *run = asking->errand.run;
    const struct cc_answer *last = asking->page ? &asking->page->answer : asking->answer;

    *asking->answer = (struct cc_answer){
        .status = last->status,
        .error_code = kept(run, last->error_code),
        .error_message = kept(run, last->error_message),
        .request_id = kept(run, last->request_id),
        .attempts = asking->attempts,
        .skew = last->skew,
    };
    tell_end(asking, verdict);
    cc_arena_wipe(&asking->pages[0].part.mem);
    cc_arena_wipe(&asking->pages[1].part.mem);
    return verdict;
}

static bool prepare(struct cc_errand *errand, struct cc_request *request, struct cc_error *err)
{
    struct asking *asking = errand->about;

    if ((asking->page || begin_page(asking, err)) &&
        cc_part_prepare(errand, asking->page->errand, request, err)) {
        return true;
    }
    asking->attempts += asking->page ? asking->page->answer.attempts : 0;
    (void)end(asking, CC_FAILED);
    return false;
}

static bool too_long(const struct asking *asking, struct cc_error *err)
{
    const struct cc_operation *operation = asking->ask->operation;

    if (asking->count < CC_PAGES_MAX && asking->bytes <= ANSWER_MAX) {
        return false;
    }
    cc_fail(err, CC_E_TOO_BIG, "the answer of %s to %s is too long", operation->service->id,
            operation->name);
    cc_why(err, "it does not end after %zu pages and %zu MiB", asking->count, asking->bytes >> 20);
    return true;
}

static bool enough(const struct asking *asking)
{
    return asking->ask->limit > 0 && asking->items >= asking->ask->limit;
}

/* The region that S3 names for a bucket; NULL: none, or the one that was asked. */
static const char *region_of_bucket(struct asking *asking, const struct cc_response *response)
{
    struct cc_arena *mem = &asking->page->part.mem;
    const struct cc_answer *answer = &asking->page->answer;
    const char *region = cc_response_header(mem, response, "x-amz-bucket-region");
    const struct cc_xml *root = NULL;
    struct cc_error ignored;

    if (!region && cc_text_equal(answer->error_code, "AuthorizationHeaderMalformed") &&
        cc_xml_parse(mem, answer->body, answer->body_len, "the answer", &root, &ignored)) {
        region = cc_xml_text(root, "Error/Region");
    }
    return cc_region_valid(region) && !cc_text_equal(region, asking->region) ? region : NULL;
}

static void find_endpoint(struct asking *asking, const char *region)
{
    const struct cc_ask *ask = asking->ask;
    const struct cc_service *service = ask->operation->service;
    struct cc_arena *mem = &asking->errand.run->mem;
    const struct cc_endpoint_wish wish = {
        .region = region, .fips = ask->settings->fips, .dualstack = ask->settings->dualstack};

    asking->endpoint = service->regional.label
                           ? cc_endpoint_regional(mem, &service->regional, &wish, &asking->region)
                           : service->endpoint(mem, &wish, &asking->region);
}

/* True when the first page is to be asked for again where the bucket is. */
static bool follow_bucket(struct asking *asking)
{
    const struct cc_response *response = &asking->errand.exchange.response;

    if (!asking->ask->operation->service->buckets || asking->followed || asking->count != 1 ||
        !asking->errand.exchange.ok) {
        return false;
    }
    const char *region = kept(asking->errand.run, region_of_bucket(asking, response));
    if (!region) {
        return false;
    }
    asking->followed = true;
    find_endpoint(asking, region);
    asking->count = 0;
    return true;
}

static enum cc_verdict next_page(struct asking *asking)
{
    asking->page = NULL;
    asking->errand.wait_ms = 0;
    return CC_AGAIN;
}

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct asking *asking = errand->about;
    struct page *page = asking->page;
    const enum cc_verdict verdict = cc_part_judge(errand, page->errand);

    if (verdict == CC_AGAIN) {
        return CC_AGAIN;
    }
    asking->attempts += page->answer.attempts;
    if (verdict == CC_FAILED && follow_bucket(asking)) {
        return next_page(asking);
    }
    if (verdict == CC_FAILED) {
        errand->err = page->errand->err;
        return end(asking, CC_FAILED);
    }
    if (!page->next || enough(asking)) {
        return end(asking, CC_DONE);
    }
    return too_long(asking, &errand->err) ? end(asking, CC_FAILED) : next_page(asking);
}

static bool not_offered(const struct cc_ask *ask, struct cc_error *err)
{
    cc_fail(err, CC_E_NOT_OFFERED, "%s is not offered in %s", ask->operation->service->id,
            ask->region ? ask->region : "this partition");
    return cc_why(err, "it has no endpoint in the partition %s",
                  cc_partition_of(ask->region)->name);
}

struct cc_errand *cc_ask_errand(struct cc_run *run, const struct cc_ask *ask,
                                struct cc_answer *answer, struct cc_error *err)
{
    struct asking *asking = cc_alloc(&run->mem, sizeof(*asking));

    *answer = (struct cc_answer){0};
    if (ask->end) {
        *ask->end = (struct cc_ask_end){0};
    }
    *asking = (struct asking){
        .errand = {.run = run, .about = asking, .prepare = prepare, .judge = judge},
        .ask = ask,
        .answer = answer,
        .configured =
            cc_settings_endpoint(run, ask->settings, NULL, ask->operation->service->id) != NULL,
    };
    find_endpoint(asking, ask->region);
    if (!asking->endpoint && asking->configured) {
        asking->region = ask->region;
    } else if (!asking->endpoint) {
        (void)not_offered(ask, err);
        return NULL;
    }
    return make_request(&run->mem, asking, ask->start, &asking->first, err) ? &asking->errand
                                                                            : NULL;
}

bool cc_ask_now(struct cc_run *run, const struct cc_ask *ask, struct cc_answer *answer,
                struct cc_error *err)
{
    struct cc_errand *errand = cc_ask_errand(run, ask, answer, err);

    return errand && cc_drive_one(errand, err);
}
