#include "credctl/cache/live.h"

#define MINUTE ((int64_t)60)

static const struct {
    int64_t lifetime; /* at most */
    int64_t advisory;
} windows[] = {
    {20 * MINUTE, 5 * MINUTE},
    {90 * MINUTE - 1, 15 * MINUTE},
    {INT64_MAX, 60 * MINUTE},
};

int64_t cc_live_advisory(int64_t lifetime)
{
    size_t i = 0;

    while (lifetime > windows[i].lifetime) {
        i++;
    }
    return windows[i].advisory;
}

static int64_t mandatory(const struct cc_live *live)
{
    return live->from_process ? CC_LIVE_PROCESS_S : CC_LIVE_MANDATORY_S;
}

enum cc_need cc_live_need(const struct cc_live *live, int64_t now)
{
    if (!live->present) {
        return CC_NEED_NOW;
    }
    if (live->keys.expires == CC_NEVER_EXPIRES) {
        return CC_NEED_NOTHING;
    }
    int64_t left = live->keys.expires - now;
    int64_t must = mandatory(live);
    int64_t may = live->from_process ? CC_LIVE_PROCESS_S : live->advisory;

    if (left <= 0 && (live->ended || left < -CC_LIVE_STALE_S)) {
        return CC_NEED_NOW;
    }
    if (left > may || now < live->retry_at) {
        return CC_NEED_NOTHING;
    }
    return left > must ? CC_NEED_SOON : CC_NEED_NOW;
}

void cc_live_install(struct cc_live *live, const struct cc_keys *keys, int64_t now)
{
    struct cc_live fresh = {
        .present = true,
        .from_process = live->from_process,
        .fetched = now,
        .advisory = keys->expires == CC_NEVER_EXPIRES ? 0 : cc_live_advisory(keys->expires - now),
    };

    fresh.keys = cc_keys_copy(&fresh.mem,
                              keys); /* before the present keys are freed: they can be the same */
    cc_arena_wipe(&live->mem);
    *live = fresh;
}

bool cc_live_final(enum cc_code code)
{
    static const enum cc_code final[] = {
        CC_E_SSO_LOGIN,    CC_E_LOGIN,  CC_E_MFA,           CC_E_PROFILE,
        CC_E_PROFILE_LOOP, CC_E_CONFIG, CC_E_CONFIG_SYNTAX, CC_E_NO_KEYS,
        CC_E_HALF_SET,     CC_E_REGION, CC_E_USAGE,         CC_E_UNSAFE_HOST,
    };

    for (size_t i = 0; i < CC_COUNT(final); i++) {
        if (final[i] == code) {
            return true;
        }
    }
    return false;
}

bool cc_live_failed(struct cc_live *live, const struct cc_error *err, int64_t now, uint32_t random)
{
    bool passes = cc_error_passes(err);
    bool final = !passes && cc_live_final(err->code);
    int64_t left = live->keys.expires - now;

    live->ended |= !passes || live->from_process;
    if (!live->present || final || left < -CC_LIVE_STALE_S || (live->ended && left <= 0)) {
        live->retry_at = now + 2 + random % 4; /* 2 to 5 seconds */
        return false;
    }
    live->retry_at = now + 300 + random % 301;
    /* While there is time, the last minute is tried too. */
    if (left > mandatory(live) && now + left - mandatory(live) < live->retry_at) {
        live->retry_at = now + left - mandatory(live);
    }
    return true;
}

void cc_live_wipe(struct cc_live *live)
{
    cc_arena_wipe(&live->mem);
    *live = (struct cc_live){0};
}
