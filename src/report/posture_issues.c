#include "credctl/base/text.h"

#include "assess_rows.h"

static size_t issue_count(const struct cc_resource *resource)
{
    size_t count = 0;

    while (resource->issues && resource->issues[count]) {
        count++;
    }
    return count;
}

static struct cc_found issue_of(struct cc_arena *mem, const struct cc_assess_head *head,
                                const struct cc_resource *resource, size_t i)
{
    const struct cc_rule_row *rule = cc_rule_named(resource->rules[i]);
    const char *name = resource->arn    ? resource->arn
                       : resource->id   ? resource->id
                       : resource->name ? resource->name
                                        : "";

    return (struct cc_found){
        .head = head,
        .service = cc_resource_key(resource->type),
        .title = cc_resource_type_words[resource->type],
        .view = {.severity = rule ? rule->severity : CC_SEVERITY_NONE,
                 .id = cc_textf(mem, "%s %s", resource->rules[i], name),
                 .title = resource->issues[i],
                 .type = resource->rules[i],
                 .resource = name,
                 .resource_type = cc_resource_type_words[resource->type]},
    };
}

static void take_result(struct cc_arena *mem, const struct cc_posture_result *result,
                        struct cc_found_all *all)
{
    for (size_t i = 0; i < result->detail_count; i++) {
        const struct cc_resource *resource = &result->resource_details[i];
        const size_t count = issue_count(resource);

        for (size_t issue = 0; issue < count; issue++) {
            all->rows[all->count++] = issue_of(mem, &result->head, resource, issue);
        }
    }
}

static size_t count_all(struct cc_rows_of_posture results)
{
    size_t count = 0;

    for (size_t i = 0; i < results.count; i++) {
        for (size_t row = 0; row < results.rows[i].detail_count; row++) {
            count += issue_count(&results.rows[i].resource_details[row]);
        }
    }
    return count;
}

struct cc_found_all cc_issues_all(struct cc_arena *mem, const struct cc_posture_answer *answer)
{
    const struct cc_rows_of_posture results = cc_rows_posture(answer);
    struct cc_found_all all = {cc_alloc(mem, (count_all(results) + 1) * sizeof(*all.rows)), 0};

    for (size_t i = 0; i < results.count; i++) {
        take_result(mem, &results.rows[i], &all);
    }
    return all;
}
