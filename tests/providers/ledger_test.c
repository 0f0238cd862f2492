#include "credctl/base/shape.h"
#include "credctl/base/text.h"

#include "ledger_scenarios.h"

#include <stdio.h>

/*
 * The ledger is proved: each kind of provider and hop is planned in a world that records what is
 * looked at; then each of these things is changed in turn, and the sum must be another. The
 * properties are recorded by standing between those who read them and the shared files (the
 * linker's --wrap), so that reading past the ledger is seen as well.
 */

/* --- what is recorded ------------------------------------------------------------------------- */

static struct {
    const struct cc_section *section;
    const char *key;
    bool before; /* the search began */
} read_properties[1024];
static size_t read_property_count;

const struct cc_property *__real_cc_section_property(const struct cc_section *section,
                                                     const char *key);
const char *__real_cc_section_value(const struct cc_section *section, const char *key);
const struct cc_property *__wrap_cc_section_property(const struct cc_section *section,
                                                     const char *key);
const char *__wrap_cc_section_value(const struct cc_section *section, const char *key);

static void record(const struct cc_section *section, const char *key)
{
    if (section) {
        assert_true(read_property_count < CC_COUNT(read_properties));
        read_properties[read_property_count].before = false;
        read_properties[read_property_count].section = section;
        read_properties[read_property_count++].key = key;
    }
}

const struct cc_property *__wrap_cc_section_property(const struct cc_section *section,
                                                     const char *key)
{
    record(section, key);
    return __real_cc_section_property(section, key);
}

const char *__wrap_cc_section_value(const struct cc_section *section, const char *key)
{
    record(section, key);
    return __real_cc_section_value(section, key);
}

/* --- one search ------------------------------------------------------------------------------- */

struct asked {
    const struct scenario *scenario;
    struct cc_given given;
    struct cc_assume hop;
    bool other_cli; /* the option is the other way round */
    struct cc_search search;
    struct cc_chain *chain;
    char sum[CC_SUM_SIZE + 32];
};

static bool broken(struct asked *asked, const struct cc_error *err)
{
    (void)snprintf(asked->sum, sizeof(asked->sum), "broken: %d", err->code);
    return false;
}

/* What settings are read from before the search begins is recorded too, but for the counts. */
static bool plan(struct fake *fake, struct asked *asked)
{
    struct cc_settings *settings = cc_alloc(&fake->mem, sizeof(*settings));
    struct cc_error err = {0};
    char sum[CC_SUM_SIZE];

    asked->chain = cc_alloc(&fake->mem, sizeof(*asked->chain));
    fake->read_count = 0;
    read_property_count = 0;
    fake->run.ca_bundle = NULL;
    if (!cc_settings_load(&fake->run, &asked->given, settings, &err)) {
        return broken(asked, &err);
    }
    for (size_t i = 0; i < fake->read_count; i++) {
        fake->reads[i].times = 0;
    }
    for (size_t i = 0; i < read_property_count; i++) {
        read_properties[i].before = true;
    }
    asked->search = (struct cc_search){.run = &fake->run,
                                       .settings = settings,
                                       .aws_cli_cache = asked->scenario->cli != asked->other_cli};
    if (!cc_chain_plan(&asked->search, &asked->hop, asked->scenario->hop, asked->chain, &err)) {
        return broken(asked, &err);
    }
    assert_int_equal(fake->sent_count, 0); /* nobody is asked */
    assert_null(fake->process_line);
    cc_ledger_sum(&asked->search.ledger, sum);
    (void)snprintf(asked->sum, sizeof(asked->sum), "%s %s", asked->chain->question.base->name, sum);
    return true;
}

/* So that what is read while somebody is asked is recorded as well. */
static void fetch(struct fake *fake, struct asked *asked)
{
    struct cc_keys keys;
    struct cc_story *story = cc_alloc(&fake->mem, sizeof(*story));
    struct cc_error err = {0};

    if (!cc_chain_fetch(&asked->search, asked->chain, &keys, story, &err) &&
        err.code != CC_E_LOGIN) { /* its key is none, which is seen after all has been read */
        fail_msg("%s: %s: %s", asked->scenario->name, err.what, err.why);
    }
    fake->sent_count = 0;
    fake->process_line = NULL;
    for (const struct pair *row = asked->scenario->files; row->name; row++) {
        fake_file(fake, row->name, row->value);
    }
}

