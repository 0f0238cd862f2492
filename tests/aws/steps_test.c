#include "credctl/aws/steps.h"

#include "drive_support.h"

/* Trials one after the other; what is seen is written down. */
struct plan {
    struct trial trials[3];
    struct cc_errand *errands[3];
    size_t count;
    size_t made;
    int waits; /* so many times before the second one */
    int calls;
    char seen[64]; /* o: it succeeded, x: it failed, w: it waits */
};

static void see(struct plan *plan, char what)
{
    plan->seen[strlen(plan->seen)] = what;
}

static struct cc_errand *next_step(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct plan *plan = about;

    plan->calls++;
    assert_ptr_equal(ended, plan->made > 0 ? plan->errands[plan->made - 1] : NULL);
    if (plan->made == 1 && plan->waits > 0) {
        plan->waits--;
        see(plan, 'w');
        *wait_ms = 100;
        return NULL;
    }
    if (ended) {
        see(plan, ended->ok ? 'o' : 'x');
    }
    return plan->made < plan->count ? plan->errands[plan->made++] : NULL;
}

static void make(struct plan *plan, struct cc_steps *steps, struct cc_run *run)
{
    static const char *const paths[] = {"a", "b", "c"};

    *plan = (struct plan){.count = 3};
    *steps = (struct cc_steps){next_step, plan};
    for (size_t i = 0; i < 3; i++) {
        begin(&plan->trials[i], run, paths[i]);
        plan->errands[i] = &plan->trials[i].errand;
    }
}

static void each_step_follows_the_one_before(void **state)
{
    struct fake *fake = *state;
    struct cc_steps steps;
    struct plan plan;
    struct cc_error err;

    make(&plan, &steps, &fake->run);
    add(fake, "a", 503, 10, false);
    add(fake, "a", 200, 10, false);
    add(fake, "b", 404, 10, false);
    add(fake, "c", 200, 10, false);
    assert_true(cc_drive_one(cc_steps_errand(&fake->run, &steps), &err));
    assert_string_equal(plan.seen, "oxo");
    assert_int_equal(plan.trials[0].tries, 2);
    assert_int_equal(fake->slept, 1000);
    assert_string_equal(plan.trials[1].errand.err.what, "it answered 404");
    assert_int_equal(plan.trials[1].errand.exchange.response.status, 404);
}

static void a_step_that_cannot_be_sent_has_ended(void **state)
{
    struct fake *fake = *state;
    struct cc_steps steps;
    struct plan plan;
    struct cc_error err;

    make(&plan, &steps, &fake->run);
    plan.trials[0].refuses = plan.trials[2].refuses = true;
    add(fake, "b", 200, 10, false);
    assert_true(cc_drive_one(cc_steps_errand(&fake->run, &steps), &err));
    assert_string_equal(plan.seen, "xox");
    assert_int_equal(plan.trials[0].errand.err.code, CC_E_CONFIG);
}

static void without_a_step_it_ends_at_once(void **state)
{
    struct fake *fake = *state;
    struct cc_steps steps;
    struct plan plan;
    struct cc_error err;

    make(&plan, &steps, &fake->run);
    plan.count = 0;
    assert_true(cc_drive_one(cc_steps_errand(&fake->run, &steps), &err));
    assert_int_equal(fake->sent_count, 0);
    assert_int_equal(plan.calls, 1);
}

static void while_a_step_waits_others_go_on(void **state)
{
    struct fake *fake = *state;
    struct cc_steps steps;
    struct plan plan;
    struct trial other;
    int64_t began = fake->ticks;

    make(&plan, &steps, &fake->run);
    plan.waits = 3;
    begin(&other, &fake->run, "other");
    struct cc_errand *errands[] = {cc_steps_errand(&fake->run, &steps), &other.errand};
    add(fake, "a", 200, 10, false);
    add(fake, "b", 200, 10, false);
    add(fake, "c", 200, 10, false);
    add(fake, "other", 200, 250, false);
    cc_drive_all(&fake->run, errands, 2, 1);
    assert_true(errands[0]->ok && other.errand.ok);
    assert_string_equal(plan.seen, "wwwooo");
    assert_true(fake->ticks - began < 10 + 300 + 10 + 10 + 250);
}

