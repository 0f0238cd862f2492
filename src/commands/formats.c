#include "credctl/commands/formats.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <string.h>

struct variable {
    const char *name;
    const char *value; /* NULL: must not be set */
};

#define VARIABLES 6

/* AWS_REGION is what most SDKs read, AWS_DEFAULT_REGION what boto3 and the AWS CLI read. */
static void variables(const struct cc_handout *handout, struct cc_arena *mem,
                      struct variable list[VARIABLES])
{
    const struct cc_keys *keys = handout->keys;
    const char *token =
        cc_secret_present(keys->session_token) ? cc_secret_reveal(keys->session_token) : NULL;

    list[0] = (struct variable){"AWS_ACCESS_KEY_ID", keys->access_key_id};
    list[1] = (struct variable){"AWS_SECRET_ACCESS_KEY", cc_secret_reveal(keys->secret_key)};
    list[2] = (struct variable){"AWS_SESSION_TOKEN", token};
    list[3] = (struct variable){"AWS_CREDENTIAL_EXPIRATION", keys->expires == CC_NEVER_EXPIRES
                                                                 ? NULL
                                                                 : cc_time_iso(mem, keys->expires)};
    list[4] = (struct variable){"AWS_REGION", handout->region};
    list[5] = (struct variable){"AWS_DEFAULT_REGION", handout->region};
}

static const char *const names[VARIABLES] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                             "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
                                             "AWS_REGION",        "AWS_DEFAULT_REGION"};

/* An old session token or expiry would be wrong with new keys; a region that stays is not. */
static bool must_go(const struct variable *v)
{
    return !v->value && (strcmp(v->name, names[2]) == 0 || strcmp(v->name, names[3]) == 0);
}

/* Adds `text`, each `bad` character replaced. */
static void replaced(struct cc_buf *out, const char *text, char bad, const char *with)
{
    for (; *text; text++) {
        if (*text == bad) {
            cc_buf_text(out, with);
        } else {
            cc_buf_add(out, text, 1);
        }
    }
}

static void sh_quoted(struct cc_buf *out, const char *text)
{
    cc_buf_text(out, cc_text_sh_quoted(out->mem, text));
}

static void fish_quoted(struct cc_buf *out, const char *text)
{
    cc_buf_text(out, "'");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') {
            cc_buf_text(out, "\\");
        }
        cc_buf_add(out, text, 1);
    }
    cc_buf_text(out, "'");
}

/* PowerShell treats U+2018 to U+201B as single quotes too. */
static size_t powershell_quote(const char *text)
{
    if (text[0] == '\'') {
        return 1;
    }
    return strncmp(text, "\xe2\x80", 2) == 0 && (unsigned char)text[2] >= 0x98 &&
                   (unsigned char)text[2] <= 0x9b
               ? 3
               : 0;
}

static void powershell_quoted(struct cc_buf *out, const char *text)
{
    cc_buf_text(out, "'");
    while (*text) {
        size_t size = powershell_quote(text);

        cc_buf_add(out, text, size);
        cc_buf_add(out, text, size ? size : 1);
        text += size ? size : 1;
    }
    cc_buf_text(out, "'");
}

static void bare_or_sh_quoted(struct cc_buf *out, const char *text)
{
    cc_buf_text(out, cc_text_sh_word(out->mem, text));
}

/* cmd.exe: "set NAME=value" up to the end of the line; with quotes around it, & | < > ^ have no
 * special meaning. */
static void cmd_line(struct cc_buf *out, const char *name, const char *value)
{
    if (cc_text_consists(value, "_-+=/.:,@", SIZE_MAX)) {
        cc_buf_addf(out, "set %s=%s\n", name, value);
    } else {
        cc_buf_addf(out, "set \"%s=", name);
        replaced(out, value, '%', "%%");
        cc_buf_text(out, "\"\n");
    }
}

/* How a shell sets and unsets a variable, as text around the quoted value. */
struct shell {
    const char *before;
    const char *between;
    const char *after;
    void (*quote)(struct cc_buf *out, const char *text);
    const char *unset_before; /* NULL: the format cannot unset variables */
    const char *unset_after;
};

static const struct shell sh = {"export ", "=", "\n", sh_quoted, "unset ", "\n"};
static const struct shell plain = {"", "=", "\n", bare_or_sh_quoted, NULL, NULL};
static const struct shell fish = {"set -gx ", " ", "\n", fish_quoted, "set -e ", "\n"};
static const struct shell powershell = {
    "$Env:", " = ", "\n", powershell_quoted, "Remove-Item -ErrorAction SilentlyContinue Env:",
    "\n"};
