#include "credctl/cache/cache.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#include <string.h>

#define WAIT_MS        30000
#define WAIT_PERSON_MS 120000 /* somebody may be typing a code */
#define EARLY_MS       5000   /* for a refresh while the old ones would do */
#define PAUSE_MS       4
#define PAUSE_MAX_MS   64
#define CLOCK_SLACK_S  60
#define STALE_MAX_S    3600 /* past their expiry, old keys are an answer for so long */
#define BACK_OFF_MAX_S 600
#define BACK_OFF_LATE  30

/* One search and the place of its entry. */
struct place {
    struct cc_search *search;
    const struct cc_demand *demand;
    struct cc_plan plan;
    struct cc_folder *folder;
    char key[CC_HEX_SIZE];
    char login[CC_HEX_SIZE];
};

static void warn_unsafe(struct cc_search *search, const struct cc_error *err)
{
    cc_search_warn(search, cc_textf(&search->run->mem, "the cache is not used: %s (%s); %s",
                                    err->what, err->why, err->fix));
}

/* Anything but a whole entry of ours, for this login, is no entry. */
static bool read_entry(const struct place *place, struct cc_entry *entry, struct cc_error *why)
{
    struct cc_run *run = place->search->run;
    struct cc_bytes bytes = {0};

    *entry = (struct cc_entry){0};
    *why = (struct cc_error){0};
    return cc_folder_read(run, place->folder, cc_shelf_file(run, place->key), &bytes, why) &&
           cc_entry_decode(&run->mem, bytes, place->key, entry) &&
           cc_text_equal(entry->login, place->login);
}

static void load(const struct place *place, struct cc_entry *entry)
{
    struct cc_error why;
    int64_t now = cc_now(place->search->run);

    if (!read_entry(place, entry, &why)) {
        *entry = (struct cc_entry){0};
    }
    if (entry->live.present && entry->live.keys.expires + STALE_MAX_S < now) {
        entry->live = (struct cc_live){0};
    }
    if (entry->live.retry_at > now + BACK_OFF_MAX_S) {
        entry->live.retry_at = 0; /* the clock was set back */
    }
    if (entry->denied_until <= now || entry->denied_until > now + BACK_OFF_MAX_S) {
        entry->denied_until = 0;
    }
}

static enum cc_need need_of(const struct place *place, const struct cc_entry *entry)
{
    const struct cc_live *live = &entry->live;
    int64_t now = cc_now(place->search->run);

    if (live->present && live->fetched > now + CLOCK_SLACK_S) {
        return CC_NEED_NOW; /* the clock was set back: what it says of the expiry is worth nothing
                             */
    }
    enum cc_need need = cc_live_need(live, now);
    if (need == CC_NEED_SOON && (place->plan.asks || place->plan.process)) {
        need = CC_NEED_NOTHING; /* nobody is to be asked for a code, or a login, before he must */
    }
    bool enough = !live->present || live->keys.expires - now >= place->demand->policy.least;
    return enough || now < live->retry_at ? need : CC_NEED_NOW;
}

