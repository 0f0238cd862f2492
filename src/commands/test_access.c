#include "credctl/access/access.h"
#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

#include <string.h>

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_access_options, member, __VA_ARGS__)
#define TARGET(kind, name, member, ...) \
    CC_ROW_AS(name, kind, struct cc_access_options, target.member, __VA_ARGS__)

static const struct cc_shape_field option_fields[] = {
    CC_ROW_AS("role_arn", TEXTS, struct cc_access_options, role_arns, "ARN",
        "assume this role; may be repeated"),
    ROW(TEXT, targets, "FILE|-", "assume the roles of this list: CSV, JSON, JSON lines or plain lines"),
    ROW(FLAG, organization, NULL, "assume --role-name in the accounts of the organization"),
    CC_ROW_GROUP(struct cc_access_options, accounts, struct cc_org_choice, &cc_org_choice_shape),
    ROW(TEXT, role_name, "NAME", "the role in accounts that are listed without one"),
    TARGET(TEXT, "external_id", external_id, "ID", "external ID of targets without one"),
    TARGET(TEXT, "role_session_name", session_name, "NAME",
        "session name of targets without one (default: credctl-test)"),
    TARGET(NUMBER, "duration_seconds", duration_seconds, "N",
        "duration of the session of targets without one", .least = 900, .most = 43200),
    TARGET(PAIRS, "tags", tags, "KEY=VALUE", "session tag; may be repeated"),
    TARGET(TEXT, "source_identity", source_identity, "ID", "source identity"),
    CC_ROW_AS("action", TEXTS, struct cc_access_options, actions, "ACTION",
        "check whether the assumed role allows this action; may be repeated"),
    ROW(FLAG, discover, NULL, "assume nothing; list the roles that the caller's policies allow it "
                              "to assume"),
    ROW(FLAG, check_external_id, NULL,
        "after a success, check that a wrong and a missing external ID are refused"),
    ROW(FLAG, verify, NULL, "also call GetCallerIdentity with the credentials of every role "
                            "(default: when all targets fit into --concurrency)"),
    ROW(FLAG, no_verify, NULL, "never do that"),
    ROW(NUMBER, concurrency, "N", "make at most N calls at once", .least = 1, .most = 256,
        .usual = "50"),
    CC_ROW_AS("target_timeout", SPAN, struct cc_access_options, target_timeout_ms, "SECONDS",
        "give up a target after this time", .least = 1000, .most = 3600000, .usual = "60"),
    ROW(TEXT, journal, "FILE", "record each result in FILE before it is printed"),
    ROW(FLAG, resume, NULL, "leave out targets that have a result in the journal"),
    ROW(TEXT, shard, "I/N|auto", "test only the I-th (from 0) of N parts of the list"),
    CC_ROW_GROUP(struct cc_access_options, chain, struct cc_chain_options, &cc_chain_plain_shape),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_access_options *options = value;
    const int lists = (options->role_arns && options->role_arns[0]) + (options->targets != NULL) +
                      options->organization;

    (void)mem;
    if (options->discover && lists == 0) {
        return true;
    }
    if (options->discover || lists != 1) {
        cc_fail(err, CC_E_USAGE,
                lists == 0 ? "there is nothing to test"
                           : "the targets are given in more than one way");
        return cc_fix(err,
                      "give one of --role-arn ARN, --targets FILE, --organization and --discover");
    }
    if (!cc_org_choice_fits(&options->accounts, options->organization ? "org" : NULL, err)) {
        return cc_fix(err, "add --organization, or leave it out");
    }
    if (options->organization && !options->role_name) {
        cc_fail(err, CC_E_USAGE, "--organization needs a role");
        return cc_fix(err, "name the role in the accounts with --role-name NAME");
    }
    if (options->resume && !options->journal) {
        cc_fail(err, CC_E_USAGE, "--resume needs a journal");
        return cc_fix(err, "name the file of the run before with --journal FILE");
    }
    if (options->verify && options->no_verify) {
        return cc_fail(err, CC_E_USAGE, "--verify and --no-verify exclude each other");
    }
    return true;
}

static const struct cc_shape options_shape = {"test-access", option_fields,
                                              sizeof(struct cc_access_options), .check = check};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct cc_access_options *given = options;

    return given->discover ? cc_access_discover(run, given, answer, err)
                           : cc_access_test(run, given, answer, err);
}

/* --- text --- */

#define ROWS_ALL 40 /* with more targets, the allowed ones are not listed */

static void print_remedy(const char *fix, const struct cJSON *statement, const char *attach_to,
                         const char *replaces, struct cc_buf *out)
{
    cc_buf_addf(out, "    do:   %s\n", fix ? fix : "");
    if (!statement) {
        return;
    }
    cc_buf_addf(out, "    %s%s%s%s:\n", replaces ? "replace " : "add", replaces ? replaces : "",
                attach_to ? " in " : "", attach_to ? attach_to : "");
    cc_statement_print(statement, "      ", out);
}

