#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

#define CLOCK_SLACK_S  60
#define BACK_OFF_MAX_S 600

void cc_place_distrust(struct cc_search *search, const struct cc_error *err)
{
    cc_search_warn(search, cc_textf(&search->run->mem, "the cache is not used: %s (%s); %s",
                                    err->what, err->why, err->fix));
}

/* Only complete entries of this key are accepted. */
static bool read_entry(const struct cc_place *place, struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;
    struct cc_bytes bytes = {0};
    struct cc_error why = {0};

    if (!cc_folder_read(run, place->folder, cc_shelf_file(run, place->key), &bytes, &why)) {
        if (why.code == CC_E_UNSAFE_FILE) {
            cc_place_distrust(place->search, &why);
        }
        return false;
    }
    return cc_entry_decode(&run->mem, bytes, place->key, entry);
}

/* The skew in an entry is valid while nobody has set the clock: since then, as much time has passed
 * on it as on the monotonic clock. */
static bool clock_runs_on(const struct cc_run *run, const struct cc_entry *entry)
{
    int64_t passed = cc_now(run) + entry->skew - entry->live.fetched;
    int64_t ticked = (cc_ticks_ms(run) - entry->ticks) / 1000;

    return ticked >= 0 && passed - ticked <= CLOCK_SLACK_S && ticked - passed <= CLOCK_SLACK_S;
}

/* Takes the skew from the entry, so that AWS's time is known before any call. */
static bool learn_clock(struct cc_run *run, const struct cc_entry *entry)
{
    struct cc_run *whole = cc_run_whole(run);

    if (!entry->live.present || entry->skew == 0 || whole->skew != 0) {
        return true;
    }
    if (!clock_runs_on(run, entry)) {
        return false;
    }
    whole->skew = entry->skew;
    return true;
}

void cc_place_load(const struct cc_place *place, struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;

    *entry = (struct cc_entry){0};
    if (!read_entry(place, entry) || !learn_clock(run, entry)) {
        *entry = (struct cc_entry){0};
        return;
    }
    int64_t now = cc_now_aws(run);
    if (entry->live.present && entry->live.keys.expires + CC_LIVE_STALE_S < now) {
        entry->live = (struct cc_live){0};
    }
    if (entry->live.retry_at > now + BACK_OFF_MAX_S) {
        entry->live.retry_at = 0; /* the clock was set back */
    }
    if (entry->denied_until <= now || entry->denied_until > now + BACK_OFF_MAX_S) {
        entry->denied_until = 0;
    }
}

/* True when enough validity is left for the caller. Where a person would have to act, usable keys
 * are enough; and a provider whose keys never last so long is not asked again. */
static bool enough(const struct cc_place *place, const struct cc_live *live, int64_t now)
{
    int64_t least = place->demand->policy.least;
    int64_t left = live->keys.expires - now;

    if (place->chain->asks) {
        return left >= (least < CC_LIVE_MANDATORY_S ? least : CC_LIVE_MANDATORY_S);
    }
    /* Another process fetched them while this one waited: there are no newer ones. */
    bool newest = place->waits_since != 0 && live->fetched >= place->waits_since;
    return left >= least || newest || live->keys.expires - live->fetched < least;
}

enum cc_need cc_place_need(const struct cc_place *place, const struct cc_entry *entry)
{
    const struct cc_live *live = &entry->live;
    int64_t now = cc_now_aws(place->search->run);

    if (live->present && live->fetched > now + CLOCK_SLACK_S) {
        return CC_NEED_NOW; /* the clock was set back: the expiry cannot be judged */
    }
    enum cc_need need = cc_live_need(live, now);
    if (need == CC_NEED_SOON && place->chain->asks) {
        need = CC_NEED_NOTHING; /* a person is not asked for a code before that is necessary */
    }
    return !live->present || now < live->retry_at || enough(place, live, now) ? need : CC_NEED_NOW;
}

