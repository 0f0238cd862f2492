#include "dpop.h"

#include "credctl/base/text.h"

#include <inttypes.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#define COORDINATE 32
#define DER_MAX    128

static void free_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_number(BIGNUM **number)
{
    BN_free(*number);
}

static void free_digest(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
}

static void free_signature(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

/* Without this OpenSSL asks for a passphrase at the terminal. */
// NOLINTNEXTLINE(readability-non-const-parameter): the type is OpenSSL's
static int no_passphrase(char *to, int size, int writing, void *about)
{
    (void)to;
    (void)size;
    (void)writing;
    (void)about;
    return -1;
}

static EVP_PKEY *read_key(struct cc_secret pem)
{
    const char *text = cc_secret_reveal(pem);
    CC_CLEANUP(free_bio) BIO *bio = BIO_new_mem_buf(text, (int)strlen(text));
    char group[64] = "";
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

    if (!key || !EVP_PKEY_is_a(key, "EC") ||
        EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1 ||
        strcmp(group, "prime256v1") != 0) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

/* NULL when the key has none. */
static const char *coordinate(struct cc_arena *mem, EVP_PKEY *key, const char *name)
{
    CC_CLEANUP(free_number) BIGNUM *number = NULL;
    unsigned char bytes[COORDINATE];

    if (EVP_PKEY_get_bn_param(key, name, &number) != 1 ||
        BN_bn2binpad(number, bytes, sizeof(bytes)) != sizeof(bytes)) {
        return NULL;
    }
    return cc_text_base64url(mem, bytes, sizeof(bytes));
}

static const char *encoded(struct cc_arena *mem, const char *text)
{
    return cc_text_base64url(mem, (const unsigned char *)text, strlen(text));
}

/* r and s in 32 bytes each; OpenSSL returns them in DER. NULL when signing failed. */
static const char *signature_of(struct cc_arena *mem, EVP_PKEY *key, const char *text)
{
    CC_CLEANUP(free_digest) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    unsigned char der[DER_MAX];
    unsigned char raw[2 * COORDINATE];
    size_t len = sizeof(der);
    const unsigned char *at = der;

    if (!digest || EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(digest, der, &len, (const unsigned char *)text, strlen(text)) != 1) {
        return NULL;
    }
    CC_CLEANUP(free_signature) ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)len);
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, COORDINATE) != COORDINATE ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + COORDINATE, COORDINATE) != COORDINATE) {
        return NULL;
    }
    return cc_text_base64url(mem, raw, sizeof(raw));
}

static bool random_uuid(struct cc_run *run, const char **uuid, struct cc_error *err)
{
    unsigned char bytes[16];
    char hex[33];

    if (!cc_random(run, bytes, sizeof(bytes), err)) {
        return false;
    }
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    cc_text_hex(hex, bytes, sizeof(bytes));
    *uuid = cc_textf(&run->mem, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                     hex + 20);
    return true;
}

static bool refuse(struct cc_error *err, const char *why)
{
    cc_fail(err, CC_E_LOGIN, "cannot prove possession of the login session's key");
    return cc_why(err, "%s", why);
}

bool cc_dpop_proof(struct cc_run *run, struct cc_secret pem, const char *url,
                   struct cc_secret *proof, struct cc_error *err)
{
    struct cc_arena *mem = &run->mem;
    const char *uuid = NULL;
    CC_CLEANUP(free_key) EVP_PKEY *key = read_key(pem);

    if (!key) {
        return refuse(err, "the key in the login cache is not a P-256 key in PEM");
    }
    const char *x = coordinate(mem, key, OSSL_PKEY_PARAM_EC_PUB_X);
    const char *y = coordinate(mem, key, OSSL_PKEY_PARAM_EC_PUB_Y);
    if (!x || !y) {
        return refuse(err, "the key in the login cache has no public part");
    }
    if (!random_uuid(run, &uuid, err)) {
        return false;
    }
    const char *header = cc_textf(mem,
                                  "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\","
                                  "\"x\":\"%s\",\"y\":\"%s\",\"crv\":\"P-256\"}}",
                                  x, y);
    const char *payload =
        cc_textf(mem, "{\"jti\":\"%s\",\"htm\":\"POST\",\"htu\":\"%s\",\"iat\":%" PRId64 "}", uuid,
                 url, cc_now_aws(run));
    const char *text = cc_textf(mem, "%s.%s", encoded(mem, header), encoded(mem, payload));
    const char *signature = signature_of(mem, key, text);
    if (!signature) {
        return refuse(err, "the key in the login cache cannot sign");
    }
    *proof = (struct cc_secret){cc_textf(mem, "%s.%s", text, signature)};
    return true;
}
