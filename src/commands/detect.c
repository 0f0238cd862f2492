#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/commands/shared.h"
#include "credctl/detectors/detector.h"

#include <string.h>

#define WORST_CASE_MS "1.9" /* of two seconds; the rest is for start and output */

struct detect_options {
    const char *expect; /* names, separated by commas */
    struct cc_expect identity;
    int64_t timeout_ms;
    bool offline;
};

static const char *const *environments(struct cc_arena *mem)
{
    return cc_environment_names(mem, false);
}

static const char *const *expected_names(struct cc_arena *mem)
{
    return cc_environment_names(mem, true);
}

static const struct cc_shape_field option_fields[] = {
    CC_ROW(TEXT, struct detect_options, expect, "ENV[,ENV]",
           "exit with status 1 unless the environment, or the service on it, is one of these",
           .words_from = expected_names, .rules = CC_COMMAS),
    CC_ROW_GROUP(struct detect_options, identity, struct cc_expect, &cc_expect_shape),
    CC_ROW_AS("timeout", SPAN, struct detect_options, timeout_ms, "SECONDS",
              "time limit for the whole detection", .most = 86400000, .usual = WORST_CASE_MS),
    CC_ROW(FLAG, struct detect_options, offline, NULL, "use no network: files and variables only"),
    {0},
};

/* --- the answer --- */

static const struct cc_form role_arn_form = {.pattern = "^arn:"};

// clang-format off
#define PLACE(member, title_, about_, ...) \
    CC_ROW(TEXT, struct cc_place, member, title_, about_, .rules = CC_NULL, __VA_ARGS__)

static const struct cc_shape_field place_fields[] = {
    CC_ROW(TEXT, struct cc_place, environment, NULL, "the environment", .words_from = environments),
    CC_ROW(WORD, struct cc_place, confidence, NULL, "how sure that is", .words = cc_confidence_words),
    CC_ROW(FLAG, struct cc_place, aws, NULL, "runs on AWS"),
    PLACE(partition, NULL, "partition of AWS"),
    PLACE(account_id, NULL, "account", .form = &cc_account_form),
    PLACE(region, NULL, "region"),
    PLACE(availability_zone, "zone", "availability zone"),
    PLACE(role_arn, "role ARN", "ARN of the role; only when it is known with its path", .form = &role_arn_form),
    PLACE(role_name, NULL, "name of the role"),
    PLACE(role_source, "role source", "where the role was found"),
    PLACE(instance_profile_arn, "instance profile", "instance profile"),
    PLACE(identity_mechanism, "credentials by", "how an SDK here gets its credentials"),
    PLACE(compute, "compute", "what the environment runs on"),
    PLACE(service, "service", "the service on top of the environment"),
    PLACE(resource_id, "resource", "the service's ID of this build, job flow or thing"),
    PLACE(instance_id, "instance", "the EC2 instance"),
    PLACE(instance_type, "instance type", "the EC2 instance type"),
    PLACE(host_instance_id, "host instance", "the EC2 instance that hosts this container"),
    PLACE(task_arn, "task", "ECS task"),
    PLACE(task_family, "task family", "family of the ECS task"),
    PLACE(launch_type, "launch type", "launch type of the ECS task"),
    PLACE(cluster, "cluster", "the ECS or EKS cluster"),
    PLACE(pod, "pod", "the Kubernetes pod"),
    CC_ROW_AS("namespace", TEXT, struct cc_place, namespace_name, "namespace", "the Kubernetes namespace", .rules = CC_NULL),
    PLACE(service_account, "service account", "the Kubernetes service account"),
    PLACE(node, "node", "the Kubernetes node"),
    PLACE(issuer, "token issuer", "issuer of the service account token"),
    PLACE(function_name, "function", "the Lambda function"),
    PLACE(function_version, "version", "version of the Lambda function"),
    PLACE(runtime_id, "runtime", "the AgentCore runtime"),
    PLACE(runtime_arn, "runtime ARN", "the ARN of the AgentCore runtime"),
    PLACE(job_id, "job", "the AWS Batch job"),
    PLACE(container, "container", "container runtime"),
    PLACE(container_id, "container id", "the ID of the container"),
    PLACE(metadata_endpoint, "metadata", "metadata endpoint of the ECS task"),
    {0},
};
static const struct cc_shape place_shape = {"place", place_fields, sizeof(struct cc_place)};

static const struct cc_shape_field evidence_fields[] = {
    CC_ROW(TEXT, struct cc_evidence, source, "source", "what was looked at"),
    CC_ROW(TEXT, struct cc_evidence, seen, "seen", "what was seen"),
    CC_ROW(TEXT, struct cc_evidence, says, "says", "what that means"),
    CC_ROW(NUMBER, struct cc_evidence, ms, "time", "milliseconds it took"),
    {0},
};
static const struct cc_shape evidence_shape = {"evidence", evidence_fields,
                                               sizeof(struct cc_evidence)};

struct detected {
    struct cc_place place;
    struct cc_maybe_flag role_arn_path_known;
    enum cc_imds_state imds_state;
    const struct cc_evidence *evidence;
    size_t evidence_count;
    const char *const *warnings;
    const struct cc_error *errors;
    size_t error_count;
    const struct cc_expectation *expectation;
};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_GROUP(struct detected, place, struct cc_place, &place_shape),
    CC_ROW(MAYBE_FLAG, struct detected, role_arn_path_known, NULL,
           "the ARN of the role is known with its path; it is never put together from parts"),
    CC_ROW(WORD, struct detected, imds_state, NULL, "state of the instance metadata service",
           .words = cc_imds_state_words),
    CC_ROW_LIST(struct detected, evidence, evidence_count, struct cc_evidence, &evidence_shape,
                NULL, "evidence for the answer"),
    CC_ROW(TEXTS, struct detected, warnings, NULL, "what to know about this environment"),
    CC_ROW_LIST(struct detected, errors, error_count, struct cc_error, &cc_error_shape, NULL,
                "what could not be found out"),
    CC_ROW_OBJECT(struct detected, expectation, struct cc_expectation, &cc_expectation_shape, NULL,
                  "result of the --expect options; null without them", .rules = CC_NULL),
    {0},
};
// clang-format on

