#include "credctl/aws/region.h"
#include "credctl/base/json.h"

#include "tour.h"

#include <stdlib.h>
#include <string.h>

/* The targets: of --role-arn, a file, or the organization. */

/* As JSON lines, so that whatever was given is one value. */
static bool from_arns(struct cc_tour *tour, const struct cc_target_defaults *defaults,
                      struct cc_error *err)
{
    const char *const *arns = tour->options->role_arns;
    struct cc_arena *mem = &tour->run->mem;
    struct cc_buf text = cc_buf_new(mem, CC_TARGETS_MAX_BYTES);

    for (size_t i = 0; arns[i]; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "role_arn", arns[i]);
        cc_buf_text(&text, cc_json_line(mem, row));
        cJSON_Delete(row);
    }
    return cc_targets_parse(mem, text.text, text.len, defaults, &tour->targets, err);
}

static bool from_organization(struct cc_tour *tour, struct cc_target_defaults *defaults,
                              struct cc_error *err)
{
    const struct cc_resolve *resolve = tour->resolve;
    const struct cc_ask as = {
        .settings = &resolve->settings, .by = &resolve->keys, .region = tour->region};
    const char *text = NULL;

    defaults->from = "the organization's list of accounts";
    return cc_org_chosen(tour->run, &as, &tour->options->accounts, &text, err) &&
           cc_targets_parse(&tour->run->mem, text, strlen(text), defaults, &tour->targets, err);
}

static bool from_file(struct cc_tour *tour, struct cc_target_defaults *defaults,
                      struct cc_error *err)
{
    struct cc_target_list list = {0};

    if (!cc_target_list_read(tour->run, tour->options->targets, &list, err)) {
        return false;
    }
    defaults->from = list.name;
    return cc_targets_parse(&tour->run->mem, list.text, list.len, defaults, &tour->targets, err);
}

bool cc_tour_list(struct cc_tour *tour, struct cc_error *err)
{
    const struct cc_access_options *options = tour->options;
    struct cc_target_defaults defaults = {
        .partition = cc_partition_of(tour->region)->name,
        .role_name = options->role_name,
        .external_id = options->target.external_id,
        .from = "--role-arn",
        .lenient = true,
    };

    if (options->role_arns && options->role_arns[0]) {
        return from_arns(tour, &defaults, err);
    }
    return options->organization ? from_organization(tour, &defaults, err)
                                 : from_file(tour, &defaults, err);
}

struct named {
    const struct cc_target *target;
};

static int by_name(const void *a, const void *b)
{
    const struct cc_target *one = ((const struct named *)a)->target;
    const struct cc_target *other = ((const struct named *)b)->target;
    const int order = strcmp(cc_tour_name(one), cc_tour_name(other));

    return order
               ? order
               : strcmp(one->role_arn ? one->role_arn : "", other->role_arn ? other->role_arn : "");
}

void cc_tour_forget_repeated(struct cc_tour *tour)
{
    const size_t count = tour->journal.count > 0 ? tour->targets.count : 0;
    struct named *rows = cc_alloc(&tour->run->mem, (count + 1) * sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        rows[i].target = &tour->targets.rows[i];
    }
    qsort(rows, count, sizeof(*rows), by_name);
    for (size_t i = 1; i < count; i++) {
        if (by_name(&rows[i - 1], &rows[i]) == 0) {
            const struct cc_target *row = rows[i].target;

            cc_access_journal_forget(&tour->journal, cc_tour_name(row), row->role_arn);
        }
    }
}
