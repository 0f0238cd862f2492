#include "credctl/world/heap.h"

#include "credctl/base/heap.h"

#include "real.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

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

/*
 * The dynamic loader closes to writing what is written only at the start. A static program has no
 * loader, and the start-up of musl does not do it. The first object is the program itself.
 */
static int close_relro(struct dl_phdr_info *object, size_t size, void *about)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    (void)size;
    (void)about;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const uintptr_t from = (object->dlpi_addr + segment->p_vaddr) / page * page;
        const uintptr_t to =
            (object->dlpi_addr + segment->p_vaddr + segment->p_memsz) / page * page;

        if (segment->p_type == PT_GNU_RELRO && to > from) {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how the segment is given
            (void)mprotect((void *)from, to - from, PROT_READ);
        }
    }
    return 1;
}

void cc_harden(void)
{
    struct rlimit core;
    cJSON_Hooks hooks = {cc_heap_malloc, cc_heap_free};

    (void)dl_iterate_phdr(close_relro, NULL);
    (void)CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
    cJSON_InitHooks(&hooks);
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0; /* the hard limit stays, so that a child can have its own limit again */
        (void)setrlimit(RLIMIT_CORE, &core);
    }
    (void)prctl(PR_SET_DUMPABLE, 0);
}
