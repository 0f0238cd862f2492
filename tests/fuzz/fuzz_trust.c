#include "../../src/world/real.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A certificate of a CA bundle: the subject lies inside it, or nowhere. */
static bool look(void *about, const unsigned char *der, size_t size)
{
    const unsigned char *found = NULL;
    size_t len = 0;

    (void)about;
    if (cc_real_subject(der, size, &found, &len) &&
        (found <= der || len > size || (size_t)(found - der) > size - len)) {
        abort();
    }
    return size % 2 == 0;
}

static void take(void *about, const unsigned char *der, size_t size, bool trusted)
{
    (void)trusted;
    (void)look(about, der, size);
}

/* Once as a certificate, once as the bundle that holds it. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct cc_certificates reader = {look, take, NULL};

    (void)look(NULL, data, size);
    cc_real_certificates((const char *)data, size, &reader);
    return 0;
}
