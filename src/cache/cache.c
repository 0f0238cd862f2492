#include "credctl/cache/cache.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#define WAIT_MS        30000
#define WAIT_PERSON_MS 120000 /* somebody may be typing an MFA code */
#define EARLY_MS       5000   /* for a refresh while the cached keys are still usable */
#define PAUSE_MS       4
#define PAUSE_MAX_MS   64

static bool ask(struct cc_search *search, const struct cc_demand *demand,
                const struct cc_chain *chain, struct cc_keys *keys, struct cc_story *story,
                struct cc_error *err)
{
    bool (*fetch)(struct cc_search *, const struct cc_chain *, struct cc_keys *, struct cc_story *,
                  struct cc_error *) = demand->policy.fetch ? demand->policy.fetch : cc_chain_fetch;

    if (!fetch(search, chain, keys, story, err)) {
        return false;
    }
    if (cc_text_equal(keys->access_key_id, search->cli_key_id)) {
        story->from_cache = (struct cc_from_cache){"aws-cli", search->cli_written};
    }
    return true;
}

static bool serve(const struct cc_place *place, const struct cc_entry *entry, struct cc_keys *keys,
                  struct cc_story *story)
{
    struct cc_search *search = place->search;
    struct cc_run *run = search->run;
    int64_t left = entry->live.keys.expires - cc_now_aws(run);

    *story = place->chain->story;
    struct cc_attempt *found = &story->attempts[story->count++];
    *found = (struct cc_attempt){.provider = cc_providers[place->chain->row],
                                 .outcome = CC_FOUND,
                                 .detail = entry->detail,
                                 .took_ms = found->took_ms};
    story->ended_by = found;
    story->hops_done = place->demand->hop_count;
    story->of_command = entry->live.from_process;
    story->from_cache = (struct cc_from_cache){"credctl", entry->live.fetched};
    search->detail = entry->detail;
    search->region_of_host = place->chain->question.base->region_of_host;
    *keys = entry->live.keys;
    if (left <= 0) {
        cc_search_warn(search,
                       cc_textf(&run->mem,
                                "these credentials expired at %s, and newer ones could not be "
                                "fetched",
                                cc_time_iso(&run->mem, keys->expires)));
    }
    cc_log(run, CC_DEBUG, "cache.hit", CC_S("key", place->key), CC_N("seconds_left", left));
    return true;
}

/* When cached keys are usable, the caller must not wait long for a provider that does not answer.
 * But a refresh token can be used only once, so its use must be completed. */
static bool ask_in_time(const struct cc_place *place, const struct cc_entry *entry,
                        struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    int64_t deadline = run->deadline_ms;
    bool could_serve =
        entry->live.present && entry->live.keys.expires > cc_now_aws(run) + CC_LIVE_MANDATORY_S;

    if (could_serve && !place->chain->asks && !place->chain->question.base->token_serves_once) {
        run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, EARLY_MS);
    }
    bool ok = ask(place->search, place->demand, place->chain, keys, story, err);
    run->deadline_ms = deadline;
    return ok;
}

/* With the lock held. Its previous holder may have fetched already. */
static bool refresh(const struct cc_place *place, struct cc_keys *keys, struct cc_story *story,
                    struct cc_error *err)
{
    struct cc_entry entry;

    cc_place_load(place, &entry);
    if (entry.denied_until != 0) {
        *err = entry.denied;
        return false;
    }
    if (cc_place_need(place, &entry) == CC_NEED_NOTHING) {
        return serve(place, &entry, keys, story);
    }
    if (ask_in_time(place, &entry, keys, story, err)) {
        cc_place_keep(place, keys, story);
        return true;
    }
    return cc_place_fall_back(place, &entry, err) && serve(place, &entry, keys, story);
}

/* True when the entry answers at once: it is fresh enough, or is a remembered denial. */
static bool answers(const struct cc_place *place, struct cc_entry *entry)
{
    cc_place_load(place, entry);
    return entry->denied_until != 0 || cc_place_need(place, entry) != CC_NEED_NOW;
}

/* Waits until this process has the lock, locks turn out to be impossible, another process has
 * fetched, or the time is over. */
static enum cc_lock wait_for_turn(const struct cc_place *place, struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;
    int64_t until = cc_ticks_ms(run) + (place->chain->asks ? WAIT_PERSON_MS : WAIT_MS);
    enum cc_lock lock = cc_folder_lock(run, place->folder, cc_shelf_lock(place->key));

    for (int pause = PAUSE_MS; lock == CC_LOCK_BUSY;
         pause = pause < PAUSE_MAX_MS ? pause * 2 : pause) {
        if (cc_ticks_ms(run) >= until || cc_time_left_ms(run, 1) == 0) {
            return CC_LOCK_BUSY;
        }
        cc_sleep_ms(run, pause + (int)cc_random_below(run, (uint32_t)pause));
        if (answers(place, entry)) {
            return CC_LOCK_BUSY;
        }
        lock = cc_folder_lock(run, place->folder, cc_shelf_lock(place->key));
    }
    return lock;
}

