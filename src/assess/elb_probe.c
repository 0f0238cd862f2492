#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "survey.h"

/* What was asked about each load balancer, in the order of the list. */
struct details {
    struct cc_looked looked;
    union {
        struct cc_classic_policies policies;
        struct cc_listeners listeners;
    } read;
};

struct state {
    struct cc_classic_balancers classic;
    struct details *classic_details;
    struct cc_balancers balancers;
    struct details *details;
};

static void detail_read(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct details *details = question->about;

    details->looked = cc_survey_looked(survey, question, NULL);
}

static struct details *make_details(struct cc_survey *survey, size_t count)
{
    struct details *details =
        cc_alloc(&cc_survey_site(survey)->run->mem, (count + 1) * sizeof(*details));

    for (size_t i = 0; i < count; i++) {
        details[i].looked.state = CC_LOOKED_NONE;
    }
    return details;
}

struct wish {
    const struct cc_operation *operation;
    struct cc_param param;
    const struct cc_shape *shape;
};

static void ask_details(struct cc_survey *survey, struct cc_probing *probing,
                        const struct wish *wish, struct details *details, void *to)
{
    const struct cc_param params[] = {wish->param, {0}};
    struct cc_survey_question *question = cc_survey_ask(survey, probing, wish->operation, params);

    cc_survey_want(question, ".", wish->shape, to);
    question->done = detail_read;
    question->about = details;
}

static void classic_listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct state *state = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    state->classic_details = make_details(survey, state->classic.count);
    for (size_t i = 0; i < state->classic.count; i++) {
        const struct cc_classic_balancer *balancer = &state->classic.rows[i];
        struct details *details = &state->classic_details[i];

        if (cc_classic_has_tls(balancer)) {
            ask_details(survey, question->probing,
                        &(struct wish){&cc_op_elb_describe_load_balancer_policies,
                                       {"LoadBalancerName", balancer->name},
                                       &cc_classic_policies_shape},
                        details, &details->read.policies);
        }
    }
}

static void listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct state *state = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    state->details = make_details(survey, state->balancers.count);
    for (size_t i = 0; i < state->balancers.count; i++) {
        const struct cc_balancer *balancer = &state->balancers.rows[i];
        struct details *details = &state->details[i];

        if (!cc_text_equal(balancer->type, "gateway")) {
            ask_details(survey, question->probing,
                        &(struct wish){&cc_op_elbv2_describe_listeners,
                                       {"LoadBalancerArn", balancer->arn},
                                       &cc_listeners_shape},
                        details, &details->read.listeners);
        }
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct state *state = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*state));
    struct cc_survey_question *classic =
        cc_survey_list(survey, probing, &cc_op_elb_describe_load_balancers,
                       &cc_classic_balancers_shape, &state->classic);
    struct cc_survey_question *balancers =
        cc_survey_list(survey, probing, &cc_op_elbv2_describe_load_balancers, &cc_balancers_shape,
                       &state->balancers);

    probing->state = state;
    classic->done = classic_listed;
    classic->about = state;
    balancers->done = listed;
    balancers->about = state;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_site *site = cc_survey_site(survey);
    const struct state *state = probing->state;

    for (size_t i = 0; i < state->classic.count; i++) {
        const struct details *details = &state->classic_details[i];

        cc_survey_add(survey, cc_judge_classic_balancer(site, &state->classic.rows[i],
                                                        &details->looked, &details->read.policies));
    }
    for (size_t i = 0; i < state->balancers.count; i++) {
        const struct details *details = &state->details[i];

        cc_survey_add(survey, cc_judge_balancer(site, &state->balancers.rows[i], &details->looked,
                                                &details->read.listeners));
    }
}

static const char *const keys[] = {"elb", "elbv2", NULL};
static const struct cc_operation *const operations[] = {
    &cc_op_elb_describe_load_balancers,
    &cc_op_elb_describe_load_balancer_policies,
    &cc_op_elbv2_describe_load_balancers,
    &cc_op_elbv2_describe_listeners,
    NULL,
};

const struct cc_probe cc_probe_elb = {
    .name = "elb",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
