#include "credctl/base/text.h"

#include "real.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

/*
 * A bundle holds some 150 certificates, and OpenSSL parses all of them: 50 ms of CPU in every
 * process, for the one or two that a chain needs. So they are looked up: of each only the subject
 * is looked at, and those that issued something in the chain become trust anchors. What is
 * verified, and how, stays OpenSSL's business.
 */

#define WANTED_MAX 32

struct wanted {
    const X509_NAME *names[WANTED_MAX];
    bool found[WANTED_MAX];
    size_t count;
};

static void bio_done(BIO **bio)
{
    (void)BIO_free(*bio);
}

static void want_issuer(struct wanted *wanted, const X509 *certificate)
{
    const X509_NAME *name = X509_get_issuer_name(certificate);

    for (size_t i = 0; i < wanted->count; i++) {
        if (X509_NAME_cmp(wanted->names[i], name) == 0) {
            return;
        }
    }
    if (wanted->count < WANTED_MAX) {
        wanted->found[wanted->count] = false;
        wanted->names[wanted->count++] = name;
    }
}

/* Steps over one element, or into it; false when it is not of that tag or runs out of bounds. */
static bool element(const unsigned char **at, const unsigned char *end, int tag, bool into)
{
    long len = 0;
    int found = 0;
    int class = 0;

    if (*at >= end || (ASN1_get_object(at, &len, &found, &class, end - *at) & 0x80) != 0 ||
        found != tag) {
        return false;
    }
    *at += into ? 0 : len;
    return true;
}

/* Certificate, TBSCertificate (RFC 5280 4.1): version, serial, signature, issuer, validity,
 * subject. */
const unsigned char *cc_real_subject(const unsigned char *der, long size)
{
    static const int before[] = {V_ASN1_INTEGER, V_ASN1_SEQUENCE, V_ASN1_SEQUENCE, V_ASN1_SEQUENCE};
    const unsigned char *end = der + size;
    const unsigned char *at = der;

    for (int depth = 0; depth < 2; depth++) {
        if (!element(&at, end, V_ASN1_SEQUENCE, true)) {
            return NULL;
        }
    }
    const unsigned char *version = at;
    if (!element(&at, end, 0, false)) {
        at = version; /* version 1 has none */
    }
    for (size_t i = 0; i < CC_COUNT(before); i++) {
        if (!element(&at, end, before[i], false)) {
            return NULL;
        }
    }
    return at < end ? at : NULL;
}

/* Which of the wanted names this certificate bears, byte for byte; or `count`. */
static size_t names_it(const struct wanted *wanted, const unsigned char *der, long size)
{
    const unsigned char *subject = cc_real_subject(der, size);
    size_t i = 0;

    for (; i < wanted->count; i++) {
        const unsigned char *name = NULL;
        size_t len = 0;

        if (subject && X509_NAME_get0_der(wanted->names[i], &name, &len) == 1 &&
            len <= (size_t)(der + size - subject) && memcmp(subject, name, len) == 0) {
            break;
        }
    }
    return i;
}

static void trust(X509_STORE *store, struct wanted *wanted, const char *name,
                  const unsigned char *der, long size)
{
    size_t which = strstr(name, "CERTIFICATE") ? names_it(wanted, der, size) : wanted->count;
    const unsigned char *at = der;

    if (which == wanted->count) {
        return;
    }
    X509 *certificate = strncmp(name, "TRUSTED", 7) == 0 ? d2i_X509_AUX(NULL, &at, size)
                                                         : d2i_X509(NULL, &at, size);
    if (certificate && X509_STORE_add_cert(store, certificate) == 1) {
        wanted->found[which] = true;
        want_issuer(wanted, certificate); /* lives on in the store, and its name with it */
    }
    X509_free(certificate);
}

/* One pass over the file. */
static void read_bundle(X509_STORE *store, struct wanted *wanted, const char *path)
{
    CC_CLEANUP(bio_done) BIO *file = BIO_new_file(path, "r");
    unsigned char *der = NULL;
    char *name = NULL;
    char *header = NULL;
    long size = 0;

    while (file && PEM_read_bio(file, &name, &header, &der, &size) == 1) {
        trust(store, wanted, name, der, size);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    ERR_clear_error(); /* the end of the file is one */
}

static size_t missing(const struct wanted *wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < wanted->count; i++) {
        count += !wanted->found[i];
    }
    return count;
}

/* Instead of X509_verify_cert alone: fetches the anchors this chain may need, then verifies. */
static int verify(X509_STORE_CTX *context, void *path)
{
    X509_STORE *store = X509_STORE_CTX_get0_store(context);
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);
    struct wanted wanted = {0};

    want_issuer(&wanted, X509_STORE_CTX_get0_cert(context));
    for (int i = 0; i < sk_X509_num(sent); i++) {
        want_issuer(&wanted, sk_X509_value(sent, i));
    }
    /* An anchor may have been issued by another one that stands before it. */
    for (size_t before = wanted.count + 1; missing(&wanted) > 0 && missing(&wanted) < before;) {
        before = missing(&wanted);
        read_bundle(store, &wanted, path);
    }
    if (missing(&wanted) == wanted.count) {
        /* None by its bytes. Names that differ in bytes may be equal by the rules. */
        (void)X509_STORE_load_file(store, path);
        ERR_clear_error();
    }
    return X509_verify_cert(context);
}

CURLcode cc_real_trust(CURL *easy, void *context, void *path)
{
    (void)easy;
    /* `path` lives as long as this exchange: the connection may be kept, but never verify again. */
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cert_verify_callback(context, verify, path);
    return CURLE_OK;
}
