#include "credctl/aws/org_choice.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/outcome.h"
#include "credctl/aws/steps.h"
#include "credctl/aws/trouble.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define PARALLEL     4 /* Organizations throttles early */
#define UNITS_MAX    10000
#define ACCOUNTS_MAX 100000
#define LIST_MAX     ((size_t)2 << 20)

static const struct cc_shape_field fields[] = {
    CC_ROW_AS(
        "ou", TEXTS, struct cc_org_choice, units, "ID",
        "with --targets org: the accounts in this unit or root, and below it; may be repeated",
        .form = &cc_org_unit_form),
    CC_ROW(TEXTS, struct cc_org_choice, include, "ACCOUNT",
           "with --targets org: add this account; without --ou, only these; may be repeated",
           .form = &cc_account_form),
    CC_ROW(TEXTS, struct cc_org_choice, exclude, "ACCOUNT",
           "with --targets org: leave this account out; may be repeated", .form = &cc_account_form),
    {0},
};

const struct cc_shape cc_org_choice_shape = {"org_choice", fields, sizeof(struct cc_org_choice)};

static bool has(const char *const *list)
{
    return list && list[0];
}

bool cc_org_choice_fits(const struct cc_org_choice *choice, const char *targets,
                        struct cc_error *err)
{
    const char *given = has(choice->units)     ? "--ou"
                        : has(choice->include) ? "--include"
                        : has(choice->exclude) ? "--exclude"
                                               : NULL;

    if (!given || cc_text_equal(targets, "org")) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "%s needs --targets org", given);
    return cc_fix(err, "add --targets org, or leave %s out", given);
}

/* --- the work: questions, of which some lead to more */

struct question;

/* What can be asked. */
struct kind {
    void (*ask)(struct question *question);
    void (*keep)(struct question *question); /* takes the answer */
    /* Says more about an error than the service does. */
    void (*explain)(const struct question *question, struct cc_error *err);
};

struct work {
    const struct kind *kind;
    const char *id; /* of the unit or account; NULL: none */
};

struct finder {
    struct cc_run *run;
    const struct cc_ask *as;
    const struct work *works;
    size_t count;
    size_t begun;
    size_t unit_count;
    const char **accounts; /* the active ones, as they are found */
    size_t account_count;
    const char *management;
    bool failed;
    struct cc_error err; /* the first one */
};

/* One that is asked, in the memory of its call. */
struct question {
    struct finder *finder;
    struct work work;
    struct cc_run *run;
    struct cc_steps steps;
    struct cc_ask ask;
    struct cc_answer answer;
    struct cc_org org;
    struct cc_org_account account;
    struct cc_org_accounts accounts;
    struct cc_org_items units;
};

static void fail(struct finder *finder, const struct cc_error *err)
{
    if (!finder->failed) {
        finder->err = *err;
    }
    finder->failed = true;
}

static void too_many(struct finder *finder, const char *what, int most)
{
    struct cc_error err;

    cc_fail(&err, CC_E_TOO_BIG, "the organization has too many %s", what);
    cc_why(&err, "there are more than %d", most);
    cc_fix(&err, "choose smaller units with --ou, or give the accounts in a file");
    fail(finder, &err);
}

static void add_work(struct finder *finder, const struct kind *kind, const char *id)
{
    struct work *works =
        cc_wanted_room(&finder->run->mem, finder->works, finder->count, sizeof(*works));

    works[finder->count++] = (struct work){kind, id};
    finder->works = works;
}

static const char *kept(const struct finder *finder, const char *text)
{
    return cc_text_dup(&finder->run->mem, text, strlen(text));
}

static void add_account(struct finder *finder, const struct cc_org_account *account)
{
    if (!cc_org_account_active(account)) {
        return;
    }
    if (finder->account_count == ACCOUNTS_MAX) {
        too_many(finder, "accounts", ACCOUNTS_MAX);
        return;
    }
    finder->accounts = cc_wanted_room(&finder->run->mem, finder->accounts, finder->account_count,
                                      sizeof(*finder->accounts));
    finder->accounts[finder->account_count++] = kept(finder, account->id);
}

static void ask_organization(struct question *question)
{
    cc_org(question->run, &question->ask, &question->org);
}

static void keep_organization(struct question *question)
{
    question->finder->management = kept(question->finder, question->org.management);
}

static void explain_nothing(const struct question *question, struct cc_error *err)
{
    (void)question;
    (void)err;
}

static const struct kind organization = {ask_organization, keep_organization, explain_nothing};

static void explain_list(const struct question *question, struct cc_error *err)
{
    if (cc_answer_denied(&question->answer) && !cc_trouble_denied(question->answer.error_message)) {
        cc_fix(err,
               "use credentials of the management account or of a delegated administrator, which "
               "are allowed %s",
               question->ask.operation->action);
    } else if (cc_answer_none(&question->answer)) {
        cc_fix(err, "check the ID %s: the organization has no such root or unit",
               question->work.id);
    }
}

static void ask_accounts(struct question *question)
{
    cc_org_accounts(question->run, &question->ask, question->work.id, &question->accounts);
}

static void keep_accounts(struct question *question)
{
    for (size_t i = 0; i < question->accounts.count; i++) {
        add_account(question->finder, &question->accounts.rows[i]);
    }
}

/* Of a unit, or of the whole organization. */
static const struct kind accounts_in = {ask_accounts, keep_accounts, explain_list};

static void add_unit(struct finder *finder, const char *unit);

static void ask_units(struct question *question)
{
    cc_org_units(question->run, &question->ask, question->work.id, &question->units);
}