static void store(const struct cc_place *place, const struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;
    struct cc_bytes bytes = cc_entry_encode(&run->mem, entry);
    struct cc_error err;

    if (bytes.len > CC_FOLDER_FILE_MAX) {
        cc_search_warn(place->search, cc_textf(&run->mem,
                                               "the credentials were not cached: the entry would "
                                               "have more than %d KiB",
                                               CC_FOLDER_FILE_MAX / 1024));
        return;
    }
    if (cc_folder_write(run, place->folder, cc_shelf_file(run, place->key), bytes, &err)) {
        cc_log(run, CC_DEBUG, "cache.stored", CC_S("key", place->key));
    } else if (err.code == CC_E_UNWRITABLE) {
        cc_search_warn(
            place->search,
            cc_textf(&run->mem, "the credentials were not cached: %s (%s)", err.what, err.why));
    }
}

static void drop(const struct cc_place *place)
{
    struct cc_run *run = place->search->run;
    struct cc_error ignored;

    (void)!cc_folder_remove(run, place->folder, cc_shelf_file(run, place->key), &ignored);
}

/*
 * True for keys that took a call or a command, that expire, and that are of the planned identity.
 */
static bool worth_keeping(const struct cc_place *place, const struct cc_keys *keys,
                          const struct cc_story *story)
{
    char key[CC_SUM_SIZE];

    if (!story->ended_by || story->from_cache.cache || keys->expires == CC_NEVER_EXPIRES) {
        return false;
    }
    /* A refreshed login was noted again: another login has another sum. */
    cc_cache_key(place->search, place->chain, place->folder, key);
    return cc_text_equal(key, place->key);
}

void cc_place_keep(const struct cc_place *place, const struct cc_keys *keys,
                   const struct cc_story *story)
{
    struct cc_run *run = place->search->run;
    struct cc_entry entry = {.skew = cc_run_whole(run)->skew, .ticks = cc_ticks_ms(run)};

    if (!worth_keeping(place, keys, story)) {
        drop(place);
        return;
    }
    entry.source = story->ended_by->provider;
    entry.detail = story->ended_by->detail;
    entry.profile = story->ended_by->provider->in_profile ? place->search->settings->profile : NULL;
    memcpy(entry.key, place->key, sizeof(entry.key));
    entry.live.present = true;
    entry.live.from_process = story->of_command;
    entry.live.keys = *keys;
    entry.live.fetched = cc_now_aws(run);
    entry.live.advisory = cc_live_advisory(keys->expires - entry.live.fetched);
    cc_shelf_prune(run, place->folder);
    store(place, &entry);
}

/* A failure because of a limit of this run only: it says nothing about the next attempt. */
static bool own_limit(const struct cc_run *run, const struct cc_error *err)
{
    return run->offline || err->code == CC_E_MFA ||
           (run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0);
}

/* Removes expired keys, so that they are not served after a later failure that passes, and
 * remembers a denial, so that the provider is not asked again at once. */
static void remember_denial(const struct cc_place *place, const struct cc_live *live,
                            const struct cc_error *err)
{
    struct cc_entry entry = {.denied_until = live->retry_at, .denied = *err};
    const bool told = cc_live_final(err->code) || err->code == CC_E_DENIED;

    if (cc_error_passes(err)) {
        return;
    }
    if (!told || place->chain->asks || cc_secret_present(place->search->token_code)) {
        drop(place);
        return;
    }
    memcpy(entry.key, place->key, sizeof(entry.key));
    store(place, &entry);
}

bool cc_place_fall_back(const struct cc_place *place, struct cc_entry *entry,
                        const struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    int64_t now = cc_now_aws(run);
    bool valid = entry->live.present && entry->live.keys.expires > now;
    bool serves = cc_live_failed(&entry->live, err, now, cc_random_below(run, UINT32_MAX)) || valid;

    if (!serves) {
        if (!own_limit(run, err)) {
            remember_denial(place, &entry->live, err);
        }
        return false;
    }
    cc_search_warn(place->search,
                   cc_textf(&run->mem,
                            "new credentials could not be fetched, so those fetched at %s are "
                            "used: %s (%s)",
                            cc_time_iso(&run->mem, entry->live.fetched), err->what, err->why));
    if (!own_limit(run, err)) {
        store(place, entry);
    }
    return true;
}
