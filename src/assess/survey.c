#include "survey.h"

#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "names.h"

struct cc_survey {
    struct cc_run *run;
    const struct cc_place *place;
    struct cc_inquiry *inquiry;
    struct cc_site site;
    struct cc_probing *probings;
    size_t probing_count;
    struct cc_probing keys; /* whose questions are about keys, not about a service */
    bool keys_asked;
    struct cc_draft draft;
};

const struct cc_site *cc_survey_site(const struct cc_survey *survey)
{
    return &survey->site;
}

const struct cc_place *cc_survey_place(const struct cc_survey *survey)
{
    return survey->place;
}

void cc_survey_add(struct cc_survey *survey, struct cc_resource resource)
{
    cc_draft_add(survey->run, &survey->draft, resource);
}

/* --- questions */

static void ended(struct cc_asked *asked)
{
    struct cc_survey_question *question = asked->about;

    if (question->done) {
        question->done(question->survey, question);
    }
}

struct cc_survey_question *cc_survey_ask(struct cc_survey *survey, struct cc_probing *probing,
                                         const struct cc_operation *operation,
                                         const struct cc_param *params)
{
    struct cc_survey_question *question = cc_alloc(&survey->run->mem, sizeof(*question));

    *question =
        (struct cc_survey_question){.survey = survey,
                                    .probing = probing,
                                    .asked = cc_inquire(survey->inquiry, operation, params)};
    question->asked->done = ended;
    question->asked->about = question;
    return question;
}

void cc_survey_want(struct cc_survey_question *question, const char *place,
                    const struct cc_shape *shape, void *to)
{
    cc_ask_want(question->survey->run, &question->asked->ask, place, shape, to);
}

static void list_done(struct cc_survey *survey, struct cc_survey_question *question)
{
    (void)cc_survey_looked(survey, question, NULL);
}

struct cc_survey_question *cc_survey_list(struct cc_survey *survey, struct cc_probing *probing,
                                          const struct cc_operation *operation,
                                          const struct cc_shape *shape, void *to)
{
    struct cc_survey_question *question = cc_survey_ask(survey, probing, operation, NULL);

    cc_survey_want(question, ".", shape, to);
    question->done = list_done;
    return question;
}

struct cc_looked cc_survey_looked(struct cc_survey *survey,
                                  const struct cc_survey_question *question, const char *none)
{
    const struct cc_asked *asked = question->asked;

    if (asked->ok) {
        return (struct cc_looked){CC_LOOKED_FOUND, NULL};
    }
    if (none && cc_text_equal(asked->answer.error_code, none)) {
        return (struct cc_looked){CC_LOOKED_NONE, NULL};
    }
    const char *service = question->probing->probe ? question->probing->probe->name : "kms";
    return (struct cc_looked){CC_LOOKED_UNKNOWN,
                              cc_draft_failure(survey->run, &survey->draft, service, asked)};
}

/* --- keys */

// clang-format off
static const struct cc_shape_field alias_fields[] = {
    CC_ROW_AS("AliasName", TEXT, struct cc_key_alias, name, NULL, NULL),
    CC_ROW_AS("TargetKeyId", TEXT, struct cc_key_alias, target, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape alias_shape = {"alias", alias_fields, sizeof(struct cc_key_alias)};
struct alias_list {
    const struct cc_key_alias *rows;
    size_t count;
};
static const struct cc_shape_field aliases_fields[] = {
    CC_ROW_LIST_AS("Aliases", struct alias_list, rows, count, struct cc_key_alias, &alias_shape, NULL, NULL),
    {0},
};
static const struct cc_shape aliases_shape = {"aliases", aliases_fields, sizeof(struct alias_list)};
// clang-format on

static void keys_done(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct alias_list *list = question->about;

    survey->site.keys = (struct cc_key_book){
        list->rows, list->count, cc_survey_looked(survey, question, NULL).state == CC_LOOKED_FOUND};
}

void cc_survey_key(struct cc_survey *survey, const char *key)
{
    static const struct cc_key_book unread = {0};

    if (survey->keys_asked ||
        cc_key_manager(&survey->run->mem, &unread, survey->site.account, key) != CC_KEY_UNKNOWN) {
        return;
    }
    struct alias_list *list = cc_alloc(&survey->run->mem, sizeof(*list));
    struct cc_survey_question *question =
        cc_survey_list(survey, &survey->keys, &cc_op_kms_list_aliases, &aliases_shape, list);
    question->done = keys_done;
    question->about = list;
    survey->keys_asked = true;
}

/* --- the survey */

static void begin_probe(struct cc_survey *survey, const struct cc_probe *probe)
{
    struct cc_probing *probing = &survey->probings[survey->probing_count++];
    struct cc_arena *mem = &survey->run->mem;

    cc_texts_add(mem, &survey->draft.services, probe->name);
    if (probe->global && !survey->place->first) {
        cc_texts_add(
            mem, &survey->draft.notes,
            cc_textf(mem, "%s is global: it is checked once, with the first region", probe->name));
        return;
    }
    probing->probe = probe;
    for (size_t i = 0; probe->keys[i]; i++) {
        (void)cc_draft_key(&survey->draft, probe->keys[i]);
    }
    probe->begin(survey, probing);
}

struct cc_survey *cc_survey_begin(const struct cc_place *place,
                                  const struct cc_probe *const *probes, const char *const *services)
{
    struct cc_run *run = place->run;
    struct cc_survey *survey = cc_alloc(&run->mem, sizeof(*survey));
    size_t count = 0;

    while (probes[count]) {
        count++;
    }
    *survey = (struct cc_survey){
        .run = run,
        .place = place,
        .inquiry = cc_inquiry_new(run, place->settings, place->keys, place->region),
        .site = {.run = run,
                 .account = place->account_id,
                 .partition = place->partition,
                 .region = place->region},
        .probings = cc_alloc(&run->mem, count * sizeof(struct cc_probing)),
    };
    for (size_t i = 0; i < count; i++) {
        if (cc_names_have(services, probes[i]->name)) {
            begin_probe(survey, probes[i]);
        }
    }
    return survey;
}

struct cc_errand *cc_survey_next(void *survey)
{
    return cc_inquiry_next(((struct cc_survey *)survey)->inquiry);
}

void cc_survey_done(void *survey, struct cc_errand *errand)
{
    cc_inquiry_done(((struct cc_survey *)survey)->inquiry, errand);
}

struct cc_draft *cc_survey_end(struct cc_survey *survey)
{
    for (size_t i = 0; i < survey->probing_count; i++) {
        if (survey->probings[i].probe) {
            survey->probings[i].probe->judge(survey, &survey->probings[i]);
        }
    }
    return &survey->draft;
}
