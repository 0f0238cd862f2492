#include "credctl/base/heap.h"

#include <malloc.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A piece is cut from the end of the last chunk, or is a freed one of the same size class. Classes
 * are 16 bytes apart, those of larger sizes 256. Still larger pieces are mappings of their own,
 * which the kernel clears. All bytes of a freed piece are zero, except the link to the next one; so
 * is the rest of the chunk. The page behind each chunk and mapping cannot be accessed.
 */

#define FINE        ((size_t)16)
#define FINE_COUNT  64
#define COARSE      ((size_t)256)
#define CLASSES     96
#define PIECE_MAX   (FINE * FINE_COUNT + COARSE * (CLASSES - FINE_COUNT)) /* with its header */
#define CHUNK       ((size_t)256 << 10)
#define OWN_MAPPING UINT32_MAX

/*
 * The 8 bytes before what the caller sees. The mark depends on a secret of this process, on the
 * address, on the class and on whether the piece is in use. So an overwritten header is noticed,
 * also when it is a copy of another one, and so is a second free.
 */
struct header {
    uint32_t class;
    uint32_t mark;
};

enum use { IN_USE = 1, FREED = 2 };

struct piece {
    struct header header;
    struct piece *next; /* the caller's bytes begin here */
};

#define SEEN_AT offsetof(struct piece, next)

/* A mapping of its own, which ends where the caller's bytes end: its size, then the header. */
struct mapping {
    size_t size; /* from the start of its first page on, without the guard */
    struct header header;
};

#ifdef CC_PLAIN_HEAP

/* For the sanitizers, which know the bounds of what comes from malloc. */
void *cc_heap_malloc(size_t size)
{
    return calloc(1, size);
}

static size_t room_of(void *at)
{
    return malloc_usable_size(at);
}

void cc_heap_free(void *at)
{
    if (at) {
        explicit_bzero(at, room_of(at));
        free(at);
    }
}

#else

static struct {
    atomic_flag busy;
    unsigned char *free_from; /* of the last chunk */
    unsigned char *free_to;
    struct piece *freed[CLASSES];
    size_t page;
    uint64_t secret; /* of the marks; 0: not chosen yet */
} heap = {.busy = ATOMIC_FLAG_INIT};

/* Held for about twenty instructions; a mutex would take twice as many. */
static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&heap.busy, memory_order_acquire)) {
        (void)sched_yield();
    }
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&heap.busy, memory_order_release);
}

static size_t size_of_class(uint32_t class)
{
    return class < FINE_COUNT ? FINE * (class + 1)
                              : FINE * FINE_COUNT + COARSE * (class - FINE_COUNT + 1);
}

static uint32_t class_of(size_t size)
{
    return (uint32_t)(size <= FINE * FINE_COUNT
                          ? (size - 1) / FINE
                          : (size - FINE * FINE_COUNT - 1) / COARSE + FINE_COUNT);
}

/* Under the lock. The secret comes from the random bytes that the kernel gives to every process.
 * The C library uses them too, so they are mixed. */
static void begin(void)
{
    uint64_t given[2] = {0};
    const void *random = (const void *)getauxval(AT_RANDOM); // NOLINT(performance-no-int-to-ptr)

    if (heap.secret == 0) {
        if (random) {
            memcpy(given, random, sizeof(given));
        }
        heap.secret = (given[0] * 0x9e3779b97f4a7c15u ^ given[1]) | 1;
        heap.page = (size_t)sysconf(_SC_PAGESIZE);
    }
}

static uint32_t mark_of(const struct header *at, uint32_t class, enum use use)
{
    return (
        uint32_t)((((uintptr_t)at ^ (uint64_t) class << 48 ^ (uint64_t)use << 60) * heap.secret) >>
                  32);
}

static struct header new_header(const struct header *at, uint32_t class, enum use use)
{
    return (struct header){class, mark_of(at, class, use)};
}

static bool is_header(const struct header *at, enum use use)
{
    return (at->class < CLASSES || at->class == OWN_MAPPING) &&
           at->mark == mark_of(at, at->class, use);
}

