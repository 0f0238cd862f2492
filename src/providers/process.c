#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "hops.h"
#include "table.h"

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

/* Prevents endless recursion: a credential_process that runs credctl for its own profile. */
static bool guard(struct cc_search *search, const char *profile, const char **chain,
                  struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *before = cc_input_raw_variable(search, GUARD);
    size_t depth = 0;

    for (const char *at = before; at && *at;) {
        size_t len = strcspn(at, ",");

        if (len == strlen(profile) && strncmp(at, profile, len) == 0) {
            cc_fail(why, CC_E_PROFILE_LOOP, "credential_process of profile %s calls itself",
                    profile);
            cc_why(why, "%s -> %s", before, profile);
            return cc_fix(why, "let the command of one of these profiles use another source");
        }
        depth++;
        at += len + (at[len] == ',');
    }
    if (depth >= DEPTH_MAX) {
        cc_fail(why, CC_E_PROFILE_LOOP, "credential_process is nested too deeply");
        cc_why(why, "%s -> %s; at most %d can be nested", before, profile, DEPTH_MAX);
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
        cc_fail(why, CC_E_PROCESS, "%s has an unknown version", source);
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

/* Its lines, trimmed, joined to one line. */
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

struct command {
    const struct cc_section *section;
    const struct cc_property *property;
    const char *account_id;
    const char *set[3]; /* variables for it */
};

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct command *command = cc_alloc(&search->run->mem, sizeof(*command));

    if (!section) {
        return cc_absent(why, "there is no profile %s", search->settings->profile);
    }
    command->section = section;
    command->property = cc_input_property(search, section, "credential_process");
    if (!command->property) {
        return cc_absent(why, "profile %s has no credential_process", section->name);
    }
    if (!guard(search, section->name, &command->set[0], why)) {
        return CC_BROKEN;
    }
    const char *taken = cc_input_variable(search, "AWS_ASSUME_ROLE_ARN");
    command->set[1] = taken ? cc_textf(&search->run->mem, CC_HOP_TAKEN "=%s", taken) : NULL;
    command->account_id = cc_input_value(search, section, "aws_account_id");
    cc_input_environment(search);
    question->about = command;
    return CC_FOUND;
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct command *command = about;
    const char *const argv[] = {"sh", "-c", command->property->value, NULL};
    const struct cc_process process = {
        .argv = argv,
        .timeout_ms = cc_time_left_ms(run, TIMEOUT_MS),
        .max_out = OUT_MAX,
        .set = command->set,
        .unattended = run->unattended,
    };
    struct cc_process_end end = {0};
    struct cc_keys made = {0};

    if (!run->world->process(run->world->self, &run->mem, &process, &end, why)) {
        refuse(command->property, why);
        return CC_BROKEN;
    }
    if (!ran_well(run, &end, command->property, why) ||
        !read_document(run, &end, command->property, &made, why)) {
        return CC_BROKEN;
    }
    if (!made.account_id) {
        made.account_id = cc_text_digits(command->account_id, 12) ? command->account_id : NULL;
    }
    *keys = made;
    search->detail = cc_textf(&run->mem, "profile %s: credential_process", command->section->name);
    return CC_FOUND;
}

const struct cc_provider cc_provider_process = {
    .name = "process",
    .title = "credential_process of the profile",
    .reach = CC_LOCAL,
    .in_profile = true,
    .kept = true,
    .command = true,
    .plan = plan,
    .fetch = fetch,
};
