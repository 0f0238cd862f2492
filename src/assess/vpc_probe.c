#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "survey.h"

/* The lists are kept one by one while they are read, because a reader has their addresses. */
struct list {
    struct cc_prefix_list read;
    struct list *next;
};

struct state {
    struct cc_vpc_endpoints endpoints;
    struct cc_groups groups;
    struct list *lists;
    size_t list_count;
};

static void list_read(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct list *list = question->about;

    list->read.looked = cc_survey_looked(survey, question, NULL);
}

static void ask_list(struct cc_survey *survey, struct cc_probing *probing, const char *id)
{
    struct cc_run *run = cc_survey_site(survey)->run;
    struct state *state = probing->state;

    for (const struct list *list = state->lists; list; list = list->next) {
        if (cc_text_equal(list->read.id, id)) {
            return;
        }
    }
    const struct cc_param params[] = {{"PrefixListId", id}, {0}};
    struct list *list = cc_alloc(&run->mem, sizeof(*list));
    struct cc_survey_question *question =
        cc_survey_ask(survey, probing, &cc_op_ec2_get_managed_prefix_list_entries, params);
    cc_survey_want(question, ".", &cc_prefix_list_shape, &list->read);
    list->read.id = id;
    list->next = state->lists;
    state->lists = list;
    state->list_count++;
    question->done = list_read;
    question->about = list;
}

static void ask_lists(struct cc_survey *survey, struct cc_probing *probing,
                      const struct cc_group *group)
{
    for (size_t i = 0; i < group->permission_count; i++) {
        const struct cc_permission *permission = &group->permissions[i];
        const size_t count = cc_permission_matters(permission) ? permission->list_count : 0;

        for (size_t j = 0; j < count; j++) {
            ask_list(survey, probing, permission->lists[j].id);
        }
    }
}

static void groups_listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct state *state = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < state->groups.count; i++) {
        ask_lists(survey, question->probing, &state->groups.rows[i]);
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct state *state = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*state));

    (void)cc_survey_list(survey, probing, &cc_op_ec2_describe_vpc_endpoints,
                         &cc_vpc_endpoints_shape, &state->endpoints);
    struct cc_survey_question *groups = cc_survey_list(
        survey, probing, &cc_op_ec2_describe_security_groups, &cc_groups_shape, &state->groups);
    groups->done = groups_listed;
    groups->about = probing->state = state;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_site *site = cc_survey_site(survey);
    const struct state *state = probing->state;
    struct cc_prefix_list *rows =
        cc_alloc(&site->run->mem, (state->list_count + 1) * sizeof(*rows));
    struct cc_prefix_lists lists = {.rows = rows};

    for (const struct list *list = state->lists; list; list = list->next) {
        rows[lists.count++] = list->read;
    }
    for (size_t i = 0; i < state->endpoints.count; i++) {
        cc_survey_add(survey, cc_judge_vpc_endpoint(site, &state->endpoints.rows[i]));
    }
    for (size_t i = 0; i < state->groups.count; i++) {
        cc_survey_add(survey, cc_judge_group(site, &state->groups.rows[i], &lists));
    }
}

static const char *const keys[] = {"vpc", "security_groups", NULL};
static const struct cc_operation *const operations[] = {
    &cc_op_ec2_describe_vpc_endpoints,
    &cc_op_ec2_describe_security_groups,
    &cc_op_ec2_get_managed_prefix_list_entries,
    NULL,
};

const struct cc_probe cc_probe_vpc = {
    .name = "vpc",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
