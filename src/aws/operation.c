#include "credctl/aws/operation.h"

#include "credctl/aws/hide.h"
#include "credctl/aws/trouble.h"
#include "credctl/base/text.h"

#include "query.h"

#include <string.h>

#define BODY_MAX   ((size_t)4 << 20) /* a page: a hundred roles with their trust policies */
#define ANSWER_MAX ((size_t)64 << 20)

/* A page that was asked for. */
struct page {
    struct cc_run part; /* the memory of this page */
    struct cc_call call;
    struct cc_answer answer;
    struct cc_errand *errand; /* NULL: not asked for yet */
    const char *next;         /* the marker of the page after it; NULL: this is the last one */
};

struct asking {
    struct cc_errand errand;
    const struct cc_ask *ask;
    struct cc_answer *answer; /* for the caller */
    const char *endpoint;
    const char *region;   /* of the signature */
    const char *body;     /* of the first page */
    struct page pages[2]; /* the current one, and the one before, which has its marker */
    struct page *page;    /* the current one; NULL: it is not begun */
    size_t count;         /* of pages that were begun */
    size_t bytes;         /* of all pages */
    int attempts;         /* for the pages that have ended */
};

static const char *const denials[] = {"AccessDenied", "AccessDeniedException", NULL};
static const char *const absences[] = {
    "NoSuchEntity",
    "AccountNotFoundException",
    "ChildNotFoundException",
    "ParentNotFoundException",
    "PolicyNotFoundException",
    "TargetNotFoundException",
    NULL,
};

static bool is_one_of(const struct cc_answer *answer, const char *const *codes)
{
    while (*codes && !cc_text_equal(*codes, answer->error_code)) {
        codes++;
    }
    return *codes != NULL;
}

bool cc_answer_denied(const struct cc_answer *answer)
{
    return is_one_of(answer, denials);
}

bool cc_answer_none(const struct cc_answer *answer)
{
    return is_one_of(answer, absences);
}

/* --- requests */

static void add_fields(struct cc_buf *form, const struct cc_param *params)
{
    for (; params && params->name; params++) {
        if (params->value) {
            cc_query_add(form, params->name, params->value);
        }
    }
}

static const char *query_body(struct cc_arena *mem, const struct cc_ask *ask,
                              const struct cc_param *paging)
{
    struct cc_buf form =
        cc_query_begin(mem, ask->operation->name, ask->operation->service->version);

    add_fields(&form, ask->params);
    add_fields(&form, paging);
    return form.too_big ? NULL : form.text;
}

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static void add_members(cJSON *object, const struct cc_param *params)
{
    for (; params && params->name; params++) {
        if (params->value && params->literal) {
            (void)cJSON_AddRawToObject(object, params->name, params->value);
        } else if (params->value) {
            cc_json_put(object, params->name, params->value);
        }
    }
}

static const char *json_body(struct cc_arena *mem, const struct cc_ask *ask,
                             const struct cc_param *paging)
{
    CC_CLEANUP(free_json) cJSON *object = cJSON_CreateObject();

    add_members(object, ask->params);
    add_members(object, paging);
    return cc_json_line(mem, object);
}

static bool make_body(struct cc_arena *mem, const struct cc_ask *ask, const char *marker,
                      const char **body, struct cc_error *err)
{
    const struct cc_operation *operation = ask->operation;
    const struct cc_paging none = {.marker = ""};
    const struct cc_paging *how = operation->paging ? operation->paging : &none;
    const struct cc_param paging[] = {
        {how->size ? how->size : "", how->items, true}, {how->marker, marker}, {0}};

    *body = operation->service->wire == CC_WIRE_QUERY ? query_body(mem, ask, paging)
                                                      : json_body(mem, ask, paging);
    if (!*body) {
        cc_fail(err, CC_E_TOO_BIG, "cannot ask %s for %s", operation->service->id, operation->name);
        return cc_why(err, "its parameters together exceed 128 KiB");
    }
    return true;
}

/* --- answers */

