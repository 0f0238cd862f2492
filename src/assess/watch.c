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

/* By their names: which of them ends first differs from run to run. */
void cc_watch_failed(struct cc_watching *watch, const struct cc_unread *unread)
{
    size_t i = 0;

    while (i < watch->error_count &&
           !cc_text_equal(watch->errors[i].operation, unread->operation)) {
        i++;
    }
    if (i < watch->error_count || i == CC_WATCH_ERRORS_MAX) {
        return;
    }
    for (; i > 0 && strcmp(unread->operation, watch->errors[i - 1].operation) < 0; i--) {
        watch->errors[i] = watch->errors[i - 1];
    }
    watch->errors[i] = *unread;
    watch->error_count++;
}

static void failed(struct cc_watching *watch, const struct cc_asked *asked)
{
    if (asked->failure.outcome == CC_OUT_OFF) {
        cc_watch_is(watch, CC_SERVICE_DISABLED,
                    cc_textf(&watch->place->run->mem, "%s is not enabled", watch->watcher->title));
        return;
    }
    if (asked->failure.outcome == CC_OUT_NOT_OFFERED) {
        cc_watch_is(watch, CC_SERVICE_UNKNOWN,
                    cc_textf(&watch->place->run->mem, "%s is not offered in %s",
                             watch->watcher->title, watch->place->region));
    }
    cc_watch_failed(watch, cc_asked_unread(asked));
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
    struct cc_arena *mem = &watch->place->run->mem;

    while (findings->child) {
        cJSON *finding = cJSON_DetachItemFromArray(findings, 0);

        if (!cc_watch_wants(watch, watch->watcher->severity(mem, finding))) {
            cJSON_Delete(finding);
        } else if (cJSON_GetArraySize(watch->findings) < watch->wish->most) {
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

/* The worst first, then the latest: answers come in any order. */
struct ranked {
    cJSON *finding;
    enum cc_severity severity;
    const char *updated;
    const char *id;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *one = a;
    const struct ranked *other = b;
    const int times = strcmp(other->updated, one->updated);

    if (one->severity != other->severity) {
        return (int)other->severity - (int)one->severity;
    }
    return times ? times : strcmp(one->id, other->id);
}

static struct ranked rank_of(struct cc_arena *mem, const struct cc_watcher *watcher, cJSON *finding)
{
    const char *updated = cc_tree_text(mem, finding, watcher->paths.updated);
    const char *id = cc_tree_text(mem, finding, watcher->paths.id);

    return (struct ranked){finding, watcher->severity(mem, finding), updated ? updated : "",
                           id ? id : ""};
}

static void rank_findings(struct cc_watching *watch)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const int count = cJSON_GetArraySize(watch->findings);
    struct ranked *rows = cc_alloc(mem, ((size_t)count + 1) * sizeof(*rows));

    for (int i = 0; i < count; i++) {
        rows[i] = rank_of(mem, watch->watcher, cJSON_DetachItemFromArray(watch->findings, 0));
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

    if (told->error && !watch->answered) {
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
        .error = watch->error_count > 0 ? &watch->errors[0] : NULL,
        .error_count = watch->error_count,
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