static bool is_shared(const struct cc_access_answer *answer, const struct cc_access_result *result)
{
    for (size_t i = 0; i < answer->shared_count; i++) {
        const struct cc_access_shared *shared = &answer->shared[i];
        const bool same_place = (!shared->attach_to && !result->attach_to) ||
                                cc_text_equal(shared->attach_to, result->attach_to);

        if (cc_text_equal(shared->cause, result->cause) && same_place &&
            !cc_text_equal(result->side, "target")) {
            return true;
        }
    }
    return false;
}

static void print_row(const struct cc_access_result *result, struct cc_buf *out)
{
    const char *more = result->outcome == CC_ACCESS_ALLOWED
                           ? (result->external_id_check ? result->external_id_check : "")
                           : (result->cause ? result->cause : "");

    cc_buf_addf(out, "  %-9s %-44s %s", cc_access_outcomes[result->outcome], result->target, more);
    if (result->outcome != CC_ACCESS_ALLOWED && result->certainty) {
        cc_buf_addf(out, " (%s)", result->certainty);
    } else if (result->external_id_check) {
        cc_buf_text(out, " (external ID)");
    }
    cc_buf_text(out, "\n");
    for (size_t i = 0; i < result->action_count; i++) {
        cc_buf_addf(out, "            %-8s %s\n", result->actions[i].decision,
                    result->actions[i].action);
    }
}

static void print_shared(const struct cc_access_answer *answer, struct cc_buf *out)
{
    for (size_t i = 0; i < answer->shared_count; i++) {
        const struct cc_access_shared *shared = &answer->shared[i];

        cc_buf_addf(out, "\n%lld targets have the same cause: %s\n    why:  %s\n",
                    (long long)shared->count, shared->cause, shared->why ? shared->why : "");
        print_remedy(shared->fix, shared->statement, shared->attach_to, NULL, out);
    }
}

static void print_details(const struct cc_access_answer *answer, struct cc_buf *out)
{
    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_access_result *result = &answer->targets[i];

        if (!result->cause || is_shared(answer, result)) {
            continue;
        }
        cc_buf_addf(out, "\n%s: %s\n    why:  %s\n", result->target, result->cause,
                    result->why ? result->why : "");
        print_remedy(result->fix, result->statement, result->attach_to, result->replaces, out);
    }
}

/* A list of targets, which --targets reads. */
static void print_discovered(const struct cc_access_answer *all, struct cc_buf *out)
{
    cc_buf_addf(out, "# roles that %s may assume by its own policies\n", all->caller->arn);
    for (size_t i = 0; i < all->discovered_count; i++) {
        cc_buf_addf(out, "%s\n", all->discovered[i].role_arn);
    }
    for (size_t i = 0; all->not_expanded[i]; i++) {
        cc_buf_addf(out, "# not listed: %s\n", all->not_expanded[i]);
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cc_access_answer *all = answer;

    if (all->not_expanded) {
        print_discovered(all, out);
        return;
    }
    if (all->caller) {
        cc_buf_addf(out, "Caller: %s\n\n", all->caller->arn);
    }
    for (size_t i = 0; i < all->target_count; i++) {
        const bool allowed = all->targets[i].outcome == CC_ACCESS_ALLOWED;

        if (all->target_count <= ROWS_ALL || !allowed) {
            print_row(&all->targets[i], out);
        }
    }
    print_shared(all, out);
    print_details(all, out);
    cc_buf_addf(out, "\n%lld targets: %lld allowed, %lld denied", (long long)all->total,
                (long long)all->allowed, (long long)all->denied);
    if (all->errors > 0) {
        cc_buf_addf(out, ", %lld could not be tested", (long long)all->errors);
    }
    if (all->not_run > 0) {
        cc_buf_addf(out, ", %lld not run", (long long)all->not_run);
    }
    cc_buf_text(out, "\n");
}

const struct cc_command cc_command_test_access = {
    .name = "test-access",
    .summary = "assume roles, one or many, and say which side denies and what to add",
    .details =
        "Really assumes each role, with one call, and drops the credentials unseen. Of a denial it\n"
        "names the cause, the side that has to act, and the smallest statement that mends it. It\n"
        "reads the message of AWS and, where the caller may, the caller's policies, the role and\n"
        "the organization; it simulates, and repeats the call with one thing changed. Nothing is\n"
        "written in AWS. What cannot be known is told as several candidates, likeliest first.\n"
        "\n"
        "Exit status 0: all allowed, 1: none, 3: some.",
    .options = &options_shape,
    .answer = &cc_access_answer_shape,
    .result = &cc_access_result_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
