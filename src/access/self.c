#include "self.h"

#include "credctl/aws/steps.h"
#include "credctl/base/text.h"

#include <string.h>

#define WAIT_MS 10
#define STEPS   3

/* --- from GetCallerIdentity --- */

static const char *after_last_slash(const char *text)
{
    const char *name = text;

    for (; *text; text++) {
        name = *text == '/' ? text + 1 : name;
    }
    return name;
}

void cc_self_begin(struct cc_run *run, const struct cc_resolve *resolve, const char *region,
                   const struct cc_identity *identity, struct cc_self *self)
{
    struct cc_arena *mem = &run->mem;
    struct cc_access_source *source = &self->source;
    const bool token = cc_secret_present(resolve->keys.session_token);

    *self = (struct cc_self){.run = run};
    *source = (struct cc_access_source){.identity = *identity};
    source->caller = cc_caller_of(mem, identity->arn, NULL);
    source->caller.unique_id = cc_text_dup(mem, identity->user_id, strcspn(identity->user_id, ":"));
    source->is_role = strstr(identity->arn, ":assumed-role/") != NULL;
    source->role_name = after_last_slash(source->caller.arn ? source->caller.arn : "");
    source->long_term = !source->is_role && !token;
    source->path_known = !source->is_role;
    source->unread = "the caller's policies were not read";
    self->owner =
        (struct cc_iam_owner){source->is_role ? CC_IAM_ROLE : CC_IAM_USER, source->role_name};
    self->who =
        (struct cc_ask){.settings = &resolve->settings, .by = &resolve->keys, .region = region};
    self->org =
        (struct cc_org_facts){.mem = mem, .who = &self->who, .account = identity->account_id};
}

/* --- from IAM and Organizations --- */

static void take_principal(struct cc_self *self)
{
    struct cc_access_source *source = &self->source;
    const struct cc_principal *principal = &self->principal;

    source->identity_policies = principal->identity;
    source->boundary = principal->boundary;
    source->unread = principal->unread;
    if (principal->entity_known) {
        source->caller.arn = principal->entity.arn;
        source->path_known = true;
    }
}

/* NULL: the next one, too, or the end. */
static struct cc_errand *ask(struct cc_self *self, int step)
{
    switch (step) {
    case 0: return cc_principal_errand(self->run, &self->who, &self->owner, &self->principal);
    case 1: take_principal(self); return cc_org_facts_errand(self->run, &self->org);
    default:
        return cc_org_levels_errand(self->run, &self->org, self->source.identity.account_id,
                                    CC_ORG_SCP);
    }
}

static void take_organization(struct cc_self *self)
{
    struct cc_access_source *source = &self->source;

    source->organization = self->org.known == CC_KNOWN ? self->org.org.id : NULL;
    source->scps =
        cc_org_facts_levels(&self->run->mem, &self->org, source->identity.account_id, CC_ORG_SCP);
}

static struct cc_errand *next(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_self *self = about;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    (void)ended; /* each of them succeeds, whatever it could read */
    while (!errand && self->step < STEPS) {
        errand = ask(self, self->step++);
    }
    if (!errand) {
        take_organization(self);
        self->state = CC_READ;
    }
    return errand;
}

struct cc_errand *cc_self_errand(struct cc_self *self, int *wait_ms)
{
    if (self->state == CC_READ) {
        return NULL;
    }
    if (self->state == CC_BEING_READ) {
        *wait_ms = WAIT_MS;
        return NULL;
    }
    self->state = CC_BEING_READ;
    self->steps = (struct cc_steps){next, self};
    return cc_steps_errand(self->run, &self->steps);
}

/* --- for one caller --- */

bool cc_own_read(struct cc_run *run, const struct cc_chain_options *options, struct cc_own *own,
                 struct cc_error *err)
{
    int wait_ms = 0;

    *own = (struct cc_own){.resolve = cc_alloc(&run->mem, sizeof(*own->resolve))};
    if (!cc_resolve_prepare(run, options, own->resolve, err) ||
        !cc_resolve_keys(run, own->resolve, err) ||
        !cc_resolve_caller(run, own->resolve, &own->identity, err)) {
        return false;
    }
    own->region = cc_region_for_call(&own->resolve->search);
    cc_self_begin(run, own->resolve, own->region, &own->identity, &own->self);
    return cc_drive_one(cc_self_errand(&own->self, &wait_ms), err);
}
