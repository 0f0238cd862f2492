#ifndef CACHE_PARTS_H
#define CACHE_PARTS_H

/*
 * Shared by the files of the cache: the place of the entry of a search, the entry, and the folder.
 */

#include "credctl/cache/cache.h"
#include "credctl/cache/live.h"

/* SHA-256 in hex of everything that decides the identity: the ledger of the search, the user, and
 * the host. */
void cc_cache_key(struct cc_search *search, const struct cc_chain *chain,
                  const struct cc_folder *folder, char key[CC_SUM_SIZE]);

/* live.mem is not used: the keys are in the run's arena. All times are on AWS's clock. */
struct cc_entry {
    char key[CC_SUM_SIZE];
    struct cc_live live;
    int64_t skew;                     /* the skew at the fetch, as in struct cc_run */
    int64_t ticks;                    /* the monotonic clock at the fetch, in milliseconds */
    const struct cc_provider *source; /* NULL when there are no keys */
    const char *detail;
    const char *profile;  /* the selected one, when the credentials come from it; or NULL */
    int64_t denied_until; /* 0, or the time until which `denied` is the answer */
    struct cc_error denied;
};

struct cc_bytes cc_entry_encode(struct cc_arena *mem, const struct cc_entry *entry);

/* False for anything but a complete entry that cc_entry_encode wrote for this key. */
CC_MUST_USE bool cc_entry_decode(struct cc_arena *mem, struct cc_bytes bytes, const char *key,
                                 struct cc_entry *entry);

/* A search and the place of its entry. */
struct cc_place {
    struct cc_search *search;
    const struct cc_demand *demand;
    const struct cc_chain *chain;
    struct cc_folder *folder;
    char key[CC_SUM_SIZE];
    int64_t waits_since; /* 0, or the time since which this process waits for another one */
};

/* Warns that a folder or file of the cache is not trusted. */
void cc_place_distrust(struct cc_search *search, const struct cc_error *err);

/* Reads the entry as it is valid now; an empty one when there is none. Warns when it is not
 * trusted. */
void cc_place_load(const struct cc_place *place, struct cc_entry *entry);
enum cc_need cc_place_need(const struct cc_place *place, const struct cc_entry *entry);
/* Replaces the entry by what was fetched, or removes it when that is not to be cached. */
void cc_place_keep(const struct cc_place *place, const struct cc_keys *keys,
                   const struct cc_story *story);
/* After a failed fetch. True: the cached keys are served. */
bool cc_place_fall_back(const struct cc_place *place, struct cc_entry *entry,
                        const struct cc_error *err);

/* The folder: the file and the lock of a key, and operations on all entries. */
const char *cc_shelf_file(struct cc_run *run, const char *key);
uint64_t cc_shelf_lock(const char *key);

/* Removes the temporary file for one key when its writer has ended, so that the lock is free. */
void cc_shelf_sweep_key(struct cc_run *run, struct cc_folder *folder, const char *key);
/* The same for all keys. */
void cc_shelf_sweep(struct cc_run *run, struct cc_folder *folder);

/* Removes entries that were written so long ago that their sessions have ended. */
void cc_shelf_prune(struct cc_run *run, struct cc_folder *folder);

/* Adds what was removed to *gone. */
CC_MUST_USE bool cc_shelf_remove(struct cc_run *run, struct cc_folder *folder, const char *name,
                                 const struct cc_cache_row **gone, struct cc_error *err);
/* The entries of a profile; NULL: all. */
CC_MUST_USE bool cc_shelf_clear(struct cc_run *run, const char *profile,
                                const struct cc_cache_row **gone, struct cc_error *err);

#endif
