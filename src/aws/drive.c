#include "credctl/aws/drive.h"

#define WAITING_MAX 2    /* times parallel: with more waiting calls none is started */
#define SLOW_MS     1000 /* an exchange that takes longer is no load: it waits for its answer */

enum state { FREE, WAITING, UNDER_WAY };

/* A call that is open. */
struct slot {
    struct cc_run part;
    struct cc_errand *errand;
    enum state state;
    int64_t not_before;
    int64_t begun;
};

struct drive {
    struct cc_run *run;
    const struct cc_source *source;
    struct slot *slots;
    size_t slot_count;
    size_t under_way;
    size_t waiting;
    size_t allowed;    /* exchanges at the same time: fewer than parallel after throttling ... */
    size_t successes;  /* ... and one more after this many successes */
    int64_t slowed_at; /* throttling of calls that started before this is not counted again */
};

static void end(struct drive *drive, struct slot *slot, bool ok)
{
    slot->errand->ok = ok;
    slot->state = FREE;
    drive->source->done(drive->source->about, slot->errand);
    cc_arena_wipe(&slot->part.mem);
}

static void wait_for_turn(struct drive *drive, struct slot *slot, int64_t not_before)
{
    slot->state = WAITING;
    slot->not_before = not_before;
    drive->waiting++;
}

/* A new call in a free place; NULL while many calls wait for another attempt. */
static struct slot *take_new(struct drive *drive)
{
    const size_t most = WAITING_MAX * drive->source->parallel;

    for (size_t i = 0; drive->waiting < most && i < drive->slot_count; i++) {
        struct slot *slot = &drive->slots[i];

        if (slot->state != FREE) {
            continue;
        }
        slot->part = cc_run_part(drive->run);
        slot->errand = drive->source->next(drive->source->about, &slot->part);
        if (!slot->errand) {
            cc_arena_wipe(&slot->part.mem);
            return NULL;
        }
        return slot;
    }
    return NULL;
}

/* The waiting call that is due first. */
static struct slot *first_waiting(const struct drive *drive)
{
    struct slot *first = NULL;

    for (size_t i = 0; drive->waiting > 0 && i < drive->slot_count; i++) {
        struct slot *slot = &drive->slots[i];

        if (slot->state == WAITING && (!first || slot->not_before < first->not_before)) {
            first = slot;
        }
    }
    return first;
}

static void settle(struct drive *drive, struct slot *slot, enum cc_verdict verdict)
{
    if (verdict == CC_AGAIN) {
        wait_for_turn(drive, slot, cc_ticks_ms(drive->run) + slot->errand->wait_ms);
    } else {
        end(drive, slot, verdict == CC_DONE);
    }
}

static struct slot *take(struct drive *drive, int64_t *at)
{
    struct slot *slot = first_waiting(drive);

    if (slot &&
        (slot->not_before <= cc_ticks_ms(drive->run) || cc_run_stopped(slot->errand->run))) {
        drive->waiting--;
        return slot;
    }
    *at = slot ? slot->not_before : CC_PUMP_NEVER;
    return take_new(drive);
}

/*
 * After throttling fewer exchanges run at once. One that hangs does not count among them: otherwise
 * a few of them would hold up all calls until they end. *at: when that can be.
 */
static bool may_start(const struct drive *drive, int64_t *at)
{
    const int64_t now = cc_ticks_ms(drive->run);
    size_t brisk = 0;

    *at = CC_PUMP_NEVER;
    if (drive->under_way < drive->allowed || drive->under_way >= drive->source->parallel) {
        return drive->under_way < drive->allowed;
    }
    for (size_t i = 0; i < drive->slot_count; i++) {
        const struct slot *slot = &drive->slots[i];
        const int64_t slow_at = slot->begun + SLOW_MS;

        if (slot->state == UNDER_WAY && slow_at > now) {
            *at = *at == CC_PUMP_NEVER || slow_at < *at ? slow_at : *at;
            brisk++;
        }
    }
    return brisk < drive->allowed;
}

static struct cc_exchange *next(void *about, int64_t *at)
{
    struct drive *drive = about;

