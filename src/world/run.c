#include "credctl/world/run.h"

#include "credctl/world/world.h"

#include <string.h>

bool cc_give(struct cc_run *run, const struct cc_shape *shape, const void *result)
{
    return !run->sink || run->sink->take(run->sink->about, run, shape, result);
}

int64_t cc_now(const struct cc_run *run)
{
    return run->world->now(run->world->self);
}

int64_t cc_now_aws(const struct cc_run *run)
{
    return cc_now(run) + (run->part_of ? run->part_of : run)->skew;
}

struct cc_run *cc_run_whole(struct cc_run *run)
{
    return run->part_of ? run->part_of : run;
}

struct cc_run cc_run_part(struct cc_run *run)
{
    struct cc_run part = *run;

    part.mem = (struct cc_arena){0};
    part.part_of = run->part_of ? run->part_of : run;
    return part;
}

int64_t cc_ticks_ms(const struct cc_run *run)
{
    return run->world->ticks_ms(run->world->self);
}

bool cc_run_stopped(const struct cc_run *run)
{
    return run->stop && atomic_load(&run->stop->set);
}

int cc_time_left_ms(const struct cc_run *run, int most)
{
    if (cc_run_stopped(run)) {
        return 0;
    }
    if (run->deadline_ms == 0) {
        return most;
    }
    int64_t left = run->deadline_ms - cc_ticks_ms(run);
    if (left <= 0) {
        return 0;
    }
    return left < most ? (int)left : most;
}

void cc_sleep_ms(const struct cc_run *run, int ms)
{
    int cut = cc_time_left_ms(run, ms);

    if (cut > 0) {
        run->world->sleep_ms(run->world->self, cut);
    }
}

bool cc_random(const struct cc_run *run, void *to, size_t size, struct cc_error *err)
{
    if (!run->world->random(run->world->self, to, size)) {
        return cc_fail(err, CC_E_INTERNAL, "the system's random source failed");
    }
    return true;
}

uint32_t cc_random_below(const struct cc_run *run, uint32_t below)
{
    uint32_t number = 0;

    if (below == 0 || !run->world->random(run->world->self, &number, sizeof(number))) {
        return 0;
    }
    return (uint32_t)((uint64_t)number * below >> 32);
}

const char *cc_env(const struct cc_run *run, const char *name)
{
    const char *value = run->world->env(run->world->self, name);

    return value && value[0] ? value : NULL;
}

const char *cc_host_name(struct cc_run *run)
{
    return run->world->host_name(run->world->self, &run->mem);
}

static struct cc_setup setup_of(const struct cc_run *run)
{
    return run->setup ? *run->setup : (struct cc_setup){.level = CC_ERROR};
}

void cc_log_from(struct cc_run *run, enum cc_level level)
{
    struct cc_setup *setup = cc_alloc(&run->mem, sizeof(*setup));

    *setup = setup_of(run);
    setup->level = setup->level < level ? level : setup->level;
    run->setup = setup;
}

void cc_log_rows(struct cc_run *run, enum cc_level level, const char *event,
                 const struct cc_row *rows)
{
    const struct cc_setup setup = setup_of(run);

    if (level > setup.level) {
        return;
    }
    const char *line = cc_log_line(&run->mem, setup.log_json, cc_now(run), level, event, rows);
    (void)run->world->emit(run->world->self, 2, line, strlen(line));
}