/* Whole pages, with a guard page behind them. */
static unsigned char *map(size_t size)
{
    unsigned char *at =
        mmap(NULL, size + heap.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED) {
        return NULL;
    }
    (void)mprotect(at + size, heap.page, PROT_NONE);
    return at;
}

static void *map_own(size_t size)
{
    lock();
    begin();
    unlock();
    const size_t used = (size + sizeof(struct mapping) + FINE - 1) / FINE * FINE;
    const size_t whole = (used + heap.page - 1) / heap.page * heap.page;
    unsigned char *at = map(whole);

    if (!at) {
        return NULL;
    }
    struct mapping *mapping = (struct mapping *)(void *)(at + whole - used);
    mapping->size = whole;
    mapping->header = new_header(&mapping->header, OWN_MAPPING, IN_USE);
    return mapping + 1;
}

/* The struct is in the first page of the mapping. */
static unsigned char *first_page(struct mapping *mapping)
{
    return (unsigned char *)mapping - (uintptr_t)mapping % heap.page;
}

/* Under the lock. Pieces begin 8 bytes before a multiple of 16, so that the caller's is one. */
static struct piece *cut(size_t size)
{
    if ((size_t)(heap.free_to - heap.free_from) < size) {
        begin();
        unsigned char *chunk = map(CHUNK);

        if (!chunk) {
            return NULL;
        }
        heap.free_from = chunk + FINE - SEEN_AT;
        heap.free_to = chunk + CHUNK;
    }
    void *piece = heap.free_from;
    heap.free_from += size;
    return piece;
}

void *cc_heap_malloc(size_t size)
{
    if (size > PIECE_MAX - SEEN_AT) {
        return size < PTRDIFF_MAX ? map_own(size) : NULL;
    }
    uint32_t class = class_of(size + SEEN_AT);

    lock();
    struct piece *piece = heap.freed[class];
    if (piece) {
        if (!is_header(&piece->header, FREED) || piece->header.class != class) {
            abort(); /* a freed piece was written to */
        }
        heap.freed[class] = piece->next;
    } else {
        piece = cut(size_of_class(class));
    }
    unlock();
    if (!piece) {
        return NULL;
    }
    piece->header = new_header(&piece->header, class, IN_USE);
    piece->next = NULL;
    return &piece->next;
}

/* Freed twice, not allocated here, or overwritten by the piece before it: the process must not
 * continue. */
static struct header *header_of(void *at)
{
    struct header *header = (struct header *)at - 1;

    if (!is_header(header, IN_USE)) {
        abort();
    }
    return header;
}

static size_t room_of(void *at)
{
    const struct header *header = header_of(at);
    struct mapping *mapping = (struct mapping *)at - 1;

    return header->class == OWN_MAPPING
               ? (size_t)(first_page(mapping) + mapping->size - (unsigned char *)at)
               : size_of_class(header->class) - SEEN_AT;
}

void cc_heap_free(void *at)
{
    if (!at) {
        return;
    }
    struct header *header = header_of(at);
    uint32_t class = header->class;
    if (class == OWN_MAPPING) {
        struct mapping *mapping = (struct mapping *)at - 1;

        (void)munmap(first_page(mapping), mapping->size + heap.page);
        return;
    }
    struct piece *piece = (struct piece *)(void *)header;
    explicit_bzero(at, size_of_class(class) - SEEN_AT);
    *header = new_header(header, class, FREED);
    lock();
    piece->next = heap.freed[class];
    heap.freed[class] = piece;
    unlock();
}

#endif

void *cc_heap_calloc(size_t count, size_t size)
{
    size_t whole = 0;

    return __builtin_mul_overflow(count, size, &whole) ? NULL : cc_heap_malloc(whole);
}

void *cc_heap_realloc(void *at, size_t size)
{
    if (!at) {
        return cc_heap_malloc(size);
    }
    if (size == 0) {
        cc_heap_free(at);
        return NULL;
    }
    size_t room = room_of(at);
    if (size <= room && room - size < COARSE) {
        return at;
    }
    void *grown = cc_heap_malloc(size);
    if (!grown) {
        return NULL;
    }
    memcpy(grown, at, room < size ? room : size);
    cc_heap_free(at);
    return grown;
}

char *cc_heap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = cc_heap_malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}
