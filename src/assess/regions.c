#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include "fanout.h"

#include <string.h>

#define REGIONS_MAX 200

static bool refuse(const char *region, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "--region: \"%.64s\" is not a valid region", region);
    return cc_fix(err, "give regions such as eu-west-1, with commas between them, or all");
}

static bool is_listed(const char *const *regions, size_t count, const char *region)
{
    for (size_t i = 0; i < count; i++) {
        if (cc_text_equal(regions[i], region)) {
            return true;
        }
    }
    return false;
}

/* Adds those of one value. */
static bool add(struct cc_run *run, const char *value, const char **regions, size_t *count,
                struct cc_error *err)
{
    while (value) {
        const size_t len = strcspn(value, ",");
        const char *region = cc_text_trim(&run->mem, cc_text_dup(&run->mem, value, len));

        if (!cc_region_valid(region) || *count == REGIONS_MAX) {
            return refuse(region, err);
        }
        if (!is_listed(regions, *count, region)) {
            regions[(*count)++] = region;
        }
        value = value[len] ? value + len + 1 : NULL;
    }
    return true;
}

bool cc_regions_read(struct cc_run *run, const char *const *given, const char *const **regions,
                     bool *all, struct cc_error *err)
{
    const char **rows = cc_alloc(&run->mem, (REGIONS_MAX + 1) * sizeof(*rows));
    size_t count = 0;

    for (size_t i = 0; given && given[i]; i++) {
        if (!add(run, given[i], rows, &count, err)) {
            return false;
        }
    }
    *all = is_listed(rows, count, "all");
    if (*all && count > 1) {
        cc_fail(err, CC_E_USAGE, "--region: all is given beside other regions");
        return cc_fix(err, "give either all or a list of regions");
    }
    *regions = rows;
    return true;
}
