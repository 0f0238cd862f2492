#ifndef CACHE_PARTS_H
#define CACHE_PARTS_H

/* What the files of the cache share: what a search would come to, its key, and its entry. */

#include "credctl/cache/cache.h"
#include "credctl/cache/live.h"

#define CC_HEX_SIZE 65

/* What the chain will come to, as far as can be told without asking anybody. */
struct cc_plan {
    bool worth;        /* it takes a call that is worth keeping */
    bool process;      /* a credential_process is in it: it may depend on any variable */
    bool host;         /* it begins with the role of this machine */
    bool asks;         /* for an MFA code */
    const char *jwt;   /* path of a web identity token; or NULL */
    const char *login; /* path of the token file of a login; or NULL */
};

struct cc_plan cc_cache_plan(struct cc_search *search, const struct cc_demand *demand);

/* SHA-256 in hex of all that decides whose keys these are, and that does not change by itself. */
void cc_cache_key(struct cc_search *search, const struct cc_demand *demand,
                  const struct cc_plan *plan, const struct cc_folder *folder,
                  char key[CC_HEX_SIZE]);

/* The same of the tokens in files, which do: another login makes an entry worthless. */
void cc_cache_login(struct cc_search *search, const struct cc_plan *plan, char login[CC_HEX_SIZE]);

void cc_cache_digest(const char *text, size_t len, char hex[CC_HEX_SIZE]);

/* live.mem is not used: the keys are in the run's arena. */
struct cc_entry {
    char key[CC_HEX_SIZE];
    char login[CC_HEX_SIZE];
    struct cc_live live;
    const struct cc_provider *source; /* NULL when there are no keys */
    const char *detail;
    int64_t denied_until; /* 0, or until when `denied` is the answer */
    struct cc_error denied;
};

struct cc_bytes cc_entry_encode(struct cc_arena *mem, const struct cc_entry *entry);

/* False for anything that was not written by cc_entry_encode, whole, under this key. */
CC_MUST_USE bool cc_entry_decode(struct cc_arena *mem, struct cc_bytes bytes, const char *key,
                                 struct cc_entry *entry);

/* The folder: which file and which of its locks go with a key, and what is done with all of it. */
const char *cc_shelf_file(struct cc_run *run, const char *key);
uint64_t cc_shelf_lock(const char *key);

/* Removes the temporary files of writers that are dead: nobody holds their lock. */
void cc_shelf_sweep(struct cc_run *run, struct cc_folder *folder);

/* Removes entries that nobody has written for so long that no session they hold can last. */
void cc_shelf_prune(struct cc_run *run, struct cc_folder *folder);

/* Adds what was removed to *gone. */
CC_MUST_USE bool cc_shelf_remove(struct cc_run *run, struct cc_folder *folder, const char *name,
                                 const struct cc_cache_row **gone, struct cc_error *err);
CC_MUST_USE bool cc_shelf_clear(struct cc_run *run, const struct cc_cache_row **gone,
                                struct cc_error *err);

#endif
