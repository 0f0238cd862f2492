#include "credctl/base/text.h"

#include "support/search.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

/* sha256 of "me". */
#define NAME "2744ccd10c7533bd736ad890f9dd5cab2adb27b07d500b9493f29cdc420cb2e0.json"
#define PATH "/home/u/.aws/login/cache/" NAME
#define URL  "https://us-east-1.signin.aws.amazon.com/v1/token"

/* A P-256 key as `aws login` writes it, with the line ends escaped for JSON. */
static const char *new_key(struct fake *fake)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    char *escaped = cc_alloc(&fake->mem, 2048);
    size_t len = 0;

    assert_int_equal(PEM_write_bio_PrivateKey_traditional(out, key, NULL, NULL, 0, NULL, NULL), 1);
    long size = BIO_get_mem_data(out, &text);
    for (long i = 0; i < size; i++) {
        if (text[i] != '\n') {
            escaped[len++] = text[i];
            continue;
        }
        escaped[len++] = '\\';
        escaped[len++] = 'n';
    }
    BIO_free(out);
    EVP_PKEY_free(key);
    return escaped;
}

static const char *session(struct fake *fake, const char *until)
{
    return cc_textf(&fake->mem,
                    "{\"accessToken\":{\"accessKeyId\":\"ASIAOLD\",\"secretAccessKey\":\"" CANARY
                    "\",\"sessionToken\":\"t\",\"accountId\":\"123456789012\",\"expiresAt\":\"%s\"}"
                    ",\"clientId\":\"c\",\"refreshToken\":\"r1\",\"dpopKey\":\"%s\",\"own\":1}",
                    until, new_key(fake));
}

static enum cc_outcome ask(struct fake *fake, const char *file, struct searched *to)
{
    search_begin(fake, to);
    fake_file(fake, CONFIG, "[default]\nlogin_session = me\n");
    if (file) {
        fake_file(fake, PATH, file);
    }
    return search_one(fake, "login", to);
}

static void a_profile_without_a_login_is_absent(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_file(*state, CONFIG, "[default]\nregion = us-east-1\n");
    assert_int_equal(search_one(*state, "login", &got), CC_ABSENT);
}

static void keys_with_time_left_are_used_as_they_are(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, session(*state, "2027-01-15T08:06:00Z"), &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIAOLD");
    assert_string_equal(got.keys.account_id, "123456789012");
}

static void old_keys_are_refreshed_and_written_back(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, URL, 200,
              "{\"accessToken\":{\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":\"s\","
              "\"sessionToken\":\"t\"},\"tokenType\":\"aws_sigv4\",\"expiresIn\":900,"
              "\"refreshToken\":\"r2\"}");
    assert_int_equal(ask(fake, session(fake, "2027-01-15T08:04:00Z"), &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIANEW");
    assert_string_equal(got.keys.account_id, "123456789012");
    assert_int_equal(got.keys.expires, 1800000900);
    assert_non_null(strstr(fake->sent[0].headers, "DPoP: "));
    const char *file = fake_file_text(fake, PATH);
    assert_non_null(strstr(file, "\"refreshToken\":\"r2\""));
    assert_non_null(strstr(file, "\"expiresAt\":\"2027-01-15T08:15:00Z\""));
    assert_non_null(strstr(file, "\"accountId\":\"123456789012\""));
    assert_non_null(strstr(file, "\"own\":1"));
}

static void members_beside_the_keys_stand_byte_for_byte(void **state)
{
    struct fake *fake = *state;
    struct searched got;
    const char *old = session(fake, "2027-01-15T08:04:00Z");
    const char *file = cc_textf(&fake->mem, "{\"accessToken\":{\"odd\":12345678901234567890,%s",
                                old + strlen("{\"accessToken\":{"));

    fake_http(fake, URL, 200,
              "{\"accessToken\":{\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":\"s\","
              "\"sessionToken\":\"t\"},\"tokenType\":\"aws_sigv4\",\"expiresIn\":900,"
              "\"refreshToken\":\"r2\"}");
    assert_int_equal(ask(fake, file, &got), CC_FOUND);
    const char *written = fake_file_text(fake, PATH);
    assert_non_null(strstr(written, "{\"accessToken\":{\"odd\":12345678901234567890,"));
    assert_non_null(strstr(written, "\"accessKeyId\":\"ASIANEW\""));
}

static void a_session_that_is_over_needs_a_login_even_with_minutes_left(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http_row(fake,
                  (struct fake_exchange){.url = URL,
                                         .status = 400,
                                         .head = "x-amzn-ErrorType: AccessDeniedException\r\n",
                                         .body = "{\"error\":\"TOKEN_EXPIRED\"}"});
    assert_int_equal(ask(fake, session(fake, "2027-01-15T08:04:00Z"), &got), CC_BROKEN);
    assert_told(&got.why, CC_E_LOGIN, NULL, "aws login");
}

static void a_service_that_is_down_leaves_the_keys_that_are_still_valid(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http_row(fake, (struct fake_exchange){.url = URL, .status = 503, .forever = true});
    assert_int_equal(ask(fake, session(fake, "2027-01-15T08:04:00Z"), &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIAOLD");
    assert_int_equal(got.search.warning_count, 1);
}

static void a_missing_torn_or_incomplete_file_needs_a_login(void **state)
{
    static const struct {
        const char *file;
        const char *cause;
    } rows[] = {
        {NULL, PATH},
        {"{\"accessToken\": \"" CANARY, "JSON"},
        {"{}", "accessToken"},
        {"{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"" CANARY
         "\",\"sessionToken\":\"t\",\"accountId\":\"123456789012\",\"expiresAt\":"
         "\"2027-01-15T09:00:00Z\"},\"clientId\":\"c\",\"refreshToken\":\"r\"}",
         "dpopKey"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct searched got;

        assert_int_equal(ask(*state, rows[i].file, &got), CC_BROKEN);
        assert_told(&got.why, CC_E_LOGIN, rows[i].cause, "`aws login --profile default`");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_profile_without_a_login_is_absent),
        IN_FAKE_WORLD(keys_with_time_left_are_used_as_they_are),
        IN_FAKE_WORLD(old_keys_are_refreshed_and_written_back),
        IN_FAKE_WORLD(members_beside_the_keys_stand_byte_for_byte),
        IN_FAKE_WORLD(a_session_that_is_over_needs_a_login_even_with_minutes_left),
        IN_FAKE_WORLD(a_service_that_is_down_leaves_the_keys_that_are_still_valid),
        IN_FAKE_WORLD(a_missing_torn_or_incomplete_file_needs_a_login),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