static const struct shell dotenv = {"", "=", "\n", sh_quoted, NULL, NULL};

static void write_shell(const struct shell *shell, const struct cc_handout *handout,
                        struct cc_buf *out)
{
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    for (size_t i = 0; i < VARIABLES; i++) {
        if (list[i].value) {
            cc_buf_addf(out, "%s%s%s", shell->before, list[i].name, shell->between);
            shell->quote(out, list[i].value);
            cc_buf_text(out, shell->after);
        } else if (must_go(&list[i]) && shell->unset_before) {
            cc_buf_addf(out, "%s%s%s", shell->unset_before, list[i].name, shell->unset_after);
        }
    }
}

static void unset_shell(const struct shell *shell, struct cc_buf *out)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        cc_buf_addf(out, "%s%s%s", shell->unset_before, names[i], shell->unset_after);
    }
}

static void write_env(const struct cc_handout *handout, struct cc_buf *out)
{
    write_shell(&sh, handout, out);
}

static void unset_env(struct cc_buf *out)
{
    unset_shell(&sh, out);
}

static void write_env_no_export(const struct cc_handout *handout, struct cc_buf *out)
{
    write_shell(&plain, handout, out);
}

static void write_fish(const struct cc_handout *handout, struct cc_buf *out)
{
    write_shell(&fish, handout, out);
}

static void unset_fish(struct cc_buf *out)
{
    unset_shell(&fish, out);
}

static void write_powershell(const struct cc_handout *handout, struct cc_buf *out)
{
    write_shell(&powershell, handout, out);
}

static void unset_powershell(struct cc_buf *out)
{
    unset_shell(&powershell, out);
}

static void write_dotenv(const struct cc_handout *handout, struct cc_buf *out)
{
    write_shell(&dotenv, handout, out);
}

static void write_cmd(const struct cc_handout *handout, struct cc_buf *out)
{
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    for (size_t i = 0; i < VARIABLES; i++) {
        if (list[i].value) {
            cmd_line(out, list[i].name, list[i].value);
        } else if (must_go(&list[i])) {
            cc_buf_addf(out, "set %s=\n", list[i].name);
        }
    }
}

static void unset_cmd(struct cc_buf *out)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        cc_buf_addf(out, "set %s=\n", names[i]);
    }
}

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static void maybe(cJSON *doc, const char *name, const char *value)
{
    if (value) {
        cJSON_AddStringToObject(doc, name, value);
    }
}

/* Unknown members are left out, because not every SDK accepts null for "none". */
static void write_process(const struct cc_handout *handout, struct cc_buf *out)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    cJSON_AddNumberToObject(doc, "Version", 1);
    cJSON_AddStringToObject(doc, "AccessKeyId", list[0].value);
    cJSON_AddStringToObject(doc, "SecretAccessKey", list[1].value);
    maybe(doc, "SessionToken", list[2].value);
    maybe(doc, "Expiration", list[3].value);
    maybe(doc, "AccountId", handout->keys->account_id);
    cc_buf_text(out, cc_json_line(out->mem, doc));
}

static void write_json(const struct cc_handout *handout, struct cc_buf *out)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    cJSON_AddStringToObject(doc, "access_key_id", list[0].value);
    cJSON_AddStringToObject(doc, "secret_access_key", list[1].value);
    cc_json_put(doc, "session_token", list[2].value);
    cc_json_put(doc, "expiration", list[3].value);
    cc_json_put(doc, "account_id", handout->keys->account_id);
    cc_json_put(doc, "region", handout->region);
    cc_buf_text(out, cc_json_line(out->mem, doc));
}

static void write_ini(const struct cc_handout *handout, struct cc_buf *out)
{
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    cc_buf_addf(out, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n", handout->section,
                list[0].value, list[1].value);
    if (list[2].value) {
        cc_buf_addf(out, "aws_session_token = %s\n", list[2].value);
    }
    if (handout->keys->account_id) {
        cc_buf_addf(out, "aws_account_id = %s\n", handout->keys->account_id);
    }
    if (handout->region) {
        cc_buf_addf(out, "region = %s\n", handout->region);
    }
    if (list[3].value) {
        cc_buf_addf(out, "# expires %s\n", list[3].value);
    }
}