static struct asked begin(struct fake *fake, const struct scenario *scenario)
{
    struct asked asked = {
        .scenario = scenario, .given = {.profile = scenario->profile}, .hop = hop};

    memset(fake->env, 0, sizeof(fake->env));
    memset(fake->files, 0, sizeof(fake->files));
    fake_env(fake, "HOME", "/home/u");
    fake_file(fake, CONFIG, scenario->config);
    for (const struct pair *row = scenario->env; row->name; row++) {
        fake_env(fake, row->name, row->value);
    }
    for (const struct pair *row = scenario->files; row->name; row++) {
        fake_file(fake, row->name, row->value);
    }
    if (!plan(fake, &asked)) {
        fail_msg("%s is %s", scenario->name, asked.sum);
    }
    return asked;
}

static int notes_of(const struct cc_ledger *ledger, const char *name,
                    const struct cc_section *section, const char *of)
{
    int count = 0;

    for (size_t i = 0; i < ledger->count; i++) {
        count += (!name || strcmp(ledger->notes[i].name, name) == 0) &&
                 ledger->notes[i].section == section && strcmp(ledger->notes[i].of, of) == 0;
    }
    return count;
}

/* Each time something is read it is noted: there is no way past the ledger. */
static void expect_notes(struct fake *fake, const struct asked *asked)
{
    const struct cc_ledger *ledger = &asked->search.ledger;

    for (size_t i = 0; i < fake->read_count; i++) {
        const struct fake_read *one = &fake->reads[i];
        int notes = notes_of(ledger, one->kind == 'v' ? "variable" : NULL, NULL, one->name);

        if ((one->kind == 'v' || one->kind == 'f') && !is_noted_otherwise(one->name) &&
            notes != one->times) {
            fail_msg("%s: %s was read %d times, and noted %d times", asked->scenario->name,
                     one->name, one->times, notes);
        }
    }
    for (size_t i = 0; i < read_property_count; i++) {
        const struct cc_section *section = read_properties[i].section;
        const char *key = read_properties[i].key;
        int times = 0;

        for (size_t k = 0; k < read_property_count; k++) {
            times += !read_properties[k].before && read_properties[k].section == section &&
                     strcmp(read_properties[k].key, key) == 0;
        }
        int notes = notes_of(ledger, "property", section, key);
        if (section->kind != CC_SECTION_SERVICES && !is_noted_otherwise(key) && notes != times) {
            fail_msg("%s: %s of %s was read %d times, and noted %d times", asked->scenario->name,
                     key, section->name, times, notes);
        }
    }
}

