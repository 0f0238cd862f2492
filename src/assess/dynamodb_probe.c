#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "survey.h"

/* A table whose key is asked for. */
struct asked {
    const char *name;
    struct cc_table table;
    const char *why; /* it was not read; or NULL */
    bool gone;
    struct asked *next;
};

struct state {
    struct cc_table_list list;
    struct asked *tables;
};

static void described(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct asked *asked = question->about;
    const struct cc_looked looked = cc_survey_looked(survey, question, "ResourceNotFoundException");

    asked->why = looked.why;
    asked->gone = looked.state == CC_LOOKED_NONE;
    cc_survey_key(survey, asked->table.key);
}

static void listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct state *state = question->about;
    struct cc_run *run = cc_survey_site(survey)->run;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < state->list.count; i++) {
        struct asked *asked = cc_alloc(&run->mem, sizeof(*asked));
        const struct cc_param params[] = {{"TableName", state->list.rows[i].name}, {0}};
        struct cc_survey_question *next =
            cc_survey_ask(survey, question->probing, &cc_op_dynamodb_describe_table, params);

        *asked = (struct asked){.name = state->list.rows[i].name, .next = state->tables};
        state->tables = asked;
        cc_survey_want(next, "Table", &cc_table_shape, &asked->table);
        next->done = described;
        next->about = asked;
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct state *state = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*state));
    struct cc_survey_question *question = cc_survey_list(
        survey, probing, &cc_op_dynamodb_list_tables, &cc_table_list_shape, &state->list);

    question->done = listed;
    question->about = probing->state = state;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct state *state = probing->state;

    for (const struct asked *asked = state->tables; asked; asked = asked->next) {
        if (!asked->gone) {
            cc_survey_add(survey, cc_judge_table(cc_survey_site(survey), asked->name, &asked->table,
                                                 asked->why));
        }
    }
}

static const char *const keys[] = {"dynamodb", NULL};
static const struct cc_operation *const operations[] = {
    &cc_op_dynamodb_list_tables, &cc_op_dynamodb_describe_table, &cc_op_kms_list_aliases, NULL};

const struct cc_probe cc_probe_dynamodb = {
    .name = "dynamodb",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