static void keep_units(struct question *question)
{
    for (size_t i = 0; i < question->units.count; i++) {
        add_unit(question->finder, question->units.rows[i].id);
    }
}

static const struct kind units_below = {ask_units, keep_units, explain_list};

/* A unit can be chosen together with one above it. */
static void add_unit(struct finder *finder, const char *unit)
{
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->works[i].kind == &units_below && cc_text_equal(finder->works[i].id, unit)) {
            return;
        }
    }
    if (finder->unit_count++ == UNITS_MAX) {
        too_many(finder, "units", UNITS_MAX);
        return;
    }
    unit = kept(finder, unit);
    add_work(finder, &accounts_in, unit);
    add_work(finder, &units_below, unit);
}

static void not_a_member(const char *account, const char *why, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "--include: account %s is not an active member of the organization",
            account);
    cc_why(err, "%s", why);
    cc_fix(err, "correct the account, or remove --include %s", account);
}

static void ask_account(struct question *question)
{
    cc_org_account(question->run, &question->ask, question->work.id, &question->account);
}

static void keep_account(struct question *question)
{
    const struct cc_org_account *account = &question->account;
    const char *state = account->state ? account->state : account->status;
    struct cc_error err;

    if (!cc_org_account_active(account)) {
        not_a_member(question->work.id,
                     cc_textf(&question->run->mem, "its state is %s", state ? state : "not known"),
                     &err);
        fail(question->finder, &err);
    }
    add_account(question->finder, account);
}

static void explain_account(const struct question *question, struct cc_error *err)
{
    explain_list(question, err);
    if (cc_answer_none(&question->answer)) {
        not_a_member(question->work.id, "the organization does not know it", err);
    }
}

static const struct kind one_account = {ask_account, keep_account, explain_account};

/* --- how the questions are asked */

static struct cc_errand *step(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct question *question = about;
    const struct kind *kind = question->work.kind;
    struct cc_errand *errand = NULL;
    struct cc_error err;

    *wait_ms = 0; /* it never waits */
    if (!ended) {
        kind->ask(question);
        errand = cc_ask_errand(question->run, &question->ask, &question->answer, &err);
        if (!errand) {
            fail(question->finder, &err);
        }
    } else if (ended->ok) {
        kind->keep(question);
    } else {
        kind->explain(question, &ended->err);
        fail(question->finder, &ended->err);
    }
    return errand;
}

static struct cc_errand *next(void *about, struct cc_run *part)
{
    struct finder *finder = about;

    if (finder->failed || finder->begun == finder->count) {
        return NULL;
    }
    struct question *question = cc_alloc(&part->mem, sizeof(*question));
    *question = (struct question){
        .finder = finder,
        .work = finder->works[finder->begun++],
        .run = part,
        .steps = {step, question},
        .ask = {.settings = finder->as->settings,
                .by = finder->as->by,
                .region = finder->as->region},
    };
    return cc_steps_errand(part, &question->steps);
}

static void done(void *about, struct cc_errand *errand)
{
    (void)about; /* each step has taken what there was */
    (void)errand;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Asks what is to be asked, and sorts what was found. */
static bool find(struct finder *finder, struct cc_error *err)
{
    const struct cc_source source = {PARALLEL, next, done, finder};

    cc_drive_source(finder->run, &source);
    if (finder->failed) {
        *err = finder->err;
        return false;
    }
    if (finder->account_count > 0) {
        qsort(finder->accounts, finder->account_count, sizeof(*finder->accounts), by_id);
    }
    return true;
}

/* --- the choice */

static bool holds(const char *const *list, const char *id)
{
    for (; list && *list; list++) {
        if (cc_text_equal(*list, id)) {
            return true;
        }
    }
    return false;
}

static void add_base(struct finder *finder, const struct cc_org_choice *choice)
{
    add_work(finder, &organization, NULL);
    for (size_t i = 0; choice->units && choice->units[i]; i++) {
        add_unit(finder, choice->units[i]);
    }
    if (!has(choice->units) && !has(choice->include)) {
        add_work(finder, &accounts_in, NULL);
    }
}

static void add_included(struct finder *finder, const struct cc_org_choice *choice)
{
    const size_t count = finder->account_count;

    for (size_t i = 0; choice->include && choice->include[i]; i++) {
        const char *id = choice->include[i];

        if (count == 0 || !bsearch(&id, finder->accounts, count, sizeof(id), by_id)) {
            add_work(finder, &one_account, id);
        }
    }
}

static const char *listed(const struct finder *finder, const struct cc_org_choice *choice)
{
    struct cc_buf list = cc_buf_new(&finder->run->mem, LIST_MAX);
    const char *before = NULL;

    for (size_t i = 0; i < finder->account_count; i++) {
        const char *id = finder->accounts[i];
        const bool manages = cc_text_equal(id, finder->management) && !holds(choice->include, id);

        if (!cc_text_equal(id, before) && !manages && !holds(choice->exclude, id)) {
            cc_buf_text(&list, id);
            cc_buf_text(&list, "\n");
        }
        before = id;
    }
    return list.text;
}

bool cc_org_chosen(struct cc_run *run, const struct cc_ask *as, const struct cc_org_choice *choice,
                   const char **text, struct cc_error *err)
{
    struct finder *finder = cc_alloc(&run->mem, sizeof(*finder));

    *finder = (struct finder){.run = run, .as = as};
    add_base(finder, choice);
    if (!find(finder, err)) {
        return false;
    }
    add_included(finder, choice);
    if (!find(finder, err)) {
        return false;
    }
    *text = listed(finder, choice);
    return true;
}
