#ifndef TESTS_SUPPORT_SCRIPTED_H
#define TESTS_SUPPORT_SCRIPTED_H

/* The cache before a source that does what a script says: how often it was asked, and what it
 * answers. What would be asked is planned for real. */

#include "credctl/cache/cache.h"

#include "search.h"

#define FOLDER "/home/u/.cache/credctl"

struct script {
    int asked;
    const char *provider; /* by whom it is found */
    size_t hops_done;
    int64_t lifetime; /* less than 0: no end */
    enum cc_code fails;
    bool passes;       /* as in struct cc_error */
    size_t token_size; /* of the session token; 0: a few bytes */
    void (*meanwhile)(struct fake *fake);
};

extern struct script chain;

/* One process: its own search, in a world that stays. */
struct asked {
    struct searched got;
    const struct cc_assume *hops;
    size_t hop_count;
    const char *profile;
    struct cc_cache_policy policy;
    bool ok;
};

extern const struct cc_assume one_hop;
#define ONE_HOP                          \
    {                                    \
        .hops = &one_hop, .hop_count = 1 \
    }

int scripted_setup(void **state);
#define IN_CACHE(test) cmocka_unit_test_setup_teardown(test, scripted_setup, fake_teardown)

/* Settings and search anew, as another process would make them. */
void load(struct fake *fake, struct asked *asked);
struct cc_demand demand_of(struct asked *asked);
/* The access key id, ASIA1 for the first that was asked for; NULL: asked->got.why. */
const char *ask(struct fake *fake, struct asked *asked);
/* Instead of keys in the environment. */
void use_profile(struct fake *fake, const char *provider, const char *config);
/* The path of the only entry; NULL when there is none. */
const char *entry_of(struct fake *fake);

#endif
