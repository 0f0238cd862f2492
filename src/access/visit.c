#include "visit.h"

#include "credctl/base/text.h"

#include <string.h>

/* --- the call itself --- */

static struct cc_errand *begin_assume(struct cc_visit *visit)
{
    struct cc_access_trouble trouble;
    struct cc_error err = {0};

    if (!cc_access_call_valid(&visit->hop, &trouble, &err)) {
        visit->failed = true;
        cc_result_trouble(&visit->run->mem, &trouble, &err, &visit->result);
        return NULL;
    }
    struct cc_errand *errand = cc_visit_assume(visit, &visit->hop, &visit->keys);
    if (!errand) {
        cc_visit_fail(visit, NULL, &visit->err);
    }
    return errand;
}

/* It failed for good. What AWS said before says more than the deadline that cut off the last try.
 */
static void give_up(struct cc_visit *visit, const struct cc_errand *last)
{
    const bool cut = cc_access_unanswered(&last->err) && cc_time_left_ms(visit->run, 1) == 0;
    const struct cc_errand *told = cut && visit->said ? visit->said : last;

    cc_visit_fail(visit, cc_call_answer(told), &told->err);
}

static void end_assume(struct cc_visit *visit, struct cc_errand *errand)
{
    const struct cc_answer *answer = cc_call_answer(errand);

    visit->denied = !errand->ok && cc_access_is_denial(answer, &errand->err);
    if (errand->ok || visit->denied) {
        visit->tour->succeeded++;
    }
    if (visit->denied) {
        visit->evidence.denial = cc_denial_read(&visit->run->mem, answer->error_message);
    } else if (!errand->ok) {
        give_up(visit, errand);
    }
}

/* --- who has called --- */

#define WAIT_MS 2

static struct cc_errand *await_caller(struct cc_visit *visit)
{
    visit->wait_ms = visit->tour->caller_asked ? 0 : WAIT_MS;
    return NULL;
}

/* --- one stage after the other --- */

static const struct cc_stage first_stages[] = {
    {begin_assume, end_assume, true},
    {await_caller, NULL, false},
};

/* NULL: there are no more. */
static const struct cc_stage *stage_of(const struct cc_visit *visit)
{
    const struct cc_stage *rows = visit->denied ? cc_stages_denied : cc_stages_allowed;

    if (visit->stage < CC_COUNT(first_stages)) {
        return &first_stages[visit->stage];
    }
    rows += visit->stage - CC_COUNT(first_stages);
    return visit->failed || !rows->begin ? NULL : rows;
}

/* A failed request is made again after *wait_ms. STS answers as soon as it has answered another
 * target; the services that say why are not waited for. */
static bool again(struct cc_visit *visit, const struct cc_stage *stage,
                  const struct cc_errand *ended, int *wait_ms)
{
    const bool answers = stage->call ? visit->tour->succeeded > 0 : ended->err.code == CC_E_AWS;

    if (stage->call && !ended->ok && cc_call_answer(ended)->status != 0) {
        visit->said = ended;
    }
    *wait_ms = ended->ok ? 0 : cc_patience_ms(visit->run, &visit->patience, &ended->err, answers);
    return *wait_ms > 0;
}

static void go_on(struct cc_visit *visit)
{
    visit->stage++;
    visit->patience = (struct cc_patience){0};
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_visit *visit = about;
    const struct cc_stage *stage = stage_of(visit);

    if (ended && ended != visit->last) {
        visit->last = ended;
        if (again(visit, stage, ended, wait_ms)) {
            return NULL;
        }
        stage->end(visit, ended);
        go_on(visit);
    }
    while ((stage = stage_of(visit)) != NULL) {
        visit->wait_ms = 0;
        struct cc_errand *errand = stage->begin(visit);

        *wait_ms = visit->wait_ms;
        if (errand || *wait_ms > 0) {
            return errand;
        }
        go_on(visit);
    }
    return NULL;
}

