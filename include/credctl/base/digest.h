#ifndef CREDCTL_BASE_DIGEST_H
#define CREDCTL_BASE_DIGEST_H

/*
 * SHA-256 and SHA-1 by OpenSSL's low-level functions: by the others the first digest of a process
 * costs 2 million instructions, for OpenSSL lists all algorithms it has, and each later one looks
 * its algorithm up again, ten times what it computes. Nothing here can fail.
 */

#include <stddef.h>

#include <openssl/sha.h>

struct cc_sum {
    SHA256_CTX state;
};

void cc_sum_begin(struct cc_sum *sum);
void cc_sum_add(struct cc_sum *sum, const void *bytes, size_t size);
/* Wipes the sum: it may have seen a secret. */
void cc_sum_end(struct cc_sum *sum, unsigned char to[SHA256_DIGEST_LENGTH]);

/* SHA-1, for names of files that others chose so; it proves nothing. */
void cc_sha1(const void *bytes, size_t size, unsigned char to[SHA_DIGEST_LENGTH]);

#endif
