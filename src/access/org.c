#include "org.h"

#include "credctl/aws/outcome.h"
#include "credctl/aws/steps.h"
#include "credctl/base/text.h"

#include "patience.h"

#include <string.h>

#define LEVELS_MAX   16
#define POLICIES_MAX 64 /* of one root, unit or account; five can be attached */

static const char *const filters[CC_ORG_FILTERS] = {"SERVICE_CONTROL_POLICY",
                                                    "RESOURCE_CONTROL_POLICY"};

/* A root, unit or account. */
struct cc_org_node {
    const char *id;
    const char *parent; /* NULL: it is a root, or not known */
    bool absent;        /* the organization has no such account */
    bool is_root;
    enum cc_known known[CC_ORG_FILTERS]; /* its own policies */
    struct cc_policies policies[CC_ORG_FILTERS];
    struct cc_org_node *next;
};

struct cc_org_policy_row {
    const char *id;
    struct cc_policy policy;
    const struct cc_org_policy_row *next;
};

static const char *kept(const struct cc_org_facts *facts, const char *text)
{
    return text ? cc_text_dup(facts->mem, text, strlen(text)) : NULL;
}

static struct cc_org_node *node_of(const struct cc_org_facts *facts, const char *id)
{
    struct cc_org_node *node = (struct cc_org_node *)facts->nodes;

    while (node && !cc_text_equal(node->id, id)) {
        node = node->next;
    }
    return node;
}

static struct cc_org_node *node_made(struct cc_org_facts *facts, const char *id)
{
    struct cc_org_node *node = node_of(facts, id);

    if (!node) {
        node = cc_alloc(facts->mem, sizeof(*node));
        node->id = kept(facts, id);
        node->next = (struct cc_org_node *)facts->nodes;
        facts->nodes = node;
    }
    return node;
}

static const struct cc_policy *policy_of(const struct cc_org_facts *facts, const char *id)
{
    const struct cc_org_policy_row *row = facts->policies;

    while (row && !cc_text_equal(row->id, id)) {
        row = row->next;
    }
    return row ? &row->policy : NULL;
}

/* --- DescribeOrganization --- */

struct describing {
    struct cc_run *part;
    struct cc_org_facts *facts;
    struct cc_patience patience;
    const struct cc_errand *judged;
    struct cc_ask ask;
    struct cc_answer answer;
    struct cc_org org;
    struct cc_steps steps;
};

/* True, and *wait_ms: the question is to be repeated then. */
static bool repeats(const struct cc_run *part, struct cc_patience *patience,
                    const struct cc_errand *ended, int *wait_ms)
{
    if (ended->ok) {
        *patience = (struct cc_patience){0};
        return false;
    }
    *wait_ms = cc_patience_ms(part, patience, &ended->err, ended->err.code == CC_E_AWS);
    return *wait_ms > 0;
}

static void described(struct describing *describing, const struct cc_errand *ended)
{
    struct cc_org_facts *facts = describing->facts;
    const struct cc_org *org = &describing->org;

    if (ended->ok) {
        facts->known = CC_KNOWN;
        facts->org = (struct cc_org){kept(facts, org->id), kept(facts, org->arn),
                                     kept(facts, org->management)};
    } else if (cc_text_equal(describing->answer.error_code, "AWSOrganizationsNotInUseException")) {
        facts->known = CC_NOT_THERE;
    }
    facts->closed = facts->closed || (!ended->ok && cc_access_unanswered(&ended->err));
}

static struct cc_errand *describe(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct describing *describing = about;
    struct cc_error err;

    *wait_ms = 0;
    if (ended && ended != describing->judged) {
        describing->judged = ended;
        if (!repeats(describing->part, &describing->patience, ended, wait_ms)) {
            described(describing, ended);
        }
        return NULL;
    }
    describing->ask = *describing->facts->who;
    cc_org(describing->part, &describing->ask, &describing->org);
    return cc_ask_errand(describing->part, &describing->ask, &describing->answer, &err);
}

struct cc_errand *cc_org_facts_errand(struct cc_run *part, struct cc_org_facts *facts)
{
    struct describing *describing = cc_alloc(&part->mem, sizeof(*describing));

    describing->part = part;
    describing->facts = facts;
    describing->steps = (struct cc_steps){describe, describing};
    return cc_steps_errand(part, &describing->steps);
}

/* --- levels --- */

enum question { ASK_PARENT, ASK_LIST, ASK_POLICY };

