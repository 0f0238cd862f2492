#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "table.h"
#include "walk.h"

#include <string.h>

#define TIMEOUT_MS 60000
#define OUT_MAX    65536
#define DEPTH_MAX  4
#define GUARD      "_CREDCTL_PROFILE_CHAIN"

static const struct cc_keys_shape document = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "SessionToken",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .any_case = true,
};

/* A process that runs credctl for a profile whose process runs credctl ... would never end. */
static bool guard(struct cc_run *run, const char *profile, const char **chain, struct cc_error *why)
{
    const char *before = cc_env(run, GUARD);
    size_t depth = 0;

    for (const char *at = before; at && *at;) {
        size_t len = strcspn(at, ",");

        if (len == strlen(profile) && strncmp(at, profile, len) == 0) {
            cc_fail(why, CC_E_PROFILE_LOOP, "credential_process of profile %s leads back to itself",
                    profile);
            cc_why(why, "%s -> %s", before, profile);
            return cc_fix(why, "let the command of one of these profiles use another source");
        }
        depth++;
        at += len + (at[len] == ',');
    }
    if (depth >= DEPTH_MAX) {
        cc_fail(why, CC_E_PROFILE_LOOP, "credential_process is nested too deep");
        cc_why(why, "%s -> %s; at most %d may stand in each other", before, profile, DEPTH_MAX);
        return cc_fix(why, "shorten the chain: let profile %s ask the last source itself", profile);
    }
    *chain = before ? cc_textf(&run->mem, GUARD "=%s,%s", before, profile)
                    : cc_textf(&run->mem, GUARD "=%s", profile);
    return true;
}

static bool version_is_one(const cJSON *doc)
{
    const cJSON *version = cJSON_GetObjectItem(doc, "Version");

    return cJSON_IsNumber(version) && version->valuedouble == 1.0;
}

static bool refuse(const struct cc_property *command, struct cc_error *why)
{
    return cc_fix(why,
                  "run the credential_process of %s, line %d by hand: it must print one JSON "
                  "document on stdout",
                  command->file, command->line);
}

static bool read_document(struct cc_run *run, const struct cc_process_end *end,
                          const struct cc_property *command, struct cc_keys *keys,
                          struct cc_error *why)
{
    const char *source = cc_textf(&run->mem, "the output of credential_process (%s, line %d)",
                                  command->file, command->line);
    const cJSON *doc = NULL;

    if (!cc_json_parse(&run->mem, end->out, end->out_len, source, &doc, why)) {
        why->code = CC_E_PROCESS;
        return refuse(command, why);
    }
    if (!version_is_one(doc)) {
        cc_fail(why, CC_E_PROCESS, "%s is of no version we know", source);
        cc_why(why, "\"Version\" must be the number 1");
        return refuse(command, why);
    }
    if (!cc_keys_from_json(&run->mem, doc, &document, source, keys, why)) {
        return refuse(command, why);
    }
    if (keys->expires <= cc_now_aws(run)) {
        cc_fail(why, CC_E_EXPIRED, "%s has already expired", source);
        cc_why(why, "its Expiration is %s", cc_time_iso(&run->mem, keys->expires));
        return cc_fix(why, "make the command fetch new credentials, or check this host's clock");
    }
    return true;
}

/* Its lines, each without the blanks around it, as one. */
static const char *one_line(struct cc_arena *mem, const char *text)
{
    struct cc_buf line = cc_buf_new(mem, 8192);

    while (*text) {
        size_t len = strcspn(text, "\r\n");
        const char *row = cc_text_trim(mem, cc_text_dup(mem, text, len));

        if (row[0]) {
            cc_buf_addf(&line, "%s%s", line.len > 0 ? "; " : "", row);
        }
        text += len;
        text += strspn(text, "\r\n");
    }
    return line.text;
}

static bool ran_well(struct cc_run *run, const struct cc_process_end *end,
                     const struct cc_property *command, struct cc_error *why)
{
    const char *said = one_line(&run->mem, end->err);

    if (end->status == 0) {
        return true;
    }
    cc_fail(why, CC_E_PROCESS, "credential_process (%s, line %d) failed", command->file,
            command->line);
    cc_why(why, "exit status %d%s%s", end->status, said[0] ? ": " : ", and nothing on stderr",
           said);
    return cc_fix(why, "run the command of %s, line %d by hand", command->file, command->line);
}

static enum cc_outcome find_in(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct cc_property *command = cc_section_property(section, "credential_process");
    const char *chain = NULL;
    struct cc_process_end end = {0};
    struct cc_keys made = {0};

    if (!command) {
        return cc_absent(why, "profile %s has no credential_process", section->name);
    }
    if (!guard(run, section->name, &chain, why)) {
        return CC_BROKEN;
    }
    const char *const argv[] = {"sh", "-c", command->value, NULL};
    const char *const set[] = {chain, NULL};
    const struct cc_process process = {
        .argv = argv,
        .timeout_ms = cc_time_left_ms(run, TIMEOUT_MS),
        .max_out = OUT_MAX,
        .set = set,
        .unattended = run->unattended,
    };
    if (!run->world->process(run->world->self, &run->mem, &process, &end, why)) {
        refuse(command, why);
        return CC_BROKEN;
    }
    if (!ran_well(run, &end, command, why) || !read_document(run, &end, command, &made, why)) {
        return CC_BROKEN;
    }
    if (!made.account_id) {
        const char *account = cc_section_value(section, "aws_account_id");

        made.account_id = cc_text_digits(account, 12) ? account : NULL;
    }
    *keys = made;
    search->detail = cc_textf(&run->mem, "profile %s: credential_process", section->name);
    return CC_FOUND;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    return cc_find_selected(search, &cc_provider_process, keys, why);
}

const struct cc_provider cc_provider_process = {
    .name = "process",
    .title = "credential_process of the profile",
    .reach = CC_LOCAL,
    .serves_profile = true,
    .find = find,
    .find_in = find_in,
};
