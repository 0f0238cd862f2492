#include "credctl/base/text.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

#define ENDING   ".json"
#define LEFTOVER ".json.tmp"
#define PRUNE_S  172800

static bool absolute(const char *path)
{
    return path && path[0] == '/';
}

const char *cc_cache_folder(struct cc_run *run)
{
    const char *cache = cc_env(run, "XDG_CACHE_HOME");
    const char *home = cc_home(run);

    if (absolute(cache)) {
        return cc_textf(&run->mem, "%s/credctl", cache);
    }
    return absolute(home) ? cc_textf(&run->mem, "%s/.cache/credctl", home) : NULL;
}

const char *cc_shelf_file(struct cc_run *run, const char *key)
{
    return cc_textf(&run->mem, "%s" ENDING, key);
}

/* The key in a file name; false when it is not the name of an entry. */
static bool key_in(const char *name, const char *ending, char key[CC_SUM_SIZE])
{
    size_t len = CC_SUM_SIZE - 1;

    if (strspn(name, "0123456789abcdef") != len || !cc_text_equal(name + len, ending)) {
        return false;
    }
    memcpy(key, name, len);
    key[len] = '\0';
    return true;
}

/* The number of the lock of a key: its first 64 bits. */
uint64_t cc_shelf_lock(const char *key)
{
    char start[17];

    memcpy(start, key, sizeof(start) - 1);
    start[sizeof(start) - 1] = '\0';
    return strtoull(start, NULL, 16);
}

/* The lock shows whether the writer of a temporary file is still running. */
static void sweep_one(struct cc_run *run, struct cc_folder *folder, const char *name,
                      const char *key)
{
    struct cc_error ignored;

    if (cc_folder_lock(run, folder, cc_shelf_lock(key)) == CC_LOCK_GOT) {
        (void)!cc_folder_remove(run, folder, name, &ignored);
        cc_folder_unlock(run, folder, cc_shelf_lock(key));
    }
}

void cc_shelf_sweep_key(struct cc_run *run, struct cc_folder *folder, const char *key)
{
    const char *name = cc_textf(&run->mem, "%s" LEFTOVER, key);

    if (cc_folder_facts(run, folder, name).exists) {
        sweep_one(run, folder, name, key);
    }
}

void cc_shelf_sweep(struct cc_run *run, struct cc_folder *folder)
{
    const char *const *names = cc_folder_names(run, folder);
    char key[CC_SUM_SIZE];

    for (size_t i = 0; names[i]; i++) {
        if (key_in(names[i], LEFTOVER, key)) {
            sweep_one(run, folder, names[i], key);
        }
    }
}

/* Entries that were written so long ago that their sessions have ended. */
void cc_shelf_prune(struct cc_run *run, struct cc_folder *folder)
{
    const char *const *names = cc_folder_names(run, folder);
    int64_t now = cc_now(run);
    char key[CC_SUM_SIZE];
    struct cc_error ignored;

    for (size_t i = 0; names[i]; i++) {
        if (key_in(names[i], ENDING, key) &&
            cc_folder_facts(run, folder, names[i]).changed + PRUNE_S < now) {
            (void)!cc_folder_remove(run, folder, names[i], &ignored);
        }
    }
}

static const struct cc_cache_row *row_of(struct cc_run *run, struct cc_folder *folder,
                                         const char *name, const struct cc_cache_row *next)
{
    struct cc_cache_row *row = cc_alloc(&run->mem, sizeof(*row));
    char key[CC_SUM_SIZE];
    struct cc_bytes bytes = {0};
    struct cc_entry entry;
    struct cc_error ignored;

    *row = (struct cc_cache_row){.name = name, .next = next};
    if (!key_in(name, ENDING, key) || !cc_folder_read(run, folder, name, &bytes, &ignored) ||
        !cc_entry_decode(&run->mem, bytes, key, &entry)) {
        return row;
    }
    row->readable = true;
    row->present = entry.live.present;
    row->source = entry.source ? entry.source->name : NULL;
    row->detail = entry.detail;
    row->profile = entry.profile;
    row->account_id = entry.live.keys.account_id;
    row->role_arn = entry.live.keys.role_arn;
    row->fetched = entry.live.fetched;
    row->expires = entry.live.keys.expires;
    row->retry_at = entry.live.present ? entry.live.retry_at : entry.denied_until;
    row->now = cc_now(run) + entry.skew;
    return row;
}

static bool open_existing(struct cc_run *run, struct cc_folder **folder, struct cc_error *err)
{
    const char *path = cc_cache_folder(run);

    *folder = NULL;
    return !path || cc_folder_open(run, path, false, folder, err) || err->code == CC_E_NOT_HERE;
}

bool cc_cache_list(struct cc_run *run, const struct cc_cache_row **rows, struct cc_error *err)
{
    struct cc_folder *folder = NULL;
    char key[CC_SUM_SIZE];

    *rows = NULL;
    if (!open_existing(run, &folder, err)) {
        return false;
    }
    const char *const *names = folder ? cc_folder_names(run, folder) : NULL;
    for (size_t i = 0; names && names[i]; i++) {
        if (key_in(names[i], ENDING, key)) {
            *rows = row_of(run, folder, names[i], *rows);
        }
    }
    return true;
}

bool cc_shelf_remove(struct cc_run *run, struct cc_folder *folder, const char *name,
                     const struct cc_cache_row **gone, struct cc_error *err)
{
    struct cc_file_facts facts = cc_folder_facts(run, folder, name);

    if (!facts.exists || !facts.regular || !facts.ours) {
        return true;
    }
    const struct cc_cache_row *row = row_of(run, folder, name, *gone);
    if (!cc_folder_remove(run, folder, name, err)) {
        return false;
    }
    *gone = row;
    return true;
}

static bool of_profile(struct cc_run *run, struct cc_folder *folder, const char *name,
                       const char *profile)
{
    return !profile || cc_text_equal(row_of(run, folder, name, NULL)->profile, profile);
}

static bool clear(struct cc_run *run, struct cc_folder *folder, const char *profile,
                  const struct cc_cache_row **gone, struct cc_error *err)
{
    const char *const *names = cc_folder_names(run, folder);
    char key[CC_SUM_SIZE];

    for (size_t i = 0; names[i]; i++) {
        if (key_in(names[i], ENDING, key) && of_profile(run, folder, names[i], profile) &&
            !cc_shelf_remove(run, folder, names[i], gone, err)) {
            return false;
        }
    }
    return true;
}

bool cc_shelf_clear(struct cc_run *run, const char *profile, const struct cc_cache_row **gone,
                    struct cc_error *err)
{
    const struct cc_cache_row *before = NULL;
    struct cc_folder *folder = NULL;

    if (!open_existing(run, &folder, err)) {
        return false;
    }
    if (!folder) {
        return true;
    }
    cc_shelf_sweep(run, folder);
    do { /* a list of names has an end; there may be more */
        before = *gone;
        if (!clear(run, folder, profile, gone, err)) {
            return false;
        }
    } while (*gone != before);
    return true;
}
