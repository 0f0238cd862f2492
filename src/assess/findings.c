#include "credctl/assess/findings.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "round.h"

#include <string.h>

/* --- what is wanted */

static bool severities_of(const char *text, unsigned *severities)
{
    *severities = 0;
    while (text) {
        const size_t len = strcspn(text, ",");
        int level = CC_SEVERITY_LOW;

        while (cc_severity_words[level] &&
               (strlen(cc_severity_words[level]) != len ||
                strncasecmp(cc_severity_words[level], text, len) != 0)) {
            level++;
        }
        if (!cc_severity_words[level]) {
            return false;
        }
        *severities |= 1U << level;
        text = text[len] ? text + len + 1 : NULL;
    }
    return true;
}

static bool are_severities(const char *text)
{
    unsigned ignored = 0;

    return severities_of(text, &ignored);
}

static const struct cc_form severity_form = {
    NULL, are_severities, "it is LOW, MEDIUM, HIGH or CRITICAL, or several of them with commas"};

static struct cc_findings_wish wish_of(const struct cc_findings_options *options)
{
    struct cc_findings_wish wish = {.most = options->max_findings,
                                    .check_enabled =
                                        options->check_enabled && !options->no_check_enabled,
                                    .next_token = options->next_token};

    (void)severities_of(options->severity_filter, &wish.severities);
    return wish;
}

/* --- of one account and region */

static void *begin(const struct cc_place *place)
{
    const struct cc_findings_options *options = place->options;
    const struct cc_findings_wish wish = wish_of(options);
    const char *const one[] = {options->service, NULL};

    return cc_round_begin(place, options->service ? one : options->services, &wish);
}

static struct cc_findings_of told_of(const struct cc_service_told *told)
{
    return (struct cc_findings_of){
        .service = told->service,
        .enabled = told->enabled,
        .status = told->status,
        .message = told->message,
        .setup_instructions = told->setup_instructions,
        .findings = told->findings,
        .summary = told->summary,
        .support_tier = cc_json_text(told->details, "support_tier"),
        .truncated = told->truncated,
        .next_token = told->next_token,
    };
}

/* Adds up what the services have in common. */
struct sum {
    int64_t total;
    int64_t by_severity[CC_SEVERITY_COUNT];
    bool truncated;
};

static void add(struct sum *sum, const struct cc_service_told *told)
{
    sum->total += (int64_t)told->findings_count;
    sum->truncated = sum->truncated || told->truncated;
    for (int i = 0; i < CC_SEVERITY_COUNT; i++) {
        sum->by_severity[i] += told->by_severity[i];
    }
}

static struct cc_findings_of of_several(struct cc_arena *mem, const struct sum *sum)
{
    cJSON *summary = cc_tree_object(mem);
    (void)cJSON_AddNumberToObject(summary, "total_count", (double)sum->total);
    cJSON *counts = cJSON_AddObjectToObject(summary, "severity_counts");

    for (int i = CC_SEVERITY_CRITICAL; i >= 0; i--) {
        (void)cJSON_AddNumberToObject(counts, cc_severity_words[i], (double)sum->by_severity[i]);
    }
    return (struct cc_findings_of){
        .status = CC_SERVICE_UNKNOWN,
        .message = cc_textf(mem, "%lld%s finding%s", (long long)sum->total,
                            sum->truncated ? " of more" : "", sum->total == 1 ? "" : "s"),
        .findings = cc_tree_list(mem),
        .summary = summary,
        .truncated = sum->truncated,
    };
}