static void store(const struct place *place, const struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;
    struct cc_bytes bytes = cc_entry_encode(&run->mem, entry);
    struct cc_error err;

    if (bytes.len > CC_FOLDER_FILE_MAX) {
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

static void drop(const struct place *place)
{
    struct cc_run *run = place->search->run;
    struct cc_error ignored;

    (void)!cc_folder_remove(run, place->folder, cc_shelf_file(run, place->key), &ignored);
}

static bool ask(struct cc_search *search, const struct cc_demand *demand, struct cc_keys *keys,
                struct cc_story *story, struct cc_error *err)
{
    bool (*resolve)(struct cc_search *, const struct cc_assume *, size_t, struct cc_keys *,
                    struct cc_story *, struct cc_error *) =
        demand->policy.resolve ? demand->policy.resolve : cc_chain_resolve;

    search->aws_cli_cache = demand->policy.aws_cli && !demand->policy.off;
    if (!resolve(search, demand->hops, demand->hop_count, keys, story, err)) {
        return false;
    }
    if (cc_text_equal(keys->access_key_id, search->cli_key_id)) {
        story->from_cache = (struct cc_from_cache){"aws-cli", search->cli_written};
    }
    return true;
}

static bool serve(const struct place *place, const struct cc_entry *entry, struct cc_keys *keys,
                  struct cc_story *story)
{
    struct cc_search *search = place->search;
    struct cc_run *run = search->run;
    int64_t left = entry->live.keys.expires - cc_now(run);

    *story = (struct cc_story){
        .attempts = {{.provider = entry->source, .outcome = CC_FOUND, .detail = entry->detail}},
        .count = 1,
        .hops_done = place->demand->hop_count,
        .from_cache = {"credctl", entry->live.fetched},
    };
    story->ended_by = &story->attempts[0];
    search->detail = entry->detail;
    *keys = entry->live.keys;
    if (left <= 0) {
        cc_search_warn(search,
                       cc_textf(&run->mem,
                                "these credentials expired at %s; no newer ones could be had",
                                cc_time_iso(&run->mem, keys->expires)));
    }
    cc_log(run, CC_DEBUG, "cache.hit", CC_S("key", place->key), CC_N("seconds_left", left));
    return true;
}

/* What was remote, or ran a command, and will have an end. */
static bool worth_keeping(const struct place *place, const struct cc_attempt *source,
                          const struct cc_keys *keys, const struct cc_story *story)
{
    static const char *const near[] = {"environment", "container", "imds"};
    char login[CC_HEX_SIZE];

    if (story->from_cache.cache || keys->expires == CC_NEVER_EXPIRES ||
        keys->expires <= cc_now(place->search->run) + CC_LIVE_MANDATORY_S) {
        return false;
    }
    for (size_t i = 0; story->hops_done == 0 && i < CC_COUNT(near); i++) {
        if (cc_text_equal(source->provider->name, near[i])) {
            return false;
        }
    }
    /* Somebody may have logged in as another meanwhile: whose these are cannot be told. */
    cc_cache_login(place->search, &place->plan, login);
    return cc_text_equal(login, place->login);
}

static void keep(const struct place *place, const struct cc_keys *keys,
                 const struct cc_story *story)
{
    struct cc_run *run = place->search->run;
    const struct cc_attempt *source = story->ended_by;
    struct cc_entry entry = {0};

    if (!source || !worth_keeping(place, source, keys, story)) {
        drop(place);
        return;
    }
    entry.source = source->provider;
    entry.detail = source->detail;
    memcpy(entry.key, place->key, sizeof(entry.key));
    memcpy(entry.login, place->login, sizeof(entry.login));
    entry.live.present = true;
    entry.live.from_process = story->hops_done == 0 && cc_text_equal(entry.source->name, "process");
    entry.live.keys = *keys;
    entry.live.fetched = cc_now(run);
    entry.live.advisory = cc_live_advisory(keys->expires - cc_now(run));
    cc_shelf_prune(place->search->run, place->folder);
    store(place, &entry);
}

/* Nobody knows by this whether the same question has the same answer the next time. */
static bool own_limit(const struct cc_run *run, const struct cc_error *err)
{
    return run->offline || err->code == CC_E_MFA ||
           (run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0);
}

/* The next attempt should not come long after what is served has ended. */
static int64_t sooner(const struct cc_live *live, int64_t now)
{
    int64_t edge = live->keys.expires - CC_LIVE_MANDATORY_S;
    int64_t latest = edge > now + BACK_OFF_LATE ? edge : now + BACK_OFF_LATE;

    return live->retry_at < latest ? live->retry_at : latest;
}

static void remember_denial(const struct place *place, const struct cc_live *live,
                            const struct cc_error *err)
{
    struct cc_entry entry = {.denied_until = live->retry_at, .denied = *err};

    if ((!cc_live_final(err->code) && err->code != CC_E_DENIED) || place->plan.asks ||
        cc_secret_present(place->search->token_code)) {
        return;
    }
    memcpy(entry.key, place->key, sizeof(entry.key));
    memcpy(entry.login, place->login, sizeof(entry.login));
    store(place, &entry);
}

/* True: the old ones serve. */
static bool fall_back(const struct place *place, struct cc_entry *entry, const struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    int64_t now = cc_now(run);
    bool valid = entry->live.present && entry->live.keys.expires > now + CC_LIVE_MANDATORY_S;
    bool serves = cc_live_failed(&entry->live, err, now, cc_random_below(run, UINT32_MAX)) || valid;

    if (!serves) {
        if (!own_limit(run, err)) {
            remember_denial(place, &entry->live, err);
        }
        return false;
    }
    cc_search_warn(place->search,
                   cc_textf(&run->mem,
                            "new credentials could not be had, so those of %s are used: %s (%s)",
                            cc_time_iso(&run->mem, entry->live.fetched), err->what, err->why));
    if (!own_limit(run, err)) {
        entry->live.retry_at = sooner(&entry->live, now);
        store(place, entry);
    }
    return true;
}

/* Who could have been served should not wait for a source that hangs. But whoever has begun to
 * trade in the token of a login, which serves once, must see it through. */
static bool ask_in_time(const struct place *place, enum cc_need need, struct cc_keys *keys,
                        struct cc_story *story, struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    int64_t deadline = run->deadline_ms;

    if (need == CC_NEED_SOON && !place->plan.login) {
        run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, EARLY_MS);
    }
    bool ok = ask(place->search, place->demand, keys, story, err);
    run->deadline_ms = deadline;
    return ok;
}

/* With the lock held. Who had it before us may have done our work. */
static bool refresh(const struct place *place, struct cc_keys *keys, struct cc_story *story,
                    struct cc_error *err)
{
    struct cc_entry entry;

    load(place, &entry);
    if (entry.denied_until != 0) {
        *err = entry.denied;
        return false;
    }
    enum cc_need need = need_of(place, &entry);
    if (need == CC_NEED_NOTHING) {
        return serve(place, &entry, keys, story);
    }
    if (ask_in_time(place, need, keys, story, err)) {
        keep(place, keys, story);
        return true;
    }
    return fall_back(place, &entry, err) && serve(place, &entry, keys, story);
}

/* An entry that answers at once, as it stands: fresh enough, or a denial. */
static bool answers(const struct place *place, struct cc_entry *entry)
{
    load(place, entry);
    return entry->denied_until != 0 || need_of(place, entry) != CC_NEED_NOW;
}

/* Until the lock is ours, there never will be one, somebody else has done it, or time is over. */
static enum cc_lock wait_for_turn(const struct place *place, struct cc_entry *entry)
{
    struct cc_run *run = place->search->run;
    int64_t until = cc_ticks_ms(run) + (place->plan.asks ? WAIT_PERSON_MS : WAIT_MS);
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

static bool answer(const struct place *place, const struct cc_entry *entry, struct cc_keys *keys,
                   struct cc_story *story, struct cc_error *err)
{
    if (entry->denied_until != 0) {
        *err = entry->denied;
        return false;
    }
    return serve(place, entry, keys, story);
}

static bool get(const struct place *place, struct cc_keys *keys, struct cc_story *story,
                struct cc_error *err)
{
    struct cc_run *run = place->search->run;
    struct cc_entry entry;
    bool at_once = answers(place, &entry);
    enum cc_lock lock = CC_LOCK_BUSY;

    if (!at_once) {
        lock = wait_for_turn(place, &entry);
        at_once = lock == CC_LOCK_BUSY && answers(place, &entry);
    } else if (entry.denied_until == 0 && need_of(place, &entry) == CC_NEED_SOON) {
        lock = cc_folder_lock(run, place->folder, cc_shelf_lock(place->key));
    }
    if (lock == CC_LOCK_GOT) {
        bool ok = refresh(place, keys, story, err);

        cc_folder_unlock(run, place->folder, cc_shelf_lock(place->key));
        return ok;
    }
    return at_once ? answer(place, &entry, keys, story, err)
                   : ask(place->search, place->demand, keys, story, err);
}

/* False with CC_E_OK: there is nothing to keep. Otherwise why there is no cache. */
static bool find_place(struct cc_search *search, const struct cc_demand *demand, bool make,
                       struct place *place, struct cc_error *err)
{
    const char *path = cc_cache_folder(search->run);

    *err = (struct cc_error){0};
    *place =
        (struct place){.search = search, .demand = demand, .plan = cc_cache_plan(search, demand)};
    if (!place->plan.worth) {
        return false;
    }
    if (!path) {
        return cc_fail(err, CC_E_NOT_HERE, "there is no place for a cache");
    }
    if (!cc_folder_open(search->run, path, make, &place->folder, err)) {
        return false;
    }
    cc_cache_key(search, demand, &place->plan, place->folder, place->key);
    cc_cache_login(search, &place->plan, place->login);
    return true;
}

bool cc_credentials_get(struct cc_search *search, const struct cc_demand *demand,
                        struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    struct place place;
    struct cc_entry entry;
    struct cc_error why;

    *story = (struct cc_story){0};
    if (demand->policy.off || !find_place(search, demand, true, &place, &why)) {
        if (!demand->policy.off && why.code == CC_E_UNSAFE_FILE) {
            warn_unsafe(search, &why);
        }
        return ask(search, demand, keys, story, err);
    }
    cc_shelf_sweep(search->run, place.folder);
    if (!read_entry(&place, &entry, &why) && why.code == CC_E_UNSAFE_FILE) {
        warn_unsafe(search, &why);
    }
    return get(&place, keys, story, err);
}

bool cc_cache_clear(struct cc_search *search, const struct cc_demand *demand,
                    const struct cc_cache_row **gone, struct cc_error *err)
{
    struct place place;

    *gone = NULL;
    if (!demand) {
        return cc_shelf_clear(search->run, gone, err);
    }
    if (!find_place(search, demand, false, &place, err)) {
        return err->code == CC_E_OK || err->code == CC_E_NOT_HERE;
    }
    return cc_shelf_remove(search->run, place.folder, cc_shelf_file(search->run, place.key), gone,
                           err);
}
