#include "static_keys.h"

#include "credctl/base/text.h"

bool cc_static_keys_there(struct cc_search *search, const struct cc_section *section)
{
    return cc_input_property(search, section, "aws_access_key_id") &&
           cc_input_property(search, section, "aws_secret_access_key");
}

static enum cc_outcome half(const struct cc_section *section, const struct cc_property *there,
                            const char *missing, struct cc_error *why)
{
    cc_fail(why, CC_E_HALF_SET, "profile %s holds half a key pair", section->name);
    cc_why(why, "%s, line %d has %s; %s is missing or empty", there->file, there->line, there->key,
           missing);
    cc_fix(why, "add %s to profile %s, or remove %s", missing, section->name, there->key);
    return CC_BROKEN;
}

enum cc_outcome cc_static_keys_plan(struct cc_search *search, const struct cc_section *section,
                                    struct cc_question *question, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct cc_property *id = cc_input_property(search, section, "aws_access_key_id");
    const struct cc_property *secret = cc_input_property(search, section, "aws_secret_access_key");

    if (!id && !secret) {
        return cc_absent(why, "profile %s in %s has no keys", section->name, section->file);
    }
    if (!id) {
        return half(section, secret, "aws_access_key_id", why);
    }
    if (!secret) {
        return half(section, id, "aws_secret_access_key", why);
    }
    const struct cc_property *token = cc_input_property(search, section, "aws_session_token");
    const char *account = cc_input_value(search, section, "aws_account_id");
    token = token ? token : cc_input_property(search, section, "aws_security_token");
    if (!cc_property_one_line(id, why) || !cc_property_one_line(secret, why) ||
        !cc_property_one_line(token, why)) {
        return CC_BROKEN;
    }
    struct cc_ready *ready = cc_alloc(&run->mem, sizeof(*ready));
    *ready = (struct cc_ready){
        .keys =
            {
                .access_key_id = id->value,
                .secret_key = cc_secret_keep(&run->mem, secret->value),
                .session_token = cc_secret_keep(&run->mem, token ? token->value : NULL),
                .expires = CC_NEVER_EXPIRES,
                .account_id = cc_text_digits(account, 12) ? account : NULL,
            },
        .detail = cc_textf(&run->mem, "profile %s: static keys", section->name),
    };
    question->about = ready;
    const char *place =
        cc_textf(&run->mem, "profile %s in %s, line %d", section->name, id->file, id->line);
    return cc_keys_judge(&ready->keys, place, why) ? CC_FOUND : CC_BROKEN;
}

enum cc_outcome cc_fetch_ready(struct cc_search *search, void *about, struct cc_keys *keys,
                               struct cc_error *why)
{
    const struct cc_ready *ready = about;

    (void)why;
    *keys = ready->keys;
    search->detail = ready->detail;
    return CC_FOUND;
}
