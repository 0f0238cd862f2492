#include "credctl/base/text.h"

#include "real.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

/*
 * Of a bundle's some 150 certificates a chain needs one or two, and OpenSSL would parse all of
 * them in every process. So of each only the subject is looked at, and those that the chain names
 * become trust anchors. What is verified, and how, stays OpenSSL's business.
 */

#define WANTED_MAX 32
#define BUNDLE_MAX ((size_t)16 << 20) /* of what cannot be mapped; a large bundle has 0.5 MiB */

/* The anchors a chain may need: whose names they bear, and where they go. */
struct search {
    X509_STORE *store;
    const X509_NAME *names[WANTED_MAX];
    size_t count;
    bool all;      /* there were more names than we count */
    bool by_rules; /* of equality: letter case, kinds of string */
    bool found;
};

static bool is_by_bytes(const X509_NAME *name, const unsigned char *subject, size_t size)
{
    const unsigned char *bytes = NULL;
    size_t len = 0;

    return X509_NAME_get0_der(name, &bytes, &len) == 1 && len <= size &&
           memcmp(subject, bytes, len) == 0;
}

static void want(struct search *search, const X509_NAME *name)
{
    const unsigned char *bytes = NULL;
    size_t len = 0;
    bool known = X509_NAME_get0_der(name, &bytes, &len) != 1;

    for (size_t i = 0; i < search->count && !known; i++) {
        known = is_by_bytes(search->names[i], bytes, len);
    }
    if (!known && search->count < WANTED_MAX) {
        search->names[search->count++] = name;
    } else if (!known) {
        search->all = true;
    }
}

/* Its issuer may be an anchor, and so may it itself. */
static void want_both(struct search *search, const X509 *certificate)
{
    want(search, X509_get_issuer_name(certificate));
    want(search, X509_get_subject_name(certificate));
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

static bool is_by_rules(const X509_NAME *name, const unsigned char *subject, long size)
{
    X509_NAME *parsed = d2i_X509_NAME(NULL, &subject, size);
    bool same = parsed && X509_NAME_cmp(name, parsed) == 0;

    X509_NAME_free(parsed);
    ERR_clear_error();
    return same;
}

static bool is_wanted(const struct search *search, const unsigned char *der, long size)
{
    const unsigned char *subject = cc_real_subject(der, size);
    bool wanted = subject && search->all;

    for (size_t i = 0; subject && i < search->count && !wanted; i++) {
        const X509_NAME *name = search->names[i];
        long left = (long)(der + size - subject);

        wanted = search->by_rules ? is_by_rules(name, subject, left)
                                  : is_by_bytes(name, subject, (size_t)left);
    }
    return wanted;
}

static void trust(void *about, const unsigned char *der, long size, bool trusted)
{
    struct search *search = about;
    const unsigned char *at = der;

    if (!is_wanted(search, der, size)) {
        return;
    }
    X509 *certificate = trusted ? d2i_X509_AUX(NULL, &at, size) : d2i_X509(NULL, &at, size);
    if (certificate && X509_STORE_add_cert(search->store, certificate) == 1) {
        search->found = true;
        want(search, X509_get_issuer_name(certificate)); /* the store keeps it, and so the name */
    }
    X509_free(certificate);
    ERR_clear_error();
}

/* A pipe gives its certificates once, but only a file can be mapped. */
static void read_unmapped(struct search *search, int fd)
{
    struct cc_arena mem = {0};
    struct cc_buf text = cc_buf_new(&mem, BUNDLE_MAX);

    if (cc_real_read_all(fd, &text)) {
        cc_real_certificates(text.text, text.len, trust, search);
    }
    cc_arena_wipe(&mem);
}

/* One pass over the file. */
static void read_bundle(struct search *search, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;

    if (fd < 0) {
        return;
    }
    size_t size = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) ? (size_t)facts.st_size : 0;
    void *text =
        size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0) : MAP_FAILED;
    if (text != MAP_FAILED) {
        cc_real_certificates(text, size, trust, search);
        (void)munmap(text, size);
    } else {
        read_unmapped(search, fd);
    }
    (void)close(fd);
}

/* Instead of X509_verify_cert alone: fetches the anchors this chain may need, then verifies. */
static int verify(X509_STORE_CTX *context, void *path)
{
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);
    struct search search = {.store = X509_STORE_CTX_get0_store(context)};

    want_both(&search, X509_STORE_CTX_get0_cert(context));
    for (int i = 0; i < sk_X509_num(sent); i++) {
        want_both(&search, sk_X509_value(sent, i));
    }
    /* An anchor may have been issued by another one that stands before it. */
    for (size_t before = 0; before < search.count;) {
        before = search.count;
        read_bundle(&search, path);
    }
    if (!search.found) {
        search.by_rules = true;
        read_bundle(&search, path);
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
