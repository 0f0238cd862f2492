#ifndef CREDCTL_BASE_HEAP_H
#define CREDCTL_BASE_HEAP_H

/*
 * The heap of arenas, libcurl, OpenSSL and cJSON: what is freed is wiped, what is given is zero.
 * Pieces lie close together and are used again while they are warm, since the first touch of a page
 * costs more than anything else in a short run. Memory from here goes back here, never to free().
 * Any thread may call; after a fork beside other threads the child may not. NULL when there is no
 * memory left.
 */

#include <stddef.h>

void *cc_heap_malloc(size_t size);
void *cc_heap_calloc(size_t count, size_t size);
/* Leaves no copy behind. A size of 0 frees. */
void *cc_heap_realloc(void *at, size_t size);
char *cc_heap_strdup(const char *text);
void cc_heap_free(void *at);

#endif