struct cc_errand *cc_visit_errand(struct cc_tour *tour, struct cc_run *part, size_t target)
{
    static const struct cc_access_trouble malformed = {.cause = CC_CAUSE_UNKNOWN,
                                                       .certainty = CC_CERTAIN};
    struct cc_visit *visit = cc_alloc(&part->mem, sizeof(*visit));
    const struct cc_target *row = &tour->targets.rows[target];
    const char *region = row->more ? row->more->region : NULL;

    *visit = (struct cc_visit){.tour = tour,
                               .run = part,
                               .index = target,
                               .target = row,
                               .hop = tour->options->target,
                               .region = region ? region : tour->region,
                               .began = cc_ticks_ms(part)};
    cc_target_apply(row, &visit->hop);
    visit->hop.region = visit->region;
    visit->hop.session_name =
        visit->hop.session_name ? visit->hop.session_name : CC_TEST_SESSION_NAME;
    visit->evidence = (struct cc_evidence){.source = &tour->self.source,
                                           .hop = &visit->hop,
                                           .region = visit->region,
                                           .account = row->account};
    visit->steps = (struct cc_steps){next, visit};
    if (row->wrong) {
        visit->failed = true;
        visit->stage = 1; /* there is no call */
        cc_result_trouble(&part->mem, &malformed, row->wrong, &visit->result);
    }
    return cc_steps_errand(part, &visit->steps);
}

/* --- the result --- */

/* arn:P:sts::A:assumed-role/NAME/SESSION: a session has no path (IAM User Guide, "IAM
 * identifiers").
 */
static const char *session_arn(const struct cc_visit *visit)
{
    struct cc_arena *mem = &visit->run->mem;
    const char *slash = strrchr(visit->hop.role_arn, '/');
    const char *partition = visit->hop.role_arn + strlen("arn:");

    return cc_textf(mem, "arn:%.*s:sts::%s:assumed-role/%s/%s", (int)strcspn(partition, ":"),
                    partition, visit->target->account, slash ? slash + 1 : "",
                    visit->hop.session_name);
}

static void tell_allowed(struct cc_visit *visit)
{
    struct cc_access_result *result = &visit->result;
    const int64_t skew = cc_run_whole(visit->run)->skew;

    result->outcome = CC_ACCESS_ALLOWED;
    result->expires = visit->keys.expires;
    result->assumed_role_arn =
        result->assumed_role_arn ? result->assumed_role_arn : session_arn(visit);
    if (visit->tour->options->check_external_id) {
        result->external_id_check = visit->id_open           ? "not_enforced"
                                    : visit->id_refused == 2 ? "refused"
                                                             : "unknown";
    }
    if (skew != 0) {
        cc_result_skew(&visit->run->mem, skew, result);
    }
}

/* What was found out about the credentials says more than the answer to one call. */
static void tell_hopeless(struct cc_visit *visit)
{
    const struct cc_tour *tour = visit->tour;

    if (tour->nobody.state == CC_HOPELESS &&
        cc_text_equal(visit->result.cause, cc_cause_name(CC_CAUSE_INVALID))) {
        cc_result_trouble(&visit->run->mem, &tour->nobody.trouble, &tour->nobody.err,
                          &visit->result);
    }
}

void cc_visit_end(struct cc_errand *errand)
{
    struct cc_visit *visit = cc_steps_about(errand);
    struct cc_access_result *result = &visit->result;

    if (visit->stage == 0 && !visit->failed) { /* the time was over before another try */
        give_up(visit, visit->last);
    }
    if (visit->failed) {
        tell_hopeless(visit);
    }
    if (visit->denied && !visit->failed) {
        cc_visit_diagnose(visit);
    } else if (!visit->failed) {
        tell_allowed(visit);
    }
    result->attempts = cc_steps_sent(errand) - visit->shared;
    result->seconds = (double)(cc_ticks_ms(visit->run) - visit->began) / 1000;
    cc_tour_result(visit->tour, visit->index, result);
}
