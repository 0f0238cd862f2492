#include "credctl/aws/arn.h"
#include "credctl/aws/operations.h"
#include "credctl/aws/region.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "fanout.h"

#include <string.h>

#define SESSION_NAME "credctl-assess"

/* --- its regions */

struct cc_region_row {
    const char *name;
};

struct cc_region_rows {
    const struct cc_region_row *rows;
    size_t count;
};

static const struct cc_shape_field region_fields[] = {
    CC_ROW_AS("regionName", TEXT, struct cc_region_row, name, NULL, NULL), {0}};
static const struct cc_shape region_shape = {"region", region_fields, sizeof(struct cc_region_row)};
static const struct cc_shape_field regions_fields[] = {
    CC_ROW_LIST_AS("regionInfo", struct cc_region_rows, rows, count, struct cc_region_row,
                   &region_shape, NULL, NULL),
    {0},
};
static const struct cc_shape regions_shape = {"regions", regions_fields,
                                              sizeof(struct cc_region_rows)};

/* DescribeRegions lists those that are enabled in the account. */
static struct cc_errand *ask_regions(struct cc_account *account)
{
    static const struct cc_param none[] = {{0}};
    struct cc_run *run = &account->owner.run;

    account->listed = cc_alloc(&run->mem, sizeof(*account->listed));
    account->ask = (struct cc_ask){.settings = &account->fanout->resolve->settings,
                                   .by = &account->keys,
                                   .region = account->fanout->region};
    cc_ask_for(run, &account->ask, &cc_op_ec2_describe_regions, none);
    cc_ask_want(run, &account->ask, ".", &regions_shape, account->listed);
    return cc_ask_errand(run, &account->ask, &account->answer, &account->err);
}

static void add_regions(struct cc_account *account)
{
    const struct cc_region_rows *listed = account->listed;
    const char *const *asked = account->fanout->regions;

    for (size_t i = 0; listed && i < listed->count; i++) {
        if (cc_region_valid(listed->rows[i].name)) {
            cc_fanout_add(account->fanout, account, listed->rows[i].name);
        }
    }
    for (size_t i = 0; !listed && asked[i]; i++) {
        cc_fanout_add(account->fanout, account, asked[i]);
    }
}

/* --- who it is */

/* arn:P:sts::A:assumed-role/NAME/SESSION: a session has no path (IAM User Guide, "IAM
 * identifiers"). */
static const char *session_arn(struct cc_account *account)
{
    struct cc_arena *mem = &account->owner.run.mem;
    struct cc_arn arn;
    const char *name = NULL;

    return cc_arn_role(mem, account->hop.role_arn, &arn, &name)
               ? cc_textf(mem, "arn:%s:sts::%s:assumed-role/%s/%s", arn.partition, arn.account,
                          name, account->hop.session_name)
               : NULL;
}

static struct cc_errand *assume(struct cc_account *account)
{
    return cc_sts_assume_errand(&account->owner.run, &account->fanout->resolve->settings,
                                &account->fanout->resolve->keys, &account->hop, &account->keys,
                                &account->err);
}

static bool is_wanted(struct cc_account *account)
{
    const char *wanted = account->fanout->given->account_id;

    if (!wanted || cc_text_equal(wanted, account->head.account_id)) {
        return true;
    }
    cc_fail(&account->err, CC_E_NOT_EXPECTED, "the credentials are not of account %s", wanted);
    return cc_why(&account->err, "they are of account %s",
                  account->head.account_id ? account->head.account_id : "(not known)");
}

/* --- one step after the other */

static struct cc_errand *fail(struct cc_account *account)
{
    account->failed = true;
    return NULL;
}

static struct cc_errand *begin(struct cc_account *account)
{
    struct cc_errand *errand = NULL;

    if (account->target && account->target->wrong) {
        account->err = *account->target->wrong;
        return fail(account);
    }
    if (account->target) {
        errand = assume(account);
        return errand ? errand : fail(account);
    }
    return NULL;
}

static struct cc_errand *go_on(struct cc_account *account)
{
    if (account->target) {
        account->head.caller_arn = session_arn(account);
    }
    if (!is_wanted(account)) {
        return fail(account);
    }
    if (account->fanout->regions) {
        add_regions(account);
        return NULL;
    }
    struct cc_errand *errand = ask_regions(account);
    return errand ? errand : fail(account);
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_account *account = about;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    if (ended && !ended->ok) {
        account->err = ended->err;
        return fail(account);
    }
    if (account->step == 0) {
        account->step = 1;
        errand = begin(account);
        if (errand || account->failed) {
            return errand;
        }
    }
    if (account->step == 1) {
        account->step = 2;
        return go_on(account);
    }
    add_regions(account);
    return NULL;
}

static void set_target(struct cc_account *account, const struct cc_target *target)
{
    const struct cc_assess_options *given = account->fanout->given;

    account->target = target;
    account->hop = (struct cc_assume){.region = account->fanout->region};
    cc_target_apply(target, &account->hop);
    account->hop.session_name =
        account->hop.session_name ? account->hop.session_name : SESSION_NAME;
    account->hop.external_id =
        account->hop.external_id ? account->hop.external_id : given->target_external_id;
    account->head.account_id = target->account;
    account->head.caller_arn = NULL;
    account->head.credential_source = "AssumeRole";
    account->head.target = target->label;
    account->partition = cc_partition_of(account->fanout->region)->name;
}

struct cc_errand *cc_account_errand(struct cc_fanout *fanout, size_t number)
{
    struct cc_account *account = cc_alloc(&fanout->run->mem, sizeof(*account));

    *account = (struct cc_account){.fanout = fanout,
                                   .keys = fanout->resolve->keys,
                                   .head = fanout->head,
                                   .number = number,
                                   .partition = cc_partition_of(fanout->region)->name};
    cc_owner_begin(fanout->run, &account->owner, true);
    if (fanout->targets.count > 0) {
        set_target(account, &fanout->targets.rows[number]);
    }
    account->steps = (struct cc_steps){next, account};
    return cc_steps_errand(&account->owner.run, &account->steps);
}

void cc_account_end(struct cc_account *account, const struct cc_errand *errand)
{
    if (!account->failed && !errand->ok) {
        account->err = errand->err;
        account->failed = true;
    }
    if (account->failed) {
        cc_fanout_failed(account->fanout, account, &account->err);
    }
}