static void end(void *work, void *to)
{
    struct cc_round *round = work;
    struct cc_findings_result *result = to;
    struct cc_arena *mem = &round->place->run->mem;
    const struct cc_round_told told = cc_round_end(round, &result->head);
    struct cc_findings_of *rows = cc_alloc(mem, (told.count + 1) * sizeof(*rows));
    struct sum sum = {0};

    for (size_t i = 0; i < told.count; i++) {
        rows[i] = told_of(&told.rows[i]);
        add(&sum, &told.rows[i]);
        result->head.worst =
            told.rows[i].worst > result->head.worst ? told.rows[i].worst : result->head.worst;
    }
    if (told.count == 1) {
        result->only = rows[0];
    } else {
        result->only = of_several(mem, &sum);
        result->services = rows;
        result->service_count = told.count;
    }
    result->errors = told.errors;
    result->error_count = told.error_count;
    result->debug_info = told.debug_info;
    result->told = told.rows;
    result->told_count = told.count;
    memcpy(result->by_severity, sum.by_severity, sizeof(sum.by_severity));
}

static const struct cc_operation *const *operations(struct cc_arena *mem)
{
    return cc_round_operations(mem, true);
}

const struct cc_assessment cc_assess_findings = {
    .tool = "GetSecurityFindings",
    .operations = operations,
    .result = &cc_findings_result_shape,
    .begin = begin,
    .next = cc_round_next,
    .done = cc_round_done,
    .end = end,
};

/* --- of all together */

static void sum_up(struct cc_run *run, const struct cc_assess_results *results,
                   struct cc_findings_result *whole)
{
    struct sum sum = {0};

    for (size_t i = 0; i < results->count; i++) {
        const struct cc_findings_result *result = results->rows[i];

        for (size_t row = 0; row < result->told_count; row++) {
            add(&sum, &result->told[row]);
        }
    }
    *whole = (struct cc_findings_result){.head = cc_head_of_all(results),
                                         .only = of_several(&run->mem, &sum)};
}

bool cc_findings(struct cc_run *run, const struct cc_findings_options *options,
                 struct cc_findings_answer *answer, struct cc_error *err)
{
    struct cc_assess_results results;

