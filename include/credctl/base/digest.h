#ifndef CREDCTL_BASE_DIGEST_H
#define CREDCTL_BASE_DIGEST_H

/*
 * SHA-256 and SHA-1 with OpenSSL's low-level functions. With its EVP functions, the first digest of
 * a process takes 2 million instructions, because OpenSSL lists all its algorithms, and each later
 * one looks its algorithm up again, which takes ten times as long as the digest. Nothing here can
 * fail.
 */

#include <stddef.h>

#include <openssl/sha.h>

struct cc_sum {
    SHA256_CTX state;
};

void cc_sum_begin(struct cc_sum *sum);
void cc_sum_add(struct cc_sum *sum, const void *bytes, size_t size);
/* Wipes the state: it may contain parts of a secret. */
void cc_sum_end(struct cc_sum *sum, unsigned char to[SHA256_DIGEST_LENGTH]);

/* SHA-1, for file names that other programs build with it; not for security. */
void cc_sha1(const void *bytes, size_t size, unsigned char to[SHA_DIGEST_LENGTH]);

#endif
