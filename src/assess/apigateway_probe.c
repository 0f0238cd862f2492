#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "survey.h"

/* A domain name with old protocols, and the APIs that it leads to. */
struct leads {
    const struct cc_api_domain *domain;
    struct cc_api_mappings mappings;
    struct leads *next;
};

struct state {
    struct cc_rest_apis apis;
    struct cc_api_domains domains;
    struct leads *leads;
    size_t lead_count;
};

static void mapped(struct cc_survey *survey, struct cc_survey_question *question)
{
    (void)cc_survey_looked(survey, question, "NotFoundException");
}

static void domains_listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct cc_run *run = cc_survey_site(survey)->run;
    struct state *state = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < state->domains.count; i++) {
        const struct cc_api_domain *domain = &state->domains.rows[i];

        if (!cc_api_domain_is_old(domain)) {
            continue;
        }
        const struct cc_param params[] = {{"domain_name", domain->name}, {0}};
        struct leads *leads = cc_alloc(&run->mem, sizeof(*leads));
        struct cc_survey_question *next = cc_survey_ask(
            survey, question->probing, &cc_op_apigateway_get_base_path_mappings, params);
        cc_survey_want(next, ".", &cc_api_mappings_shape, &leads->mappings);
        next->done = mapped;
        leads->domain = domain;
        leads->next = state->leads;
        state->leads = leads;
        state->lead_count++;
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct state *state = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*state));

    (void)cc_survey_list(survey, probing, &cc_op_apigateway_get_rest_apis, &cc_rest_apis_shape,
                         &state->apis);
    struct cc_survey_question *domains =
        cc_survey_list(survey, probing, &cc_op_apigateway_get_domain_names, &cc_api_domains_shape,
                       &state->domains);
    domains->done = domains_listed;
    domains->about = probing->state = state;
}

static bool leads_to(const struct leads *leads, const char *api)
{
    for (size_t i = 0; i < leads->mappings.count; i++) {
        if (cc_text_equal(leads->mappings.rows[i].api, api)) {
            return true;
        }
    }
    return false;
}

static struct cc_resource judge_api(const struct cc_site *site, const struct state *state,
                                    const struct cc_rest_api *api)
{
    const struct cc_api_domain **domains =
        cc_alloc(&site->run->mem, (state->lead_count + 1) * sizeof(const struct cc_api_domain *));
    size_t count = 0;

    for (const struct leads *leads = state->leads; leads; leads = leads->next) {
        if (leads_to(leads, api->id)) {
            domains[count++] = leads->domain;
        }
    }
    return cc_judge_rest_api(site, api, domains);
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_site *site = cc_survey_site(survey);
    const struct state *state = probing->state;

    for (size_t i = 0; i < state->apis.count; i++) {
        cc_survey_add(survey, judge_api(site, state, &state->apis.rows[i]));
    }
    for (size_t i = 0; i < state->domains.count; i++) {
        cc_survey_add(survey, cc_judge_api_domain(site, &state->domains.rows[i]));
    }
}

static const char *const keys[] = {"apigateway", NULL};
static const struct cc_operation *const operations[] = {
    &cc_op_apigateway_get_rest_apis,
    &cc_op_apigateway_get_domain_names,
    &cc_op_apigateway_get_base_path_mappings,
    NULL,
};

const struct cc_probe cc_probe_apigateway = {
    .name = "apigateway",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
