#include "credctl/base/text.h"
#include "credctl/commands/chain_args.h"
#include "credctl/detectors/detector.h"

#include <string.h>

#define WORST_CASE_MS 1900 /* of two seconds; the rest is for starting and printing */

static const struct cc_option options[] = {
    {"expect", "ENV[,ENV]", "exit 1 unless the environment, or the service on it, is one of these"},
    {"expect-role", "PATTERN", "exit 1 unless the role's name or ARN matches (* and ?)"},
    {"expect-account", "ID", "exit 1 unless the account is this one"},
    {"timeout", "SECONDS", "time for all questions together (default: 1.9)"},
    {"offline", NULL, "ask no endpoint: files and variables only"},
    {0},
};

/* Every text of the answer, in the order it is shown. */
#define AT(member) offsetof(struct cc_place, member)
static const struct {
    const char *name;
    size_t offset;
    const char *title; /* for people; NULL: in the first line, or not for people */
} fields[] = {
    {"partition", AT(partition), NULL},
    {"account_id", AT(account_id), NULL},
    {"region", AT(region), NULL},
    {"availability_zone", AT(availability_zone), "zone"},
    {"role_arn", AT(role_arn), "role ARN"},
    {"role_name", AT(role_name), NULL},
    {"role_source", AT(role_source), "role told by"},
    {"instance_profile_arn", AT(instance_profile_arn), "instance profile"},
    {"identity_mechanism", AT(identity_mechanism), "identity by"},
    {"compute", AT(compute), "compute"},
    {"service", AT(service), "service"},
    {"resource_id", AT(resource_id), "resource"},
    {"instance_id", AT(instance_id), "instance"},
    {"instance_type", AT(instance_type), "instance type"},
    {"host_instance_id", AT(host_instance_id), "host instance"},
    {"task_arn", AT(task_arn), "task"},
    {"task_family", AT(task_family), "task family"},
    {"launch_type", AT(launch_type), "launch type"},
    {"cluster", AT(cluster), "cluster"},
    {"pod", AT(pod), "pod"},
    {"namespace", AT(namespace_name), "namespace"},
    {"service_account", AT(service_account), "service account"},
    {"node", AT(node), "node"},
    {"issuer", AT(issuer), "token issuer"},
    {"function_name", AT(function_name), "function"},
    {"function_version", AT(function_version), "version"},
    {"runtime_id", AT(runtime_id), "runtime"},
    {"runtime_arn", AT(runtime_arn), "runtime ARN"},
    {"job_id", AT(job_id), "job"},
    {"container", AT(container), "container"},
    {"container_id", AT(container_id), "container id"},
    {"metadata_endpoint", AT(metadata_endpoint), "metadata"},
};

static const char *text_at(const struct cc_place *place, size_t offset)
{
    const char *text = NULL;

    memcpy(&text, (const char *)place + offset, sizeof(text));
    return text;
}