static bool bad_answer(const struct cc_ask *ask, struct cc_error *err)
{
    return cc_fail(err, CC_E_BAD_ANSWER, "the answer of %s to %s is incomplete",
                   ask->operation->service->id, ask->operation->name);
}

bool cc_page_lacks(const struct cc_ask *ask, const char *member, struct cc_error *err)
{
    bad_answer(ask, err);
    return cc_why(err, "it has no usable %s", member);
}

static const char *kept(struct cc_run *run, const char *text)
{
    return text ? cc_text_dup(&run->mem, text, strlen(text)) : NULL;
}

static const char *without_secrets(struct cc_run *run, const struct cc_ask *ask,
                                   const struct cc_page_of_answer *page, const char *text)
{
    const struct cc_secret secrets[] = {ask->by->secret_key, ask->by->session_token};

    return page->repeats ? cc_hide(&run->mem, text, secrets, CC_COUNT(secrets)) : text;
}

const char *cc_page_text(struct cc_run *run, const struct cc_ask *ask,
                         const struct cc_page_of_answer *page, const char *text)
{
    text = without_secrets(run, ask, page, text);
    return text ? cc_text_printable(&run->mem, text) : NULL;
}

const char *cc_page_lines(struct cc_run *run, const struct cc_ask *ask,
                          const struct cc_page_of_answer *page, const char *text)
{
    return kept(run, without_secrets(run, ask, page, text));
}

static bool read_query(struct cc_run *run, const struct cc_ask *ask, const struct cc_answer *answer,
                       struct cc_page_of_answer *page, struct cc_error *err)
{
    const char *name = ask->operation->name;
    const char *source =
        cc_textf(&run->mem, "the answer of %s to %s", ask->operation->service->id, name);
    const struct cc_xml *root = NULL;

    if (!cc_xml_parse(&run->mem, answer->body, answer->body_len, source, &root, err)) {
        return false;
    }
    page->xml = cc_xml_find(root, cc_textf(&run->mem, "%sResponse/%sResult", name, name));
    return page->xml || cc_page_lacks(ask, cc_textf(&run->mem, "%sResult", name), err);
}

static bool read_json(struct cc_run *run, const struct cc_ask *ask, const struct cc_answer *answer,
                      struct cc_page_of_answer *page, struct cc_error *err)
{
    const char *source = cc_textf(&run->mem, "the answer of %s to %s", ask->operation->service->id,
                                  ask->operation->name);

    return cc_json_parse(&run->mem, answer->body, answer->body_len, source, &page->json, err) &&
           (cJSON_IsObject(page->json) || cc_page_lacks(ask, "object", err));
}

static const char *member(const struct cc_page_of_answer *page, const char *name)
{
    return page->xml ? cc_xml_text(page->xml->child, name) : cc_json_text(page->json, name);
}

static bool is_true(const struct cc_page_of_answer *page, const char *name)
{
    return page->xml ? cc_text_is_true(cc_xml_text(page->xml->child, name))
                     : cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(page->json, name));
}

static bool find_next(struct asking *asking, const struct cc_page_of_answer *answer,
                      struct cc_error *err)
{
    const struct cc_paging *paging = asking->ask->operation->paging;
    const struct page *before = asking->page == asking->pages ? &asking->pages[1] : asking->pages;

    if (!paging || (paging->more && !is_true(answer, paging->more))) {
        return true;
    }
    asking->page->next = member(answer, paging->next);
    if (!asking->page->next) {
        return !paging->more || cc_page_lacks(asking->ask, paging->next, err);
    }
    if (cc_text_equal(asking->page->next, before->next)) {
        bad_answer(asking->ask, err);
        return cc_why(err, "its page %zu has the same %s as the one before", asking->count,
                      paging->next);
    }
    return true;
}

