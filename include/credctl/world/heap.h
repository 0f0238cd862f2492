#ifndef CREDCTL_WORLD_HEAP_H
#define CREDCTL_WORLD_HEAP_H

/*
 * First lines of main: OpenSSL and cJSON get heaps that wipe what they free (libcurl gets its own
 * when it is first used), OpenSSL reads no configuration file, what is constant after the start
 * (RELRO) is closed to writing, and the process leaves no core dump and cannot be traced by others
 * of the same user.
 */
void cc_harden(void);

#endif