static const char *const *warnings_of(struct cc_scene *scene)
{
    const char **list = cc_alloc(&scene->run->mem, (scene->warning_count + 1) * sizeof(*list));

    for (size_t i = 0; i < scene->warning_count; i++) {
        const struct cc_caution *one = &scene->warnings[i];

        list[i] = one->fix ? cc_textf(&scene->run->mem, "%s: %s", one->says, one->fix) : one->says;
    }
    return list;
}

static struct detected told(struct cc_scene *scene)
{
    const struct cc_place *place = &scene->place;

    return (struct detected){
        .place = *place,
        .role_arn_path_known = {place->role_name != NULL, place->role_arn != NULL},
        .imds_state = scene->instance.state,
        .evidence = scene->evidence,
        .evidence_count = scene->evidence_count,
        .warnings = warnings_of(scene),
        .errors = scene->errors,
        .error_count = scene->error_count,
    };
}

/* --- what is expected --- */

/* The names of "a,b,c", one after the other; NULL at the end. */
static const char *next_word(struct cc_arena *mem, const char **list)
{
    if (!**list) {
        return NULL;
    }
    size_t len = strcspn(*list, ",");
    const char *word = cc_text_trim(mem, cc_text_dup(mem, *list, len));
    *list += len + ((*list)[len] == ',');
    return word;
}

static bool among(struct cc_arena *mem, const char *list, const struct cc_place *place)
{
    for (const char *word = next_word(mem, &list); word; word = next_word(mem, &list)) {
        if (cc_text_equal(word, place->environment) || cc_text_equal(word, place->service)) {
            return true;
        }
    }
    return false;
}

static const struct cc_expectation *judge(struct cc_arena *mem, const struct detect_options *given,
                                          const struct cc_place *place)
{
    const struct cc_expect_of of = {place->account_id, place->role_arn, place->role_name};
    const struct cc_expectation *identity = cc_expect_judge(mem, &given->identity, &of);

    if (!given->expect) {
        return identity;
    }
    if (among(mem, given->expect, place)) {
        struct cc_expectation *met = cc_alloc(mem, sizeof(*met));

        met->met = true;
        return identity ? identity : met;
    }
    struct cc_expectation *unmet = cc_alloc(mem, sizeof(*unmet));
    unmet->reason = cc_text_printable(
        mem, cc_textf(mem, "the environment is %s, not %s", place->environment, given->expect));
    return unmet;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    struct cc_scene *scene = cc_alloc(&run->mem, sizeof(*scene));
    const struct detect_options *given = options;
    struct detected *detected = answer;

    (void)err;
    run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, (int)given->timeout_ms);
    run->offline = run->offline || given->offline;
    cc_detect(run, scene);
    *detected = told(scene);
    detected->expectation = judge(&run->mem, given, &scene->place);
    if (detected->expectation && !detected->expectation->met) {
        run->exit_status = cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
    return true;
}

/* --- for people --- */

static void print_evidence(const struct detected *detected, struct cc_buf *out)
{
    cc_buf_text(out, detected->evidence_count > 0 ? "\nEvidence\n" : "");
    for (size_t i = 0; i < detected->evidence_count; i++) {
        const struct cc_evidence *one = &detected->evidence[i];

        cc_buf_addf(out, "  %s: %s\n    -> %s", one->source,
                    one->seen && one->seen[0] ? one->seen : "empty", one->says);
        if (one->ms >= 1) {
            cc_buf_addf(out, " (%d ms)", one->ms);
        }
        cc_buf_text(out, "\n");
    }
}

static void print_troubles(const struct detected *detected, struct cc_buf *out)
{
    cc_buf_text(out, detected->warnings[0] ? "\nWarnings\n" : "");
    for (size_t i = 0; detected->warnings[i]; i++) {
        cc_buf_addf(out, "  - %s\n", detected->warnings[i]);
    }
    cc_buf_text(out, detected->error_count > 0 ? "\nMissing\n" : "");
    for (size_t i = 0; i < detected->error_count; i++) {
        cc_buf_text(out, "  - ");
        cc_error_print(&detected->errors[i], "    ", out);
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct detected *detected = answer;

    cc_buf_addf(out, "%s\n", cc_place_line(out->mem, &detected->place));
    if (detected->expectation && detected->expectation->reason) {
        cc_buf_addf(out, "Not as expected: %s\n", detected->expectation->reason);
    }
    cc_shape_lines(&place_shape, &detected->place, 2, 18, out);
    print_evidence(detected, out);
    print_troubles(detected, out);
}

static const struct cc_shape options_shape = {"detect", option_fields,
                                              sizeof(struct detect_options)};
static const struct cc_shape answer_shape = {"detect", answer_fields, sizeof(struct detected)};

const struct cc_command cc_command_detect = {
    .name = "detect",
    .summary = "name the AWS environment this runs in, with its role, account and region, and why",
    .details =
        "Looks at variables, files, firmware and the local metadata services. Calls no AWS API,\n"
        "keeps no credentials, and takes two seconds at most. Every answer comes with its\n"
        "evidence and a confidence. With an --expect option it is a gate: exit status 1 when\n"
        "something else was found.",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS | CC_ENV,
    .run = run,
    .print = print,
};
