#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/checks/check.h"
#include "credctl/commands/shared.h"

#include <string.h>

struct validate_options {
    bool offline;
    struct cc_chain_options chain;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(FLAG, struct validate_options, offline, NULL,
           "use no network: check files and variables only"),
    CC_ROW_GROUP(struct validate_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
static const struct cc_shape options_shape = {"validate", option_fields,
                                              sizeof(struct validate_options)};

/* --- the answer --- */

struct details {
    const char *environment;
    const char *account_id;
    const char *arn;
    const char *source;
    const char *source_detail;
    int64_t expires;
    const char *profile;
    const char *region;
    const char *region_source;
    const char *role_arn;
    const char *role_name;
    const struct cc_finding *checks;
    size_t check_count;
};

struct validated {
    bool is_valid;
    const char *const *errors;
    const char *const *warnings;
    const char *const *recommendations;
    const struct details *details;
};

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct details, member, NULL, __VA_ARGS__)

static const struct cc_shape_field detail_fields[] = {
    ROW(TEXT, environment, "the environment, as detect names it"),
    ROW(TEXT, account_id, "account of the credentials", .rules = CC_NULL),
    ROW(TEXT, arn, "ARN of the identity they belong to, from STS", .rules = CC_NULL),
    ROW(TEXT, source, "the provider they are from, or that fails", .rules = CC_NULL),
    ROW(TEXT, source_detail, "what the provider says about them", .rules = CC_NULL),
    ROW(TIME, expires, "when they expire; null when they do not", .rules = CC_NULL),
    ROW(TEXT, profile, "the selected profile, when it exists", .rules = CC_NULL),
    ROW(TEXT, region, "the region that is set", .rules = CC_NULL),
    ROW(TEXT, region_source, "where it is set", .rules = CC_NULL),
    ROW(TEXT, role_arn, "ARN of the role, when it is known with its path", .rules = CC_NULL),
    ROW(TEXT, role_name, "name of the role", .rules = CC_NULL),
    CC_ROW_LIST(struct details, checks, check_count, struct cc_finding, &cc_finding_shape, NULL,
                "what each check found, in order; a check can have several findings"),
    {0},
};
static const struct cc_shape details_shape = {"details", detail_fields, sizeof(struct details)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW(FLAG, struct validated, is_valid, NULL, "no check failed"),
    CC_ROW(TEXTS, struct validated, errors, NULL, "what failed"),
    CC_ROW(TEXTS, struct validated, warnings, NULL, "what works, but can surprise"),
    CC_ROW(TEXTS, struct validated, recommendations, NULL, "what to do about both, in order"),
    CC_ROW_OBJECT(struct validated, details, struct details, &details_shape, NULL,
                  "what was found"),
    {0},
};
// clang-format on
static const struct cc_shape answer_shape = {"validate", answer_fields, sizeof(struct validated)};

static const char *titled(struct cc_arena *mem, const struct cc_finding *one)
{
    return cc_textf(mem, "%s: %s", one->title, one->says);
}

static const char *remedy(struct cc_arena *mem, const struct cc_finding *one)
{
    (void)mem;
    return one->fix;
}

/* One text for each finding with one of these, ends with NULL. */
static const char *const *texts_of(const struct cc_checkup *checkup, unsigned statuses,
                                   const char *(*text)(struct cc_arena *mem,
                                                       const struct cc_finding *one))
{
    struct cc_arena *mem = &checkup->run->mem;
    const char **list = cc_alloc(mem, (checkup->count + 1) * sizeof(*list));
    size_t count = 0;

    for (size_t i = 0; i < checkup->count; i++) {
        if (statuses & 1U << checkup->findings[i].status) {
            list[count++] = text(mem, &checkup->findings[i]);
        }
    }
    return (const char *const *)list;
}

/* ARN and name of the role, as far as they are facts. */
static void tell_role(struct cc_checkup *checkup, struct details *details)
{
    const struct cc_resolve *resolve = &checkup->resolve;
    const struct cc_place *place = &cc_checkup_scene(checkup)->place;

    if (checkup->keys.state == CC_STAGE_OK && resolve->hop_count > 0) {
        details->role_arn = resolve->hops[resolve->hop_count - 1].role_arn;
    } else if (checkup->keys.state == CC_STAGE_OK) {
        details->role_arn = resolve->keys.role_arn;
    }
    const char *arn = details->arn ? details->arn : details->role_arn;
    details->role_name = cc_role_of_arn(&checkup->run->mem, arn);
    if (!details->role_arn && cc_text_equal(details->role_name, place->role_name)) {
        details->role_arn = place->role_arn;
    }
}

static const struct details *details_of(struct cc_checkup *checkup)
{
    struct details *details = cc_alloc(&checkup->run->mem, sizeof(*details));
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_attempt *end = checkup->resolve.story.ended_by;
    const struct cc_keys *keys = &checkup->resolve.keys;
    const bool found = checkup->keys.state == CC_STAGE_OK;

    *details = (struct details){
        .environment = cc_checkup_scene(checkup)->place.environment,
        .account_id = found ? keys->account_id : NULL,
        .source = end ? end->provider->name : NULL,
        .source_detail = end ? end->detail : NULL,
        .expires = found && keys->expires != CC_NEVER_EXPIRES ? keys->expires : 0,
        .profile = settings->section ? settings->profile : NULL,
        .region = settings->region,
        .region_source = settings->region_source,
        .checks = checkup->findings,
        .check_count = checkup->count,
    };
    if (checkup->caller.state == CC_STAGE_OK) {
        details->account_id = checkup->identity.account_id;
        details->arn = checkup->identity.arn;
    }
    tell_role(checkup, details);
    return details;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct validate_options *given = options;
    struct cc_checkup *checkup = cc_alloc(&run->mem, sizeof(*checkup));
    struct validated *validated = answer;
    const unsigned failed = 1U << CC_HEALTH_FAILED;
    const unsigned warned = 1U << CC_HEALTH_WARNING;

    run->offline = run->offline || given->offline;
    if (!cc_checkup_begin(run, &given->chain, checkup, err)) {
        return false;
    }
    cc_checkup_run(checkup);
    *validated = (struct validated){
        .errors = texts_of(checkup, failed, titled),
        .warnings = texts_of(checkup, warned, titled),
        .recommendations = texts_of(checkup, failed | warned, remedy),
        .details = details_of(checkup),
    };
    validated->is_valid = !validated->errors[0];
    if (!validated->is_valid) {
        run->exit_status = cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
    return true;
}

/* --- for people --- */

#define STATUS_WIDTH 13

static const char *const status_words[] = {
    [CC_HEALTH_OK] = "ok",
    [CC_HEALTH_WARNING] = "warning",
    [CC_HEALTH_FAILED] = "failed",
    [CC_HEALTH_NOT_CHECKED] = "not checked",
};

static int title_width(void)
{
    size_t width = 0;

    for (const struct cc_check *const *row = cc_checks; *row; row++) {
        const size_t len = strlen((*row)->title);

        width = len > width ? len : width;
    }
    return (int)width + 2;
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct validated *validated = answer;
    const struct details *details = validated->details;
    const int width = title_width();
    size_t counts[CC_COUNT(status_words)] = {0};

    for (size_t i = 0; i < details->check_count; i++) {
        const struct cc_finding *one = &details->checks[i];

        counts[one->status]++;
        cc_buf_addf(out, "%-*s%-*s%s\n", STATUS_WIDTH, status_words[one->status], width, one->title,
                    one->says ? one->says : one->why_not);
        if (one->fix) {
            cc_buf_addf(out, "%*stry: %s\n", STATUS_WIDTH + width, "", one->fix);
        }
    }
    cc_buf_addf(out, "\n%s: %zu failed, %zu warning%s, %zu ok, %zu not checked\n",
                validated->is_valid ? "valid" : "not valid", counts[CC_HEALTH_FAILED],
                counts[CC_HEALTH_WARNING], counts[CC_HEALTH_WARNING] == 1 ? "" : "s",
                counts[CC_HEALTH_OK], counts[CC_HEALTH_NOT_CHECKED]);
}

const struct cc_command cc_command_validate = {
    .name = "validate",
    .summary = "check environment, configuration and credentials, and say how to correct them",
    .details =
        "Looks at everything that decides which credentials a program on this host gets, and at\n"
        "what would surprise an SDK. One cause is told once, with its remedy; what depends on it\n"
        "is not checked. Uses one detection, one resolution and one GetCallerIdentity. The exit\n"
        "status is 1 when a check failed; warnings do not count. Prints no secret.",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
