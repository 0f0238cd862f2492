#define OPENSSL_SUPPRESS_DEPRECATED

#include "credctl/base/digest.h"

#include <openssl/crypto.h>

void cc_sum_begin(struct cc_sum *sum)
{
    (void)SHA256_Init(&sum->state);
}

void cc_sum_add(struct cc_sum *sum, const void *bytes, size_t size)
{
    (void)SHA256_Update(&sum->state, bytes, size);
}

void cc_sum_end(struct cc_sum *sum, unsigned char to[SHA256_DIGEST_LENGTH])
{
    (void)SHA256_Final(to, &sum->state);
    OPENSSL_cleanse(sum, sizeof(*sum));
}

void cc_sha1(const void *bytes, size_t size, unsigned char to[SHA_DIGEST_LENGTH])
{
    SHA_CTX state; /* SHA1() would look its algorithm up */

    (void)SHA1_Init(&state);
    (void)SHA1_Update(&state, bytes, size);
    (void)SHA1_Final(to, &state);
}