static bool is_harmless(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < CC_COUNT(harmless); i++) {
        if (strcmp(harmless[i].name, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < CC_COUNT(scenario->harmless); i++) {
        if (cc_text_equal(scenario->harmless[i], name)) {
            return true;
        }
    }
    return false;
}

static size_t changes; /* in all; told at the end */

static void expect_another(const struct asked *before, const struct asked *after, const char *kind,
                           const char *name)
{
    changes++;
    if (strcmp(before->sum, after->sum) == 0 && !is_harmless(before->scenario, name)) {
        fail_msg("%s: another %s %s, and the same key", before->scenario->name, kind, name);
    }
}

static void change_variables(struct fake *fake, const struct asked *before)
{
    if (!before->scenario->no_options) { /* libcurl is told of these */
        fake_noted(fake, 'v', "SSL_CERT_FILE");
        fake_noted(fake, 'v', "CURL_CA_BUNDLE");
    }
    const size_t count = fake->read_count;
    struct fake_read reads[CC_COUNT(fake->reads)];

    memcpy(reads, fake->reads, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const char *name = reads[i].name;

        if (reads[i].kind != 'v') {
            continue;
        }
        const char *old = fake->world.env(fake, name);
        fake_env(fake, name, other_than(before->scenario->env, name, old));
        plan(fake, &after);
        expect_another(before, &after, "variable", name);
        if (old) { /* unset */
            fake_env(fake, name, NULL);
            plan(fake, &after);
            expect_another(before, &after, "(or no) variable", name);
        }
        fake_env(fake, name, old);
    }
}

static void change_files(struct fake *fake, const struct asked *before)
{
    const size_t count = fake->read_count;
    struct fake_read reads[CC_COUNT(fake->reads)];

    memcpy(reads, fake->reads, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const char *name = reads[i].name;

        /* Those two are changed property by property. */
        if (reads[i].kind != 'f' || strcmp(name, CONFIG) == 0 || strcmp(name, CREDENTIALS) == 0) {
            continue;
        }
        const char *old = fake_file_text(fake, name);
        fake_file(fake, name, other_than(before->scenario->files, name, old));
        plan(fake, &after);
        expect_another(before, &after, "file", name);
        fake_file(fake, name, NULL);
        plan(fake, &after);
        if (old) {
            expect_another(before, &after, "(or no) file", name);
        }
        fake_file(fake, name, old);
    }
}

static const char *value_in(const struct cc_section *section, const char *key)
{
    return __real_cc_section_value(section, key);
}

static void change_properties(struct fake *fake, const struct asked *before)
{
    static const char *const titles[] = {[CC_SECTION_PROFILE] = "profile ",
                                         [CC_SECTION_SSO_SESSION] = "sso-session ",
                                         [CC_SECTION_SERVICES] = "services "};
    const size_t count = read_property_count;
    __typeof__(read_properties) reads;

    memcpy(reads, read_properties, sizeof(reads));
    for (size_t i = 0; i < count; i++) {
        struct asked after = *before;
        const struct cc_section *section = reads[i].section;
        const char *value = other_than(NULL, reads[i].key, value_in(section, reads[i].key));

        /* The last value of a property wins. */
        const char *title =
            strcmp(section->name, "default") == 0
                ? "default"
                : cc_textf(&fake->mem, "%s%s", titles[section->kind], section->name);
        fake_file(fake, CONFIG,
                  cc_textf(&fake->mem, "%s[%s]\n%s = %s\n", before->scenario->config, title,
                           reads[i].key, value));
        plan(fake, &after);
        expect_another(before, &after, "property", reads[i].key);
    }
    fake_file(fake, CONFIG, before->scenario->config);
}

static void change_options(struct fake *fake, const struct asked *before)
{
    static const struct cc_given given[] = {{.region = "eu-west-1"},
                                            {.endpoint_url = "http://127.0.0.9/"},
                                            {.ca_bundle = "/ca.pem"},
                                            {.profile = "changed"}};

    for (size_t i = before->scenario->no_options ? 3 : 0; i < CC_COUNT(given); i++) {
        struct asked after = *before;

        after.given = given[i];
        after.given.profile = given[i].profile ? given[i].profile : before->scenario->profile;
        plan(fake, &after);
        expect_another(before, &after, "option", "given");
    }
    struct asked one = *before;
    one.given = (struct cc_given){.ca_bundle = "/one.pem", .profile = before->scenario->profile};
    struct asked other = one;
    other.given.ca_bundle = "/other.pem";
    plan(fake, &one);
    plan(fake, &other);
    expect_another(&one, &other, "option", before->scenario->no_options ? "HOME" : "ca-bundle");
    one = *before;
    one.other_cli = true;
    plan(fake, &one);
    expect_another(before, &one, "option", "use-aws-cli-cache");
}

static void whatever_is_looked_at_is_in_the_key(void **state)
{
    struct fake *fake = *state;

    add_answers(fake);
    for (size_t i = 0; i < CC_COUNT(scenarios); i++) {
        struct asked before = begin(fake, &scenarios[i]);
        struct asked again = before;

        plan(fake, &again);
        assert_string_equal(before.sum, again.sum);
        expect_notes(fake, &again);
        fetch(fake, &again);
        change_variables(fake, &before);
        plan(fake, &again);
        change_files(fake, &before);
        plan(fake, &again);
        fetch(fake, &again);
        change_properties(fake, &before);
        change_options(fake, &before);
        plan(fake, &again);
        if (strcmp(before.sum, again.sum) != 0) {
            fail_msg("%s: nothing changed, and another key", scenarios[i].name);
        }
    }
    print_message("%zu changes\n", changes);
}

/* --- what else decides ------------------------------------------------------------------------ */

static const struct scenario *named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(scenarios); i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            return &scenarios[i];
        }
    }
    fail_msg("there is no scenario %s", name);
    return NULL;
}

