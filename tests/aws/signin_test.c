#include "credctl/aws/sso.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "support/test.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#define URL "https://eu-west-1.signin.aws.amazon.com/v1/token"
#define GOOD                                                                      \
    "{\"accessToken\":{\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":\"" CANARY \
    "\",\"sessionToken\":\"t\"},\"tokenType\":\"aws_sigv4\",\"expiresIn\":900,"   \
    "\"refreshToken\":\"refresh2\"}"

static struct cc_secret pem_of(struct fake *fake, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;

    assert_int_equal(PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    long len = BIO_get_mem_data(bio, &bytes);
    struct cc_secret kept = cc_secret_keep(&fake->mem, cc_text_dup(&fake->mem, bytes, (size_t)len));
    BIO_free(bio);
    return kept;
}

static bool refresh(struct fake *fake, struct cc_secret pem, struct cc_signin_token *token,
                    struct cc_error *err)
{
    const struct cc_settings settings = {.max_attempts = 3, .profile = "default"};
    const struct cc_signin_refresh how = {
        .region = "eu-west-1",
        .client_id = "arn:aws:signin:::devtools/same-device",
        .refresh_token = {CANARY "-refresh"},
        .dpop_key = pem,
    };

    return cc_signin_refresh(&fake->run, &settings, &how, token, err);
}

static const char *proof_of(struct fake *fake, size_t number)
{
    const char *at = strstr(fake->sent[number].headers, "DPoP: ");

    assert_non_null(at);
    at += strlen("DPoP: ");
    return cc_text_dup(&fake->mem, at, strcspn(at, "\n"));
}

static const cJSON *part(struct fake *fake, const char *text, size_t len)
{
    const char *bytes = NULL;
    size_t size = 0;
    const cJSON *doc = NULL;
    struct cc_error err;

    assert_true(cc_text_unbase64(&fake->mem, text, len, &bytes, &size));
    assert_true(cc_json_parse(&fake->mem, bytes, size, "the proof", &doc, &err));
    return doc;
}

static void assert_signed_by(struct fake *fake, EVP_PKEY *key, const char *proof)
{
    const char *dot = strrchr(proof, '.');
    const char *raw = NULL;
    size_t size = 0;
    unsigned char *der = NULL;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    EVP_MD_CTX *digest = EVP_MD_CTX_new();

    assert_true(cc_text_unbase64(&fake->mem, dot + 1, strlen(dot + 1), &raw, &size));
    assert_int_equal(size, 64);
    ECDSA_SIG_set0(signature, BN_bin2bn((const unsigned char *)raw, 32, NULL),
                   BN_bin2bn((const unsigned char *)raw + 32, 32, NULL));
    int len = i2d_ECDSA_SIG(signature, &der);
    assert_int_equal(EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestVerify(digest, der, (size_t)len, (const unsigned char *)proof,
                                      (size_t)(dot - proof)),
                     1);
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(digest);
}

static void a_session_is_refreshed_with_a_proof_of_the_key(void **state)
{
    struct fake *fake = *state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    struct cc_signin_token token;
    struct cc_error err;

    fake->setup.level = CC_DEBUG;
    fake_http(fake, URL, 503, "");
    fake_http(fake, URL, 200, GOOD);
    assert_true(refresh(fake, pem_of(fake, key), &token, &err));
    assert_string_equal(token.keys.access_key_id, "ASIANEW");
    assert_int_equal(token.keys.expires, fake->now + 900);
    assert_int_equal(token.expires_in, 900);
    assert_string_equal(cc_secret_reveal(token.refresh_token), "refresh2");
    assert_string_equal(
        fake->sent[1].body,
        "{\"clientId\":\"arn:aws:signin:::devtools/same-device\",\"refreshToken\":\"" CANARY
        "-refresh\",\"grantType\":\"refresh_token\"}");
    assert_null(strstr(fake->sent[1].headers, "Authorization"));

    const char *proof = proof_of(fake, 1);
    const char *payload = strchr(proof, '.') + 1;
    const cJSON *head = part(fake, proof, strcspn(proof, "."));
    const cJSON *claims = part(fake, payload, strcspn(payload, "."));
    double iat = 0;
    assert_string_equal(cc_json_text(head, "typ"), "dpop+jwt");
    assert_string_equal(cc_json_text(head, "alg"), "ES256");
    assert_string_equal(cc_json_text(cc_json_object(head, "jwk"), "kty"), "EC");
    assert_string_equal(cc_json_text(cc_json_object(head, "jwk"), "crv"), "P-256");
    assert_int_equal(strlen(cc_json_text(cc_json_object(head, "jwk"), "x")), 43);
    assert_string_equal(cc_json_text(claims, "htm"), "POST");
    assert_string_equal(cc_json_text(claims, "htu"), URL);
    assert_true(cc_json_number(claims, "iat", &iat));
    assert_int_equal((int64_t)iat, 1800000000);
    assert_true(cc_text_matches("*-*-4*-*-*", cc_json_text(claims, "jti")));
    assert_int_equal(strlen(cc_json_text(claims, "jti")), 36);
    assert_signed_by(fake, key, proof);
    EVP_PKEY_free(key);
}

static void a_proof_from_another_time_is_made_again_on_the_clock_of_aws(void **state)
{
    struct fake *fake = *state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    struct cc_signin_token token;
    struct cc_error err;
    double iat = 0;

    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 400,
                                               .head = "Date: Fri, 15 Jan 2027 10:00:00 GMT\r\n",
                                               .body = "{\"error\":\"invalid_dpop_proof\"}"});
    fake_http(fake, URL, 200, GOOD);
    assert_true(refresh(fake, pem_of(fake, key), &token, &err));
    assert_int_equal(token.keys.expires, fake->now + 7200 + 900);
    const char *payload = strchr(proof_of(fake, 1), '.') + 1;
    const cJSON *claims = part(fake, payload, strcspn(payload, "."));
    assert_true(cc_json_number(claims, "iat", &iat));
    assert_int_equal((int64_t)iat, fake->now + 7200);
    EVP_PKEY_free(key);
}

