#include "credctl/base/text.h"

#include "patience.h"
#include "tour.h"

#include <string.h>

/* GetCallerIdentity, and what follows from its answer. */

static const char *kept(struct cc_arena *mem, const char *text)
{
    return cc_text_dup(mem, text, strlen(text));
}

void cc_caller_take(struct cc_tour *tour, const struct cc_identity *identity)
{
    struct cc_arena *mem = &tour->run->mem;
    struct cc_access_caller *caller = cc_alloc(mem, sizeof(*caller));

    *caller = (struct cc_access_caller){kept(mem, identity->account_id), kept(mem, identity->arn),
                                        kept(mem, identity->user_id)};
    tour->caller = caller;
    cc_self_begin(&tour->reading, tour->resolve, tour->region, identity, &tour->self);
}

/* --- the errand --- */

struct asking {
    struct cc_tour *tour;
    const char *region;
    struct cc_patience patience;
    const struct cc_errand *judged;
    struct cc_identity identity;
    struct cc_error err;
    struct cc_steps steps;
};

static void not_known(const struct asking *asking, const struct cc_answer *answer,
                      const struct cc_error *err)
{
    struct cc_nobody *nobody = &asking->tour->nobody;

    nobody->err = *err;
    nobody->trouble = cc_access_trouble_of(answer, err, asking->region);
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct asking *asking = about;
    struct cc_tour *tour = asking->tour;
    struct cc_run *run = &tour->reading;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    if (ended && ended != asking->judged) {
        asking->judged = ended;
        if (ended->ok) {
            cc_caller_take(tour, &asking->identity);
            return NULL;
        }
        *wait_ms = cc_patience_ms(run, &asking->patience, &ended->err, false);
        if (*wait_ms == 0) {
            not_known(asking, cc_call_answer(ended), &ended->err);
        }
        return NULL;
    }
    errand = cc_sts_caller_errand(run, &tour->resolve->settings, &tour->resolve->keys,
                                  asking->region, &asking->identity, &asking->err);
    if (!errand) {
        not_known(asking, NULL, &asking->err);
    }
    return errand;
}

struct cc_errand *cc_caller_errand(struct cc_tour *tour, const char *region)
{
    struct asking *asking = cc_alloc(&tour->reading.mem, sizeof(*asking));

    *asking = (struct asking){.tour = tour, .region = region};
    asking->steps = (struct cc_steps){next, asking};
    return cc_steps_errand(&tour->reading, &asking->steps);
}