    if (!cc_assess_run(run, &cc_assess_findings, &options->assess, options, &results, err)) {
        return false;
    }
    answer->counts = results.counts;
    if (results.single && results.count == 1) {
        answer->whole = *(struct cc_findings_result *)results.rows[0];
        return true;
    }
    struct cc_findings_result *rows = cc_alloc(&run->mem, (results.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < results.count; i++) {
        rows[i] = *(struct cc_findings_result *)results.rows[i];
        if (rows[i].head.error) {
            rows[i].only = of_several(&run->mem, &(struct sum){0});
        }
    }
    answer->results = rows;
    answer->result_count = results.count;
    sum_up(run, &results, &answer->whole);
    return true;
}

/* --- shapes */

// clang-format off
#define OF(kind, member, ...) CC_ROW(kind, struct cc_findings_of, member, __VA_ARGS__)
static const struct cc_shape_field of_fields[] = {
    OF(TEXT, service, "service", "the service; null for several of them together", .rules = CC_NULL),
    OF(MAYBE_FLAG, enabled, NULL, "the service is enabled; null when that is not known"),
    OF(WORD, status, "status", "the same", .words = cc_service_states),
    OF(TEXT, message, NULL, "the same, or the number of findings, for people", .rules = CC_NULL),
    OF(TEXTS, setup_instructions, NULL, "how to enable it; none unless it is disabled"),
    CC_ROW_JSONS(struct cc_findings_of, findings, NULL, "the findings as AWS has them, the worst first", .rules = CC_NULL),
    CC_ROW_JSON(struct cc_findings_of, summary, NULL, "total_count, and counts by severity, type, resource and the like", .rules = CC_NULL),
    OF(TEXT, support_tier, NULL, "of Trusted Advisor", .rules = CC_NULL),
    OF(FLAG, truncated, NULL, "there are more findings than --max-findings"),
    OF(TEXT, next_token, NULL, "the value of --next-token that continues there, when the service can", .rules = CC_NULL),
    {0},
};
static const struct cc_shape of_shape = {"findings_of", of_fields, sizeof(struct cc_findings_of)};

static const struct cc_shape_field result_fields[] = {
    CC_ROW_GROUP(struct cc_findings_result, head, struct cc_assess_head, &cc_assess_head_shape),
    CC_ROW_GROUP(struct cc_findings_result, only, struct cc_findings_of, &of_shape),
    CC_ROW_LIST(struct cc_findings_result, services, service_count, struct cc_findings_of, &of_shape, NULL,
        "the same for each service, when there are several"),
    CC_ROW_LIST(struct cc_findings_result, errors, error_count, struct cc_service_error, &cc_service_error_shape, NULL,
        "what could not be read"),
    CC_ROW_JSON(struct cc_findings_result, debug_info, NULL, "start_time, credentials_source, and service_details with durations", .rules = CC_NULL),
    {0},
};
const struct cc_shape cc_findings_result_shape = {"findings", result_fields, sizeof(struct cc_findings_result)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_GROUP(struct cc_findings_answer, whole, struct cc_findings_result, &cc_findings_result_shape),
    CC_ROW_GROUP(struct cc_findings_answer, counts, struct cc_assess_counts, &cc_assess_counts_shape),
    CC_ROW_LIST(struct cc_findings_answer, results, result_count, struct cc_findings_result, &cc_findings_result_shape, NULL,
        "the same for each account and region, when there are several"),
    {0},
};
const struct cc_shape cc_findings_answer_shape = {"findings", answer_fields, sizeof(struct cc_findings_answer)};

#define OPTION(kind, member, ...) CC_ROW(kind, struct cc_findings_options, member, __VA_ARGS__)
static const struct cc_shape_field option_fields[] = {
    OPTION(TEXT, service, "NAME", "read the findings of this service only", .words_from = cc_service_names),
    OPTION(TEXTS, services, "NAME[,NAME...]", "read the findings of these services (default: all); may be repeated",
        .words_from = cc_service_names, .rules = CC_COMMAS),
    OPTION(TEXT, severity_filter, "SEVERITY[,SEVERITY...]",
        "only findings of these severities: LOW, MEDIUM, HIGH, CRITICAL (default: HIGH and CRITICAL; of GuardDuty and Trusted Advisor also MEDIUM; all of Access Analyzer)",
        .form = &severity_form),
    OPTION(NUMBER, max_findings, "N", "at most N findings of each service", .least = 1, .most = 10000, .usual = "100"),
    OPTION(FLAG, check_enabled, NULL, "also ask whether the service is enabled, where findings do not tell", .usual = "true"),
    OPTION(FLAG, no_check_enabled, NULL, "do not ask that"),
    OPTION(TEXT, next_token, "TOKEN", "continue where an earlier answer ended; with one service, account and region"),
    CC_ROW_GROUP(struct cc_findings_options, assess, struct cc_assess_options, &cc_assess_options_shape),
    {0},
};
// clang-format on

static bool is_of_several(const struct cc_assess_options *options)
{
    const char *const *regions = options->regions;

    return options->targets ||
           (regions && regions[0] &&
            (regions[1] || strchr(regions[0], ',') || cc_text_equal(regions[0], "all")));
}

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_findings_options *options = value;

    (void)mem;
    if (options->service && options->services && options->services[0]) {
        return cc_fail(err, CC_E_USAGE, "--service and --services exclude each other");
    }
    if (options->next_token && !options->service) {
        cc_fail(err, CC_E_USAGE, "--next-token needs --service");
        return cc_fix(err, "name the service whose answer had the token");
    }
    if (options->next_token && is_of_several(&options->assess)) {
        cc_fail(err, CC_E_USAGE, "--next-token is of one account and region");
        return cc_fix(err, "name one --region, and leave out --targets");
    }
    return true;
}

const struct cc_shape cc_findings_options_shape = {
    "findings", option_fields, sizeof(struct cc_findings_options), .check = check};
