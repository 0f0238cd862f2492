#include "watch.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_30 (INT64_C(30) * 24 * 3600)

const char *const cc_service_states[] = {[CC_SERVICE_ENABLED] = "enabled",
                                         [CC_SERVICE_DISABLED] = "disabled",
                                         [CC_SERVICE_UNKNOWN] = "unknown",
                                         NULL};

/* --- asking */

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    struct cc_read *read = ask->about;
    const char *list = ask->operation->paging ? ask->operation->paging->list : NULL;

    if (!list) {
        read->page = cc_tree_object(&run->mem);
        cJSON_AddItemToObject(read->page, "page", cc_tree_copy(run, ask, page, page->json));
        read->page = cJSON_GetObjectItemCaseSensitive(read->page, "page");
        return true;
    }
    const cJSON *items = cc_tree_at(&run->mem, page->json, list);
    if (!cJSON_IsArray(items)) {
        return cc_page_lacks(ask, list, err);
    }
    for (const cJSON *item = items->child; item; item = item->next) {
        cJSON_AddItemToArray(read->items, cc_tree_copy(run, ask, page, item));
    }
    return true;
}

static void failed(struct cc_watching *watch, const struct cc_asked *asked)
{
    if (asked->failure.outcome == CC_OUT_OFF) {
        cc_watch_is(watch, CC_SERVICE_DISABLED,
                    cc_textf(&watch->place->run->mem, "%s is not enabled", watch->watcher->title));
        return;
    }
    watch->error = watch->error ? watch->error : cc_asked_unread(asked);
}

static void done(struct cc_asked *asked)
{
    struct cc_read *read = asked->about;
    struct cc_watching *watch = read->watch;

    watch->ended = cc_ticks_ms(watch->place->run);
    if (!asked->ok) {
        failed(watch, asked);
    }
    if (asked->ok || asked->end.items > 0) { /* what came before the failure counts */
        read->then(watch, read);
    }
}

struct cc_read *cc_watch_ask(struct cc_watching *watch, const struct cc_operation *operation,
                             const struct cc_param *params,
                             void (*then)(struct cc_watching *watch, struct cc_read *read))
{
    struct cc_arena *mem = &watch->place->run->mem;
    struct cc_read *read = cc_alloc(mem, sizeof(*read));
    struct cc_asked *asked = cc_inquire(watch->inquiry, operation, params);

    *read =
        (struct cc_read){.watch = watch, .asked = asked, .items = cc_tree_list(mem), .then = then};
    asked->done = done;
    asked->about = read;
    asked->ask.take = take;
    asked->ask.about = read;
    return read;
}

struct cc_read *cc_watch_list(struct cc_watching *watch, const struct cc_operation *operation,
                              const struct cc_param *params,
                              void (*then)(struct cc_watching *watch, struct cc_read *read))
{
    struct cc_read *read = cc_watch_ask(watch, operation, params, then);

    read->asked->ask.limit = (size_t)watch->wish->most;
    read->asked->ask.start = watch->wish->next_token;
    return read;
}

/* --- what was found out */

void cc_watch_is(struct cc_watching *watch, enum cc_service_state state, const char *message)
{
    watch->answered = true;
    watch->status = state;
    watch->message = message;
}

void cc_watch_found(struct cc_watching *watch, cJSON *findings)
{
    while (findings->child) {
        cJSON *finding = cJSON_DetachItemFromArray(findings, 0);

        if (cJSON_GetArraySize(watch->findings) < watch->wish->most) {
            cJSON_AddItemToArray(watch->findings, finding);
        } else {
            watch->truncated = true;
            cJSON_Delete(finding);
        }
    }
}

unsigned cc_watch_severities(const struct cc_watching *watch)
{
    return watch->wish->severities ? watch->wish->severities : watch->watcher->usual_severities;
}

bool cc_watch_wants(const struct cc_watching *watch, enum cc_severity severity)
{
    return (cc_watch_severities(watch) >> severity & 1U) != 0;
}

cJSON *cc_watch_words(const struct cc_watching *watch, const char *const words[CC_SEVERITY_COUNT])
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < CC_SEVERITY_COUNT; i++) {
        if (words[i] && cc_watch_wants(watch, (enum cc_severity)i)) {
            cJSON_AddItemToArray(list, cJSON_CreateString(words[i]));
        }
    }
    return list;
}

const char *cc_watch_json(struct cc_watching *watch, cJSON *tree)
{
    const char *text = cc_json_line(&watch->place->run->mem, tree);

    cJSON_Delete(tree);
    return text;
}

static void take_fetched(struct cc_watching *watch, struct cc_read *read)
{
    cJSON *findings = cJSON_GetObjectItemCaseSensitive(read->page, "findings");

    if (cJSON_IsArray(findings)) {
        cc_watch_found(watch, findings);
    }
}

