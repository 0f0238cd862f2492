#include "principal.h"

#include "credctl/aws/outcome.h"
#include "credctl/aws/steps.h"
#include "credctl/base/text.h"

#include "patience.h"

#include <string.h>

#define ITEMS_MAX 512 /* a user has up to 10 groups, each of them up to 20 policies */

/* Things to ask for, one after the other. */
enum kind {
    ENTITY,
    INLINE_LIST,
    ATTACHED_LIST,
    GROUP_LIST,
    INLINE_DOCUMENT,
    POLICY,
    POLICY_DOCUMENT,
};

struct item {
    enum kind kind;
    const struct cc_iam_owner *owner;
    const char *name; /* of an inline policy, or the ARN of a managed one */
    const char *version;
    bool boundary;
};

struct reader {
    struct cc_run *run;
    const struct cc_ask *who;
    const struct cc_iam_owner *owner;
    struct cc_principal *to;
    struct cc_steps steps;
    struct cc_patience patience;
    const struct cc_errand *judged;
    struct item items[ITEMS_MAX];
    size_t count;
    size_t next;
    bool incomplete; /* a document of the identity is missing */
    bool without_boundary;
    struct cc_policy *policies;
    size_t policy_count;
    struct cc_policy *boundary;

    struct cc_ask ask; /* of the present item, and where its answer goes */
    struct cc_answer answer;
    struct cc_iam_list list;
    struct cc_iam_named named;
    struct cc_aws_document document;
};

static void push(struct reader *reader, struct item item)
{
    if (reader->count == ITEMS_MAX) {
        reader->incomplete = true;
        return;
    }
    reader->items[reader->count++] = item;
}

static void push_owner(struct reader *reader, const struct cc_iam_owner *owner)
{
    push(reader, (struct item){.kind = INLINE_LIST, .owner = owner});
    push(reader, (struct item){.kind = ATTACHED_LIST, .owner = owner});
}

/* --- what an answer leads to --- */

static void after_entity(struct reader *reader)
{
    struct cc_principal *to = reader->to;

    to->entity_known = true;
    to->boundary.at = to->entity.boundary;
    if (to->entity.boundary) {
        push(reader, (struct item){.kind = POLICY, .name = to->entity.boundary, .boundary = true});
    } else {
        to->boundary.known = CC_NOT_THERE;
    }
}

static void after_list(struct reader *reader, const struct item *item)
{
    for (size_t i = 0; i < reader->list.count; i++) {
        const struct cc_iam_named *row = &reader->list.rows[i];

        if (item->kind == INLINE_LIST) {
            push(reader, (struct item){INLINE_DOCUMENT, item->owner, row->name, NULL, false});
        } else if (item->kind == ATTACHED_LIST) {
            push(reader, (struct item){POLICY, item->owner, row->arn, NULL, false});
        } else {
            struct cc_iam_owner *group = cc_alloc(&reader->run->mem, sizeof(*group));

            *group = (struct cc_iam_owner){CC_IAM_GROUP, row->name};
            push_owner(reader, group);
        }
    }
}

static void after_document(struct reader *reader, const struct item *item)
{
    struct cc_arena *mem = &reader->run->mem;
    const char *text = reader->document.text;
    const char *name = item->kind == POLICY_DOCUMENT
                           ? item->name
                           : cc_textf(mem, "the inline policy %s", item->name);
    struct cc_policy policy;
    struct cc_error err;

    if (!cc_policy_parse(mem, text, strlen(text), name, &policy, &err)) {
        reader->to->unread = cc_textf(mem, "%s: %s", err.what, err.why);
        reader->incomplete = reader->incomplete || !item->boundary;
        reader->without_boundary = reader->without_boundary || item->boundary;
    } else if (item->boundary) {
        reader->boundary = cc_alloc(mem, sizeof(*reader->boundary));
        *reader->boundary = policy;
    } else {
        reader->policies[reader->policy_count++] = policy;
    }
}

static void after(struct reader *reader, const struct item *item)
{
    switch (item->kind) {
    case ENTITY: after_entity(reader); break;
    case INLINE_LIST:
    case ATTACHED_LIST:
    case GROUP_LIST: after_list(reader, item); break;
    case POLICY:
        push(reader, (struct item){POLICY_DOCUMENT, item->owner, item->name, reader->named.version,
                                   item->boundary});
        break;
    default: after_document(reader, item);
    }
}

