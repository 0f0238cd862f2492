#ifndef ASSESS_WATCH_H
#define ASSESS_WATCH_H

/* One security service in one account and region, while it is asked. */

#include "credctl/assess/assess.h"
#include "credctl/assess/service.h"

#include "tree.h"

/* Failed operations of a service; each is noted once. */
#define CC_WATCH_ERRORS_MAX 8

struct cc_watching;

/* What a question has brought: the items of the list of the operation, or else its page. */
struct cc_read {
    struct cc_watching *watch;
    struct cc_asked *asked;
    cJSON *items; /* a list */
    cJSON *page;  /* NULL: there was none */
    void (*then)(struct cc_watching *watch, struct cc_read *read);
    void *about;
};

/* Where findings have what reports show. NULL: nowhere. */
struct cc_finding_paths {
    const char *id;
    const char *title;
    const char *type;
    const char *resources[8]; /* the first that is there counts */
    const char *resource_type;
    const char *updated;
    const char *about;
    const char *url;
};

struct cc_watcher {
    const char *name;
    const char *title;
    enum cc_severity when_off;             /* of the control of Security Hub that checks it */
    bool global;                           /* it is asked once for an account */
    const char *const *setup_instructions; /* ends with NULL */
    const struct cc_operation *const *status_operations; /* each list ends with NULL */
    const struct cc_operation *const *findings_operations;
    struct cc_finding_paths paths;
    unsigned usual_severities;
    void (*status)(struct cc_watching *watch);
    void (*findings)(struct cc_watching *watch);
    enum cc_severity (*severity)(struct cc_arena *mem, const cJSON *finding);
    /* Fills the maps of the summary with one finding. */
    void (*count)(struct cc_arena *mem, cJSON *summary, const cJSON *finding);
    /* The names of the maps of the summary; ends with NULL. */
    const char *const *maps;
};

extern const struct cc_watcher *const cc_watchers[]; /* ends with NULL */
/* NULL: there is none of that name. */
const struct cc_watcher *cc_watcher_named(const char *name);

struct cc_watching {
    const struct cc_watcher *watcher;
    const struct cc_place *place;
    struct cc_inquiry *inquiry;
    const struct cc_findings_wish *wish; /* NULL: only whether it is on */
    bool answered;                       /* status counts */
    enum cc_service_state status;
    const char *message;
    cJSON *details;
    struct cc_unread errors[CC_WATCH_ERRORS_MAX];
    size_t error_count;
    cJSON *findings; /* a list */
    bool truncated;
    const char *next_token;
    int64_t began;
    int64_t ended;
    void *about; /* of the watcher */
};

struct cc_watching *cc_watch_begin(const struct cc_watcher *watcher, const struct cc_place *place,
                                   struct cc_inquiry *inquiry, const struct cc_findings_wish *wish);
void cc_watch_tell(struct cc_watching *watch, struct cc_service_told *told);

/* Asks; `then` is called when it has ended well. A failure is that of the service, unless
 * `read->then` is replaced: see cc_watch_try. */
struct cc_read *cc_watch_ask(struct cc_watching *watch, const struct cc_operation *operation,
                             const struct cc_param *params,
                             void (*then)(struct cc_watching *watch, struct cc_read *read));
/* The same for findings: as many as are wanted, from where they are wanted. */
struct cc_read *cc_watch_list(struct cc_watching *watch, const struct cc_operation *operation,
                              const struct cc_param *params,
                              void (*then)(struct cc_watching *watch, struct cc_read *read));

/* The service is on, or off. */
void cc_watch_is(struct cc_watching *watch, enum cc_service_state state, const char *message);
/* Something of it could not be read. */
void cc_watch_failed(struct cc_watching *watch, const struct cc_unread *unread);
/* Moves findings of a page to those of the service: those of wanted severities, until there are as
 * many as are wanted. */
void cc_watch_found(struct cc_watching *watch, cJSON *findings);
/* A bit for each severity that is wanted. */
unsigned cc_watch_severities(const struct cc_watching *watch);
bool cc_watch_wants(const struct cc_watching *watch, enum cc_severity severity);
/* `[ "HIGH", "CRITICAL" ]`: the words for wanted severities, those that are not NULL. */
cJSON *cc_watch_words(const struct cc_watching *watch, const char *const words[CC_SEVERITY_COUNT]);
/* One line of JSON for a parameter; deletes the tree. */
const char *cc_watch_json(struct cc_watching *watch, cJSON *tree);
/* GetFindings for ids, `size` at a time. */
void cc_watch_fetch(struct cc_watching *watch, const struct cc_operation *operation,
                    const struct cc_param *params, const cJSON *ids, int size);
/* Thirty days ago. */
int64_t cc_watch_since(const struct cc_watching *watch);

#endif