struct climb {
    struct cc_run *part;
    struct cc_org_facts *facts;
    struct cc_patience patience;
    const struct cc_errand *judged;
    enum cc_org_filter filter;
    struct cc_org_node *at; /* whose parent, and then whose policies are asked for */
    int depth;
    enum question question;
    struct cc_org_items items; /* the policies of `at` */
    size_t item;
    struct cc_ask ask;
    struct cc_answer answer;
    struct cc_org_items parents;
    struct cc_org_policy policy;
    struct cc_steps steps;
};

static struct cc_errand *send(struct climb *climb, enum question question)
{
    struct cc_error err;

    climb->question = question;
    return cc_ask_errand(climb->part, &climb->ask, &climb->answer, &err);
}

static struct cc_errand *ask_parent(struct climb *climb)
{
    climb->ask = *climb->facts->who;
    cc_org_parents(climb->part, &climb->ask, climb->at->id, &climb->parents);
    return send(climb, ASK_PARENT);
}

static struct cc_errand *ask_list(struct climb *climb)
{
    climb->ask = *climb->facts->who;
    cc_org_policies(climb->part, &climb->ask, climb->at->id, filters[climb->filter], &climb->items);
    climb->item = 0;
    return send(climb, ASK_LIST);
}

/* All policies of the place were read. */
static void settle(struct climb *climb)
{
    struct cc_org_node *node = climb->at;
    struct cc_policy *rows = cc_alloc(climb->facts->mem, (climb->items.count + 1) * sizeof(*rows));
    size_t count = 0;

    node->known[climb->filter] = CC_KNOWN;
    for (size_t i = 0; i < climb->items.count; i++) {
        const struct cc_policy *policy = policy_of(climb->facts, climb->items.rows[i].id);

        if (policy) {
            rows[count++] = *policy;
        } else {
            node->known[climb->filter] = CC_NOT_KNOWN;
        }
    }
    node->policies[climb->filter] = (struct cc_policies){rows, count};
}

/* The next policy that was not read before; NULL: there is none. */
static struct cc_errand *ask_policy(struct climb *climb)
{
    while (climb->item < climb->items.count && climb->item < POLICIES_MAX) {
        const struct cc_org_item *item = &climb->items.rows[climb->item++];

        if (!policy_of(climb->facts, item->id)) {
            climb->ask = *climb->facts->who;
            cc_org_policy(climb->part, &climb->ask, item->id, &climb->policy);
            return send(climb, ASK_POLICY);
        }
    }
    settle(climb);
    return NULL;
}

static void take_policy(struct climb *climb)
{
    struct cc_org_facts *facts = climb->facts;
    struct cc_org_policy_row *row = cc_alloc(facts->mem, sizeof(*row));
    const struct cc_org_item *item = &climb->policy.item;
    const char *content = kept(facts, climb->policy.content);
    struct cc_error err;

    row->id = kept(facts, item->id);
    if (content &&
        cc_policy_parse(facts->mem, content, strlen(content),
                        kept(facts, item->arn ? item->arn : item->id), &row->policy, &err)) {
        row->next = facts->policies;
        facts->policies = row;
    }
}

/* What the place still needs; then the place above it. */
static struct cc_errand *go_on(struct climb *climb)
{
    while (climb->at && !climb->facts->closed && climb->depth < LEVELS_MAX) {
        struct cc_org_node *node = climb->at;

        if (!node->is_root && !node->parent && !node->absent) {
            return ask_parent(climb);
        }
        if (node->known[climb->filter] != CC_KNOWN && !node->absent) {
            return ask_list(climb);
        }
        climb->at = node->parent ? node_made(climb->facts, node->parent) : NULL;
        climb->depth++;
    }
    return NULL;
}

static void take_parent(struct climb *climb)
{
    if (climb->parents.count == 0) {
        climb->at->is_root = true;
        return;
    }
    const struct cc_org_item *parent = &climb->parents.rows[0];
    struct cc_org_node *above = node_made(climb->facts, parent->id);

    above->is_root = cc_text_equal(parent->type, "ROOT");
    climb->at->parent = above->id;
}

/* An account that is not there is an answer; anything else is the end. */
static void give_up(struct climb *climb, const struct cc_error *err)
{
    const bool none = cc_text_equal(climb->answer.error_code, "ChildNotFoundException") ||
                      cc_text_equal(climb->answer.error_code, "AccountNotFoundException");

    if (climb->question == ASK_PARENT && none && climb->depth == 0) {
        climb->at->absent = true;
        return;
    }
    climb->facts->closed =
        climb->facts->closed || cc_answer_denied(&climb->answer) || cc_access_unanswered(err);
    climb->at = NULL;
}

