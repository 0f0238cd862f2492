#include "credctl/base/shape.h"
#include "credctl/base/text.h"

#include "support/search.h"

#include <stdio.h>

/*
 * The ledger is proved: each kind of provider and hop is planned in a world that records what is
 * looked at; then each of these things is changed in turn, and the sum must be another. The
 * properties are recorded by standing between those who read them and the shared files (the
 * linker's --wrap), so that reading past the ledger is seen as well.
 */

#define JWT_ALICE                                                                                   \
    "h.eyJpc3MiOiJpIiwic3ViIjoiYWxpY2UiLCJleHAiOjEsImlhdCI6MSwibmJmIjoxLCJqdGkiOiIxIiwia3ViZXJuZXR" \
    "lcy5pbyI6eyJuYW1lc3BhY2UiOiJuIiwid2FybmFmdGVyIjoxfX0.s"
#define ROLES    "/latest/meta-data/iam/security-credentials-extended/"
#define ARN      "arn:aws:iam::123456789012:role/r"
#define BASE     "[profile base]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY "\n"
#define SSO_FILE "/home/u/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
#define LOGIN_FILE              \
    "/home/u/.aws/login/cache/" \
    "2744ccd10c7533bd736ad890f9dd5cab2adb27b07d500b9493f29cdc420cb2e0.json"
#define SSO_TOKEN(person, registered)                                                       \
    "{\"startUrl\":\"https://x.example\",\"accessToken\":\"" person "\",\"expiresAt\":"     \
    "\"2027-01-15T08:04:00Z\",\"refreshToken\":\"" person "-r\",\"clientId\":\"" registered \
    "\",\"clientSecret\":\"s\",\"registrationExpiresAt\":\"2027-02-01T00:00:00Z\"}"
#define LOGIN_TOKEN(person)                                                                     \
    "{\"accessToken\":{\"accessKeyId\":\"" person "\",\"secretAccessKey\":\"" CANARY            \
    "\",\"sessionToken\":\"t\",\"accountId\":\"123456789012\",\"expiresAt\":"                   \
    "\"2027-01-15T08:04:00Z\"},\"clientId\":\"c\",\"refreshToken\":\"" person "\",\"dpopKey\":" \
    "\"k\"}"
#define CLI_ENTRY(person)                                                            \
    "{\"Credentials\":{\"AccessKeyId\":\"" person "\",\"SecretAccessKey\":\"" CANARY \
    "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00Z\"}}"
/* sha1 of {"RoleArn": "arn:aws:iam::123456789012:role/r"} */
#define CLI_ROLE "/home/u/.aws/cli/cache/6dc9e6e1e186b9f293814df3266de783142c48a2.json"

static const struct cc_assume hop = {.role_arn = ARN "2", .session_name = "me"};

struct pair {
    const char *name;
    const char *value;
    const char *other; /* what else it might be; NULL: as in `others` */
};

struct scenario {
    const char *name;
    const char *config;
    const char *profile; /* --profile */
    struct pair env[4];
    struct pair files[4];
    bool hop;                /* a role on top */
    bool cli;                /* --use-aws-cli-cache */
    bool no_options;         /* its calls are not made by us, or have a region of their own */
    const char *harmless[8]; /* besides those of the table below */
};

