#include "credctl/base/text.h"

#include "real.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

/*
 * A chain needs one or two of the about 150 certificates of a bundle, and OpenSSL would parse all
 * of them in every process. So only the subjects are read, and certificates that the chain names
 * become trust anchors. The verification itself is OpenSSL's.
 */

/* Identifiers of DER. */
#define INTEGER    0x02
#define SEQUENCE   0x30
#define VERSION    0xa0

#define WANTED_MAX 32
#define BUNDLE_MAX \
    ((size_t)16 << 20) /* for files that cannot be mapped; a large bundle has 0.5 MiB */

/* The trust anchors that a chain may need: their names, and the store for them. */
struct search {
    X509_STORE *store;
    const X509_NAME *names[WANTED_MAX];
    size_t count;
    bool all;      /* there were more names than fit */
    bool by_rules; /* to compare names: letter case, string types */
    bool found;
};

static bool is_by_bytes(const X509_NAME *name, const unsigned char *subject, size_t size)
{
    const unsigned char *bytes = NULL;
    size_t len = 0;

    return X509_NAME_get0_der(name, &bytes, &len) == 1 && len == size &&
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

/* Its issuer can be an anchor, and the certificate itself too. */
static void want_both(struct search *search, const X509 *certificate)
{
    want(search, X509_get_issuer_name(certificate));
    want(search, X509_get_subject_name(certificate));
}

/* Steps into an element of that tag; false also for lengths that DER does not have. */
static bool step_into(const unsigned char **at, const unsigned char *end, unsigned char tag,
                      size_t *len)
{
    if (end - *at < 2 || (*at)[0] != tag) {
        return false;
    }
    size_t count = (*at)[1] < 0x80 ? 0 : (*at)[1] & 0x7f;

    *len = (*at)[1];
    *at += 2;
    if (*len == 0x80 || count > 4 || (size_t)(end - *at) < count) {
        return false;
    }
    for (*len = count > 0 ? 0 : *len; count > 0; count--) {
        *len = *len << 8 | *(*at)++;
    }
    return true;
}

static bool step_over(const unsigned char **at, const unsigned char *end, unsigned char tag)
{
    const unsigned char *content = *at;
    size_t len = 0;

    if (!step_into(&content, end, tag, &len) || len > (size_t)(end - content)) {
        return false;
    }
    *at = content + len;
    return true;
}

/* Certificate, TBSCertificate (RFC 5280 4.1): version, serial, signature, issuer, validity,
 * subject. */
bool cc_real_subject(const unsigned char *der, size_t size, const unsigned char **subject,
                     size_t *len)
{
    static const unsigned char before[] = {INTEGER, SEQUENCE, SEQUENCE, SEQUENCE};
    const unsigned char *end = der + size;
    const unsigned char *at = der;

    for (int depth = 0; depth < 2; depth++) {
        if (!step_into(&at, end, SEQUENCE, len)) {
            return false;
        }
    }
    (void)step_over(&at, end, VERSION); /* version 1 has no such field */
    for (size_t i = 0; i < CC_COUNT(before); i++) {
        if (!step_over(&at, end, before[i])) {
            return false;
        }
    }
    *subject = at;
    if (!step_over(&at, end, SEQUENCE)) {
        return false;
    }
    *len = (size_t)(at - *subject);
    return true;
}

static bool is_by_rules(const X509_NAME *name, const unsigned char *subject, size_t size)
{
    X509_NAME *parsed = d2i_X509_NAME(NULL, &subject, (long)size);
    bool same = parsed && X509_NAME_cmp(name, parsed) == 0;

    X509_NAME_free(parsed);
    ERR_clear_error();
    return same;
}

/* When no subject is found here, OpenSSL may still accept the certificate. */
static bool not_wanted(void *about, const unsigned char *der, size_t size)
{
    const struct search *search = about;
    const unsigned char *subject = NULL;
    size_t len = 0;
    bool wanted = search->all || !cc_real_subject(der, size, &subject, &len);

    for (size_t i = 0; i < search->count && !wanted; i++) {
        wanted = search->by_rules ? is_by_rules(search->names[i], subject, len)
                                  : is_by_bytes(search->names[i], subject, len);
    }
    return !wanted;
}

static void trust(void *about, const unsigned char *der, size_t size, bool trusted)
{
    struct search *search = about;
    const unsigned char *at = der;

    if (size > LONG_MAX || not_wanted(search, der, size)) {
        return;
    }
    X509 *certificate =
        trusted ? d2i_X509_AUX(NULL, &at, (long)size) : d2i_X509(NULL, &at, (long)size);
    if (certificate && X509_STORE_add_cert(search->store, certificate) == 1) {
        search->found = true;
        want(search,
             X509_get_issuer_name(certificate)); /* the store keeps it, and with it the name */
    }
    X509_free(certificate);
    ERR_clear_error();
}

/* A pipe can be read only once; only a file can be mapped. */
static void read_unmapped(struct search *search, int fd)
{
    struct cc_arena mem = {0};
    struct cc_buf text = cc_buf_new(&mem, BUNDLE_MAX);
    const struct cc_certificates reader = {not_wanted, trust, search};

    if (cc_real_read_all(fd, &text)) {
        cc_real_certificates(text.text, text.len, &reader);
    }
    cc_arena_wipe(&mem);
}

/* One pass over the file. */
static void read_bundle(struct search *search, const char *path)
{
    const struct cc_certificates reader = {not_wanted, trust, search};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;

    if (fd < 0) {
        return;
    }
    size_t size = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) ? (size_t)facts.st_size : 0;
    void *text =
        size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0) : MAP_FAILED;
    if (text != MAP_FAILED) {
        cc_real_certificates(text, size, &reader);
        (void)munmap(text, size);
    } else {
        read_unmapped(search, fd);
    }
    (void)close(fd);
}

/* Replaces X509_verify_cert: adds the anchors that this chain may need, then verifies. */
static int verify(X509_STORE_CTX *context, void *path)
{
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);
    struct search search = {.store = X509_STORE_CTX_get0_store(context)};

    want_both(&search, X509_STORE_CTX_get0_cert(context));
    for (int i = 0; i < sk_X509_num(sent); i++) {
        want_both(&search, sk_X509_value(sent, i));
    }
    /* An anchor can be issued by another one that is before it in the bundle. */
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
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    /* libcurl lets OpenSSL free the record buffers whenever they are empty. Each is a mapping of
     * its own, which would be made and freed a dozen times in a handshake. */
    (void)SSL_CTX_clear_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (path) {
        /* It lives as long as this exchange: the connection can be reused, but is not verified
         * again. */
        SSL_CTX_set_cert_verify_callback(context, verify, path);
    }
    return CURLE_OK;
}
