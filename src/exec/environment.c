#include "environment.h"

#include "credctl/base/text.h"

#include <string.h>

/* A name that ends with '_' is a prefix. */
static const char *const cleared[] = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SDK_LOAD_CONFIG",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ASSUME_ROLE_",
    "AWS_BEARER_TOKEN_",
    "CREDCTL_SESSION",
};

static bool goes(const char *row)
{
    for (size_t i = 0; i < CC_COUNT(cleared); i++) {
        size_t len = strlen(cleared[i]);
        bool beginning = cleared[i][len - 1] == '_';

        if (strncmp(row, cleared[i], len) == 0 && (beginning || row[len] == '=')) {
            return true;
        }
    }
    return false;
}

static bool replaced(const struct cc_child_env *env, const char *row)
{
    size_t len = strcspn(row, "=");

    for (const struct cc_child_env_row *one = env->set; one; one = one->next) {
        if (strncmp(one->text, row, len) == 0 && one->text[len] == '=') {
            return true;
        }
    }
    return false;
}

void cc_child_env_set(struct cc_child_env *env, const char *name, const char *value)
{
    if (value) {
        struct cc_child_env_row *row = cc_alloc(env->mem, sizeof(*row));

        *row = (struct cc_child_env_row){cc_textf(env->mem, "%s=%s", name, value), env->set};
        env->set = row;
        env->count++;
    }
}

const char *const *cc_child_env_rows(const struct cc_child_env *env, const char *const *rows,
                                     bool clear)
{
    size_t count = 0;

    while (rows[count]) {
        count++;
    }
    const char **list = cc_alloc(env->mem, (count + env->count + 1) * sizeof(*list));
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(clear && goes(rows[i])) && !replaced(env, rows[i])) {
            list[at++] = rows[i];
        }
    }
    for (const struct cc_child_env_row *one = env->set; one; one = one->next) {
        list[at++] = one->text;
    }
    return list;
}
