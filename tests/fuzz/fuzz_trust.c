#include "../../src/world/real.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A certificate of a CA bundle: the subject begins inside it, or nowhere. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const unsigned char *subject = cc_real_subject(data, (long)size);

    if (subject && (subject <= data || subject >= data + size)) {
        abort();
    }
    return 0;
}
