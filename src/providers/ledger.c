#include "credctl/providers/ledger.h"

#include "credctl/aws/imds.h"
#include "credctl/aws/region.h"
#include "credctl/aws/sts.h"
#include "credctl/base/shape.h"
#include "credctl/base/text.h"
#include "credctl/providers/provider.h"
#include "credctl/providers/token_file.h"
#include "credctl/world/replace.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX 65536
#define LOGIN_MAX 262144
#define NONE      SIZE_MAX

/* Variables that do not affect the identity. */
static const struct {
    const char *start;
    const char *reason;
} circumstances[] = {
    {"_=", "the shell sets it to the path of each command"},
    {"SHLVL=", "how deep the shells are nested"},
    {"OLDPWD=", "the previous working folder of the shell"},
    {"COLUMNS=", "the width of the terminal"},
    {"LINES=", "the height of the terminal"},
    {"PS1=", "the prompt"},
};

static struct cc_note *next_note(struct cc_search *search)
{
    struct cc_ledger *ledger = &search->ledger;

    if (ledger->count == ledger->room) {
        size_t room = ledger->room ? 2 * ledger->room : 64;
        struct cc_note *notes = cc_alloc(&search->run->mem, room * sizeof(*notes));

        if (ledger->count > 0) {
            memcpy(notes, ledger->notes, ledger->count * sizeof(*notes));
        }
        ledger->notes = notes;
        ledger->room = room;
    }
    return &ledger->notes[ledger->count++];
}

static void note_bytes(struct cc_search *search, const char *name, const char *of, const char *text,
                       size_t len)
{
    *next_note(search) = (struct cc_note){name, NULL, of ? of : "", text, text ? len : NONE};
}

static void note(struct cc_search *search, const char *name, const char *of, const char *text)
{
    note_bytes(search, name, of, text, text ? strlen(text) : NONE);
}

const char *cc_input_raw_variable(struct cc_search *search, const char *name)
{
    const char *value = cc_env(search->run, name);

    note(search, "variable", name, value);
    return value;
}

static void blame(struct cc_search *search, const struct cc_error *err)
{
    struct cc_error *blemish = cc_alloc(&search->run->mem, sizeof(*blemish));

    *blemish = *err;
    search->ledger.blemish = search->ledger.blemish ? search->ledger.blemish : blemish;
}

/* Names of files and profiles can have any characters, including joined emoji. */
static bool is_a_name(const char *key)
{
    return cc_text_ends(key, "_file") || cc_text_ends(key, "_FILE") ||
           cc_text_equal(key, "source_profile") || cc_text_equal(key, "sso_session");
}

