#include "draft.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- counts */

struct cc_posture_counts *cc_draft_key(struct cc_draft *draft, const char *key)
{
    size_t i = 0;

    while (i < draft->key_count && strcmp(draft->keys[i].name, key) != 0) {
        i++;
    }
    if (i == draft->key_count) {
        draft->keys[draft->key_count++].name = key;
    }
    return &draft->keys[i].counts;
}

static void count(struct cc_posture_counts *counts, const struct cc_resource *resource)
{
    counts->resources_checked++;
    counts->compliant_resources += resource->status == CC_COMPLIANT;
    counts->non_compliant_resources += resource->status == CC_NON_COMPLIANT;
    counts->unknown_resources += resource->status == CC_COMPLIANCE_UNKNOWN;
}

void cc_draft_add(struct cc_run *run, struct cc_draft *draft, struct cc_resource resource)
{
    draft->resources =
        cc_wanted_room(&run->mem, draft->resources, draft->resource_count, sizeof(resource));
    draft->resources[draft->resource_count++] = resource;
    count(&draft->counts, &resource);
    count(cc_draft_key(draft, cc_resource_key(resource.type)), &resource);
}

/* --- failures */

/* Many buckets can be denied in the same way. */
static struct cc_draft_error *same_error(const struct cc_draft *draft, const char *service,
                                         const struct cc_unread *unread)
{
    for (size_t i = 0; i < draft->error_count; i++) {
        struct cc_draft_error *error = &draft->errors[i];

        if (strcmp(error->service, service) == 0 && strcmp(error->unread.code, unread->code) == 0 &&
            strcmp(error->unread.operation, unread->operation) == 0) {
            return error;
        }
    }
    return NULL;
}

/* Where a service does not exist, there is nothing of it. */
static const char *not_offered(struct cc_run *run, struct cc_draft *draft, const char *service)
{
    cc_texts_add(&run->mem, &draft->notes, cc_textf(&run->mem, "%s is not offered here", service));
    return "it is not offered here";
}

const char *cc_draft_failure(struct cc_run *run, struct cc_draft *draft, const char *service,
                             const struct cc_asked *asked)
{
    if (asked->err.code == CC_E_NOT_OFFERED) {
        return not_offered(run, draft, service);
    }
    const struct cc_unread *unread = cc_asked_unread(asked);
    struct cc_draft_error *error = same_error(draft, service, unread);

    if (!error) {
        draft->errors =
            cc_wanted_room(&run->mem, draft->errors, draft->error_count, sizeof(*draft->errors));
        error = &draft->errors[draft->error_count++];
        *error = (struct cc_draft_error){.service = service, .unread = *unread};
    }
    error->times++;
    return unread->missing_permission
               ? cc_textf(&run->mem, "%s is denied", unread->missing_permission)
               : cc_textf(&run->mem, "%s failed (%s)", unread->operation, unread->code);
}

static int by_name(const void *left, const void *right)
{
    const struct cc_service_error *a = left;
    const struct cc_service_error *b = right;
    const int services = strcmp(a->service, b->service);
    const int operations = strcmp(a->unread.operation, b->unread.operation);

    return services ? services : operations ? operations : strcmp(a->unread.code, b->unread.code);
}

const struct cc_service_error *cc_draft_errors(struct cc_run *run, const struct cc_draft *draft)
{
    struct cc_service_error *rows = cc_alloc(&run->mem, (draft->error_count + 1) * sizeof(*rows));

    for (size_t i = 0; i < draft->error_count; i++) {
        const struct cc_draft_error *error = &draft->errors[i];

        rows[i] = (struct cc_service_error){error->service, error->unread};
        if (error->times > 1) {
            rows[i].unread.why = cc_textf(&run->mem, "%s (%d calls failed like this)",
                                          error->unread.why, error->times);
        }
    }
    if (draft->error_count > 1) { /* which of them ended first differs from run to run */
        qsort(rows, draft->error_count, sizeof(*rows), by_name);
    }
    return rows;
}