static const struct scenario scenarios[] = {
    {.name = "environment",
     .config = "[default]\nregion = us-east-1\n",
     .env = {{"AWS_ACCESS_KEY_ID", "AKID"},
             {"AWS_SECRET_ACCESS_KEY", "s"},
             {"AWS_SESSION_TOKEN", "t"}},
     .hop = true},
    {.name = "environment with the old token variable",
     .config = "[default]\nregion = us-east-1\n",
     .env = {{"AWS_ACCESS_KEY_ID", "AKID"},
             {"AWS_SECRET_ACCESS_KEY", "s"},
             {"AWS_SECURITY_TOKEN", "t"}},
     .hop = true},
    {.name = "static keys",
     .config =
         "[default]\nregion = us-east-1\naws_access_key_id = AKID\naws_secret_access_key = s\n",
     .hop = true},
    {.name = "role on static keys",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = base\n"
               "mfa_serial = m\nexternal_id = e\nduration_seconds = 900\nrole_session_name = me\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n" BASE},
    {.name = "role on a role",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = middle\n"
               "[profile middle]\nrole_arn = " ARN "m\nsource_profile = base\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n" BASE},
    {.name = "role on the environment",
     .config =
         "[profile p]\nregion = us-east-1\nrole_arn = " ARN "\ncredential_source = Environment\n",
     .profile = "p",
     .env = {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s"}}},
    {.name = "role on the container's role",
     .config =
         "[default]\nregion = us-east-1\nrole_arn = " ARN "\ncredential_source = EcsContainer\n",
     .env = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x", "/y"},
             {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "t"}}},
    {.name = "role on the instance's role",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN
               "\ncredential_source = Ec2InstanceMetadata\n"},
    {.name = "web identity",
     .config = "[default]\nregion = us-east-1\n",
     .env = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
             {"AWS_ROLE_ARN", ARN},
             {"AWS_ROLE_SESSION_NAME", "me"}},
     .files = {{"/t", JWT_ALICE, "opaque"}}},
    {.name = "web identity of a profile",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nweb_identity_token_file = /t\n"
               "role_session_name = me\nduration_seconds = 900\n",
     .files = {{"/t", JWT_ALICE, "opaque"}}},
    {.name = "role on web identity",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = w\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n"
               "[profile w]\nrole_arn = " ARN "w\nweb_identity_token_file = /t\n",
     .files = {{"/t", JWT_ALICE, "opaque"}}},
    {.name = "sso",
     .config = "[default]\nsso_session = dev\nsso_account_id = 111122223333\nsso_role_name = R\n"
               "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x.example\n",
     .files = {{SSO_FILE, SSO_TOKEN("alice", "c"), SSO_TOKEN("bob", "c")}},
     .no_options = true,
     .harmless = {"AWS_REGION", "AWS_DEFAULT_REGION", "region"}},
    {.name = "sso without a session",
     .config = "[default]\nsso_start_url = dev\nsso_account_id = 111122223333\nsso_role_name = R\n"
               "sso_region = us-east-1\n",
     .files = {{SSO_FILE, SSO_TOKEN("alice", "c"), SSO_TOKEN("bob", "c")}},
     .no_options = true,
     .harmless = {"AWS_REGION", "AWS_DEFAULT_REGION", "region"}},
    {.name = "login",
     .config = "[default]\nregion = us-east-1\nlogin_session = me\n",
     .files = {{LOGIN_FILE, LOGIN_TOKEN("alice"), LOGIN_TOKEN("bob")}}},
    {.name = "role on a login",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = l\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n"
               "[profile l]\nlogin_session = me\n",
     .files = {{LOGIN_FILE, LOGIN_TOKEN("alice"), LOGIN_TOKEN("bob")}}},
    {.name = "process",
     .config = "[default]\nsso_start_url = https://x.example\nsso_region = us-east-1\n"
               "credential_process = get\n",
     .env = {{"WHO", "alice"}, {"AWS_ASSUME_ROLE_ARN", ARN "a"}},
     .no_options = true,
     .harmless = {"region", "sso_region", "use_fips_endpoint", "use_dualstack_endpoint",
                  "sts_regional_endpoints", "ca_bundle"}},
    {.name = "role on a process",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = c\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n"
               "[profile c]\ncredential_process = get\n"},
    {.name = "container",
     .config = "[default]\nregion = us-east-1\n",
     .env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/x"},
             {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/t"}},
     .files = {{"/t", JWT_ALICE, "opaque"}},
     .hop = true},
    {.name = "instance",
     .config = "[default]\nregion = us-east-1\n",
     .env = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1/", "http://127.0.0.2/"}},
     .hop = true,
     /* which the endpoint beats */
     .harmless = {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode",
                  "ec2_metadata_service_endpoint", "AWS_IMDS_USE_IPV6"}},
    {.name = "role on its own keys",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "\nsource_profile = default\n"
               "aws_access_key_id = AKID\naws_secret_access_key = s\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n"},
    {.name = "web identity that the AWS CLI has kept",
     .config =
         "[default]\nregion = us-east-1\nrole_arn = " ARN "\nweb_identity_token_file = /t\n"
         "[profile same]\nregion = us-east-1\nrole_arn = " ARN "\nweb_identity_token_file = /t\n",
     .env = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", ARN}},
     .files = {{CLI_ROLE, CLI_ENTRY("alice"), CLI_ENTRY("bob")}, {"/t", "t", "u"}},
     .cli = true},
    {.name = "a role the AWS CLI has kept, and another on it",
     .config = "[default]\nregion = us-east-1\nrole_arn = " ARN "2\nsource_profile = r\n"
               "[profile r]\nrole_arn = " ARN "\nsource_profile = base\n"
               "[profile other]\naws_access_key_id = AKIDO\naws_secret_access_key = s\n" BASE,
     .files = {{CLI_ROLE, CLI_ENTRY("alice"), CLI_ENTRY("bob")}},
     .cli = true},
};

/* What else a variable or a property may be, where it cannot be just any text. */
static const struct pair others[] = {
    {"AWS_REGION", "eu-west-1"},
    {"AWS_DEFAULT_REGION", "eu-west-1"},
    {"region", "eu-west-1"},
    {"sso_region", "eu-west-1"},
    {"AWS_USE_FIPS_ENDPOINT", "true"},
    {"use_fips_endpoint", "true"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
    {"use_dualstack_endpoint", "true"},
    {"AWS_STS_REGIONAL_ENDPOINTS", "legacy"},
    {"sts_regional_endpoints", "legacy"},
    {"AWS_EC2_METADATA_DISABLED", "true"},
    {"disable_ec2_metadata", "true"},
    {"AWS_EC2_METADATA_V1_DISABLED", "true"},
    {"ec2_metadata_v1_disabled", "true"},
    {"AWS_IMDS_USE_IPV6", "true"},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.2/"},
    {"ec2_metadata_service_endpoint", "http://127.0.0.2/"},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"},
    {"ec2_metadata_service_endpoint_mode", "IPv6"},
    {"AWS_METADATA_SERVICE_TIMEOUT", "2"},
    {"metadata_service_timeout", "2"},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2"},
    {"metadata_service_num_attempts", "2"},
    {"AWS_MAX_ATTEMPTS", "2"},
    {"max_attempts", "2"},
    {"duration_seconds", "1800"},
    {"source_profile", "other"},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/z"},
    {"AWS_CREDENTIAL_EXPIRATION", "2027-01-15T09:30:00Z"},
    {"aws_account_id", "123456789013"},
    {"AWS_ACCOUNT_ID", "123456789013"},
};

/* What is looked at and decides nothing about whose credentials they are. */
static const struct {
    const char *name;
    const char *reason;
} harmless[] = {
    {"HOME", "where files are looked for; what they say is entered"},
    {"AWS_CONFIG_FILE", "the same"},
    {"AWS_SHARED_CREDENTIALS_FILE", "the same"},
    {"AWS_PROFILE", "which profile; its name is entered, and what is read of it"},
    {"AWS_DEFAULT_PROFILE", "the same"},
    {"AWS_MAX_ATTEMPTS", "how often a call is tried"},
    {"max_attempts", "the same"},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "the endpoint that remains is entered"},
    {"ignore_configured_endpoint_urls", "the same"},
    {"AWS_METADATA_SERVICE_TIMEOUT", "how long it is waited for"},
    {"metadata_service_timeout", "the same"},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "how often it is asked"},
    {"metadata_service_num_attempts", "the same"},
    {"services", "where endpoints are looked for; the one that is found is entered"},
};

