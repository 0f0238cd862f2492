#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "survey.h"

struct place {
    const char *location; /* as GetBucketLocation says it */
};

struct asked {
    struct cc_bucket bucket;
    struct place place;
    bool elsewhere; /* in another region, or gone */
    struct asked *next;
};

struct state {
    struct cc_bucket_list list;
    struct asked *buckets;
    struct cc_looked account_blocked;
    struct cc_public_block account_block;
};

// clang-format off
static const struct cc_shape_field location_fields[] = {
    CC_ROW_AS(".", TEXT, struct place, location, NULL, NULL, .rules = CC_OMITTED), {0}};
static const struct cc_shape location_shape = {"location", location_fields, sizeof(struct place)};
// clang-format on

static bool is_gone(const struct cc_survey_question *question)
{
    return !question->asked->ok &&
           cc_text_equal(question->asked->answer.error_code, "NoSuchBucket");
}

static void encryption_read(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct asked *asked = question->about;

    asked->elsewhere = asked->elsewhere || is_gone(question);
    if (asked->elsewhere) {
        return;
    }
    asked->bucket.encrypted =
        cc_survey_looked(survey, question, "ServerSideEncryptionConfigurationNotFoundError");
    cc_survey_key(survey, asked->bucket.encryption.key);
}

static void block_read(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct asked *asked = question->about;

    asked->elsewhere = asked->elsewhere || is_gone(question);
    if (asked->elsewhere) {
        return;
    }
    asked->bucket.blocked =
        cc_survey_looked(survey, question, "NoSuchPublicAccessBlockConfiguration");
    if (asked->bucket.blocked.state != CC_LOOKED_FOUND) {
        asked->bucket.block = (struct cc_public_block){0};
    }
}

static struct cc_survey_question *ask_bucket(struct cc_survey *survey, struct cc_probing *probing,
                                             const struct cc_operation *operation,
                                             struct asked *asked)
{
    const struct cc_param params[] = {{"Bucket", asked->bucket.name}, {0}};
    struct cc_survey_question *question = cc_survey_ask(survey, probing, operation, params);

    question->about = asked;
    return question;
}

static void ask_settings(struct cc_survey *survey, struct cc_probing *probing, struct asked *asked)
{
    struct cc_survey_question *encryption =
        ask_bucket(survey, probing, &cc_op_s3_get_bucket_encryption, asked);
    struct cc_survey_question *block =
        ask_bucket(survey, probing, &cc_op_s3_get_public_access_block, asked);

    cc_survey_want(encryption, ".", &cc_bucket_encryption_shape, &asked->bucket.encryption);
    encryption->done = encryption_read;
    cc_survey_want(block, ".", &cc_public_block_shape, &asked->bucket.block);
    block->done = block_read;
}

/* API Reference, GetBucketLocation: nothing means us-east-1, and EU means eu-west-1. */
static const char *region_of(const char *location)
{
    return !location ? "us-east-1" : cc_text_equal(location, "EU") ? "eu-west-1" : location;
}

static void located(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct asked *asked = question->about;
    const struct cc_site *site = cc_survey_site(survey);

    if (is_gone(question)) {
        asked->elsewhere = true;
    } else if (question->asked->ok) {
        asked->bucket.region = region_of(asked->place.location);
        asked->elsewhere = !cc_text_equal(asked->bucket.region, site->region);
    } else {
        const char *why = cc_survey_looked(survey, question, NULL).why;

        asked->bucket.encrypted.why = asked->bucket.blocked.why =
            cc_textf(&site->run->mem, "its region is not known (%s)", why);
        return;
    }
    if (!asked->elsewhere) {
        ask_settings(survey, question->probing, asked);
    }
}

static void ask_location(struct cc_survey *survey, struct cc_probing *probing, struct asked *asked)
{
    struct cc_survey_question *question =
        ask_bucket(survey, probing, &cc_op_s3_get_bucket_location, asked);

    cc_survey_want(question, ".", &location_shape, &asked->place);
    question->done = located;
}

static void listed(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct cc_site *site = cc_survey_site(survey);
    struct state *state = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < state->list.count; i++) {
        const struct cc_bucket_row *row = &state->list.rows[i];

        if (row->region && !cc_text_equal(row->region, site->region)) {
            continue;
        }
        struct asked *asked = cc_alloc(&site->run->mem, sizeof(*asked));
        *asked = (struct asked){.bucket = {.name = row->name, .region = site->region},
                                .next = state->buckets};
        state->buckets = asked;
        if (row->region) {
            ask_settings(survey, question->probing, asked);
        } else {
            ask_location(survey, question->probing, asked);
        }
    }
}

static void account_read(struct cc_survey *survey, struct cc_survey_question *question)
{
    struct state *state = question->about;

    state->account_blocked =
        cc_survey_looked(survey, question, "NoSuchPublicAccessBlockConfiguration");
    if (state->account_blocked.state != CC_LOOKED_FOUND) {
        state->account_block = (struct cc_public_block){0};
    }
}

/* The settings of the account count for all of its buckets. */
static void ask_account(struct cc_survey *survey, struct cc_probing *probing, struct state *state)
{
    const struct cc_site *site = cc_survey_site(survey);
    const struct cc_param params[] = {{"AccountId", site->account}, {0}};

    if (!site->account) {
        state->account_blocked.why = "the account is not known";
        return;
    }
    struct cc_survey_question *question =
        cc_survey_ask(survey, probing, &cc_op_s3_control_get_public_access_block, params);
    cc_survey_want(question, ".", &cc_public_block_shape, &state->account_block);
    question->done = account_read;
    question->about = state;
}

/* Each region lists its own buckets, so that each is listed once. S3 tells their regions when it is
 * asked for one; another service of that protocol may not, and is asked for each. */
static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_site *site = cc_survey_site(survey);
    struct state *state = cc_alloc(&site->run->mem, sizeof(*state));
    const struct cc_param params[] = {{"bucket-region", site->region}, {0}};
    struct cc_survey_question *question =
        cc_survey_ask(survey, probing, &cc_op_s3_list_buckets, params);

    cc_survey_want(question, ".", &cc_bucket_list_shape, &state->list);
    question->done = listed;
    question->about = probing->state = state;
    ask_account(survey, probing, state);
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct state *state = probing->state;

    for (struct asked *asked = state->buckets; asked; asked = asked->next) {
        if (!asked->elsewhere) {
            asked->bucket.account_blocked = state->account_blocked;
            asked->bucket.account_block = state->account_block;
            cc_survey_add(survey, cc_judge_bucket(cc_survey_site(survey), &asked->bucket));
        }
    }
}

static const char *const keys[] = {"s3", NULL};
static const struct cc_operation *const operations[] = {
    &cc_op_s3_list_buckets,
    &cc_op_s3_get_bucket_location,
    &cc_op_s3_get_bucket_encryption,
    &cc_op_s3_get_public_access_block,
    &cc_op_s3_control_get_public_access_block,
    &cc_op_kms_list_aliases,
    NULL,
};

const struct cc_probe cc_probe_s3 = {
    .name = "s3",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
