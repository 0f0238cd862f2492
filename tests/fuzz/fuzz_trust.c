#include "../../src/world/real.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A certificate of a CA bundle: the subject begins inside it, or nowhere. */
static void subject(void *about, const unsigned char *der, long size, bool trusted)
{
    const unsigned char *found = cc_real_subject(der, size);

    (void)about;
    (void)trusted;
    if (found && (found <= der || found >= der + size)) {
        abort();
    }
}

/* Once as a certificate, once as the bundle that holds it. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    subject(NULL, data, (long)size, false);
    cc_real_certificates((const char *)data, size, subject, NULL);
    return 0;
}
