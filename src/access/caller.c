#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include "tour.h"

/* Who calls. When AWS does not know the credentials, no call can succeed. */

#define IDENTIFY_MS 20000
#define READ_MS     120000
#define WAIT_MS     10

static enum cc_hope hope_of(enum cc_cause cause)
{
    switch (cause) {
    case CC_CAUSE_NET_TIMEOUT: return CC_DOUBTFUL;
    case CC_CAUSE_REGION_DISABLED:
    case CC_CAUSE_THROTTLED:
    case CC_CAUSE_UNKNOWN: return CC_HOPEFUL;
    default: return CC_HOPELESS;
    }
}

struct asking {
    struct cc_tour *tour;
    struct cc_errand *errand;
    bool elsewhere;          /* the other region is being asked */
    struct cc_nobody nobody; /* before that */
    struct cc_steps steps;
};

/* Where a session is not valid in one region, another region tells whether the region is why. */
static struct cc_errand *other_region(struct asking *asking)
{
    struct cc_tour *tour = asking->tour;

    tour->nobody.state = hope_of(tour->nobody.trouble.cause);
    if (tour->nobody.trouble.candidate_count == 0) {
        return NULL;
    }
    asking->elsewhere = true;
    asking->nobody = tour->nobody;
    return cc_caller_errand(tour, cc_partition_of(tour->region)->home);
}

static void from_other_region(const struct asking *asking)
{
    struct cc_tour *tour = asking->tour;
    const char *home = cc_partition_of(tour->region)->home;

    tour->nobody = asking->nobody;
    tour->nobody.trouble.candidate_count = 0;
    tour->nobody.trouble.certainty = CC_CERTAIN;
    if (tour->caller) {
        tour->nobody.trouble = (struct cc_access_trouble){
            .cause = CC_CAUSE_REGION_DISABLED,
            .certainty = CC_LIKELY,
            .fix = cc_textf(&tour->run->mem,
                            "enable %s in the account, or call STS in another region with "
                            "--region %s: the credentials are valid there",
                            tour->region, home)};
        tour->nobody.state = CC_HOPELESS;
    }
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct asking *asking = about;
    struct cc_tour *tour = asking->tour;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    if (!ended) {
        errand = cc_caller_errand(tour, tour->region);
    } else if (asking->elsewhere) {
        from_other_region(asking);
    } else if (!tour->caller) {
        errand = other_region(asking);
    }
    tour->caller_asked = !errand;
    tour->nobody.attempts = cc_steps_sent(asking->errand);
    return errand;
}

struct cc_errand *cc_asking_errand(struct cc_tour *tour)
{
    struct asking *asking = cc_alloc(&tour->reading.mem, sizeof(*asking));
    const int most = cc_time_left_ms(tour->run, 2 * IDENTIFY_MS) / 2; /* targets need time too */

    tour->reading.deadline_ms = cc_ticks_ms(tour->run) + most;
    *asking = (struct asking){.tour = tour};
    asking->steps = (struct cc_steps){next, asking};
    asking->errand = cc_steps_errand(&tour->reading, &asking->steps);
    return asking->errand;
}

void cc_tour_identify(struct cc_tour *tour)
{
    struct cc_identity identity;
    struct cc_error err;

    if (!tour->resolve->story.from_cache.cache) {
        return;
    }
    const bool asked = cc_drive_one(cc_asking_errand(tour), &err);
    tour->caller_asked = true;
    if (asked && !tour->caller && cc_cause_family(tour->nobody.trouble.cause) == CC_FAMILY_HOST &&
        cc_resolve_caller(tour->run, tour->resolve, &identity, &err)) {
        tour->nobody.state = CC_HOPEFUL;
        cc_caller_take(tour, &identity);
    }
}

/* --- what it means for the targets --- */

/* Credentials are refused in all regions alike; a network or a region can be in the way of one. */
bool cc_tour_hopeless(const struct cc_tour *tour, const char *region)
{
    const enum cc_cause cause = tour->nobody.trouble.cause;
    const bool everywhere =
        cc_cause_family(cause) == CC_FAMILY_HOST && cause != CC_CAUSE_REGION_DISABLED;

    return tour->nobody.state == CC_HOPELESS &&
           (everywhere || !region || cc_text_equal(region, tour->region));
}

void cc_tour_silence(struct cc_tour *tour, const char *region)
{
    if (tour->nobody.state == CC_DOUBTFUL && tour->succeeded == 0 &&
        cc_text_equal(region, tour->region)) {
        tour->nobody.state = CC_HOPELESS;
    }
}

/* --- what can be read of the caller --- */

static struct cc_errand *read_next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_tour *tour = about;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    (void)ended; /* each of them succeeds, whatever it could read */
    if (tour->read_step == 0 && !tour->caller) {
        errand = cc_caller_errand(tour, tour->region);
    } else if (tour->read_step <= 1 && tour->caller) {
        errand = cc_self_errand(&tour->self, wait_ms);
        tour->read_step = 1;
    }
    tour->read_step++;
    tour->read = errand ? CC_BEING_READ : CC_READ;
    return errand;
}

struct cc_errand *cc_source_errand(struct cc_tour *tour, const struct cc_run *run, int *wait_ms)
{
    if (tour->read == CC_READ) {
        return NULL;
    }
    if (tour->read == CC_BEING_READ) {
        *wait_ms = WAIT_MS;
        return NULL;
    }
    tour->read = CC_BEING_READ;
    tour->reading.deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, READ_MS) / 2;
    tour->read_steps = (struct cc_steps){read_next, tour};
    return cc_steps_errand(&tour->reading, &tour->read_steps);
}