static void put_evidence(const struct cc_scene *scene, cJSON *result)
{
    cJSON *list = cJSON_AddArrayToObject(result, "evidence");

    for (size_t i = 0; i < scene->evidence_count; i++) {
        const struct cc_evidence *one = &scene->evidence[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToArray(list, row);
        cJSON_AddStringToObject(row, "source", one->source);
        cJSON_AddStringToObject(row, "seen", one->seen);
        cJSON_AddStringToObject(row, "says", one->says);
        cJSON_AddNumberToObject(row, "ms", one->ms);
    }
}

static void put_errors(const struct cc_scene *scene, cJSON *result)
{
    cJSON *list = cJSON_AddArrayToObject(result, "errors");

    for (size_t i = 0; i < scene->error_count; i++) {
        const struct cc_error *err = &scene->errors[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToArray(list, row);
        cJSON_AddStringToObject(row, "code", cc_code_name(err->code));
        cJSON_AddStringToObject(row, "what", err->what);
        cc_json_put(row, "why", err->why[0] ? err->why : NULL);
        cJSON_AddStringToObject(row, "fix", err->fix);
    }
}

static void put_place(const struct cc_scene *scene, cJSON *result)
{
    const struct cc_place *place = &scene->place;

    cJSON_AddStringToObject(result, "environment", place->environment);
    cJSON_AddStringToObject(result, "confidence", cc_confidence_words[place->confidence]);
    cJSON_AddBoolToObject(result, "aws", place->aws);
    for (size_t i = 0; i < CC_COUNT(fields); i++) {
        cc_json_put(result, fields[i].name, text_at(place, fields[i].offset));
    }
    /* An assembled ARN is never shown: without the ARN the role's path is not known. */
    cJSON_AddItemToObject(result, "role_arn_path_known",
                          place->role_name ? cJSON_CreateBool(place->role_arn != NULL)
                                           : cJSON_CreateNull());
    cJSON_AddStringToObject(result, "imds_state", cc_imds_state_name(scene->instance.state));
    put_evidence(scene, result);
    cJSON_AddItemToObject(result, "warnings",
                          cJSON_CreateStringArray(scene->warnings, (int)scene->warning_count));
    put_errors(scene, result);
}

static const char *environment_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static bool known_environment(struct cc_run *run, const char *name, struct cc_error *err)
{
    const char *const *names = cc_environment_names(&run->mem, true);

    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    const char *near = cc_text_nearest(name, environment_at, names);
    cc_fail(err, CC_E_USAGE, "--expect knows no environment \"%.60s\"", name);
    cc_why(err, "the names are those of `credctl help detect`");
    return near ? cc_fix(err, "did you mean \"%s\"?", near) : false;
}

/* Calls nothing twice: the words of "a,b,c" one after the other; NULL past the last. */
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

static bool check_usage(struct cc_run *run, const struct cc_args *args, struct cc_error *err)
{
    const char *list = cc_value(args, "expect");
    const char *account = cc_value(args, "expect-account");

    if (account && !cc_text_digits(account, 12)) {
        cc_fail(err, CC_E_USAGE, "--expect-account is no account id");
        return cc_why(err, "an account id has 12 digits, leading zeros included");
    }
    for (const char *word = list ? next_word(&run->mem, &list) : NULL; word;
         word = next_word(&run->mem, &list)) {
        if (!known_environment(run, word, err)) {
            return false;
        }
    }
    return true;
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

static const char *unmet(struct cc_run *run, const struct cc_args *args,
                         const struct cc_place *place)
{
    struct cc_arena *mem = &run->mem;
    const char *list = cc_value(args, "expect");
    const char *role = cc_value(args, "expect-role");
    const char *account = cc_value(args, "expect-account");
    const char *name = place->role_arn ? place->role_arn : place->role_name;

    if (list && !among(mem, list, place)) {
        return cc_textf(mem, "the environment is %s, not %s", place->environment, list);
    }
    if (account && !cc_text_equal(account, place->account_id)) {
        return place->account_id
                   ? cc_textf(mem, "the account is %s, not %s", place->account_id, account)
                   : cc_textf(mem, "the account is not known here; %s is expected", account);
    }
    if (role && !name) {
        return cc_textf(mem, "the role is not known here; %s is expected", role);
    }
    if (role && !cc_text_matches(role, name) && !cc_text_matches(role, place->role_name)) {
        return cc_textf(mem, "the role is %s, which %s does not match", name, role);
    }
    return NULL;
}

static void judge(struct cc_run *run, const struct cc_args *args, const struct cc_place *place,
                  cJSON *result)
{
    if (!cc_value(args, "expect") && !cc_value(args, "expect-role") &&
        !cc_value(args, "expect-account")) {
        cc_json_put(result, "expectation", NULL);
        return;
    }
    const char *reason = unmet(run, args, place);
    cJSON *row = cJSON_AddObjectToObject(result, "expectation");
    cJSON_AddBoolToObject(row, "met", reason == NULL);
    cc_json_put(row, "reason", reason ? cc_text_printable(&run->mem, reason) : NULL);
    if (reason) {
        run->exit_status = cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_scene *scene = cc_alloc(&run->mem, sizeof(*scene));

    if (!check_usage(run, args, err)) {
        return false;
    }
    int64_t timeout_ms = cc_time_left_ms(run, WORST_CASE_MS);
    if (!cc_timeout_from(args, &timeout_ms, err)) {
        return false;
    }
    run->deadline_ms = cc_ticks_ms(run) + timeout_ms;
    run->offline = run->offline || cc_flag(args, "offline");
    cc_detect(run, scene);
    put_place(scene, result);
    judge(run, args, &scene->place, result);
    return true;
}

static void print_first_line(const cJSON *result, struct cc_buf *out)
{
    const char *role = cc_json_text(result, "role_name");
    const char *account = cc_json_text(result, "account_id");
    const char *region = cc_json_text(result, "region");
    const char *service = cc_json_text(result, "service");
    bool aws = cJSON_IsTrue(cJSON_GetObjectItem(result, "aws"));

    cc_buf_text(out, cc_json_text(result, "environment"));
    if (service && strcmp(service, cc_json_text(result, "environment")) != 0) {
        cc_buf_addf(out, " (%s)", service);
    }
    if (role || aws) {
        cc_buf_addf(out, ", role %s", role ? role : "not known");
    }
    if (account || aws) {
        cc_buf_addf(out, ", account %s", account ? account : "not known");
    }
    if (region || aws) {
        cc_buf_addf(out, ", %s", region ? region : "region not known");
    }
    cc_buf_addf(out, " [confidence: %s]\n", cc_json_text(result, "confidence"));
}

static void print_fields(const cJSON *result, struct cc_buf *out)
{
    for (size_t i = 0; i < CC_COUNT(fields); i++) {
        const char *text = cc_json_text(result, fields[i].name);

        if (text && fields[i].title) {
            cc_buf_addf(out, "  %-17s %s\n", fields[i].title, text);
        }
    }
}

static void print_evidence(const cJSON *result, struct cc_buf *out)
{
    const cJSON *row = NULL;
    const cJSON *list = cJSON_GetObjectItem(result, "evidence");

    if (cJSON_GetArraySize(list) > 0) {
        cc_buf_text(out, "\nBecause\n");
    }
    cJSON_ArrayForEach (row, list) {
        double ms = 0;
        bool slow = cc_json_number(row, "ms", &ms) && ms >= 1;
        const char *seen = cc_json_text(row, "seen");

        cc_buf_addf(out, "  %s: %s\n    -> %s", cc_json_text(row, "source"), seen ? seen : "empty",
                    cc_json_text(row, "says"));
        if (slow) {
            cc_buf_addf(out, " (%d ms)", (int)ms);
        }
        cc_buf_text(out, "\n");
    }
}

static void print_troubles(const cJSON *result, struct cc_buf *out)
{
    const cJSON *row = NULL;
    const cJSON *warnings = cJSON_GetObjectItem(result, "warnings");
    const cJSON *errors = cJSON_GetObjectItem(result, "errors");

    if (cJSON_GetArraySize(warnings) > 0) {
        cc_buf_text(out, "\nMind\n");
    }
    cJSON_ArrayForEach (row, warnings) {
        cc_buf_addf(out, "  - %s\n", cJSON_GetStringValue(row));
    }
    if (cJSON_GetArraySize(errors) > 0) {
        cc_buf_text(out, "\nMissing\n");
    }
    cJSON_ArrayForEach (row, errors) {
        const char *why = cc_json_text(row, "why");

        cc_buf_addf(out, "  - %s [%s]\n", cc_json_text(row, "what"), cc_json_text(row, "code"));
        if (why) {
            cc_buf_addf(out, "    cause: %s\n", why);
        }
        cc_buf_addf(out, "    try:   %s\n", cc_json_text(row, "fix"));
    }
}

static void print(const cJSON *result, struct cc_buf *out)
{
    const char *reason = cc_json_text(cc_json_object(result, "expectation"), "reason");

    print_first_line(result, out);
    if (reason) {
        cc_buf_addf(out, "Not as expected: %s\n", reason);
    }
    print_fields(result, out);
    print_evidence(result, out);
    print_troubles(result, out);
}

static void print_assignment(const char *name, const char *value, struct cc_buf *out)
{
    cc_buf_text(out, "CREDCTL_");
    for (; *name; name++) {
        char upper = *name;

        if (upper >= 'a' && upper <= 'z') {
            upper = (char)(upper - 'a' + 'A');
        }
        cc_buf_add(out, &upper, 1);
    }
    cc_buf_text(out, "='");
    for (; *value; value++) {
        if (*value == '\'') {
            cc_buf_text(out, "'\\''");
        } else {
            cc_buf_add(out, value, 1);
        }
    }
    cc_buf_text(out, "'\n");
}

static void print_env(const cJSON *result, struct cc_buf *out)
{
    const cJSON *row = NULL;

    cJSON_ArrayForEach (row, result) {
        const char *text = cJSON_IsBool(row)   ? (cJSON_IsTrue(row) ? "true" : "false")
                           : cJSON_IsNull(row) ? ""
                                               : cJSON_GetStringValue(row);

        if (text && strcmp(row->string, "expectation") != 0) {
            print_assignment(row->string, text, out);
        }
    }
}

/* clang-format off */
#define NULLABLE "{\"type\":[\"string\",\"null\"]}"
#define FIELD(name) "\"" name "\":" NULLABLE ","

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"detect\","
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":["
    "\"environment\",\"confidence\",\"aws\",\"partition\",\"account_id\",\"region\","
    "\"availability_zone\",\"role_arn\",\"role_name\",\"role_source\",\"instance_profile_arn\","
    "\"identity_mechanism\",\"compute\",\"service\",\"resource_id\",\"instance_id\","
    "\"instance_type\",\"host_instance_id\",\"task_arn\",\"task_family\",\"launch_type\","
    "\"cluster\",\"pod\",\"namespace\",\"service_account\",\"node\",\"issuer\","
    "\"function_name\",\"function_version\",\"runtime_id\",\"runtime_arn\",\"job_id\","
    "\"container\",\"container_id\",\"metadata_endpoint\",\"role_arn_path_known\","
    "\"imds_state\",\"evidence\",\"warnings\",\"errors\",\"expectation\"],\"properties\":{"
    "\"environment\":{\"enum\":[\"ec2\",\"ecs\",\"fargate\",\"eks\",\"lambda\","
    "\"bedrock-agentcore\",\"local\",\"codebuild\",\"cloudshell\",\"sagemaker\",\"app-runner\","
    "\"kubernetes\",\"greengrass\",\"lambda-microvm\",\"microvm\",\"other-cloud\","
    "\"github-actions\"]},"
    "\"confidence\":{\"enum\":[\"none\",\"low\",\"medium\",\"high\"]},"
    "\"aws\":{\"type\":\"boolean\",\"description\":\"runs on AWS\"},"
    "\"account_id\":{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]{12}$\"},"
    "\"role_arn\":{\"type\":[\"string\",\"null\"],\"pattern\":\"^arn:\","
    "\"description\":\"only when it was told whole, path included\"},"
    FIELD("partition") FIELD("region") FIELD("availability_zone") FIELD("role_name")
    FIELD("role_source") FIELD("instance_profile_arn") FIELD("identity_mechanism")
    FIELD("compute") FIELD("service") FIELD("resource_id") FIELD("instance_id")
    FIELD("instance_type") FIELD("host_instance_id") FIELD("task_arn") FIELD("task_family")
    FIELD("launch_type") FIELD("cluster") FIELD("pod") FIELD("namespace")
    FIELD("service_account") FIELD("node") FIELD("issuer") FIELD("function_name")
    FIELD("function_version") FIELD("runtime_id") FIELD("runtime_arn") FIELD("job_id")
    FIELD("container") FIELD("container_id") FIELD("metadata_endpoint")
    "\"role_arn_path_known\":{\"type\":[\"boolean\",\"null\"]},"
    "\"imds_state\":{\"enum\":[\"not-asked\",\"disabled-by-variable\",\"unreachable\","
    "\"unreachable-hop-limit\",\"silent\",\"disabled\",\"look-alike\",\"token-rejected\","
    "\"failing\",\"mmds\",\"partial\",\"available\"]},"
    "\"evidence\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"additionalProperties\":false,\"required\":[\"source\",\"seen\",\"says\",\"ms\"],"
    "\"properties\":{\"source\":{\"type\":\"string\"},\"seen\":{\"type\":\"string\"},"
    "\"says\":{\"type\":\"string\"},\"ms\":{\"type\":\"number\"}}}},"
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"additionalProperties\":false,\"required\":[\"code\",\"what\",\"why\",\"fix\"],"
    "\"properties\":{\"code\":{\"type\":\"string\"},\"what\":{\"type\":\"string\"},"
    "\"why\":" NULLABLE ",\"fix\":{\"type\":\"string\"}}}},"
    "\"expectation\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,"
    "\"required\":[\"met\",\"reason\"],\"properties\":{\"met\":{\"type\":\"boolean\"},"
    "\"reason\":" NULLABLE "}}}}";
/* clang-format on */

const struct cc_command cc_command_detect = {
    .name = "detect",
    .summary = "name the AWS environment this runs in, with its role, account and region, and why",
    .details =
        "Looks at variables, files, firmware and the metadata services beside this host; calls\n"
        "no AWS API, reads no credentials, and takes two seconds at most. Every answer comes\n"
        "with its evidence and a confidence. With --expect it is a gate: exit status 1 unless\n"
        "what was found is what was expected.\n"
        "\n"
        "Environments: ec2, ecs, fargate, eks, lambda, bedrock-agentcore, local, codebuild,\n"
        "cloudshell, sagemaker, app-runner, kubernetes, greengrass, lambda-microvm, microvm,\n"
        "github-actions, other-cloud. Services on them: batch, emr, elastic-beanstalk, rosa,\n"
        "kops.",
    .options = options,
    .flags = CC_FOR_AGENTS | CC_NO_CHAIN,
    .schema = schema,
    .run = run,
    .print = print,
    .print_env = print_env,
};
