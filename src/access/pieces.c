#include "findings.h"

/* Pieces of statements. */

static void release(void *json)
{
    cJSON_Delete(json);
}

cJSON *cc_statement_kept(struct cc_arena *mem, cJSON *statement)
{
    cc_arena_adopt(mem, release, statement);
    return statement;
}

cJSON *cc_statement_new(struct cc_arena *mem)
{
    return cc_statement_kept(mem, cJSON_CreateObject());
}

/* A text, or a list of several. */
void cc_statement_put_texts(cJSON *statement, const char *name, const char *const *texts,
                            size_t count)
{
    if (count == 1) {
        cJSON_AddStringToObject(statement, name, texts[0]);
        return;
    }
    cJSON *list = cJSON_AddArrayToObject(statement, name);
    for (size_t i = 0; i < count; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i]));
    }
}

void cc_statement_put_condition(cJSON *statement, const char *operator, const char * key,
                                const char *value)
{
    cJSON *conditions = cJSON_GetObjectItemCaseSensitive(statement, "Condition");

    conditions = conditions ? conditions : cJSON_AddObjectToObject(statement, "Condition");
    cJSON *block = cJSON_GetObjectItemCaseSensitive(conditions, operator);
    block = block ? block : cJSON_AddObjectToObject(conditions, operator);
    cJSON_AddStringToObject(block, key, value);
}

bool cc_findings_exact(const struct cc_findings *findings)
{
    const struct cc_access_source *source = findings->evidence->source;

    return !source->is_role || source->path_known || findings->one.caller.arn != source->caller.arn;
}