static const char *const circumstances[] = {"_", "SHLVL", "OLDPWD", "COLUMNS", "LINES", "PS1"};

/* --- what is recorded ------------------------------------------------------------------------- */

static struct {
    const struct cc_section *section;
    const char *key;
    bool before; /* the search began */
} read_properties[1024];
static size_t read_property_count;

const struct cc_property *__real_cc_section_property(const struct cc_section *section,
                                                     const char *key);
const char *__real_cc_section_value(const struct cc_section *section, const char *key);
const struct cc_property *__wrap_cc_section_property(const struct cc_section *section,
                                                     const char *key);
const char *__wrap_cc_section_value(const struct cc_section *section, const char *key);

static void record(const struct cc_section *section, const char *key)
{
    if (section) {
        assert_true(read_property_count < CC_COUNT(read_properties));
        read_properties[read_property_count].before = false;
        read_properties[read_property_count].section = section;
        read_properties[read_property_count++].key = key;
    }
}

const struct cc_property *__wrap_cc_section_property(const struct cc_section *section,
                                                     const char *key)
{
    record(section, key);
    return __real_cc_section_property(section, key);
}

const char *__wrap_cc_section_value(const struct cc_section *section, const char *key)
{
    record(section, key);
    return __real_cc_section_value(section, key);
}

/* --- one search ------------------------------------------------------------------------------- */

