#include "check_support.h"

/*
 * One mistake at a time, on a laptop: the check that must tell it, how, and a word of its remedy.
 * No other line is a warning or a failure.
 */
struct seed {
    const char *mistake;
    struct fake_pair env[6]; /* in addition to `keys`; "" is set and empty, NULL is not set */
    struct fake_pair files[2];
    struct fake_mode mode;
    const char *refusal; /* the answer of STS; NULL: it confirms the keys */
    const char *check;
    enum cc_health status;
    const char *fix;
};

#define NO_KEYS                       \
    {"AWS_ACCESS_KEY_ID", NULL},      \
    {                                 \
        "AWS_SECRET_ACCESS_KEY", NULL \
    }
#define OWN_KEYS "aws_access_key_id = " KEY "\naws_secret_access_key = " CANARY "\n"
#define FAILED   CC_HEALTH_FAILED
#define WARNING  CC_HEALTH_WARNING

// clang-format off
static const struct seed seeds[] = {
    /* --- keys --- */
    {"half a pair", .env = {{"AWS_SECRET_ACCESS_KEY", NULL}},
     .check = "keys", .status = FAILED, .fix = "set AWS_SECRET_ACCESS_KEY"},
    {"the other half", .env = {{"AWS_ACCESS_KEY_ID", NULL}},
     .check = "keys", .status = FAILED, .fix = "set AWS_ACCESS_KEY_ID"},
    {"a token alone", .env = {NO_KEYS, {"AWS_SESSION_TOKEN", CANARY}},
     .check = "keys", .status = FAILED, .fix = "unset AWS_SESSION_TOKEN"},
    {"an old token alone", .env = {NO_KEYS, {"AWS_SECURITY_TOKEN", CANARY}},
     .check = "keys", .status = FAILED, .fix = "unset AWS_SECURITY_TOKEN"},
    {"a token beside long-lived keys", .env = {{"AWS_SESSION_TOKEN", CANARY}},
     .refusal = REFUSAL("InvalidClientTokenId"),
     .check = "keys", .status = FAILED, .fix = "unset AWS_SESSION_TOKEN"},
    {"temporary keys without a token", .env = {{"AWS_ACCESS_KEY_ID", TEMPORARY}},
     .refusal = REFUSAL("InvalidClientTokenId"),
     .check = "keys", .status = FAILED, .fix = "export AWS_SESSION_TOKEN"},
    {"two tokens", .env = {{"AWS_ACCESS_KEY_ID", TEMPORARY}, {"AWS_SESSION_TOKEN", CANARY},
                           {"AWS_SECURITY_TOKEN", CANARY "2"}},
     .check = "keys", .status = WARNING, .fix = "unset AWS_SECURITY_TOKEN"},
    {"the token in the old variable", .env = {{"AWS_ACCESS_KEY_ID", TEMPORARY},
                                              {"AWS_SECURITY_TOKEN", CANARY}},
     .check = "keys", .status = WARNING, .fix = "export AWS_SESSION_TOKEN"},
    {"blanks around a secret", .env = {{"AWS_SECRET_ACCESS_KEY", " " CANARY " "}},
     .check = "keys", .status = WARNING, .fix = "set AWS_SECRET_ACCESS_KEY again"},
    {"the line end of a Windows file", .env = {{"AWS_ACCESS_KEY_ID", KEY "\r"}},
     .check = "keys", .status = WARNING, .fix = "without a line break"},
    {"quotation marks around an ID", .env = {{"AWS_ACCESS_KEY_ID", "\"" KEY "\""}},
     .refusal = REFUSAL("InvalidClientTokenId"),
     .check = "keys", .status = FAILED, .fix = "set AWS_ACCESS_KEY_ID again"},
    {"an invisible character in an ID", .env = {{"AWS_ACCESS_KEY_ID", KEY "\xe2\x80\x8b"}},
     .check = "keys", .status = FAILED, .fix = "again"},
    {"ID and secret swapped", .env = {{"AWS_ACCESS_KEY_ID", CANARY},
                                      {"AWS_SECRET_ACCESS_KEY", KEY}},
     .refusal = REFUSAL("InvalidClientTokenId"),
     .check = "keys", .status = FAILED, .fix = "AWS_ACCESS_KEY_ID"},
    {"a misnamed secret", .env = {{"AWS_SECRET_ACCESS_KEY", NULL}, {"AWS_SECRET_KEY", CANARY}},
     .check = "keys", .status = FAILED, .fix = "export AWS_SECRET_ACCESS_KEY=\"$AWS_SECRET_KEY\""},
    {"both misnamed", .env = {NO_KEYS, {"AWS_ACCESS_KEY", KEY}, {"AWS_SECRET_KEY", CANARY}},
     .check = "keys", .status = FAILED, .fix = "export AWS_ACCESS_KEY_ID=\"$AWS_ACCESS_KEY\"; unset AWS_ACCESS_KEY; "
                                            "export AWS_SECRET_ACCESS_KEY="},
    {"keys that AWS does not know", .refusal = REFUSAL("InvalidClientTokenId"),
     .check = "identity", .status = FAILED, .fix = "check the access key"},
    {"a wrong secret", .refusal = REFUSAL("SignatureDoesNotMatch"),
     .check = "identity", .status = FAILED, .fix = "copy both halves"},
    {"expired keys", .env = {{"AWS_ACCESS_KEY_ID", TEMPORARY}, {"AWS_SESSION_TOKEN", CANARY},
                             {"AWS_CREDENTIAL_EXPIRATION", "2027-01-15T07:00:00Z"}},
     .refusal = REFUSAL("ExpiredToken"),
     .check = "credentials", .status = FAILED, .fix = "get fresh credentials"},
    {"an expiration of other keys", .env = {{"AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"}},
     .check = "credentials", .status = WARNING, .fix = "unset AWS_CREDENTIAL_EXPIRATION"},
    {"keys that end soon", .env = {{"AWS_CREDENTIAL_EXPIRATION", "2027-01-15T08:05:00Z"}},
     .check = "credentials", .status = WARNING, .fix = "fresh"},
    {"an expiration that is not a time", .env = {{"AWS_CREDENTIAL_EXPIRATION", "soon"}},
     .check = "keys", .status = WARNING, .fix = "unset AWS_CREDENTIAL_EXPIRATION"},
    {"the account of somebody else", .env = {{"AWS_ACCOUNT_ID", "999999999999"}},
     .check = "identity", .status = WARNING, .fix = "export AWS_ACCOUNT_ID=123456789012"},

    /* --- profiles --- */
    {"a profile that does not exist", .env = {NO_KEYS, {"AWS_PROFILE", "prod"}},
     .check = "profile", .status = FAILED, .fix = "AWS_PROFILE"},
    {"a mistyped profile", .env = {NO_KEYS, {"AWS_PROFILE", "prdo"}},
     .files = {{CONFIG, "[profile prod]\nregion = us-east-1\n"}},
     .check = "profile", .status = FAILED, .fix = "did you mean prod"},
    {"a missing profile behind keys", .env = {{"AWS_PROFILE", "prod"}},
     .check = "profile", .status = WARNING, .fix = "AWS_PROFILE"},
    {"an empty name of a profile", .env = {{"AWS_PROFILE", ""}},
     .check = "profile", .status = WARNING, .fix = "unset AWS_PROFILE"},
    {"two names of profiles", .env = {NO_KEYS, {"AWS_PROFILE", "a"}, {"AWS_DEFAULT_PROFILE", "b"}},
     .files = {{CREDENTIALS, "[a]\n" OWN_KEYS "[b]\n" OWN_KEYS}},
     .check = "profile", .status = WARNING, .fix = "unset AWS_DEFAULT_PROFILE"},
    {"the profile in the old variable", .env = {NO_KEYS, {"AWS_DEFAULT_PROFILE", "a"}},
     .files = {{CREDENTIALS, "[a]\n" OWN_KEYS}},
     .check = "profile", .status = WARNING, .fix = "export AWS_PROFILE=a"},
    {"blanks around the name of a profile", .env = {NO_KEYS, {"AWS_PROFILE", "a "}},
     .files = {{CREDENTIALS, "[a]\n" OWN_KEYS}},
     .check = "profile", .status = WARNING, .fix = "export AWS_PROFILE=a"},
    {"a misspelled property", .env = {NO_KEYS},
     .files = {{CREDENTIALS, "[default]\naws_access_key_id = " KEY "\n"
                             "aws_secret_acess_key = " CANARY "\n"}},
     .check = "profile", .status = FAILED, .fix = "write aws_secret_access_key in line 3"},
    {"a property with another name", .env = {NO_KEYS},
     .files = {{CREDENTIALS, "[default]\naws_access_key_id = " KEY "\n"
                             "aws_secret_key = " CANARY "\n"}},
     .check = "profile", .status = FAILED, .fix = "write aws_secret_access_key in line 3"},
    {"half a pair in a profile", .env = {NO_KEYS},
     .files = {{CREDENTIALS, "[default]\naws_access_key_id = " KEY "\n"}},
     .check = "credentials", .status = FAILED, .fix = "add aws_secret_access_key"},
    {"a role without a source", .env = {NO_KEYS, {"AWS_PROFILE", "r"}},
     .files = {{CONFIG, "[profile r]\nrole_arn = " ROLE "\n"}},
     .check = "credentials", .status = FAILED, .fix = "source_profile"},
    {"a source that does not exist", .env = {NO_KEYS, {"AWS_PROFILE", "r"}},
     .files = {{CONFIG, "[profile r]\nrole_arn = " ROLE "\nsource_profile = base\n"}},
     .check = "credentials", .status = FAILED, .fix = "add a profile base"},
    {"no login", .env = {NO_KEYS, {"AWS_PROFILE", "s"}},
     .files = {{CONFIG, "[profile s]\nsso_session = c\nsso_account_id = 123456789012\n"
                        "sso_role_name = R\n[sso-session c]\nsso_region = us-east-1\n"
                        "sso_start_url = https://x.awsapps.com/start\n"}},
     .check = "credentials", .status = FAILED, .fix = "aws sso login"},
    {"keys that hide a profile", .env = {{"AWS_PROFILE", "a"}},
     .files = {{CREDENTIALS, "[a]\n" OWN_KEYS}},
     .check = "precedence", .status = WARNING, .fix = "unset AWS_ACCESS_KEY_ID"},

    /* --- files --- */
    {"a section without its word", .env = {NO_KEYS, {"AWS_PROFILE", "prod"}},
     .files = {{CONFIG, "[prod]\nregion = us-east-1\n"}},
     .check = "files", .status = FAILED, .fix = "write [profile prod] in line 1"},
    {"a section with a word too many", .env = {NO_KEYS, {"AWS_PROFILE", "prod"}},
     .files = {{CREDENTIALS, "[profile prod]\n" OWN_KEYS}},
     .check = "files", .status = FAILED, .fix = "write [prod] in line 1"},
    {"an ignored section", .files = {{CONFIG, "[other]\nregion = us-east-1\n"}},
     .check = "files", .status = WARNING, .fix = "line 1"},
    {"a line that cannot be parsed", .files = {{CONFIG, "[default\nregion = x\n"}},
     .check = "files", .status = FAILED, .fix = "write it as"},
    {"a file that a variable names and that is missing",
     .env = {NO_KEYS, {"AWS_SHARED_CREDENTIALS_FILE", "/mnt/credentials"}},
     .check = "files", .status = FAILED, .fix = "unset AWS_SHARED_CREDENTIALS_FILE"},
    {"a missing file and the profile in it",
     .env = {NO_KEYS, {"AWS_CONFIG_FILE", "/mnt/config"}, {"AWS_PROFILE", "prod"}},
     .check = "files", .status = FAILED, .fix = "unset AWS_CONFIG_FILE"},
    {"a missing file that is not needed", .env = {{"AWS_CONFIG_FILE", "$HOME/.aws/config"}},
     .check = "files", .status = WARNING, .fix = "correct AWS_CONFIG_FILE"},
    {"a folder in the place of a file", .env = {NO_KEYS}, .files = {{CREDENTIALS "/x", ""}},
     .check = "files", .status = FAILED, .fix = "make " CREDENTIALS " a file"},
    {"a file that a variable names and that is a folder",
     .env = {{"AWS_CONFIG_FILE", "/mnt/config"}}, .files = {{"/mnt/config/x", ""}},
     .check = "files", .status = FAILED, .fix = "make /mnt/config a file"},
    {"a file that this user cannot read", .env = {NO_KEYS},
     .files = {{CREDENTIALS, "[default]\n" OWN_KEYS}}, .mode = {CREDENTIALS, 0600, false, true},
     .check = "files", .status = FAILED, .fix = "that this user can read"},
    {"keys that others can read", .env = {NO_KEYS},
     .files = {{CREDENTIALS, "[default]\n" OWN_KEYS}}, .mode = {CREDENTIALS, 0644, false, false},
     .check = "permissions", .status = WARNING, .fix = "chmod go= " CREDENTIALS},
    {"keys in a config file that others can read", .env = {NO_KEYS},
     .files = {{CONFIG, "[default]\n" OWN_KEYS}}, .mode = {CONFIG, 0640, false, false},
     .check = "permissions", .status = WARNING, .fix = "chmod go= " CONFIG},
    {"a config file that others can change", .files = {{CONFIG, "[default]\nregion = us-east-1\n"}},
     .mode = {CONFIG, 0666, false, false},
     .check = "permissions", .status = WARNING, .fix = "chmod go-w " CONFIG},
    {"a folder that others can change", .files = {{CONFIG, "[default]\nregion = us-east-1\n"}},
     .mode = {"/home/u/.aws", 0777, false, false},
     .check = "permissions", .status = WARNING, .fix = "chmod go-w /home/u/.aws"},
    {"a file of another user", .files = {{CONFIG, "[default]\nregion = us-east-1\n"}},
     .mode = {CONFIG, 0600, true, false},
     .check = "permissions", .status = WARNING, .fix = "chown"},

    /* --- variables of hosts --- */
    {"a role without a token", .env = {NO_KEYS, {"AWS_ROLE_ARN", ROLE}},
     .check = "web_identity", .status = FAILED, .fix = "unset AWS_ROLE_ARN"},
    {"a role without a token behind keys", .env = {{"AWS_ROLE_ARN", ROLE}},
     .check = "web_identity", .status = WARNING, .fix = "unset AWS_ROLE_ARN"},
    {"a token without a role", .env = {NO_KEYS, {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}},
     .files = {{"/t", CANARY}},
     .check = "web_identity", .status = FAILED, .fix = "set AWS_ROLE_ARN"},
    {"a token file that is missing",
     .env = {NO_KEYS, {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", ROLE}},
     .check = "web_identity", .status = FAILED, .fix = "AWS_WEB_IDENTITY_TOKEN_FILE"},
    {"a web identity role that is not a role",
     .env = {NO_KEYS, {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "admin"}},
     .files = {{"/t", CANARY}}, .refusal = REFUSAL("ValidationError"),
     .check = "web_identity", .status = FAILED, .fix = "arn:aws:iam::"},
    {"container variables outside of a container",
     .env = {NO_KEYS, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"}},
     .check = "container", .status = FAILED, .fix = "unset AWS_CONTAINER_CREDENTIALS_FULL_URI"},
    {"a container token without an endpoint",
     .env = {NO_KEYS, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", CANARY}},
     .check = "container", .status = FAILED, .fix = "unset AWS_CONTAINER_AUTHORIZATION_TOKEN"},
    {"a metadata setting that is neither true nor false",
     .env = {{"AWS_EC2_METADATA_DISABLED", "yes"}},
     .check = "metadata", .status = WARNING, .fix = "export AWS_EC2_METADATA_DISABLED=true"},
    {"another metadata endpoint", .env = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://10.0.0.1/"}},
     .check = "metadata", .status = WARNING, .fix = "unset AWS_EC2_METADATA_SERVICE_ENDPOINT"},
    {"a metadata mode that does not exist",
     .env = {NO_KEYS, {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "v6"}},
     .check = "metadata", .status = FAILED, .fix = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"},
    {"variables of Lambda on a laptop", .env = {{"AWS_LAMBDA_FUNCTION_NAME", "f"}},
     .check = "leftovers", .status = WARNING, .fix = "unset AWS_LAMBDA_FUNCTION_NAME"},
    {"a variable of old SDKs", .env = {{"AWS_SDK_LOAD_CONFIG", "1"}},
     .check = "leftovers", .status = WARNING, .fix = "unset AWS_SDK_LOAD_CONFIG"},
    {"a misnamed variable of a file", .env = {NO_KEYS, {"AWS_CREDENTIALS_FILE", "/c"}},
     .check = "leftovers", .status = FAILED, .fix = "export AWS_SHARED_CREDENTIALS_FILE"},

    /* --- region, endpoints, settings --- */
    {"two regions", .env = {{"AWS_DEFAULT_REGION", "eu-west-1"}},
     .check = "region", .status = WARNING, .fix = "export AWS_DEFAULT_REGION=us-east-1"},
    {"an empty region", .env = {{"AWS_DEFAULT_REGION", ""}},
     .check = "region", .status = WARNING, .fix = "unset AWS_DEFAULT_REGION"},
    {"no region", .env = {{"AWS_REGION", NULL}, {"AWS_DEFAULT_REGION", NULL}},
     .check = "region", .status = WARNING, .fix = "aws configure set region"},
    {"a zone in the place of a region",
     .env = {{"AWS_REGION", "us-east-1a"}, {"AWS_DEFAULT_REGION", "us-east-1a"}},
     .check = "region", .status = FAILED,
     .fix = "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1"},
    {"a region that cannot be part of a host name",
     .env = {{"AWS_REGION", "us east"}, {"AWS_DEFAULT_REGION", "us east"}},
     .check = "region", .status = FAILED, .fix = "us-east-1"},
    {"an emulator that is gone", .env = {{"AWS_ENDPOINT_URL", "http://localhost:4566"}},
     .check = "endpoints", .status = FAILED, .fix = "unset AWS_ENDPOINT_URL"},
    {"an endpoint that is not a URL", .env = {{"AWS_ENDPOINT_URL", "localhost:4566"}},
     .check = "endpoints", .status = FAILED, .fix = "https://HOST:PORT"},
    {"an endpoint of another service that is not a URL", .env = {{"AWS_ENDPOINT_URL_S3", "minio"}},
     .check = "endpoints", .status = WARNING, .fix = "unset AWS_ENDPOINT_URL_S3"},
    {"calls in the clear", .env = {{"AWS_ENDPOINT_URL_S3", "http://minio.example:9000"}},
     .check = "endpoints", .status = WARNING, .fix = "https"},
    {"an endpoint that is ignored", .env = {{"AWS_ENDPOINT_URL", "http://localhost:4566"},
                                            {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
     .check = "endpoints", .status = WARNING, .fix = "remove the endpoint"},
    {"an endpoint together with FIPS", .env = {{"AWS_ENDPOINT_URL_STS", "https://sts.example"},
                                               {"AWS_USE_FIPS_ENDPOINT", "true"}},
     .check = "endpoints", .status = FAILED, .fix = "unset AWS_USE_FIPS_ENDPOINT"},
    {"a services section that does not exist",
     .files = {{CONFIG, "[default]\nservices = dev\n"}},
     .check = "endpoints", .status = WARNING, .fix = "add [services dev]"},
    {"certificates that do not exist", .env = {{"AWS_CA_BUNDLE", "/ca.pem"}},
     .check = "certificates", .status = FAILED, .fix = "AWS_CA_BUNDLE"},
    {"certificates that are none", .env = {{"AWS_CA_BUNDLE", "/ca.pem"}}, .files = {{"/ca.pem", "x"}},
     .check = "certificates", .status = FAILED, .fix = "AWS_CA_BUNDLE"},
    {"certificates for Python that do not exist", .env = {{"REQUESTS_CA_BUNDLE", "/ca.pem"}},
     .check = "certificates", .status = WARNING, .fix = "REQUESTS_CA_BUNDLE"},
    {"a number of attempts that is none", .env = {{"AWS_MAX_ATTEMPTS", "many"}},
     .check = "settings", .status = FAILED, .fix = "AWS_MAX_ATTEMPTS"},
    {"an unknown retry mode", .env = {{"AWS_RETRY_MODE", "fast"}},
     .check = "settings", .status = WARNING, .fix = "export AWS_RETRY_MODE=standard"},
    {"a flag that is neither true nor false", .env = {{"AWS_USE_FIPS_ENDPOINT", "yes"}},
     .check = "settings", .status = WARNING, .fix = "export AWS_USE_FIPS_ENDPOINT=true"},

    /* --- the role to assume --- */
    {"a user in the place of a role", .env = {{"AWS_ASSUME_ROLE_ARN", USER_ARN}},
     .check = "assume_role", .status = FAILED, .fix = "role/NAME"},
    {"a session in the place of a role",
     .env = {{"AWS_ASSUME_ROLE_ARN", "arn:aws-cn:sts::123456789012:assumed-role/r/s"}},
     .check = "assume_role", .status = FAILED, .fix = "arn:aws-cn:iam::123456789012:role/r"},
    {"a session name with a blank",
     .env = {{"AWS_ASSUME_ROLE_ARN", ROLE}, {"AWS_ASSUME_ROLE_SESSION_NAME", "a b"}},
     .check = "assume_role", .status = FAILED, .fix = "AWS_ASSUME_ROLE_SESSION_NAME"},
    {"an external ID that is too short",
     .env = {{"AWS_ASSUME_ROLE_ARN", ROLE}, {"AWS_ASSUME_ROLE_EXTERNAL_ID", "x"}},
     .check = "assume_role", .status = FAILED, .fix = "AWS_ASSUME_ROLE_EXTERNAL_ID"},
    {"a duration that is none",
     .env = {{"AWS_ASSUME_ROLE_ARN", ROLE}, {"AWS_ASSUME_ROLE_DURATION_SECONDS", "1h"}},
     .check = "assume_role", .status = FAILED, .fix = "AWS_ASSUME_ROLE_DURATION_SECONDS"},
    {"a role of another partition",
     .env = {{"AWS_ASSUME_ROLE_ARN", "arn:aws-cn:iam::123456789012:role/r"}},
     .refusal = REFUSAL("ValidationError"),
     .check = "assume_role", .status = FAILED, .fix = "AWS_REGION"},
    {"a companion without a role", .env = {{"AWS_ASSUME_ROLE_EXTERNAL_ID", "some-id"}},
     .check = "assume_role", .status = WARNING, .fix = "unset AWS_ASSUME_ROLE_EXTERNAL_ID"},
    {"a role that does not trust these keys", .env = {{"AWS_ASSUME_ROLE_ARN", ROLE}},
     .refusal = REFUSAL("AccessDenied"),
     .check = "credentials", .status = FAILED, .fix = "permission"},
};
// clang-format on

/* Addresses where nothing answers. */
static void deserted(struct fake *fake)
{
    static const char *const urls[] = {
        "http://localhost:4566/",
        "http://169.254.170.23/v1/credentials",
        "http://10.0.0.1/latest/api/token",
    };

    for (size_t i = 0; i < CC_COUNT(urls); i++) {
        fake_http_row(fake, (struct fake_exchange){.url = urls[i],
                                                   .failure = CC_NET_NO_ROUTE,
                                                   .optional = true,
                                                   .forever = true});
    }
    fake_http_row(fake, (struct fake_exchange){.url = "https://sts.us-east-1a.amazonaws.com/",
                                               .failure = CC_NET_NO_ROUTE,
                                               .optional = true,
                                               .forever = true});
}

static void build(struct fake *fake, const struct seed *seed)
{
    laptop(fake);
    keys(fake);
    deserted(fake);
    sts_answers(fake, seed->refusal ? 403 : 200, seed->refusal ? seed->refusal : IDENTITY(USER_ARN),
                ON_TIME);
    fake_http_row(fake, (struct fake_exchange){.url = "https://sts.amazonaws.com/",
                                               .status = 200,
                                               .body = IDENTITY(USER_ARN),
                                               .optional = true,
                                               .forever = true});
    for (const struct fake_pair *row = seed->env; row < seed->env + 6 && row->name; row++) {
        fake_env(fake, row->name, row->value);
    }
    for (const struct fake_pair *row = seed->files; row < seed->files + 2 && row->name; row++) {
        fake_file(fake, row->name, row->value);
    }
    if (seed->mode.path) {
        fake_mode(fake, seed->mode);
    }
}

static void judge(struct fake *fake, const struct seed *seed)
{
    const struct cc_checkup *done = checkup(fake);
    const size_t failed = count_of(done, CC_HEALTH_FAILED);
    const size_t warned = count_of(done, CC_HEALTH_WARNING);
    const struct cc_finding *one = finding(done, seed->check);

    assert_well_formed(fake, done);
    if (one->status != seed->status || !one->fix || !strstr(one->fix, seed->fix)) {
        fail_msg("%s: %s should tell it (%s)%s", seed->mistake, seed->check, seed->fix,
                 story_of(fake, done));
    }
    if (failed + warned != 1) {
        fail_msg("%s: %zu lines tell of it%s", seed->mistake, failed + warned,
                 story_of(fake, done));
    }
}

static void each_mistake_is_told_once_with_its_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(seeds); i++) {
        void *world = NULL;

        assert_int_equal(fake_setup(&world), 0);
        build(world, &seeds[i]);
        judge(world, &seeds[i]);
        assert_int_equal(fake_teardown(&world), 0);
    }
    assert_true(CC_COUNT(seeds) >= 25);
}

static void without_a_mistake_everything_is_ok(void **state)
{
    struct fake *fake = *state;

    build(fake, &(struct seed){.mistake = "none"});
    const struct cc_checkup *done = checkup(fake);
    assert_well_formed(fake, done);
    if (count_of(done, CC_HEALTH_FAILED) + count_of(done, CC_HEALTH_WARNING) > 0) {
        fail_msg("%s", story_of(fake, done));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told_once_with_its_remedy),
        IN_FAKE_WORLD(without_a_mistake_everything_is_ok),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
