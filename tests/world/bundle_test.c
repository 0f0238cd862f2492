#include "credctl/base/text.h"

#include "../../src/world/real.h"
#include "support/test.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

/* As long as certificates come, and as awkward: 0, 1 and 2 signs of padding. */
#define LONG_ONE  "A certificate of more than one line, which is what nearly all of them need!"
#define ONE_SIGN  "two signs of padding?"
#define TWO_SIGNS "one sign, then"

struct seen {
    struct cc_arena mem;
    struct cc_buf text; /* what was found, each on its own line; "+" before a trusted one */
};

static int setup(void **state)
{
    static struct seen seen;

    seen = (struct seen){0};
    seen.text = cc_buf_new(&seen.mem, 1 << 20);
    *state = &seen;
    return 0;
}

static int teardown(void **state)
{
    cc_arena_wipe(&((struct seen *)*state)->mem);
    return 0;
}

static bool nothing(void *about, const unsigned char *der, size_t size)
{
    (void)about;
    (void)der;
    (void)size;
    return false;
}

static void see(void *about, const unsigned char *der, size_t size, bool trusted)
{
    struct seen *seen = about;

    cc_buf_addf(&seen->text, "%s%.*s\n", trusted ? "+" : "", (int)size, (const char *)der);
}

static const char *base64(struct seen *seen, const char *bytes)
{
    unsigned char *text = cc_alloc(&seen->mem, strlen(bytes) * 2 + 8);

    (void)EVP_EncodeBlock(text, (const unsigned char *)bytes, (int)strlen(bytes));
    return (const char *)text;
}

/* A block with its body on lines of 64. */
static const char *block(struct seen *seen, const char *label, const char *bytes)
{
    struct cc_buf text = cc_buf_new(&seen->mem, 1 << 20);

    cc_buf_addf(&text, "-----BEGIN %s-----\n", label);
    for (const char *at = base64(seen, bytes); *at; at += strnlen(at, 64)) {
        cc_buf_addf(&text, "%.64s\n", at);
    }
    cc_buf_addf(&text, "-----END %s-----\n", label);
    return text.text;
}

static void finds(struct seen *seen, const char *bundle, const char *what)
{
    seen->text = cc_buf_new(&seen->mem, 1 << 20);
    cc_real_certificates(bundle, strlen(bundle), &(struct cc_certificates){nothing, see, seen});
    assert_string_equal(seen->text.text, what);
}

static const char *joined(struct seen *seen, const char *a, const char *b, const char *c)
{
    return cc_textf(&seen->mem, "%s%s%s", a, b, c);
}

static const char *with_line_ends(struct seen *seen, const char *text, const char *end)
{
    struct cc_buf changed = cc_buf_new(&seen->mem, 1 << 20);

    for (; *text; text++) {
        cc_buf_addf(&changed, "%.*s", *text == '\n' ? 0 : 1, text);
        cc_buf_text(&changed, *text == '\n' ? end : "");
    }
    return changed.text;
}

static void every_certificate_is_found_in_order(void **state)
{
    struct seen *seen = *state;

    finds(seen,
          joined(seen, block(seen, "CERTIFICATE", LONG_ONE), block(seen, "CERTIFICATE", ONE_SIGN),
                 block(seen, "CERTIFICATE", TWO_SIGNS)),
          LONG_ONE "\n" ONE_SIGN "\n" TWO_SIGNS "\n");
    finds(seen, "", "");
}

static bool begins_with_two(void *about, const unsigned char *der, size_t size)
{
    (void)about;
    return size > 3 && memcmp(der, "two", 3) == 0;
}

