#include "credctl/world/heap.h"

#include "real.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cjson/cJSON.h>
#include <openssl/crypto.h>

/* Not OPENSSL_cleanse: this runs inside OpenSSL's own free. */
static void cleanse(void *at, size_t size)
{
    static void *(*volatile set)(void *, int, size_t) = memset;

    set(at, 0, size);
}

void *cc_heap_malloc(size_t size)
{
    return malloc(size);
}

void *cc_heap_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

void cc_heap_free(void *at)
{
    if (at) {
        cleanse(at, malloc_usable_size(at));
        free(at);
    }
}

/* realloc may leave a copy behind: allocate, copy, wiping free. */
void *cc_heap_realloc(void *at, size_t size)
{
    if (!at) {
        return malloc(size);
    }
    if (size == 0) {
        cc_heap_free(at);
        return NULL;
    }
    size_t old = malloc_usable_size(at);
    if (size <= old && old - size < 256) {
        return at;
    }
    void *grown = malloc(size);
    if (!grown) {
        return NULL;
    }
    memcpy(grown, at, old < size ? old : size);
    cc_heap_free(at);
    return grown;
}

char *cc_heap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(size);
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
        core.rlim_cur = 0; /* the hard limit stays: a child may have its own back */
        (void)setrlimit(RLIMIT_CORE, &core);
    }
    (void)prctl(PR_SET_DUMPABLE, 0);
}