/* Masks come first, so that the log does not show these values in any later step. */
static void write_github(const struct cc_handout *handout, struct cc_buf *out)
{
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    for (size_t i = 0; i < 3; i++) {
        if (list[i].value) {
            cc_buf_text(out, "::add-mask::");
            replaced(out, list[i].value, '%', "%25");
            cc_buf_text(out, "\n");
        }
    }
}

void cc_github_variables(const struct cc_handout *handout, struct cc_buf *out)
{
    struct variable list[VARIABLES];

    variables(handout, out->mem, list);
    for (size_t i = 0; i < VARIABLES; i++) {
        if (list[i].value || must_go(&list[i])) {
            cc_buf_addf(out, "%s=%s\n", list[i].name, list[i].value ? list[i].value : "");
        }
    }
}

// clang-format off
#define FORMATS(X)                                                                                 \
    X("process", write_process, NULL, NULL)                                                        \
    X("env", write_env, unset_env, "")                                                             \
    X("env-no-export", write_env_no_export, NULL, "")                                              \
    X("fish", write_fish, unset_fish, "")                                                          \
    X("powershell", write_powershell, unset_powershell, "")                                        \
    X("windows-cmd", write_cmd, unset_cmd, "\"") /* it would end the quoting */                    \
    X("ini", write_ini, NULL, " ") /* readers disagree on blanks and comments */                   \
    X("dotenv", write_dotenv, NULL, "'\\$") /* readers disagree on escapes and variables */        \
    X("json", write_json, NULL, NULL)                                                              \
    X("github", write_github, NULL, "")
// clang-format on

const struct cc_format cc_formats[] = {
#define X(name, write, unset, refused) {name, write, unset, refused},
    FORMATS(X)
#undef X
        {0},
};

const char *const cc_format_names[] = {
#define X(name, write, unset, refused) name,
    FORMATS(X)
#undef X
        NULL,
};

static bool one_line(const char *text)
{
    for (; text && *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

/*
 * `aws configure` writes the name unchanged, including blanks. Readers trim it, remove quotes
 * around it, and treat a section type before a blank as such.
 */
static bool section_fits(const char *name)
{
    static const char *const kinds[] = {"profile ", "sso-session ", "services "};

    for (size_t i = 0; i < CC_COUNT(kinds); i++) {
        if (cc_text_starts(name, kinds[i])) {
            return false;
        }
    }
    return name && name[0] && one_line(name) && !strchr(name, ']') && !strchr("\"' ", name[0]) &&
           name[strlen(name) - 1] != ' ';
}

/* All texts that a format can write. */
static const char *text_at(const struct cc_handout *handout, size_t i)
{
    const struct cc_keys *keys = handout->keys;
    const char *const texts[] = {keys->access_key_id, cc_secret_reveal(keys->secret_key),
                                 cc_secret_reveal(keys->session_token),
                                 keys->account_id ? keys->account_id : "",
                                 handout->region ? handout->region : ""};

    return i < CC_COUNT(texts) ? texts[i] : NULL;
}

static bool fits(const char *text, const struct cc_format *format, struct cc_error *err)
{
    if (!cc_text_is_utf8(text) || (format->cannot && !one_line(text))) {
        cc_fail(err, CC_E_BAD_KEYS, "the credentials cannot be handed out");
        return cc_why(err, "one of their values contains a line break or another control "
                           "character, or is not UTF-8");
    }
    if (format->cannot && strpbrk(text, format->cannot)) {
        cc_fail(err, CC_E_BAD_KEYS, "the credentials cannot be written as %s", format->name);
        cc_why(err, "one of their values contains a character that readers of this format would "
                    "change");
        return cc_fix(err, "use --format json or process");
    }
    return true;
}

bool cc_handout_fits(const struct cc_handout *handout, const struct cc_format *format,
                     struct cc_error *err)
{
    for (size_t i = 0; text_at(handout, i); i++) {
        if (!fits(text_at(handout, i), format, err)) {
            return false;
        }
    }
    if (format->write == write_ini && !section_fits(handout->section)) {
        cc_fail(err, CC_E_CONFIG, "the credentials cannot be written as %s", format->name);
        cc_why(err, "the credentials file cannot hold a profile of this name");
        return cc_fix(err, "use --format json or process");
    }
    return true;
}