static void one_is_passed_over_by_its_first_bytes_and_the_next_is_whole(void **state)
{
    struct seen *seen = *state;
    const struct cc_certificates reader = {begins_with_two, see, seen};
    char long_one[3000];

    memset(long_one, 'x', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    const char *bundle = joined(seen, block(seen, "CERTIFICATE", ONE_SIGN),
                                block(seen, "CERTIFICATE", long_one), "");

    cc_real_certificates(bundle, strlen(bundle), &reader);
    assert_string_equal(seen->text.text, cc_textf(&seen->mem, "%s\n", long_one));
}

static void text_around_certificates_and_other_labels_are_passed_over(void **state)
{
    struct seen *seen = *state;

    finds(seen,
          joined(seen, "Root\n====\n-----BEGIN\nfriendlyName: -----BEGIN CERTIFICATE-----\n",
                 joined(seen, block(seen, "CERTIFICATE", LONG_ONE),
                        block(seen, "PRIVATE KEY", "a key"),
                        block(seen, "CERTIFICATE REQUEST", "a wish")),
                 joined(seen, block(seen, "X509 CERTIFICATE", ONE_SIGN), "the end",
                        "\n-----BEGIN CERTIFICATE-----")),
          LONG_ONE "\n" ONE_SIGN "\n");
}

static void a_trusted_certificate_is_told_apart(void **state)
{
    struct seen *seen = *state;

    finds(seen,
          joined(seen, block(seen, "TRUSTED CERTIFICATE", LONG_ONE),
                 block(seen, "CERTIFICATE", ONE_SIGN), ""),
          "+" LONG_ONE "\n" ONE_SIGN "\n");
}

static void line_ends_blanks_and_marks_of_editors_do_not_matter(void **state)
{
    struct seen *seen = *state;
    const char *plain = joined(seen, block(seen, "CERTIFICATE", LONG_ONE),
                               block(seen, "CERTIFICATE", TWO_SIGNS), "");

    finds(seen, with_line_ends(seen, plain, "\r\n"), LONG_ONE "\n" TWO_SIGNS "\n");
    finds(seen, with_line_ends(seen, plain, " \t\n"), LONG_ONE "\n" TWO_SIGNS "\n");
    finds(seen, joined(seen, "\xef\xbb\xbf", plain, ""), LONG_ONE "\n" TWO_SIGNS "\n");
    finds(seen, cc_text_dup(&seen->mem, plain, strlen(plain) - 1), LONG_ONE "\n" TWO_SIGNS "\n");
    finds(seen,
          joined(seen, "-----BEGIN CERTIFICATE-----\n", base64(seen, LONG_ONE),
                 "\n-----END CERTIFICATE-----\n"),
          LONG_ONE "\n");
}

static void a_header_inside_a_block_is_read_as_openssl_reads_it(void **state)
{
    struct seen *seen = *state;

    finds(seen,
          joined(seen, "-----BEGIN CERTIFICATE-----\nComment: mine\n\n", base64(seen, ONE_SIGN),
                 "\n-----END CERTIFICATE-----\n"),
          ONE_SIGN "\n");
}

static void a_broken_certificate_does_not_take_the_next_one_with_it(void **state)
{
    static const char *const broken[] = {
        "-----BEGIN CERTIFICATE-----\nAAAA$AAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n",
        "-----BEGIN CERTIFICATE-----\nAA=A\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAA===\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA",
        "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE\n",
        "-----BEGIN \n",
        "-----END CERTIFICATE-----\n",
    };
    struct seen *seen = *state;

    for (size_t i = 0; i < CC_COUNT(broken); i++) {
        finds(seen,
              joined(seen, block(seen, "CERTIFICATE", ONE_SIGN), broken[i],
                     joined(seen, "\n", block(seen, "CERTIFICATE", LONG_ONE), "")),
              ONE_SIGN "\n" LONG_ONE "\n");
    }
}

#define MACHINES_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

static void add_bytes(void *about, const unsigned char *der, size_t size, bool trusted)
{
    (void)trusted;
    cc_buf_add(about, (const char *)der, size);
}

static void the_machines_bundle_is_read_as_openssl_reads_it(void **state)
{
    struct seen *seen = *state;
    struct cc_buf ours = cc_buf_new(&seen->mem, 1 << 24);
    struct cc_buf theirs = cc_buf_new(&seen->mem, 1 << 24);
    BIO *file = BIO_new_file(MACHINES_BUNDLE, "r");
    unsigned char *der = NULL;
    char *name = NULL;
    char *header = NULL;
    char piece[4096];
    long size = 0;

    if (!file) {
        skip();
    }
    for (int got = BIO_read(file, piece, sizeof(piece)); got > 0;
         got = BIO_read(file, piece, sizeof(piece))) {
        cc_buf_add(&seen->text, piece, (size_t)got);
    }
    cc_real_certificates(seen->text.text, seen->text.len,
                         &(struct cc_certificates){nothing, add_bytes, &ours});
    (void)BIO_seek(file, 0);
    while (PEM_read_bio(file, &name, &header, &der, &size) == 1) {
        cc_buf_add(&theirs, (const char *)der, (size_t)size);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    (void)BIO_free(file);
    assert_true(ours.len > 0);
    assert_int_equal(ours.len, theirs.len);
    assert_memory_equal(ours.text, theirs.text, ours.len);
}

#define SEEN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEEN(every_certificate_is_found_in_order),
        SEEN(one_is_passed_over_by_its_first_bytes_and_the_next_is_whole),
        SEEN(text_around_certificates_and_other_labels_are_passed_over),
        SEEN(a_trusted_certificate_is_told_apart),
        SEEN(line_ends_blanks_and_marks_of_editors_do_not_matter),
        SEEN(a_header_inside_a_block_is_read_as_openssl_reads_it),
        SEEN(a_broken_certificate_does_not_take_the_next_one_with_it),
        SEEN(the_machines_bundle_is_read_as_openssl_reads_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
