#include "patience.h"

#define TRIES_MAX 6
#define FIRST_MS  400
#define MOST_MS   5000

int cc_patience_ms(const struct cc_run *run, struct cc_patience *patience,
                   const struct cc_error *err, bool answers)
{
    const bool throttled = err->code == CC_E_THROTTLED;

    if (!cc_error_passes(err) || err->code == CC_E_DEADLINE ||
        (!throttled && (!answers || patience->tries >= TRIES_MAX))) {
        return 0;
    }
    const int grown = FIRST_MS * (patience->tries + 1);
    const int most = grown < MOST_MS ? grown : MOST_MS;
    const int wait = most / 2 + (int)cc_random_below(run, (uint32_t)most);

    if (cc_time_left_ms(run, wait + 1) <= wait) {
        return 0; /* the last answer says more than a passed deadline */
    }
    patience->tries++;
    return wait;
}

bool cc_access_unanswered(const struct cc_error *err)
{
    switch (err->code) {
    case CC_E_DEADLINE:
    case CC_E_TIMEOUT:
    case CC_E_UNREACHABLE:
    case CC_E_DNS:
    case CC_E_TLS: return true;
    default: return false;
    }
}