/* The same question again. */
static struct cc_errand *repeat(struct climb *climb)
{
    switch (climb->question) {
    case ASK_PARENT: return ask_parent(climb);
    case ASK_LIST: return ask_list(climb);
    default: climb->item--; return ask_policy(climb);
    }
}

static struct cc_errand *climb_on(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct climb *climb = about;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    if (ended && ended == climb->judged) {
        return repeat(climb);
    }
    climb->judged = ended;
    if (ended && repeats(climb->part, &climb->patience, ended, wait_ms)) {
        return NULL;
    }
    if (ended && !ended->ok) {
        give_up(climb, &ended->err);
    } else if (ended && climb->question == ASK_PARENT) {
        take_parent(climb);
    } else if (ended) {
        if (climb->question == ASK_POLICY) {
            take_policy(climb);
        }
        errand = ask_policy(climb);
        if (!errand && climb->at->known[climb->filter] != CC_KNOWN) {
            climb->at = NULL; /* a policy could not be read */
        }
    }
    return errand ? errand : go_on(climb);
}

struct cc_errand *cc_org_levels_errand(struct cc_run *part, struct cc_org_facts *facts,
                                       const char *account, enum cc_org_filter filter)
{
    if (facts->closed || facts->known == CC_NOT_THERE ||
        cc_org_facts_levels(&part->mem, facts, account, filter).known == CC_KNOWN ||
        cc_org_facts_lacks(facts, account)) {
        return NULL;
    }
    struct climb *climb = cc_alloc(&part->mem, sizeof(*climb));
    *climb = (struct climb){
        .part = part, .facts = facts, .filter = filter, .at = node_made(facts, account)};
    climb->steps = (struct cc_steps){climb_on, climb};
    return cc_steps_errand(part, &climb->steps);
}

/* --- what was found --- */

/* The account in the ARN of a policy of the organization's own:
 * arn:P:organizations::MANAGEMENT:policy/... Those of AWS have "aws" in its place. */
static const char *account_in(const char *arn)
{
    const char *at = strstr(arn, ":organizations::");

    return at ? at + strlen(":organizations::") : "";
}

/* SCPs do not bind the management account (Organizations User Guide, "SCP evaluation"). */
static bool is_management(const struct cc_org_facts *facts, const char *account)
{
    if (facts->known == CC_KNOWN) {
        return cc_text_equal(facts->org.management, account);
    }
    for (const struct cc_org_policy_row *row = facts->policies; row; row = row->next) {
        if (cc_text_starts(account_in(row->policy.name), account)) {
            return true;
        }
    }
    return false;
}

static struct cc_org_levels of_way(struct cc_arena *mem, const struct cc_org_node *const *way,
                                   size_t count, enum cc_org_filter filter)
{
    struct cc_org_level *rows = cc_alloc(mem, count * sizeof(*rows));
    size_t policies = 0;

    for (size_t i = 0; i < count; i++) {
        const struct cc_org_node *from = way[count - 1 - i];

        rows[i] = (struct cc_org_level){from->id, from->policies[filter]};
        policies += rows[i].policies.count;
    }
    /* Where SCPs are in force, every place has at least one; the same is true for RCPs. */
    return policies > 0 ? (struct cc_org_levels){CC_KNOWN, rows, count}
                        : (struct cc_org_levels){.known = CC_NOT_THERE};
}

struct cc_org_levels cc_org_facts_levels(struct cc_arena *mem, const struct cc_org_facts *facts,
                                         const char *account, enum cc_org_filter filter)
{
    const struct cc_org_node *way[LEVELS_MAX];
    const struct cc_org_node *node = node_of(facts, account);
    size_t count = 0;

    if ((facts->known == CC_NOT_THERE && cc_text_equal(account, facts->account)) ||
        (filter == CC_ORG_SCP && is_management(facts, account))) {
        return (struct cc_org_levels){.known = CC_NOT_THERE};
    }
    while (node && count < LEVELS_MAX && node->known[filter] == CC_KNOWN) {
        way[count++] = node;
        if (node->is_root) {
            break;
        }
        node = node->parent ? node_of(facts, node->parent) : NULL;
    }
    if (count == 0 || !way[count - 1]->is_root) {
        return (struct cc_org_levels){.known = CC_NOT_KNOWN};
    }
    return of_way(mem, way, count, filter);
}

bool cc_org_facts_lacks(const struct cc_org_facts *facts, const char *account)
{
    const struct cc_org_node *node = node_of(facts, account);

    return node && node->absent;
}