static void each_reason_of_a_refusal_has_its_own_remedy(void **state)
{
    static const struct {
        const char *reason;
        const char *what;
        const char *fix;
    } rows[] = {
        {"TOKEN_EXPIRED", "the login session has expired", "aws login"},
        {"USER_CREDENTIALS_CHANGED", "password changed", "new password"},
        {"INSUFFICIENT_PERMISSIONS", "may not sign in", "signin:CreateOAuth2Token"},
    };
    struct fake *fake = *state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    struct cc_secret pem = pem_of(fake, key);

    EVP_PKEY_free(key);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_signin_token token;
        struct cc_error err;

        fake_http_row(fake,
                      (struct fake_exchange){
                          .url = URL,
                          .status = 403,
                          .head = "x-amzn-ErrorType: AccessDeniedException\r\n",
                          .body = cc_textf(&fake->mem, "{\"error\":\"%s\"}", rows[i].reason)});
        assert_false(refresh(fake, pem, &token, &err));
        assert_int_equal(err.code, CC_E_LOGIN);
        assert_non_null(strstr(err.what, rows[i].what));
        assert_non_null(strstr(err.why, rows[i].reason));
        assert_non_null(strstr(err.fix, rows[i].fix));
    }
}

static void a_key_that_is_none_is_neither_used_nor_shown(void **state)
{
    struct fake *fake = *state;
    EVP_PKEY *other_curve = EVP_EC_gen("P-384");
    const struct cc_secret keys[] = {
        {NULL},
        {CANARY},
        {"-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
         "AAAA\n-----END EC PRIVATE KEY-----\n"},
        pem_of(fake, other_curve),
    };

    EVP_PKEY_free(other_curve);
    for (size_t i = 0; i < CC_COUNT(keys); i++) {
        struct cc_signin_token token;
        struct cc_error err;

        assert_false(refresh(fake, keys[i], &token, &err));
        assert_int_equal(err.code, CC_E_LOGIN);
        assert_non_null(strstr(err.why, "not a P-256 key"));
        assert_null(strstr(err.why, CANARY));
        assert_string_equal(err.fix, cc_code_remedy(CC_E_LOGIN));
    }
    assert_int_equal(fake->sent_count, 0);
}

static void an_answer_that_lacks_something_is_refused(void **state)
{
    static const struct {
        const char *body;
        enum cc_code code;
    } rows[] = {
        {"{}", CC_E_BAD_KEYS},
        {"{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\"}}", CC_E_BAD_KEYS},
        {"{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"},\"expiresIn\":900}",
         CC_E_BAD_ANSWER},
        {"{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"},\"refreshToken\":\"r\",\"expiresIn\":-1}",
         CC_E_BAD_ANSWER},
        {"[", CC_E_BAD_ANSWER},
    };
    struct fake *fake = *state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    struct cc_secret pem = pem_of(fake, key);

    EVP_PKEY_free(key);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_signin_token token = {.expires_in = 7};
        struct cc_error err;

        fake_http(fake, URL, 200, rows[i].body);
        assert_false(refresh(fake, pem, &token, &err));
        assert_int_equal(err.code, rows[i].code);
        assert_string_equal(err.fix, cc_code_remedy(rows[i].code));
        assert_int_equal(token.expires_in, 7);
    }
}

static void without_a_region_nothing_is_asked(void **state)
{
    struct fake *fake = *state;
    const struct cc_settings settings = {.max_attempts = 3};
    struct cc_signin_token token;
    struct cc_error err;

    assert_false(
        cc_signin_refresh(&fake->run, &settings, &(struct cc_signin_refresh){0}, &token, &err));
    assert_int_equal(err.code, CC_E_REGION);
    assert_string_equal(err.fix, cc_code_remedy(CC_E_REGION));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_session_is_refreshed_with_a_proof_of_the_key),
        IN_FAKE_WORLD(a_proof_from_another_time_is_made_again_on_the_clock_of_aws),
        IN_FAKE_WORLD(each_reason_of_a_refusal_has_its_own_remedy),
        IN_FAKE_WORLD(a_key_that_is_none_is_neither_used_nor_shown),
        IN_FAKE_WORLD(an_answer_that_lacks_something_is_refused),
        IN_FAKE_WORLD(without_a_region_nothing_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