    while (may_start(drive, at)) {
        struct slot *slot = take(drive, at);

        if (!slot) {
            return NULL;
        }
        struct cc_errand *errand = slot->errand;
        errand->exchange = (struct cc_exchange){.run = errand->run, .about = slot};
        errand->throttled = false;
        if (!errand->prepare(errand, &errand->exchange.request, &errand->err)) {
            end(drive, slot, false);
        } else if (!errand->exchange.request.url) {
            settle(drive, slot, errand->judge(errand));
        } else {
            slot->state = UNDER_WAY;
            slot->begun = cc_ticks_ms(drive->run);
            drive->under_way += !errand->aside;
            return &errand->exchange;
        }
    }
    return NULL;
}

static void slow_down(struct drive *drive, const struct slot *slot)
{
    if (slot->begun >= drive->slowed_at) {
        drive->allowed = (drive->allowed + 1) / 2;
        drive->successes = 0;
        drive->slowed_at = cc_ticks_ms(drive->run) + 1;
    }
}

static void speed_up(struct drive *drive)
{
    if (drive->allowed < drive->source->parallel && ++drive->successes >= drive->allowed) {
        drive->successes = 0;
        drive->allowed++;
    }
}

static void done(void *about, struct cc_exchange *exchange)
{
    struct drive *drive = about;
    struct slot *slot = exchange->about;

    drive->under_way -= !slot->errand->aside;
    const enum cc_verdict verdict = slot->errand->judge(slot->errand);
    const bool goes_on = verdict == CC_AGAIN && slot->errand->wait_ms == 0;
    if (slot->errand->throttled) {
        slow_down(drive, slot);
    } else if (verdict == CC_DONE || goes_on) {
        speed_up(drive);
    }
    settle(drive, slot, verdict);
}

static void run_dry(struct cc_run *run, const struct cc_source *source, struct slot *slots,
                    size_t slot_count)
{
    struct drive drive = {.run = run,
                          .source = source,
                          .slots = slots,
                          .slot_count = slot_count,
                          .allowed = source->parallel};
    const struct cc_pump pump = {next, done, &drive};

    cc_http_pump(run, &pump);
}

void cc_drive_source(struct cc_run *run, const struct cc_source *source)
{
    const size_t count = (1 + WAITING_MAX) * source->parallel;

    run_dry(run, source, cc_alloc(&run->mem, count * sizeof(struct slot)), count);
}

/* A list of errands as a source of calls. */
struct given {
    struct cc_errand *const *errands;
    size_t count;
    size_t begun;
};

static struct cc_errand *next_given(void *about, struct cc_run *part)
{
    struct given *given = about;

    (void)part; /* they have runs of their own */
    return given->begun < given->count ? given->errands[given->begun++] : NULL;
}

static void leave_it(void *about, struct cc_errand *errand)
{
    (void)about;
    (void)errand; /* its caller has it */
}

void cc_drive_all(struct cc_run *run, struct cc_errand *const *errands, size_t count,
                  size_t parallel)
{
    struct given given = {errands, count, 0};
    const struct cc_source source = {parallel > 0 ? parallel : 1, next_given, leave_it, &given};

    cc_drive_source(run, &source);
}

bool cc_drive_one(struct cc_errand *errand, struct cc_error *err)
{
    struct given given = {&errand, 1, 0};
    const struct cc_source source = {1, next_given, leave_it, &given};
    struct slot slot = {.state = FREE};

    run_dry(errand->run, &source, &slot, 1);
    if (!errand->ok) {
        *err = errand->err;
    }
    return errand->ok;
}

bool cc_part_prepare(struct cc_errand *whole, struct cc_errand *part, struct cc_request *request,
                     struct cc_error *err)
{
    part->exchange = (struct cc_exchange){.run = part->run};
    part->throttled = false;
    part->ok = part->prepare(part, request, err);
    whole->exchange.run = part->exchange.run; /* a part can have parts too */
    return part->ok;
}

enum cc_verdict cc_part_judge(struct cc_errand *whole, struct cc_errand *part)
{
    part->exchange = whole->exchange;
    const enum cc_verdict verdict = part->judge(part);

    part->ok = verdict == CC_DONE;
    whole->wait_ms = part->wait_ms;
    whole->throttled = part->throttled;
    return verdict;
}
