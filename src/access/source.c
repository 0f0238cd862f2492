#include "credctl/base/text.h"

#include "tour.h"

#include <string.h>

#define WAIT_MS 10

/* --- from GetCallerIdentity --- */

static const char *after_last_slash(const char *text)
{
    const char *name = text;

    for (; *text; text++) {
        name = *text == '/' ? text + 1 : name;
    }
    return name;
}

void cc_source_begin(struct cc_tour *tour, const struct cc_identity *identity)
{
    struct cc_arena *mem = &tour->run->mem;
    struct cc_access_source *source = &tour->source.source;
    const bool token = cc_secret_present(tour->resolve->keys.session_token);

    *source = (struct cc_access_source){.identity = *identity};
    source->caller = cc_caller_of(mem, identity->arn, NULL);
    source->caller.unique_id = cc_text_dup(mem, identity->user_id, strcspn(identity->user_id, ":"));
    source->is_role = strstr(identity->arn, ":assumed-role/") != NULL;
    source->role_name = after_last_slash(source->caller.arn ? source->caller.arn : "");
    source->long_term = !source->is_role && !token;
    source->path_known = !source->is_role;
    source->unread = "the caller's policies were not read";
    tour->source.owner =
        (struct cc_iam_owner){source->is_role ? CC_IAM_ROLE : CC_IAM_USER, source->role_name};
    tour->source.who = (struct cc_ask){
        .settings = &tour->resolve->settings, .by = &tour->resolve->keys, .region = tour->region};
    tour->source.org = (struct cc_org_facts){.run = tour->run, .who = &tour->source.who};
}

/* --- from IAM and Organizations --- */

static void take_principal(struct cc_tour_source *reading)
{
    struct cc_access_source *source = &reading->source;
    const struct cc_principal *principal = &reading->principal;

    source->identity_policies = principal->identity;
    source->boundary = principal->boundary;
    source->unread = principal->unread;
    if (principal->entity_known) {
        source->caller.arn = principal->entity.arn;
        source->path_known = true;
    }
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_tour *tour = about;
    struct cc_tour_source *reading = &tour->source;
    struct cc_access_source *source = &reading->source;
    const char *account = source->identity.account_id;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    (void)ended; /* each of them succeeds, whatever it could read */
    switch (reading->step++) {
    case 0:
        return cc_principal_errand(tour->run, &reading->who, &reading->owner, &reading->principal);
    case 1: take_principal(reading); return cc_org_facts_errand(tour->run, &reading->org);
    case 2:
        source->organization = reading->org.known == CC_KNOWN ? reading->org.org.id : NULL;
        errand = cc_org_levels_errand(tour->run, &reading->org, account, CC_ORG_SCP);
        break;
    default: break;
    }
    if (!errand) {
        source->scps = cc_org_facts_levels(&reading->org, account, CC_ORG_SCP);
        reading->state = CC_READ;
    }
    return errand;
}

struct cc_errand *cc_source_errand(struct cc_tour *tour, int *wait_ms)
{
    struct cc_steps *steps = NULL;

    if (tour->source.state == CC_READ || !tour->caller) {
        return NULL;
    }
    if (tour->source.state == CC_BEING_READ) {
        *wait_ms = WAIT_MS;
        return NULL;
    }
    tour->source.state = CC_BEING_READ;
    steps = cc_alloc(&tour->run->mem, sizeof(*steps));
    *steps = (struct cc_steps){next, tour};
    return cc_steps_errand(tour->run, steps);
}
