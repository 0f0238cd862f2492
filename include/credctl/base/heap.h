#ifndef CREDCTL_BASE_HEAP_H
#define CREDCTL_BASE_HEAP_H

/*
 * The heap of arenas, libcurl, OpenSSL and cJSON: memory is wiped when it is freed, and is zero
 * when it is allocated. Pieces are close together and are reused soon, because the first access to
 * a page costs more than anything else in a short run. Memory from here is returned here, never to
 * free(). Any thread can call these functions, but not the child of a fork while other threads
 * exist. NULL when there is no memory left.
 */

#include <stddef.h>

void *cc_heap_malloc(size_t size);
void *cc_heap_calloc(size_t count, size_t size);
/* Leaves no copy of the old content. A size of 0 frees. */
void *cc_heap_realloc(void *at, size_t size);
char *cc_heap_strdup(const char *text);
void cc_heap_free(void *at);

#endif
