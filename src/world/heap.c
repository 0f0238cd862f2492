#include "credctl/world/heap.h"

#include "credctl/base/heap.h"

#include "real.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cjson/cJSON.h>
#include <openssl/crypto.h>

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return cc_heap_malloc(size);
}

static void *openssl_realloc(void *at, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return cc_heap_realloc(at, size);
}

static void openssl_free(void *at, const char *file, int line)
{
    (void)file;
    (void)line;
    cc_heap_free(at);
}

void cc_harden(void)
{
    struct rlimit core;
    cJSON_Hooks hooks = {cc_heap_malloc, cc_heap_free};

    (void)CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
    cJSON_InitHooks(&hooks);
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0; /* the hard limit stays, so that a child can have its own limit again */
        (void)setrlimit(RLIMIT_CORE, &core);
    }
    (void)prctl(PR_SET_DUMPABLE, 0);
}
