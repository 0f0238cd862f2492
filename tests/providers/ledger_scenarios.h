#ifndef TESTS_PROVIDERS_LEDGER_SCENARIOS_H
#define TESTS_PROVIDERS_LEDGER_SCENARIOS_H

/* Each kind of provider and hop, and what else the things it looks at may be; for ledger_test.c. */

#include "support/search.h"

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

/* sha1 of {"accountId":"111122223333","roleName":"R","sessionName":"dev"} */
#define CLI_SSO "/home/u/.aws/cli/cache/4a09efe6994ba6449d541451c6bac57f070834af.json"

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
    {.name = "sso that the AWS CLI has kept",
     .config = "[default]\nsso_session = dev\nsso_account_id = 111122223333\nsso_role_name = R\n"
               "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x.example\n",
     .files = {{CLI_SSO, CLI_ENTRY("alice"), CLI_ENTRY("bob")}, {SSO_FILE, NULL, "t"}},
     .cli = true,
     .no_options = true,
     .harmless = {"AWS_REGION", "AWS_DEFAULT_REGION", "region"}},
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

#endif