/* Each row of the table, whatever its kind. */
static void every_parameter_of_a_hop_is_in_the_key(void **state)
{
    static const char *const list[] = {"a=b", NULL};
    struct fake *fake = *state;
    struct asked before = begin(fake, named("environment"));
    struct asked after = before;

    for (const struct cc_shape_field *row = cc_assume_shape.fields; row->name; row++) {
        after = before;
        void *at = (char *)&after.hop + row->at;
        switch (row->kind) {
        case CC_KIND_TEXT: *(const char **)at = "changed"; break;
        case CC_KIND_NUMBER: *(int *)at = 900; break;
        case CC_KIND_SECRET: *(struct cc_secret *)at = (struct cc_secret){"123456"}; break;
        default: *(const char *const **)at = list;
        }
        plan(fake, &after);
        /* The code of an MFA device is another one every time. */
        if ((strcmp(before.sum, after.sum) == 0) != (row->kind == CC_KIND_SECRET)) {
            fail_msg("%s is not as it should be in the key", row->name);
        }
    }
    after = before;
    after.hop.region = "eu-west-1";
    plan(fake, &after);
    assert_string_not_equal(before.sum, after.sum);
}

static void what_asks_for_a_hop_is_noted(void **state)
{
    static const char *const names[] = {
        "AWS_ASSUME_ROLE_ARN",         "AWS_ASSUME_ROLE_SESSION_NAME",
        "AWS_ASSUME_ROLE_EXTERNAL_ID", "AWS_ASSUME_ROLE_DURATION_SECONDS",
        "_CREDCTL_ASSUME_ROLE_ARN",
    };
    struct fake *fake = *state;
    struct cc_search search = {.run = &fake->run};
    struct cc_assume made;
    struct cc_error err;
    bool present = false;

    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ARN);
    assert_true(cc_hop_from_environment(&search, &made, &present, &err));
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        assert_int_equal(notes_of(&search.ledger, "variable", NULL, names[i]), 1);
    }
}

static void a_command_may_look_at_any_variable_and_at_where_it_is_started(void **state)
{
    static const char *const names[] = {"process", "role on a process"};
    struct fake *fake = *state;

    for (size_t n = 0; n < CC_COUNT(names); n++) {
        struct asked before = begin(fake, named(names[n]));
        struct asked after = before;

        fake_env(fake, "VAULT_ADDR", "x");
        plan(fake, &after);
        assert_string_not_equal(before.sum, after.sum);
        fake_env(fake, "VAULT_ADDR", NULL);
        fake->folder = "/elsewhere";
        plan(fake, &after);
        assert_string_not_equal(before.sum, after.sum);
        fake->folder = NULL;
        before = begin(fake, named(names[n]));
        for (size_t i = 0; i < CC_COUNT(circumstances); i++) {
            fake_env(fake, circumstances[i], "changed");
        }
        plan(fake, &after);
        assert_string_equal(before.sum, after.sum);
    }
}

static void a_login_that_we_refreshed_is_the_same_login(void **state)
{
    static const char *const replaced[] = {"accessToken", "expiresAt", "refreshToken", NULL};
    struct fake *fake = *state;
    struct asked before = begin(fake, named("sso"));
    struct asked after = before;
    struct cc_login_file file = {.replaced = replaced, .doc = cJSON_Parse(SSO_TOKEN("alice", "c"))};

    for (int i = 0; i < 2; i++) {
        const char *chain = cc_login_chain(&fake->mem, &file);

        cJSON_ReplaceItemInObject(file.doc, "accessToken",
                                  cJSON_CreateString(cc_textf(&fake->mem, "new %d", i)));
        cJSON_ReplaceItemInObject(file.doc, "refreshToken",
                                  cJSON_CreateString(cc_textf(&fake->mem, "new %d", i)));
        cc_login_chain_on(&fake->mem, &file, chain);
        char *text = cJSON_Print(file.doc);
        fake_file(fake, SSO_FILE, cc_text_dup(&fake->mem, text, strlen(text)));
        cJSON_free(text);
        plan(fake, &after);
        assert_string_equal(before.sum, after.sum);
    }
    /* Somebody else replaced the tokens, and kept what he did not know. */
    cJSON_ReplaceItemInObject(file.doc, "accessToken", cJSON_CreateString("another's"));
    char *text = cJSON_Print(file.doc);
    fake_file(fake, SSO_FILE, cc_text_dup(&fake->mem, text, strlen(text)));
    cJSON_free(text);
    plan(fake, &after);
    assert_string_not_equal(before.sum, after.sum);
    cJSON_Delete(file.doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(whatever_is_looked_at_is_in_the_key),
        IN_FAKE_WORLD(every_parameter_of_a_hop_is_in_the_key),
        IN_FAKE_WORLD(what_asks_for_a_hop_is_noted),
        IN_FAKE_WORLD(a_command_may_look_at_any_variable_and_at_where_it_is_started),
        IN_FAKE_WORLD(a_login_that_we_refreshed_is_the_same_login),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
