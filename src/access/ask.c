#include "visit.h"

/* Requests of a visit. */

bool cc_visit_allowed(const struct cc_visit *visit)
{
    return !visit->denied && !visit->failed;
}

struct cc_errand *cc_visit_assume(struct cc_visit *visit, const struct cc_assume *hop,
                                  struct cc_keys *keys)
{
    const struct cc_resolve *resolve = visit->tour->resolve;

    return cc_sts_assume_errand(visit->run, &resolve->settings, &resolve->keys, hop, keys,
                                &visit->err);
}

void cc_visit_fail(struct cc_visit *visit, const struct cc_answer *answer,
                   const struct cc_error *err)
{
    const struct cc_access_trouble trouble = cc_access_trouble_of(answer, err, visit->region);

    visit->failed = true;
    if (trouble.cause == CC_CAUSE_NET_TIMEOUT) {
        cc_tour_silence(visit->tour, visit->region);
    }
    cc_result_trouble(&visit->run->mem, &trouble, err, &visit->result);
}

void cc_visit_prepare_ask(struct cc_visit *visit)
{
    visit->ask =
        (struct cc_ask){.settings = &visit->tour->resolve->settings, .region = visit->tour->region};
    visit->answer = (struct cc_answer){0};
}

struct cc_errand *cc_visit_ask(struct cc_visit *visit, const struct cc_keys *by)
{
    visit->ask.by = by;
    return cc_ask_errand(visit->run, &visit->ask, &visit->answer, &visit->err);
}