struct asked {
    const struct scenario *scenario;
    struct cc_given given;
    struct cc_assume hop;
    bool other_cli; /* the option is the other way round */
    struct cc_search search;
    struct cc_chain *chain;
    char sum[CC_SUM_SIZE + 32];
};

static bool broken(struct asked *asked, const struct cc_error *err)
{
    (void)snprintf(asked->sum, sizeof(asked->sum), "broken: %d", err->code);
    return false;
}

/* What settings are read from before the search begins is recorded too, but for the counts. */
static bool plan(struct fake *fake, struct asked *asked)
{
    struct cc_settings *settings = cc_alloc(&fake->mem, sizeof(*settings));
    struct cc_error err = {0};
    char sum[CC_SUM_SIZE];

    asked->chain = cc_alloc(&fake->mem, sizeof(*asked->chain));
    fake->read_count = 0;
    read_property_count = 0;
    fake->run.ca_bundle = NULL;
    if (!cc_settings_load(&fake->run, &asked->given, settings, &err)) {
        return broken(asked, &err);
    }
    for (size_t i = 0; i < fake->read_count; i++) {
        fake->reads[i].times = 0;
    }
    for (size_t i = 0; i < read_property_count; i++) {
        read_properties[i].before = true;
    }
    asked->search = (struct cc_search){.run = &fake->run,
                                       .settings = settings,
                                       .aws_cli_cache = asked->scenario->cli != asked->other_cli};
    if (!cc_chain_plan(&asked->search, &asked->hop, asked->scenario->hop, asked->chain, &err)) {
        return broken(asked, &err);
    }
    assert_int_equal(fake->sent_count, 0); /* nobody is asked */
    assert_null(fake->process_line);
    cc_ledger_sum(&asked->search.ledger, sum);
    (void)snprintf(asked->sum, sizeof(asked->sum), "%s %s", asked->chain->question.base->name, sum);
    return true;
}

/* So that what is read while somebody is asked is recorded as well. */
static void fetch(struct fake *fake, struct asked *asked)
{
    struct cc_keys keys;
    struct cc_story *story = cc_alloc(&fake->mem, sizeof(*story));
    struct cc_error err = {0};

    if (!cc_chain_fetch(&asked->search, asked->chain, &keys, story, &err) &&
        err.code != CC_E_LOGIN) { /* its key is none, which is seen after all has been read */
        fail_msg("%s: %s: %s", asked->scenario->name, err.what, err.why);
    }
    fake->sent_count = 0;
    fake->process_line = NULL;
    for (const struct pair *row = asked->scenario->files; row->name; row++) {
        fake_file(fake, row->name, row->value);
    }
}

static struct asked begin(struct fake *fake, const struct scenario *scenario)
{
    struct asked asked = {
        .scenario = scenario, .given = {.profile = scenario->profile}, .hop = hop};

    memset(fake->env, 0, sizeof(fake->env));
    memset(fake->files, 0, sizeof(fake->files));
    fake_env(fake, "HOME", "/home/u");
    fake_file(fake, CONFIG, scenario->config);
    for (const struct pair *row = scenario->env; row->name; row++) {
        fake_env(fake, row->name, row->value);
    }
    for (const struct pair *row = scenario->files; row->name; row++) {
        fake_file(fake, row->name, row->value);
    }
    if (!plan(fake, &asked)) {
        fail_msg("%s is %s", scenario->name, asked.sum);
    }
    return asked;
}