static bool answer(const struct cc_place *place, const struct cc_entry *entry, struct cc_keys *keys,
                   struct cc_story *story, struct cc_error *err)
{
    if (entry->denied_until != 0) {
        *err = entry->denied;
        return false;
    }
    return serve(place, entry, keys, story);
}

static bool get(struct cc_place *place, struct cc_keys *keys, struct cc_story *story,
                struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    const uint64_t which = cc_shelf_lock(place->key);
    struct cc_entry entry;
    bool at_once = answers(place, &entry);
    enum cc_lock lock = CC_LOCK_BUSY;

    cc_shelf_sweep_key(run, place->folder, place->key);
    if (!at_once) {
        cc_shelf_sweep(run, place->folder);
        lock = cc_folder_lock(run, place->folder, which);
        if (lock == CC_LOCK_BUSY) {
            place->waits_since = cc_now_aws(run);
            lock = wait_for_turn(place, &entry);
        }
        at_once = lock == CC_LOCK_BUSY && answers(place, &entry);
    } else if (entry.denied_until == 0 && cc_place_need(place, &entry) == CC_NEED_SOON) {
        lock = cc_folder_lock(run, place->folder, which);
    }
    if (lock == CC_LOCK_GOT) {
        bool ok = refresh(place, keys, story, err);

        cc_folder_unlock(run, place->folder, which);
        return ok;
    }
    return at_once ? answer(place, &entry, keys, story, err)
                   : ask(place->search, place->demand, place->chain, keys, story, err);
}

static bool plan(struct cc_search *search, const struct cc_demand *demand, struct cc_chain *chain,
                 struct cc_error *err)
{
    search->aws_cli_cache = demand->policy.aws_cli && !demand->policy.off;
    return cc_chain_plan(search, demand->hops, demand->hop_count, chain, err);
}

/* False with CC_E_OK: there is nothing to cache. Otherwise `err` says why there is no cache. */
static bool find_place(struct cc_search *search, const struct cc_demand *demand,
                       const struct cc_chain *chain, bool make, struct cc_place *place,
                       struct cc_error *err)
{
    const char *path = cc_cache_folder(search->run);

    *err = (struct cc_error){0};
    *place = (struct cc_place){.search = search, .demand = demand, .chain = chain};
    if (!chain->question.base->kept && chain->calls == 0) {
        return false;
    }
    if (!path) {
        return cc_fail(err, CC_E_NOT_HERE, "there is no folder for a cache");
    }
    if (!cc_folder_open(search->run, path, make, &place->folder, err)) {
        return false;
    }
    cc_cache_key(search, chain, place->folder, place->key);
    return true;
}

bool cc_credentials_get(struct cc_search *search, const struct cc_demand *demand,
                        struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    struct cc_chain *chain = cc_alloc(&search->run->mem, sizeof(*chain));
    struct cc_place place;
    struct cc_error why;

    *story = (struct cc_story){0};
    if (!plan(search, demand, chain, err)) {
        cc_chain_story(chain, story);
        return false;
    }
    if (demand->policy.off || !find_place(search, demand, chain, true, &place, &why)) {
        if (!demand->policy.off && why.code == CC_E_UNSAFE_FILE) {
            cc_place_distrust(search, &why);
        }
        return ask(search, demand, chain, keys, story, err);
    }
    return get(&place, keys, story, err);
}

static bool needs_login(const struct cc_error *err)
{
    return err->code == CC_E_SSO_LOGIN || err->code == CC_E_LOGIN;
}

bool cc_cache_clear(struct cc_search *search, const struct cc_demand *demand,
                    const struct cc_cache_row **gone, struct cc_error *err)
{
    struct cc_chain *chain = cc_alloc(&search->run->mem, sizeof(*chain));
    struct cc_place place;

    *gone = NULL;
    if (!demand) {
        return cc_shelf_clear(search->run, NULL, gone, err);
    }
    if (!plan(search, demand, chain, err)) {
        return err->code == CC_E_NO_KEYS ||
               (needs_login(err) &&
                cc_shelf_clear(search->run, search->settings->profile, gone, err));
    }
    if (!find_place(search, demand, chain, false, &place, err)) {
        return err->code == CC_E_OK || err->code == CC_E_NOT_HERE;
    }
    return cc_shelf_remove(search->run, place.folder, cc_shelf_file(search->run, place.key), gone,
                           err);
}