void cc_watch_fetch(struct cc_watching *watch, const struct cc_operation *operation,
                    const struct cc_param *params, const cJSON *ids, int size)
{
    const int count = cJSON_GetArraySize(ids);

    for (int begin = 0; begin < count; begin += size) {
        cJSON *some = cJSON_CreateArray();

        for (int i = begin; i < count && i < begin + size; i++) {
            cJSON_AddItemToArray(some, cJSON_Duplicate(cJSON_GetArrayItem(ids, i), true));
        }
        const struct cc_param rows[] = {params ? params[0] : (struct cc_param){"", NULL},
                                        {"findingIds", cc_watch_json(watch, some), true},
                                        {0}};
        (void)cc_watch_ask(watch, operation, rows, take_fetched);
    }
}

int64_t cc_watch_since(const struct cc_watching *watch)
{
    return cc_now_aws(watch->place->run) - DAYS_30;
}

/* --- begin and end */

struct cc_watching *cc_watch_begin(const struct cc_watcher *watcher, const struct cc_place *place,
                                   struct cc_inquiry *inquiry, const struct cc_findings_wish *wish)
{
    struct cc_arena *mem = &place->run->mem;
    struct cc_watching *watch = cc_alloc(mem, sizeof(*watch));

    *watch = (struct cc_watching){
        .watcher = watcher,
        .place = place,
        .inquiry = inquiry,
        .wish = wish,
        .status = CC_SERVICE_UNKNOWN,
        .details = cc_tree_object(mem),
        .findings = cc_tree_list(mem),
        .began = cc_ticks_ms(place->run),
        .ended = cc_ticks_ms(place->run),
    };
    (wish ? watcher->findings : watcher->status)(watch);
    return watch;
}

/* The worst first; else as the service has them. */
struct ranked {
    cJSON *finding;
    enum cc_severity severity;
    int place;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *one = a;
    const struct ranked *other = b;

    return one->severity != other->severity ? (int)other->severity - (int)one->severity
                                            : one->place - other->place;
}

static void rank_findings(struct cc_watching *watch)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const int count = cJSON_GetArraySize(watch->findings);
    struct ranked *rows = cc_alloc(mem, ((size_t)count + 1) * sizeof(*rows));

    for (int i = 0; i < count; i++) {
        cJSON *finding = cJSON_DetachItemFromArray(watch->findings, 0);

        rows[i] = (struct ranked){finding, watch->watcher->severity(mem, finding), i};
    }
    qsort(rows, (size_t)count, sizeof(*rows), by_rank);
    for (int i = 0; i < count; i++) {
        cJSON_AddItemToArray(watch->findings, rows[i].finding);
    }
}

static cJSON *summary_of(struct cc_watching *watch, struct cc_service_told *told)
{
    const struct cc_watcher *watcher = watch->watcher;
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *summary = cc_tree_object(mem);

    (void)cJSON_AddNumberToObject(summary, "total_count", cJSON_GetArraySize(watch->findings));
    for (size_t i = 0; watcher->maps[i]; i++) {
        (void)cJSON_AddObjectToObject(summary, watcher->maps[i]);
    }
    for (const cJSON *finding = watch->findings->child; finding; finding = finding->next) {
        const enum cc_severity severity = watcher->severity(mem, finding);

        told->worst = severity > told->worst ? severity : told->worst;
        told->by_severity[severity]++;
        watcher->count(mem, summary, finding);
    }
    return summary;
}

static const char *message_of(const struct cc_watching *watch, const struct cc_service_told *told)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const char *title = watch->watcher->title;

    if (told->error && told->status == CC_SERVICE_UNKNOWN) {
        return cc_textf(mem, "%s could not be read", title);
    }
    if (watch->wish && told->status != CC_SERVICE_DISABLED) {
        return told->findings_count == 0 && told->error
                   ? cc_textf(mem, "findings of %s could not be read", title)
                   : cc_textf(mem, "%zu%s finding%s", told->findings_count,
                              told->truncated ? " of more" : "",
                              told->findings_count == 1 ? "" : "s");
    }
    return watch->message ? watch->message : cc_textf(mem, "%s could not be read", title);
}

void cc_watch_tell(struct cc_watching *watch, struct cc_service_told *told)
{
    const enum cc_service_state status = watch->answered ? watch->status : CC_SERVICE_UNKNOWN;
    const bool off = status == CC_SERVICE_DISABLED;

    rank_findings(watch);
    *told = (struct cc_service_told){
        .service = watch->watcher->name,
        .title = watch->watcher->title,
        .status = status,
        .enabled = {status != CC_SERVICE_UNKNOWN, status == CC_SERVICE_ENABLED},
        .setup_instructions = off ? watch->watcher->setup_instructions : NULL,
        .when_off = watch->watcher->when_off,
        .details = watch->details,
        .error = watch->error,
        .findings = watch->findings,
        .findings_count = (size_t)cJSON_GetArraySize(watch->findings),
        .truncated = watch->truncated,
        .next_token = watch->next_token,
        .seconds = (double)(watch->ended - watch->began) / 1000,
    };
    if (watch->wish) {
        told->summary = summary_of(watch, told);
    }
    told->message = message_of(watch, told);
}