/* STS answers what it is asked. */
static void choose_answer(struct fake *fake)
{
    const char *asked = fake->sent[fake->sent_count - 1].body;

    fake->http[0].body =
        sts_answer(fake, strstr(asked, "WebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole");
}

static void add_answers(struct fake *fake)
{
    static const char keys[] =
        "{\"Version\":1,\"Code\":\"Success\",\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"" CANARY
        "\",\"Token\":\"t\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00Z\"}";
    const struct fake_exchange rows[] = {
        {.url = STS, .meanwhile = choose_answer},
        {.url = "https://portal.sso.us-east-1.amazonaws.com/federation/"
                "credentials?role_name=R&account_id=111122223333",
         .body = "{\"roleCredentials\":{\"accessKeyId\":\"ASIA\",\"secretAccessKey\":\"" CANARY
                 "\",\"sessionToken\":\"t\",\"expiration\":1800003600000}}"},
        {.url = "https://oidc.us-east-1.amazonaws.com/token",
         .body = "{\"accessToken\":\"new\",\"expiresIn\":3600}"},
        {.url = "http://169.254.170.2/x", .body = keys},
        {.url = "http://127.0.0.1/x", .body = keys},
        {.url = "http://169.254.169.254/latest/api/token", .body = "token"},
        {.url = "http://169.254.169.254" ROLES, .body = "r"},
        {.url = "http://169.254.169.254" ROLES "r", .body = keys},
        {.url = "http://127.0.0.1/latest/api/token", .body = "token"},
        {.url = "http://127.0.0.1" ROLES, .body = "r"},
        {.url = "http://127.0.0.1" ROLES "r", .body = keys},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake_exchange row = rows[i];

        row.status = 200;
        row.optional = row.forever = true;
        fake_http_row(fake, row);
    }
    fake->process = (struct cc_process_end){.out = keys};
    fake->answer = "123456";
}

/* Read on behalf of what is noted under another name: the region, endpoint or certificates of a
 * call, the metadata service, a path. */
static const char *const noted_otherwise[] = {
    "HOME",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_SIGNIN",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "endpoint_url",
    "ignore_configured_endpoint_urls",
    "services",
    "AWS_EC2_METADATA_DISABLED",
    "disable_ec2_metadata",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "ec2_metadata_service_endpoint",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "ec2_metadata_service_endpoint_mode",
    "AWS_IMDS_USE_IPV6",
    "AWS_EC2_METADATA_V1_DISABLED",
    "ec2_metadata_v1_disabled",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "metadata_service_timeout",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "metadata_service_num_attempts",
};

static bool is_noted_otherwise(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(noted_otherwise); i++) {
        if (strcmp(noted_otherwise[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int notes_of(const struct cc_ledger *ledger, const char *name, const char *of)
{
    int count = 0;

    for (size_t i = 0; i < ledger->count; i++) {
        count += (!name || strcmp(ledger->notes[i].name, name) == 0) &&
                 strcmp(ledger->notes[i].of, of) == 0;
    }
    return count;
}

/* Each time something is read it is noted: there is no way past the ledger. */
static void expect_notes(struct fake *fake, const struct asked *asked)
{
    const struct cc_ledger *ledger = &asked->search.ledger;

    for (size_t i = 0; i < fake->read_count; i++) {
        const struct fake_read *one = &fake->reads[i];
        int notes = notes_of(ledger, one->kind == 'v' ? "variable" : NULL, one->name);

        if ((one->kind == 'v' || one->kind == 'f') && !is_noted_otherwise(one->name) &&
            notes != one->times) {
            fail_msg("%s: %s was read %d times, and noted %d times", asked->scenario->name,
                     one->name, one->times, notes);
        }
    }
    for (size_t i = 0; i < read_property_count; i++) {
        const struct cc_section *section = read_properties[i].section;
        const char *key = read_properties[i].key;
        int times = 0;

        for (size_t k = 0; k < read_property_count; k++) {
            times += !read_properties[k].before && read_properties[k].section == section &&
                     strcmp(read_properties[k].key, key) == 0;
        }
        const char *of = cc_textf(&fake->mem, "%d %s %s", (int)section->kind, section->name, key);
        if (section->kind != CC_SECTION_SERVICES && !is_noted_otherwise(key) &&
            notes_of(ledger, "property", of) != times) {
            fail_msg("%s: %s was read %d times, and noted %d times", asked->scenario->name, of,
                     times, notes_of(ledger, "property", of));
        }
    }
}

static bool is_harmless(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < CC_COUNT(harmless); i++) {
        if (strcmp(harmless[i].name, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < CC_COUNT(scenario->harmless); i++) {
        if (cc_text_equal(scenario->harmless[i], name)) {
            return true;
        }
    }
    return false;
}

static const char *other_than(const struct pair *own, const char *name, const char *value)
{
    for (; own && own->name; own++) {
        if (strcmp(own->name, name) == 0 && own->other) {
            return own->other;
        }
    }
    for (size_t i = 0; i < CC_COUNT(others); i++) {
        if (strcmp(others[i].name, name) == 0 && !cc_text_equal(others[i].value, value)) {
            return others[i].value;
        }
    }
    return "changed";
}

static size_t changes; /* in all; told at the end */

static void expect_another(const struct asked *before, const struct asked *after, const char *kind,
                           const char *name)
{
    changes++;
    if (strcmp(before->sum, after->sum) == 0 && !is_harmless(before->scenario, name)) {
        fail_msg("%s: another %s %s, and the same key", before->scenario->name, kind, name);
    }
}

static void change_variables(struct fake *fake, const struct asked *before)
{
    if (!before->scenario->no_options) { /* libcurl is told of these */
        fake_noted(fake, 'v', "SSL_CERT_FILE");
        fake_noted(fake, 'v', "CURL_CA_BUNDLE");
    }
    const size_t count = fake->read_count;
    struct fake_read reads[CC_COUNT(fake->reads)];

    memcpy(reads, fake->reads, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const char *name = reads[i].name;

        if (reads[i].kind != 'v') {
            continue;
        }
        const char *old = fake->world.env(fake, name);
        fake_env(fake, name, other_than(before->scenario->env, name, old));
        plan(fake, &after);
        expect_another(before, &after, "variable", name);
        if (old) { /* unset */
            fake_env(fake, name, NULL);
            plan(fake, &after);
            expect_another(before, &after, "(or no) variable", name);
        }
        fake_env(fake, name, old);
    }
}

static void change_files(struct fake *fake, const struct asked *before)
{
    const size_t count = fake->read_count;
    struct fake_read reads[CC_COUNT(fake->reads)];

    memcpy(reads, fake->reads, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const char *name = reads[i].name;

        /* Those two are changed property by property. */
        if (reads[i].kind != 'f' || strcmp(name, CONFIG) == 0 || strcmp(name, CREDENTIALS) == 0) {
            continue;
        }
        const char *old = fake_file_text(fake, name);
        fake_file(fake, name, other_than(before->scenario->files, name, old));
        plan(fake, &after);
        expect_another(before, &after, "file", name);
        fake_file(fake, name, NULL);
        plan(fake, &after);
        if (old) {
            expect_another(before, &after, "(or no) file", name);
        }
        fake_file(fake, name, old);
    }
}

static const char *value_in(const struct cc_section *section, const char *key)
{
    return __real_cc_section_value(section, key);
}

static void change_properties(struct fake *fake, const struct asked *before)
{
    static const char *const titles[] = {[CC_SECTION_PROFILE] = "profile ",
                                         [CC_SECTION_SSO_SESSION] = "sso-session ",
                                         [CC_SECTION_SERVICES] = "services "};
    const size_t count = read_property_count;
    __typeof__(read_properties) reads;

    memcpy(reads, read_properties, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const struct cc_section *section = reads[i].section;
        const char *value = other_than(NULL, reads[i].key, value_in(section, reads[i].key));

        /* The last value of a property wins. */
        const char *title =
            strcmp(section->name, "default") == 0
                ? "default"
                : cc_textf(&fake->mem, "%s%s", titles[section->kind], section->name);
        fake_file(fake, CONFIG,
                  cc_textf(&fake->mem, "%s[%s]\n%s = %s\n", before->scenario->config, title,
                           reads[i].key, value));
        plan(fake, &after);
        expect_another(before, &after, "property", reads[i].key);
    }
    fake_file(fake, CONFIG, before->scenario->config);
}

static void change_options(struct fake *fake, const struct asked *before)
{
    static const struct cc_given given[] = {{.region = "eu-west-1"},
                                            {.endpoint_url = "http://127.0.0.9/"},
                                            {.ca_bundle = "/ca.pem"},
                                            {.profile = "changed"}};

    for (size_t i = before->scenario->no_options ? 3 : 0; i < CC_COUNT(given); i++) {
        struct asked after = *before;

        after.given = given[i];
        after.given.profile = given[i].profile ? given[i].profile : before->scenario->profile;
        plan(fake, &after);
        expect_another(before, &after, "option", "given");
    }
    struct asked one = *before;
    one.given = (struct cc_given){.ca_bundle = "/one.pem", .profile = before->scenario->profile};
    struct asked other = one;
    other.given.ca_bundle = "/other.pem";
    plan(fake, &one);
    plan(fake, &other);
    expect_another(&one, &other, "option", before->scenario->no_options ? "HOME" : "ca-bundle");
    one = *before;
    one.other_cli = true;
    plan(fake, &one);
    expect_another(before, &one, "option", "use-aws-cli-cache");
}

static void whatever_is_looked_at_is_in_the_key(void **state)
{
    struct fake *fake = *state;

    add_answers(fake);
    for (size_t i = 0; i < CC_COUNT(scenarios); i++) {
        struct asked before = begin(fake, &scenarios[i]);
        struct asked again = before;

        plan(fake, &again);
        assert_string_equal(before.sum, again.sum);
        expect_notes(fake, &again);
        fetch(fake, &again);
        change_variables(fake, &before);
        plan(fake, &again);
        change_files(fake, &before);
        plan(fake, &again);
        fetch(fake, &again);
        change_properties(fake, &before);
        change_options(fake, &before);
        plan(fake, &again);
        if (strcmp(before.sum, again.sum) != 0) {
            fail_msg("%s: nothing changed, and another key", scenarios[i].name);
        }
    }
    print_message("%zu changes\n", changes);
}

/* --- what else decides ------------------------------------------------------------------------ */

static const struct scenario *named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(scenarios); i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            return &scenarios[i];
        }
    }
    fail_msg("there is no scenario %s", name);
    return NULL;
}

/* Each row of the table, whatever its kind. */
static void every_parameter_of_a_hop_is_in_the_key(void **state)
{
    static const char *const list[] = {"a=b", NULL};
    struct fake *fake = *state;
    struct asked before = begin(fake, named("environment"));
    struct asked after = before;

    for (const struct cc_shape_field *row = cc_assume_shape.fields; row->name; row++) {
        after = before;
        void *at = (char *)&after.hop + row->at;
        switch (row->kind) {
        case CC_KIND_TEXT: *(const char **)at = "changed"; break;
        case CC_KIND_NUMBER: *(int *)at = 900; break;
        case CC_KIND_SECRET: *(struct cc_secret *)at = (struct cc_secret){"123456"}; break;
        default: *(const char *const **)at = list;
        }
        plan(fake, &after);
        /* The code of an MFA device is another one every time. */
        if ((strcmp(before.sum, after.sum) == 0) != (row->kind == CC_KIND_SECRET)) {
            fail_msg("%s is not as it should be in the key", row->name);
        }
    }
    after = before;
    after.hop.region = "eu-west-1";
    plan(fake, &after);
    assert_string_not_equal(before.sum, after.sum);
}

static void what_asks_for_a_hop_is_noted(void **state)
{
    static const char *const names[] = {
        "AWS_ASSUME_ROLE_ARN",         "AWS_ASSUME_ROLE_SESSION_NAME",
        "AWS_ASSUME_ROLE_EXTERNAL_ID", "AWS_ASSUME_ROLE_DURATION_SECONDS",
        "_CREDCTL_ASSUME_ROLE_ARN",
    };
    struct fake *fake = *state;
    struct cc_search search = {.run = &fake->run};
    struct cc_assume made;
    struct cc_error err;
    bool present = false;

    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ARN);
    assert_true(cc_hop_from_environment(&search, &made, &present, &err));
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        assert_int_equal(notes_of(&search.ledger, "variable", names[i]), 1);
    }
}

static void a_command_may_look_at_any_variable_and_at_where_it_is_started(void **state)
{
    static const char *const names[] = {"process", "role on a process"};
    struct fake *fake = *state;

    for (size_t n = 0; n < CC_COUNT(names); n++) {
        struct asked before = begin(fake, named(names[n]));
        struct asked after = before;

        fake_env(fake, "VAULT_ADDR", "x");
        plan(fake, &after);
        assert_string_not_equal(before.sum, after.sum);
        fake_env(fake, "VAULT_ADDR", NULL);
        fake->folder = "/elsewhere";
        plan(fake, &after);
        assert_string_not_equal(before.sum, after.sum);
        fake->folder = NULL;
        before = begin(fake, named(names[n]));
        for (size_t i = 0; i < CC_COUNT(circumstances); i++) {
            fake_env(fake, circumstances[i], "changed");
        }
        plan(fake, &after);
        assert_string_equal(before.sum, after.sum);
    }
}

/* --- tokens ----------------------------------------------------------------------------------- */

static const char *token_of(struct fake *fake, const char *claims)
{
    return cc_textf(&fake->mem, "h.%s.s",
                    cc_text_base64url(&fake->mem, (const unsigned char *)claims, strlen(claims)));
}

static const char *identity_of(struct fake *fake, const char *claims)
{
    const char *token = token_of(fake, claims);

    return cc_token_identity(&fake->mem, token, strlen(token)).text;
}

static void a_token_that_was_issued_anew_is_of_the_same_identity(void **state)
{
    struct fake *fake = *state;
    const char *one = identity_of(
        fake,
        "{\"iss\":\"i\",\"exp\":1,\"aud\":[\"a\",\"b\"],\"iat\":2,\"nbf\":3,\"jti\":\"x,}\\\"\","
        "\"kubernetes.io\":{\"pod\":{\"name\":\"p\"},\"warnafter\":4}}");
    const char *two = identity_of(
        fake,
        "{ \"iss\":\"i\", \"exp\" : 9, \"aud\":[\"a\",\"b\"],\"iat\":8,\"nbf\":7,\"jti\":\"y\","
        "\"kubernetes.io\":{\"pod\":{\"name\":\"p\"},\"warnafter\":6}}");

    assert_string_equal(one, two);
    assert_non_null(strstr(one, "\"pod\":{\"name\":\"p\"}"));
}

static void every_other_claim_counts(void **state)
{
    static const char *const tokens[] = {
        "{\"iss\":\"i\",\"sub\":\"s\"}",
        "{\"iss\":\"j\",\"sub\":\"s\"}",
        "{\"iss\":\"i\",\"sub\":\"t\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"azp\":\"a\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"amr\":[\"x\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"amr\":[\"y\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\"}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\",\"exp\":1}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\",\"exp\":2}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"https://aws.amazon.com/source_identity\":\"x\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"https://aws.amazon.com/tags/principal_tags/t\":[\"x\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"n\":9007199254740992}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"n\":9007199254740993}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"warnafter\":1}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"kubernetes.io\":{\"jti\":\"1\"}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"\\u0065xp\":1}",
        "[\"iss\"]",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(identity_of(fake, tokens[i]), identity_of(fake, tokens[k]));
        }
    }
}

