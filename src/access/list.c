#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include "tour.h"

#include <stdlib.h>
#include <string.h>

/* The targets: of --role-arn, a file, or the organization. */

static bool from_arns(struct cc_tour *tour, const struct cc_target_defaults *defaults,
                      struct cc_error *err)
{
    const char *const *arns = tour->options->role_arns;
    struct cc_buf text = cc_buf_new(&tour->run->mem, CC_TARGETS_MAX_BYTES);

    for (size_t i = 0; arns[i]; i++) {
        if (strpbrk(arns[i], "\r\n")) {
            return cc_fail(err, CC_E_USAGE, "--role-arn: a role ARN is on one line");
        }
        cc_buf_addf(&text, "%s\n", arns[i]);
    }
    return cc_targets_parse(&tour->run->mem, text.text, text.len, defaults, &tour->targets, err);
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

/* What the journal tells targets by. */
struct known_by {
    const char *name;
    const char *role_arn; /* or "" */
};

static int by_name(const void *a, const void *b)
{
    const struct known_by *one = a;
    const struct known_by *other = b;
    const int order = strcmp(one->name, other->name);

    return order ? order : strcmp(one->role_arn, other->role_arn);
}

void cc_tour_forget_repeated(struct cc_tour *tour)
{
    const size_t count = tour->journal.count > 0 ? tour->targets.count : 0;
    struct known_by *rows = cc_alloc(&tour->run->mem, (count + 1) * sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        const struct cc_target *target = &tour->targets.rows[i];

        rows[i] = (struct known_by){cc_tour_name(target), target->role_arn ? target->role_arn : ""};
    }
    qsort(rows, count, sizeof(*rows), by_name);
    for (size_t i = 1; i < count; i++) {
        if (by_name(&rows[i - 1], &rows[i]) == 0) {
            cc_access_journal_forget(&tour->journal, rows[i].name, rows[i].role_arn);
        }
    }
}
