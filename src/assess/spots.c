#include "credctl/aws/wanted.h"

#include "fanout.h"

/* --- results */

static void count(struct cc_fanout *fanout, const struct cc_assess_head *head)
{
    fanout->counts.failed_count += head->error != NULL;
    fanout->counts.partial_count += head->partial && !head->error;
    fanout->worst = head->worst > fanout->worst ? head->worst : fanout->worst;
    fanout->progress.done++;
    fanout->progress.failed += head->partial;
}

/* To the sink, or kept until the end. */
static void tell(struct cc_fanout *fanout, void *result)
{
    count(fanout, result);
    cc_progress_clear(&fanout->progress);
    if (!fanout->run->sink) {
        fanout->results = cc_wanted_room(&fanout->run->mem, fanout->results, fanout->result_count,
                                         sizeof(*fanout->results));
        fanout->results[fanout->result_count++] = result;
    } else if (!fanout->stopped) {
        fanout->stopped = !cc_give(fanout->run, fanout->assessment->result, result);
    }
    cc_progress_tick(&fanout->progress, 0);
}

/* By target, then by region. */
static int64_t order_of(const struct cc_account *account)
{
    return (int64_t)account->number * INT16_MAX + (int64_t)account->region_count;
}

void cc_fanout_failed(struct cc_fanout *fanout, struct cc_account *account,
                      const struct cc_error *err)
{
    struct cc_arena *mem = &account->owner.run.mem;
    struct cc_error *kept = cc_alloc(mem, sizeof(*kept));
    struct cc_assess_head *head = cc_alloc(mem, fanout->assessment->result->size);

    *kept = *err;
    *head = account->head;
    head->error = kept;
    head->partial = true;
    head->order = order_of(account);
    fanout->last_error = *err;
    fanout->counts.place_count++;
    tell(fanout, head);
}

/* --- owners */

static void release(void *owner)
{
    cc_arena_wipe(&((struct cc_owner *)owner)->run.mem);
}

void cc_owner_begin(struct cc_run *run, struct cc_owner *owner, bool is_account)
{
    *owner = (struct cc_owner){cc_run_part(run), is_account};
    cc_arena_adopt(&run->mem, release, owner);
}

/* --- places */

void cc_fanout_add(struct cc_fanout *fanout, struct cc_account *account, const char *region)
{
    struct cc_spot *spot = cc_alloc(&fanout->run->mem, sizeof(*spot));

    *spot = (struct cc_spot){.head = account->head};
    cc_owner_begin(fanout->run, &spot->owner, false);
    spot->head.region = region;
    spot->head.order = order_of(account);
    spot->place = (struct cc_place){
        .settings = &fanout->resolve->settings,
        .keys = &account->keys,
        .partition = account->partition,
        .region = region,
        .account_id = account->head.account_id,
        .first = account->region_count == 0,
        .options = fanout->options,
    };
    spot->place.run = &spot->owner.run;
    account->region_count++;
    fanout->counts.place_count++;
    fanout->progress.total = (size_t)fanout->counts.place_count;
    *fanout->pending_last = spot;
    fanout->pending_last = &spot->next;
}

static void end_spot(struct cc_fanout *fanout, struct cc_spot *spot)
{
    struct cc_assess_head *head = cc_alloc(&spot->owner.run.mem, fanout->assessment->result->size);

    *head = spot->head;
    fanout->assessment->end(spot->work, head);
    tell(fanout, head);
    if (fanout->run->sink) {
        cc_arena_wipe(&spot->owner.run.mem);
    }
}

struct cc_errand *cc_fanout_next_of_begun(struct cc_fanout *fanout)
{
    struct cc_spot **at = &fanout->active;

    while (*at) {
        struct cc_spot *spot = *at;
        struct cc_errand *errand = fanout->assessment->next(spot->work);

        if (errand) {
            spot->open++;
            return errand;
        }
        if (spot->open == 0) {
            *at = spot->next;
            end_spot(fanout, spot);
        } else {
            at = &spot->next;
        }
    }
    return NULL;
}

bool cc_fanout_begin_next(struct cc_fanout *fanout)
{
    struct cc_spot *spot = fanout->pending;
    struct cc_spot **last = &fanout->active;

    if (!spot) {
        return false;
    }
    fanout->pending = spot->next;
    fanout->pending_last = fanout->pending ? fanout->pending_last : &fanout->pending;
    spot->next = NULL;
    spot->work = fanout->assessment->begin(&spot->place);
    while (*last) {
        last = &(*last)->next;
    }
    *last = spot;
    return true;
}