static void a_token_that_is_not_a_jwt_counts_as_it_stands(void **state)
{
    struct fake *fake = *state;
    static const char *const tokens[] = {"opaque", "a.b.c", "e30.e30", "h.e30.s.t", ""};

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        struct cc_bytes identity = cc_token_identity(&fake->mem, tokens[i], strlen(tokens[i]));

        assert_int_equal(identity.len, strlen(tokens[i]));
        assert_string_equal(identity.text, tokens[i]);
    }
}

static void a_login_that_we_refreshed_is_the_same_login(void **state)
{
    static const char *const replaced[] = {"accessToken", "expiresAt", "refreshToken", NULL};
    struct fake *fake = *state;
    struct asked before = begin(fake, named("sso"));
    struct asked after = before;
    struct cc_login_file file = {.replaced = replaced, .doc = cJSON_Parse(SSO_TOKEN("alice", "c"))};

    for (int i = 0; i < 2; i++) {
        const char *chain = cc_login_chain(&fake->mem, &file);

        cJSON_ReplaceItemInObject(file.doc, "accessToken",
                                  cJSON_CreateString(cc_textf(&fake->mem, "new %d", i)));
        cJSON_ReplaceItemInObject(file.doc, "refreshToken",
                                  cJSON_CreateString(cc_textf(&fake->mem, "new %d", i)));
        cc_login_chain_on(&fake->mem, &file, chain);
        char *text = cJSON_Print(file.doc);
        fake_file(fake, SSO_FILE, cc_text_dup(&fake->mem, text, strlen(text)));
        cJSON_free(text);
        plan(fake, &after);
        assert_string_equal(before.sum, after.sum);
    }
    /* Somebody else replaced the tokens, and kept what he did not know. */
    cJSON_ReplaceItemInObject(file.doc, "accessToken", cJSON_CreateString("another's"));
    char *text = cJSON_Print(file.doc);
    fake_file(fake, SSO_FILE, cc_text_dup(&fake->mem, text, strlen(text)));
    cJSON_free(text);
    plan(fake, &after);
    assert_string_not_equal(before.sum, after.sum);
    cJSON_Delete(file.doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(whatever_is_looked_at_is_in_the_key),
        IN_FAKE_WORLD(every_parameter_of_a_hop_is_in_the_key),
        IN_FAKE_WORLD(what_asks_for_a_hop_is_noted),
        IN_FAKE_WORLD(a_command_may_look_at_any_variable_and_at_where_it_is_started),
        IN_FAKE_WORLD(a_token_that_was_issued_anew_is_of_the_same_identity),
        IN_FAKE_WORLD(every_other_claim_counts),
        IN_FAKE_WORLD(a_token_that_is_not_a_jwt_counts_as_it_stands),
        IN_FAKE_WORLD(a_login_that_we_refreshed_is_the_same_login),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