static void missing(struct reader *reader, const struct item *item, const struct cc_error *err)
{
    struct cc_arena *mem = &reader->run->mem;

    if (cc_access_unanswered(err)) {
        reader->to->silent = true;
        reader->without_boundary = reader->incomplete = true;
        reader->next = reader->count;
    } else if (item->kind != ENTITY) {
        reader->without_boundary = reader->without_boundary || item->boundary;
        reader->incomplete = reader->incomplete || !item->boundary;
    }
    if (!reader->to->unread) {
        reader->to->unread =
            cc_answer_denied(&reader->answer)
                ? cc_textf(mem, "%s is not allowed to this caller", reader->ask.operation->action)
                : cc_textf(mem, "%s failed: %s", reader->ask.operation->action, err->why);
    }
}

/* --- asking --- */

static void prepare(struct reader *reader, const struct item *item)
{
    struct cc_run *run = reader->run;
    struct cc_ask *ask = &reader->ask;

    *ask = *reader->who;
    switch (item->kind) {
    case ENTITY: cc_iam_entity(run, ask, item->owner, &reader->to->entity); break;
    case INLINE_LIST: cc_iam_inline(run, ask, item->owner, &reader->list); break;
    case ATTACHED_LIST: cc_iam_attached(run, ask, item->owner, &reader->list); break;
    case GROUP_LIST: cc_iam_groups(run, ask, item->owner->name, &reader->list); break;
    case INLINE_DOCUMENT:
        cc_iam_inline_document(run, ask, item->owner, item->name, &reader->document);
        break;
    case POLICY: cc_iam_policy(run, ask, item->name, &reader->named); break;
    default: cc_iam_policy_document(run, ask, item->name, item->version, &reader->document); break;
    }
}

static void finish(struct reader *reader)
{
    struct cc_principal *to = reader->to;

    to->identity = (struct cc_documents){
        .known = reader->incomplete ? CC_NOT_KNOWN : CC_KNOWN,
        .policies = {reader->policies, reader->policy_count},
        .at = to->entity_known ? to->entity.arn : NULL,
    };
    if (reader->boundary && !reader->without_boundary) {
        to->boundary.known = CC_KNOWN;
        to->boundary.policies = (struct cc_policies){reader->boundary, 1};
    }
}

/* False: the item is to be asked for again, after that time. */
static bool judge(struct reader *reader, struct cc_errand *ended, int *wait_ms)
{
    const struct item *item = &reader->items[reader->next - 1];

    reader->judged = ended;
    if (ended->ok) {
        after(reader, item);
    } else {
        *wait_ms = cc_patience_ms(reader->run, &reader->patience, &ended->err,
                                  ended->err.code == CC_E_AWS);
        if (*wait_ms > 0) {
            reader->next--;
            return false;
        }
        missing(reader, item, &ended->err);
    }
    reader->patience = (struct cc_patience){0};
    return true;
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct reader *reader = about;
    struct cc_error err = {0};

    *wait_ms = 0;
    if (ended && ended != reader->judged && !judge(reader, ended, wait_ms)) {
        return NULL;
    }
    while (reader->next < reader->count) {
        const struct item *item = &reader->items[reader->next++];

        prepare(reader, item);
        struct cc_errand *errand = cc_ask_errand(reader->run, &reader->ask, &reader->answer, &err);
        if (errand) {
            return errand;
        }
        missing(reader, item, &err);
    }
    finish(reader);
    return NULL;
}

struct cc_errand *cc_principal_errand(struct cc_run *run, const struct cc_ask *who,
                                      const struct cc_iam_owner *owner, struct cc_principal *to)
{
    struct reader *reader = cc_alloc(&run->mem, sizeof(*reader));

    *to = (struct cc_principal){0};
    *reader = (struct reader){.run = run, .who = who, .owner = owner, .to = to};
    reader->steps = (struct cc_steps){next, reader};
    reader->policies = cc_alloc(&run->mem, ITEMS_MAX * sizeof(*reader->policies));
    push(reader, (struct item){.kind = ENTITY, .owner = owner});
    push_owner(reader, owner);
    if (owner->kind == CC_IAM_USER) {
        push(reader, (struct item){.kind = GROUP_LIST, .owner = owner});
    }
    return cc_steps_errand(run, &reader->steps);
}
