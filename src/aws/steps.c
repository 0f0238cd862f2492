#include "credctl/aws/steps.h"

struct walk {
    struct cc_errand errand;
    const struct cc_steps *steps;
    struct cc_errand *current; /* NULL at the start, and while it waits */
    struct cc_errand *ended;   /* the one before */
    bool unsent;               /* the current one could not make its request, and has ended */
    int sent;
};

static bool prepare(struct cc_errand *errand, struct cc_request *request, struct cc_error *err)
{
    struct walk *walk = errand->about;

    (void)err;
    walk->unsent =
        walk->current && !cc_part_prepare(errand, walk->current, request, &walk->current->err);
    if (walk->unsent) {
        *request = (struct cc_request){0};
    }
    return true;
}

/* The current one has ended, or there was none. */
static enum cc_verdict go_on(struct walk *walk)
{
    struct cc_errand *errand = &walk->errand;
    int wait_ms = 0;

    walk->ended = walk->current ? walk->current : walk->ended;
    walk->current = walk->steps->next(walk->steps->about, walk->ended, &wait_ms);
    errand->wait_ms = 0;
    if (walk->current) {
        return CC_AGAIN;
    }
    if (wait_ms <= 0) {
        return CC_DONE;
    }
    errand->wait_ms = cc_time_left_ms(errand->run, wait_ms);
    if (errand->wait_ms > 0) {
        return CC_AGAIN;
    }
    cc_fail(&errand->err, CC_E_DEADLINE, "the next request was not made");
    cc_why(&errand->err, "the time limit of the whole run has passed");
    return CC_FAILED;
}

/* What the deadline kept back was not sent. */
static bool was_sent(const struct cc_exchange *exchange)
{
    return exchange->request.url && (exchange->ok || exchange->err.code != CC_E_DEADLINE);
}

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct walk *walk = errand->about;
    const bool ended = !walk->current || walk->unsent;

    walk->sent += was_sent(&errand->exchange);
    return !ended && cc_part_judge(errand, walk->current) == CC_AGAIN ? CC_AGAIN : go_on(walk);
}

struct cc_errand *cc_steps_errand(struct cc_run *run, const struct cc_steps *steps)
{
    struct walk *walk = cc_alloc(&run->mem, sizeof(*walk));

    *walk = (struct walk){.errand = {.run = run, .about = walk, .prepare = prepare, .judge = judge},
                          .steps = steps};
    return &walk->errand;
}

void *cc_steps_about(const struct cc_errand *errand)
{
    return ((const struct walk *)errand->about)->steps->about;
}

int cc_steps_sent(const struct cc_errand *errand)
{
    return ((const struct walk *)errand->about)->sent;
}