const char *cc_input_variable(struct cc_search *search, const char *name)
{
    const char *value = cc_env(search->run, name);
    const char *unseen = is_a_name(name) ? NULL : cc_text_unseen(value);
    struct cc_error err;

    if (unseen) {
        cc_fail(&err, CC_E_CONFIG, "%s is not usable", name);
        cc_why(&err, "it contains %s", unseen);
        cc_fix(&err, "type the value of %s again", name);
        blame(search, &err);
    }
    value = cc_text_blank(value) ? NULL : cc_text_trim(&search->run->mem, value);
    note(search, "variable", name, value);
    return value;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool mere_circumstance(const char *row)
{
    for (size_t i = 0; i < CC_COUNT(circumstances); i++) {
        if (cc_text_starts(row, circumstances[i].start)) {
            return true;
        }
    }
    return false;
}

void cc_input_environment(struct cc_search *search)
{
    struct cc_run *run = search->run;
    const char *const *rows = run->world->env_all(run->world->self);
    size_t count = 0;
    size_t kept = 0;

    while (rows && rows[count]) {
        count++;
    }
    const char **own = cc_alloc(&run->mem, (count + 1) * sizeof(*own));
    for (size_t i = 0; i < count; i++) {
        if (!mere_circumstance(rows[i])) {
            own[kept++] = rows[i];
        }
    }
    if (kept > 0) {
        qsort((void *)own, kept, sizeof(*own), by_text);
    }
    for (size_t i = 0; i < kept; i++) {
        note(search, "environment", NULL, own[i]);
    }
    note(search, "working folder", NULL, cc_working_folder(run));
}

static void note_property(struct cc_search *search, const struct cc_section *section,
                          const char *key, const char *value)
{
    note(search, "property", key, value);
    search->ledger.notes[search->ledger.count - 1].section = section;
}

/* Unchanged, for callers that check it themselves. */
static const struct cc_property *noted(struct cc_search *search, const struct cc_section *section,
                                       const char *key)
{
    const struct cc_property *property = cc_section_property(section, key);

    note_property(search, section, key, property ? property->value : NULL);
    return property;
}

const struct cc_property *cc_input_property(struct cc_search *search,
                                            const struct cc_section *section, const char *key)
{
    const struct cc_property *property = noted(search, section, key);
    struct cc_error err;

    if (cc_text_equal(key, "credential_process")) {
        return property;
    }
    if (!(is_a_name(key) ? cc_property_one_line(property, &err)
                         : cc_property_clean(property, &err))) {
        blame(search, &err);
    }
    return property;
}

const char *cc_input_value(struct cc_search *search, const struct cc_section *section,
                           const char *key)
{
    const struct cc_property *property = cc_input_property(search, section, key);

    return property ? property->value : NULL;
}

const char *cc_input_compared(struct cc_search *search, const struct cc_section *section,
                              const char *key)
{
    const struct cc_property *property = noted(search, section, key);

    return property ? property->value : NULL;
}

bool cc_input_clean(const struct cc_search *search, struct cc_error *why)
{
    if (search->ledger.blemish) {
        *why = *search->ledger.blemish;
    }
    return !search->ledger.blemish;
}

void cc_input_option(struct cc_search *search, const char *name, const char *value)
{
    note(search, "option", name, value);
}

static void note_number(struct cc_search *search, const char *name, int64_t number)
{
    note(search, name, NULL, cc_textf(&search->run->mem, "%lld", (long long)number));
}

static void note_list(struct cc_search *search, const char *name, const char *const *list)
{
    for (; list && *list; list++) {
        note(search, "hop", name, *list);
    }
}

void cc_input_hop(struct cc_search *search, const struct cc_assume *hop)
{
    for (const struct cc_shape_field *row = cc_assume_shape.fields; row->name; row++) {
        const void *at = (const char *)hop + row->at;

        switch (row->kind) {
        case CC_KIND_SECRET: break; /* the code of an MFA device: different each time */
        case CC_KIND_TEXT: note(search, "hop", row->name, *(const char *const *)at); break;
        case CC_KIND_NUMBER: note_number(search, row->name, *(const int *)at); break;
        default: note_list(search, row->name, *(const char *const *const *)at);
        }
    }
}

void cc_input_imds(struct cc_search *search, const struct cc_imds *imds)
{
    note(search, "imds", "base", imds->base);
    note(search, "imds", "version", imds->v1_forbidden ? "2" : "1");
}

void cc_input_call(struct cc_search *search, const struct cc_section *section, const char *id,
                   const char *region)
{
    const struct cc_settings *settings = search->settings;

    note(search, "region", id, region ? region : settings->region);
    note(search, "endpoint", id, cc_settings_endpoint(search->run, settings, section, id));
    note_number(search, "variants",
                settings->fips | settings->dualstack << 1 | settings->global_sts << 2);
    note(search, "certificates", NULL, search->run->ca_bundle);
    if (!search->run->ca_bundle) {
        note(search, "certificates", "SSL_CERT_FILE", cc_env(search->run, "SSL_CERT_FILE"));
        note(search, "certificates", "CURL_CA_BUNDLE", cc_env(search->run, "CURL_CA_BUNDLE"));
    }
}

bool cc_input_file(struct cc_search *search, const char *path, size_t max, const char **text,
                   struct cc_error *why)
{
    const char *read = NULL;
    size_t len = 0;
    bool ok = cc_read_file(search->run, path, max, &read, &len, why);

    note_bytes(search, "file", path, ok ? read : NULL, len);
    if (ok) {
        *text = read;
    }
    return ok;
}

struct cc_file_facts cc_input_facts(struct cc_search *search, const char *path)
{
    struct cc_file_facts facts = cc_file_facts(search->run, path);

    /* Size and time add nothing to the content. */
    note(search, "facts", path,
         facts.exists ? cc_textf(&search->run->mem, "%d%d%o", facts.regular, facts.ours, facts.mode)
                      : NULL);
    return facts;
}

static void note_token(struct cc_search *search, const char *path, const char *text)
{
    struct cc_bytes identity = {0};

    if (text) {
        identity = cc_token_identity(&search->run->mem, text, strlen(text));
    }
    note_bytes(search, "token", path, identity.text, identity.len);
}

bool cc_input_token(struct cc_search *search, const char *path, const char **text,
                    struct cc_error *why)
{
    const char *read = NULL;
    bool ok = cc_read_file(search->run, path, TOKEN_MAX, &read, NULL, why);

    read = ok ? cc_text_trim(&search->run->mem, read) : NULL;
    note_token(search, path, read);
    if (ok) {
        *text = read;
    }
    return ok;
}

bool cc_input_secret(struct cc_search *search, const char *path, struct cc_secret *secret,
                     struct cc_error *why)
{
    bool ok = cc_read_secret(search->run, path, secret, why);

    note_token(search, path, ok ? cc_secret_reveal(*secret) : NULL);
    return ok;
}

static void note_login(struct cc_search *search, struct cc_login_file *file, const char *identity)
{
    if (!file->noted) {
        file->place = search->ledger.count;
        note(search, "login", file->path, NULL);
        file->noted = true;
    }
    search->ledger.notes[file->place].text = identity;
    search->ledger.notes[file->place].len = strlen(identity);
}

bool cc_input_login(struct cc_search *search, struct cc_login_file *file, struct cc_error *why)
{
    struct cc_arena *mem = &search->run->mem;
    const char *text = NULL;
    size_t len = 0;
    cJSON *doc = NULL;

    if (!cc_read_file(search->run, file->path, LOGIN_MAX, &text, &len, why) ||
        !cc_token_file_parse(mem, file->path, text, len, &doc, why)) {
        return false;
    }
    file->doc = doc;
    file->text = text;
    note_login(search, file, cc_login_identity(mem, file));
    return true;
}

bool cc_input_region(struct cc_search *search, const struct cc_section *section,
                     const char **region, struct cc_error *why)
{
    const struct cc_settings *settings = search->settings;
    const struct cc_property *own = noted(search, section, "region");
    bool outranked = settings->given.region || cc_env(search->run, "AWS_REGION") ||
                     cc_env(search->run, "AWS_DEFAULT_REGION");

    if (!own || (outranked && settings->region)) {
        *region = settings->region;
        return true;
    }
    if (!cc_property_clean(own, why)) {
        return false;
    }
    if (!cc_settings_region_fits(search->run, settings, section, "STS", own->value)) {
        cc_fail_profile(why, section, "its region \"%.80s\" cannot be part of a host name",
                        own->value);
        return cc_fix(why, "give a region such as us-east-1 in %s, line %d", own->file, own->line);
    }
    *region = own->value;
    return true;
}
