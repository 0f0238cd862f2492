#include "credctl/access/access.h"
#include "credctl/base/text.h"
#include "credctl/commands/shared.h"
#include "credctl/report/access.h"

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
    ROW(FLAG, resume, NULL, "do not ask again about targets that have a result in the journal, "
                            "which is printed again"),
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
    struct cc_access_answer *told = answer;
    const int64_t began = cc_ticks_ms(run);

    told->started = cc_now(run);
    const bool done = given->discover ? cc_access_discover(run, given, told, err)
                                      : cc_access_test(run, given, told, err);
    told->seconds = (double)(cc_ticks_ms(run) - began) / 1000;
    return done;
}

static const struct cc_report reports[] = {
    {"junit", cc_access_junit}, {"html", cc_access_html}, {NULL, NULL}};

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
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = cc_access_text,
};
