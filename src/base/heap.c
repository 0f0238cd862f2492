#include "credctl/base/heap.h"

#include <malloc.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * A piece is cut from the end of the last chunk, or is a freed one of the same size class. Classes
 * are 16 bytes apart, those of larger sizes 256. Still larger pieces are mappings of their own,
 * which the kernel clears. All bytes of a freed piece are zero, except the link to the next one; so
 * is the rest of the chunk.
 */

#define FINE        ((size_t)16)
#define FINE_COUNT  64
#define COARSE      ((size_t)256)
#define CLASSES     96
#define PIECE_MAX   (FINE * FINE_COUNT + COARSE * (CLASSES - FINE_COUNT)) /* with its header */
#define CHUNK       ((size_t)256 << 10)
#define OWN_MAPPING UINT32_MAX

#define IN_USE      0x7ea51u
#define FREED       0xf2eedu

/* The 8 bytes before what the caller sees. */
struct header {
    uint32_t class;
    uint32_t mark;
};

struct piece {
    struct header header;
    struct piece *next; /* the caller's bytes begin here */
};

#define SEEN_AT offsetof(struct piece, next)

/* A mapping of its own: its size, then the header. */
struct mapping {
    size_t size;
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

static void *map(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static void *map_own(size_t size)
{
    struct mapping *mapping = map(size + sizeof(*mapping));

    if (!mapping) {
        return NULL;
    }
    *mapping = (struct mapping){size + sizeof(*mapping), {OWN_MAPPING, IN_USE}};
    return mapping + 1;
}

/* Under the lock. Pieces begin 8 bytes before a multiple of 16, so that the caller's is one. */
static struct piece *cut(size_t size)
{
    if ((size_t)(heap.free_to - heap.free_from) < size) {
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
        heap.freed[class] = piece->next;
    } else {
        piece = cut(size_of_class(class));
    }
    unlock();
    if (!piece) {
        return NULL;
    }
    piece->header = (struct header){class, IN_USE};
    piece->next = NULL;
    return &piece->next;
}

/* Freed twice, not allocated here, or overwritten by the piece before it: the process must not
 * continue. */
static struct header *header_of(void *at)
{
    struct header *header = (struct header *)at - 1;

    if (header->mark != IN_USE || (header->class >= CLASSES && header->class != OWN_MAPPING)) {
        abort();
    }
    return header;
}

static size_t room_of(void *at)
{
    const struct header *header = header_of(at);

    return header->class == OWN_MAPPING
               ? ((const struct mapping *)at - 1)->size - sizeof(struct mapping)
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

        (void)munmap(mapping, mapping->size);
        return;
    }
    struct piece *piece = (struct piece *)(void *)header;
    explicit_bzero(at, size_of_class(class) - SEEN_AT);
    header->mark = FREED;
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