/* In the memory of the page; what is taken from it goes to that of the run. */
static bool take(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                 struct cc_error *err)
{
    struct asking *asking = call->about;
    const struct cc_ask *ask = asking->ask;
    const struct cc_secret secrets[] = {ask->by->secret_key, ask->by->session_token};
    struct cc_page_of_answer page = {0};

    if (!(call->wire == CC_WIRE_QUERY ? read_query(run, ask, answer, &page, err)
                                      : read_json(run, ask, answer, &page, err))) {
        return false;
    }
    page.repeats = cc_hide(&run->mem, answer->body, secrets, CC_COUNT(secrets)) != answer->body;
    return (!ask->take || ask->take(asking->errand.run, ask, &page, err)) &&
           find_next(asking, &page, err);
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

static const struct cc_header *headers_of(struct cc_arena *mem,
                                          const struct cc_operation *operation)
{
    const struct cc_service *service = operation->service;

    if (service->wire == CC_WIRE_QUERY) {
        return cc_query_headers;
    }
    struct cc_header *rows = cc_alloc(mem, 3 * sizeof(*rows));
    rows[0] = (struct cc_header){.name = "Content-Type", .value = "application/x-amz-json-1.1"};
    rows[1] = (struct cc_header){.name = "X-Amz-Target",
                                 .value = cc_textf(mem, "%s%s", service->target, operation->name)};
    return rows;
}

static bool begin_page(struct asking *asking, struct cc_error *err)
{
    const struct cc_ask *ask = asking->ask;
    const struct cc_service *service = ask->operation->service;
    struct page *page = &asking->pages[asking->count % 2];
    const char *marker = asking->count > 0 ? asking->pages[(asking->count - 1) % 2].next : NULL;
    const char *body = asking->body;

    cc_arena_wipe(&page->part.mem);
    *page = (struct page){.part = cc_run_part(asking->errand.run)};
    if (marker && !make_body(&page->part.mem, ask, marker, &body, err)) {
        return false;
    }
    page->call = (struct cc_call){
        .id = service->id,
        .operation = ask->operation->name,
        .service = service->signing,
        .region = asking->region,
        .endpoint = asking->endpoint,
        .wire = service->wire,
        .method = "POST",
        .path = "/",
        .headers = headers_of(&page->part.mem, ask->operation),
        .body = {body},
        .max_body = BODY_MAX,
        .signer = ask->by,
        .take = take,
        .explain = explain,
        .about = asking,
    };
    page->errand = cc_call_errand(&page->part, ask->settings, &page->call, &page->answer);
    asking->page = page;
    asking->count++;
    return true;
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

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct asking *asking = errand->about;
    struct page *page = asking->page;
    const enum cc_verdict verdict = cc_part_judge(errand, page->errand);

    if (verdict == CC_AGAIN) {
        return CC_AGAIN;
    }
    asking->attempts += page->answer.attempts;
    if (verdict == CC_FAILED) {
        errand->err = page->errand->err;
        return end(asking, CC_FAILED);
    }
    if (!page->next) {
        return end(asking, CC_DONE);
    }
    if (too_long(asking, &errand->err)) {
        return end(asking, CC_FAILED);
    }
    asking->page = NULL;
    errand->wait_ms = 0;
    return CC_AGAIN;
}

struct cc_errand *cc_ask_errand(struct cc_run *run, const struct cc_ask *ask,
                                struct cc_answer *answer, struct cc_error *err)
{
    const struct cc_endpoint_wish wish = {
        .region = ask->region, .fips = ask->settings->fips, .dualstack = ask->settings->dualstack};
    struct asking *asking = cc_alloc(&run->mem, sizeof(*asking));

    *answer = (struct cc_answer){0};
    *asking = (struct asking){
        .errand = {.run = run, .about = asking, .prepare = prepare, .judge = judge},
        .ask = ask,
        .answer = answer,
    };
    asking->endpoint = ask->operation->service->endpoint(&run->mem, &wish, &asking->region);
    return make_body(&run->mem, ask, NULL, &asking->body, err) ? &asking->errand : NULL;
}

bool cc_ask_now(struct cc_run *run, const struct cc_ask *ask, struct cc_answer *answer,
                struct cc_error *err)
{
    struct cc_errand *errand = cc_ask_errand(run, ask, answer, err);

    return errand && cc_drive_one(errand, err);
}
