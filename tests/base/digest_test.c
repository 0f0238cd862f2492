#include "credctl/base/digest.h"

#include "credctl/base/text.h"

#include "support/test.h"

/* FIPS 180-4's own examples. */
static void sums_are_the_standards(void **state)
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];
    char hex[2 * SHA256_DIGEST_LENGTH + 1];
    struct cc_sum sum;

    (void)state;
    cc_sum_begin(&sum);
    cc_sum_add(&sum, "a", 1);
    cc_sum_add(&sum, "", 0);
    cc_sum_add(&sum, "bc", 2);
    cc_sum_end(&sum, bytes);
    cc_text_hex(hex, bytes, sizeof(bytes));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    cc_sha1("abc", 3, bytes);
    cc_text_hex(hex, bytes, SHA_DIGEST_LENGTH);
    assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void a_finished_sum_holds_nothing_of_what_it_saw(void **state)
{
    static const struct cc_sum nothing;
    unsigned char bytes[SHA256_DIGEST_LENGTH];
    struct cc_sum sum;

    (void)state;
    cc_sum_begin(&sum);
    cc_sum_add(&sum, "a secret", 8);
    cc_sum_end(&sum, bytes);
    assert_memory_equal(&sum, &nothing, sizeof(sum));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_the_standards),
        cmocka_unit_test(a_finished_sum_holds_nothing_of_what_it_saw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