static void waiting_ends_with_the_deadline(void **state)
{
    struct fake *fake = *state;
    struct cc_steps steps;
    struct plan plan;
    struct cc_error err;

    make(&plan, &steps, &fake->run);
    plan.waits = 1000;
    fake->run.deadline_ms = fake->ticks + 1000;
    add(fake, "a", 200, 10, false);
    assert_false(cc_drive_one(cc_steps_errand(&fake->run, &steps), &err));
    assert_int_equal(err.code, CC_E_DEADLINE);
    assert_true(plan.calls < 14);
    assert_int_equal(fake->ticks, fake->run.deadline_ms);
}

static void steps_can_be_steps_of_others(void **state)
{
    struct fake *fake = *state;
    struct cc_steps inner_steps;
    struct plan inner;
    struct cc_steps outer_steps;
    struct plan outer;
    struct cc_error err;

    make(&inner, &inner_steps, &fake->run);
    inner.waits = 2;
    make(&outer, &outer_steps, &fake->run);
    outer.count = 1;
    outer.errands[0] = cc_steps_errand(&fake->run, &inner_steps);
    add(fake, "a", 200, 10, false);
    add(fake, "b", 200, 10, false);
    add(fake, "c", 404, 10, false);
    assert_true(cc_drive_one(cc_steps_errand(&fake->run, &outer_steps), &err));
    assert_string_equal(inner.seen, "wwoox");
    assert_string_equal(outer.seen, "o");
    assert_int_equal(fake->slept, 200);
}

static void requests_are_counted_with_those_that_are_repeated(void **state)
{
    struct fake *fake = *state;
    struct cc_steps inner_steps;
    struct plan inner;
    struct cc_steps outer_steps;
    struct plan outer;
    struct cc_error err;

    make(&inner, &inner_steps, &fake->run);
    inner.trials[1].refuses = true;
    make(&outer, &outer_steps, &fake->run);
    outer.count = 2;
    outer.errands[1] = cc_steps_errand(&fake->run, &inner_steps);
    add(fake, "a", 503, 10, false);
    add(fake, "a", 200, 10, false);
    add(fake, "a", 200, 10, false);
    add(fake, "c", 404, 10, false);
    struct cc_errand *whole = cc_steps_errand(&fake->run, &outer_steps);
    assert_true(cc_drive_one(whole, &err));
    assert_int_equal(cc_steps_sent(whole), 4);
    assert_int_equal(cc_steps_sent(outer.errands[1]), 2);
}

/* Many whose first request is throttled. */
struct crowd {
    struct fake *fake;
    int made;
    int good;
};

struct one {
    struct plan plan;
    struct cc_steps steps;
};

static struct cc_errand *next_of_crowd(void *about, struct cc_run *part)
{
    struct crowd *crowd = about;

    if (crowd->made == 200) {
        return NULL;
    }
    crowd->made++;
    crowd->fake->forgets = true;
    struct one *one = cc_alloc(&part->mem, sizeof(*one));
    make(&one->plan, &one->steps, part);
    return cc_steps_errand(part, &one->steps);
}

static void crowd_done(void *about, struct cc_errand *errand)
{
    struct crowd *crowd = about;

    crowd->good += errand->ok;
}

static void a_throttled_step_slows_the_driver_down(void **state)
{
    struct fake *fake = *state;
    struct crowd crowd = {.fake = fake};
    const struct cc_source source = {16, next_of_crowd, crowd_done, &crowd};
    int64_t began = fake->ticks;

    for (int i = 0; i < 16; i++) {
        add(fake, "a", 429, 100, false);
    }
    add(fake, "a", 200, 100, true);
    add(fake, "b", 200, 100, true);
    add(fake, "c", 200, 100, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(crowd.good, 200);
    /* At full width it would take 3.9 s; at half width for ever 7.6 s. */
    assert_in_range(fake->ticks - began, 4100, 7400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(each_step_follows_the_one_before),
        IN_FAKE_WORLD(a_step_that_cannot_be_sent_has_ended),
        IN_FAKE_WORLD(without_a_step_it_ends_at_once),
        IN_FAKE_WORLD(while_a_step_waits_others_go_on),
        IN_FAKE_WORLD(waiting_ends_with_the_deadline),
        IN_FAKE_WORLD(steps_can_be_steps_of_others),
        IN_FAKE_WORLD(requests_are_counted_with_those_that_are_repeated),
        IN_FAKE_WORLD(a_throttled_step_slows_the_driver_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
