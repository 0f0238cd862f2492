#include "credctl/commands/formats.h"

#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KEY "AKIAIOSFODNN7EXAMPLE"

static const struct cc_format *format_of(const char *name)
{
    const struct cc_format *format = cc_formats;

    while (!cc_text_equal(format->name, name)) {
        assert_non_null(format->name);
        format++;
    }
    return format;
}

static struct cc_keys keys_of(struct cc_arena *mem, const char *secret, const char *token)
{
    return (struct cc_keys){.access_key_id = KEY,
                            .secret_key = cc_secret_keep(mem, secret),
                            .session_token = cc_secret_keep(mem, token),
                            .expires = token ? 1795363680 : CC_NEVER_EXPIRES};
}

/* NULL when the format refuses. */
static const char *written(struct cc_arena *mem, const char *name, const char *secret,
                           const char *token)
{
    const struct cc_keys keys = keys_of(mem, secret, token);
    const struct cc_handout handout = {&keys, "eu-central-1", "default"};
    struct cc_buf out = cc_buf_new(mem, 1 << 20);
    struct cc_error err = {0};

    if (!cc_handout_fits(&handout, format_of(name), &err)) {
        assert_int_equal(err.code, CC_E_BAD_KEYS);
        assert_true(err.why[0] && err.fix[0]);
        assert_null(strstr(err.what, secret));
        assert_null(strstr(err.why, secret));
        return NULL;
    }
    format_of(name)->write(&handout, &out);
    assert_false(out.too_big);
    return out.text;
}

/* What a real program makes of it. */
static const char *read_by(struct temp *temp, const char *const *argv, int status)
{
    const struct cc_process process = {.argv = argv, .timeout_ms = 20000, .max_out = 1 << 20};
    struct cc_process_end end = {0};
    struct cc_error err = {0};

    if (!temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err)) {
        fail_msg("%s: %s", argv[0], err.why);
    }
    if (end.status == 127) {
        return NULL;
    }
    if (end.status != status) {
        fail_msg("%s: %d: %s", argv[0], end.status, end.err);
    }
    return end.out;
}

static const char *const hard[] = {
    "plain",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=",
    "it's",
    "''",
    "'",
    "\\",
    "\\\\",
    "\\'",
    "a\\",
    "\"",
    "$HOME",
    "${HOME}",
    "$(id)",
    "`id`",
    "%PATH%",
    "100%",
    "!!",
    "a!b",
    "^&|<>",
    "a&b;c|d",
    "# not a comment",
    " leading and trailing ",
    "~",
    "*?[a]{b,c}",
    "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
    "\xe2\x80\x98smart\xe2\x80\x99 quotes",
    "-n",
    "=",
    "a=b",
    "::add-mask::x",
    "<<EOF",
};

/* The hard ones, then noise made of the same characters. */
static const char *value_at(struct cc_arena *mem, size_t i)
{
    static const char letters[] = "aZ09'\"\\$`%!^&|;<>(){}[]*?~# =:@,./+-_";
    char text[24];
    uint32_t seed = (uint32_t)i * 2654435761U + 12345;

    if (i < CC_COUNT(hard)) {
        return hard[i];
    }
    for (size_t at = 0; at + 1 < sizeof(text); at++) {
        seed = seed * 1664525U + 1013904223U;
        text[at] = letters[(seed >> 16) % (sizeof(letters) - 1)];
    }
    text[sizeof(text) - 1] = '\0';
    return cc_text_dup(mem, text, strlen(text));
}

#define VALUES (CC_COUNT(hard) + 60)

/* One script for all values, which prints each after a mark; one process a shell. */
static void a_shell_reads_what_was_written(struct temp *temp, const char *shell, const char *format,
                                           const char *print)
{
    struct cc_buf script = cc_buf_new(&temp->run.mem, 1 << 20);
    struct cc_buf meant = cc_buf_new(&temp->run.mem, 1 << 20);
    const char *const argv[] = {shell, temp_path(temp, "script"), NULL};

    for (size_t i = 0; i < VALUES; i++) {
        const char *value = value_at(&temp->run.mem, i);
        const char *lines = written(&temp->run.mem, format, value, value);

        assert_non_null(lines);
        cc_buf_text(&script, lines);
        cc_buf_text(&script, print);
        cc_buf_addf(&meant, "%s|%s|eu-central-1\n", value, value);
    }
    temp_file(temp, "script", script.text, 0600);
    const char *out = read_by(temp, argv, 0);
    if (!out) {
        print_message("%s is not on this machine\n", shell);
        return;
    }
    assert_string_equal(out, meant.text);
}

static const char print_posix[] = "printf '%s|%s|%s\\n' \"$AWS_SECRET_ACCESS_KEY\" "
                                  "\"$AWS_SESSION_TOKEN\" \"$AWS_REGION\"\n";

static void env_is_read_by_the_shells_as_it_was_meant(void **state)
{
    static const char *const shells[] = {"sh", "bash", "dash", "zsh"};

    for (size_t i = 0; i < CC_COUNT(shells); i++) {
        a_shell_reads_what_was_written(*state, shells[i], "env", print_posix);
        a_shell_reads_what_was_written(*state, shells[i], "env-no-export", print_posix);
    }
}

static void fish_is_read_by_fish_as_it_was_meant(void **state)
{
    a_shell_reads_what_was_written(*state, "fish", "fish", print_posix);
}

static void powershell_is_read_by_powershell_as_it_was_meant(void **state)
{
    a_shell_reads_what_was_written(
        *state, "pwsh", "powershell",
        "Write-Output \"${Env:AWS_SECRET_ACCESS_KEY}|${Env:AWS_SESSION_TOKEN}|${Env:AWS_REGION}\"\n");
}

static void powershell_doubles_every_character_it_takes_for_a_quote(void **state)
{
    struct temp *temp = *state;

    assert_non_null(strstr(written(&temp->run.mem, "powershell", "a\xe2\x80\x99;id'b", NULL),
                           "$Env:AWS_SECRET_ACCESS_KEY = 'a\xe2\x80\x99\xe2\x80\x99;id''b'\n"));
}

static void an_exported_variable_reaches_a_child(void **state)
{
    struct temp *temp = *state;
    const char *const argv[] = {"env", "-i", "sh", temp_path(temp, "script"), NULL};

    temp_file(temp, "script",
              cc_textf(&temp->run.mem, "%senv | grep -c '^AWS_'\n",
                       written(&temp->run.mem, "env", "x", "y")),
              0600);
    assert_string_equal(read_by(temp, argv, 0), "6\n");
}

static void the_lines_to_unset_take_everything_back(void **state)
{
    struct temp *temp = *state;
    const char *const argv[] = {"env", "-i", "sh", temp_path(temp, "script"), NULL};
    struct cc_buf unset = cc_buf_new(&temp->run.mem, 10000);

    format_of("env")->unset(&unset);
    temp_file(temp, "script",
              cc_textf(&temp->run.mem, "set -u\n%s%senv | grep '^AWS_'\n",
                       written(&temp->run.mem, "env", "x", "y"), unset.text),
              0600);
    assert_string_equal(read_by(temp, argv, 1), "");
}

static void an_old_token_does_not_stay_beside_new_keys(void **state)
{
    struct temp *temp = *state;

    assert_non_null(strstr(written(&temp->run.mem, "env", "x", NULL), "unset AWS_SESSION_TOKEN\n"));
    assert_non_null(
        strstr(written(&temp->run.mem, "fish", "x", NULL), "set -e AWS_SESSION_TOKEN\n"));
    assert_non_null(strstr(written(&temp->run.mem, "powershell", "x", NULL),
                           "Remove-Item -ErrorAction SilentlyContinue Env:AWS_SESSION_TOKEN\n"));
    assert_non_null(
        strstr(written(&temp->run.mem, "windows-cmd", "x", NULL), "set AWS_SESSION_TOKEN=\n"));
    assert_null(strstr(written(&temp->run.mem, "ini", "x", NULL), "aws_session_token"));
}

static void dotenv_is_read_by_python_as_it_was_meant_or_refused(void **state)
{
    struct temp *temp = *state;
    static const char script[] =
        "import sys\n"
        "try:\n    import dotenv\n"
        "except ImportError:\n    sys.exit(127)\n"
        "sys.stdout.write(dotenv.dotenv_values(sys.argv[1])['AWS_SECRET_ACCESS_KEY'])\n";
    const char *const argv[] = {"python3", "-c", script, temp_path(temp, "env"), NULL};
    size_t taken = 0;

    for (size_t i = 0; i < VALUES; i++) {
        const char *value = value_at(&temp->run.mem, i);
        const char *lines = written(&temp->run.mem, "dotenv", value, NULL);

        assert_true((lines == NULL) == (strpbrk(value, "'\\$") != NULL));
        if (!lines || (i > 40 && i % 8 != 0)) {
            continue;
        }
        taken++;
        assert_non_null(
            strstr(lines, cc_textf(&temp->run.mem, "AWS_SECRET_ACCESS_KEY='%s'\n", value)));
        temp_file(temp, "env", lines, 0600);
        const char *out = read_by(temp, argv, 0);
        assert_true(!out || strcmp(out, value) == 0);
    }
    assert_true(taken > 10);
}

static void ini_is_read_by_python_as_it_was_meant_or_refused(void **state)
{
    struct temp *temp = *state;
    static const char script[] =
        "import configparser, sys\n"
        "ini = configparser.RawConfigParser(default_section=None)\n"
        "ini.read(sys.argv[1], encoding='utf-8')\n"
        "print(*[s + '|' + ini[s]['aws_secret_access_key'] for s in ini.sections()], sep='\\n')\n";
    const char *const argv[] = {"python3", "-X", "utf8", "-c", script, temp_path(temp, "ini"),
                                NULL};
    struct cc_buf file = cc_buf_new(&temp->run.mem, 1 << 20);
    struct cc_buf meant = cc_buf_new(&temp->run.mem, 1 << 20);

    for (size_t i = 0; i < VALUES; i++) {
        const char *value = value_at(&temp->run.mem, i);
        const char *lines = written(&temp->run.mem, "ini", value, "token");

        assert_true((lines == NULL) == (strchr(value, ' ') != NULL));
        if (lines) {
            cc_buf_addf(&file, "[s%zu]%s", i, strchr(lines, '\n'));
            cc_buf_addf(&meant, "s%zu|%s\n", i, value);
        }
    }
    temp_file(temp, "ini", file.text, 0600);
    assert_string_equal(read_by(temp, argv, 0), meant.text);
}

static void json_carries_every_value(void **state)
{
    struct temp *temp = *state;
    static const char *const rows[][2] = {{"process", "SecretAccessKey"},
                                          {"json", "secret_access_key"}};

    for (size_t format = 0; format < CC_COUNT(rows); format++) {
        for (size_t i = 0; i <= VALUES; i++) {
            const char *value = i == VALUES ? "line\nbreak\x1b" : value_at(&temp->run.mem, i);
            const char *text = written(&temp->run.mem, rows[format][0], value, NULL);
            const cJSON *doc = NULL;
            struct cc_error err;

            assert_true(cc_json_parse(&temp->run.mem, text, strlen(text), "it", &doc, &err));
            assert_string_equal(cc_json_text(doc, rows[format][1]), value);
            assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
        }
    }
}

static void the_process_document_leaves_out_what_is_not_known(void **state)
{
    struct temp *temp = *state;

    assert_string_equal(written(&temp->run.mem, "process", "s", NULL),
                        "{\"Version\":1,\"AccessKeyId\":\"" KEY "\",\"SecretAccessKey\":\"s\"}\n");
    assert_string_equal(written(&temp->run.mem, "process", "s", "t"),
                        "{\"Version\":1,\"AccessKeyId\":\"" KEY
                        "\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\","
                        "\"Expiration\":\"2026-11-22T16:08:00Z\"}\n");
}

static void a_control_character_fits_no_format_made_of_lines(void **state)
{
    struct temp *temp = *state;
    static const char *const bad[] = {"a\nb", "a\rb", "a\tb", "\x1b[2J", "a\x7f"};

    for (const struct cc_format *format = cc_formats; format->name; format++) {
        for (size_t i = 0; i < CC_COUNT(bad); i++) {
            const bool json = !format->cannot;

            assert_true((written(&temp->run.mem, format->name, bad[i], NULL) != NULL) == json);
        }
        assert_null(written(&temp->run.mem, format->name, "not utf-8: \xff", NULL));
    }
}

/* As `aws configure` writes it; what cannot be read back is refused by this format only. */
static void a_section_has_the_name_of_the_profile_as_it_is(void **state)
{
    static const char *const good[] = {"Foo Bar", "team #1", "it's", "default"};
    static const char *const bad[] = {"", " x", "x ", "'x'", "\"x", "a]", "profile x", "a\nb"};
    struct temp *temp = *state;
    const struct cc_keys keys = keys_of(&temp->run.mem, "s", NULL);
    struct cc_error err;

    for (size_t i = 0; i < CC_COUNT(good); i++) {
        const struct cc_handout handout = {&keys, NULL, good[i]};
        struct cc_buf out = cc_buf_new(&temp->run.mem, 65536);

        assert_true(cc_handout_fits(&handout, format_of("ini"), &err));
        format_of("ini")->write(&handout, &out);
        assert_true(cc_text_starts(out.text, cc_textf(&temp->run.mem, "[%s]\n", good[i])));
    }
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        const struct cc_handout handout = {&keys, NULL, bad[i]};

        assert_false(cc_handout_fits(&handout, format_of("ini"), &err));
        assert_int_equal(err.code, CC_E_CONFIG);
        assert_true(cc_handout_fits(&handout, format_of("env"), &err));
    }
}

static void a_region_or_section_cannot_add_a_line(void **state)
{
    struct temp *temp = *state;
    const struct cc_keys keys = keys_of(&temp->run.mem, "s", NULL);
    const struct cc_handout region = {&keys, "x\nAWS_EVIL=1", "default"};
    const struct cc_handout section = {&keys, "x", "a]\n[b"};
    struct cc_error err;

    assert_false(cc_handout_fits(&region, format_of("env"), &err));
    assert_int_equal(err.code, CC_E_BAD_KEYS);
    assert_false(cc_handout_fits(&section, format_of("ini"), &err));
    assert_int_equal(err.code, CC_E_CONFIG);
}

static void cmd_quotes_what_it_would_take_for_itself_and_refuses_a_quote(void **state)
{
    struct temp *temp = *state;

    assert_non_null(strstr(written(&temp->run.mem, "windows-cmd", "a&b^c|d", NULL),
                           "set \"AWS_SECRET_ACCESS_KEY=a&b^c|d\"\n"));
    assert_non_null(strstr(written(&temp->run.mem, "windows-cmd", "50%PATH%", NULL),
                           "set \"AWS_SECRET_ACCESS_KEY=50%%PATH%%\"\n"));
    assert_non_null(strstr(written(&temp->run.mem, "windows-cmd", "a/b+c=", NULL),
                           "set AWS_SECRET_ACCESS_KEY=a/b+c=\n"));
    assert_null(written(&temp->run.mem, "windows-cmd", "a\"&calc", NULL));
}

static void github_masks_come_first_and_escape_the_percent_sign(void **state)
{
    struct temp *temp = *state;
    const struct cc_keys keys = keys_of(&temp->run.mem, "100%", "t%0A");
    const struct cc_handout handout = {&keys, "eu-central-1", "default"};
    struct cc_buf lines = cc_buf_new(&temp->run.mem, 10000);

    assert_string_equal(written(&temp->run.mem, "github", "100%", "t%0A"),
                        "::add-mask::" KEY "\n::add-mask::100%25\n::add-mask::t%250A\n");
    cc_github_variables(&handout, &lines);
    assert_string_equal(lines.text, "AWS_ACCESS_KEY_ID=" KEY "\nAWS_SECRET_ACCESS_KEY=100%\n"
                                    "AWS_SESSION_TOKEN=t%0A\n"
                                    "AWS_CREDENTIAL_EXPIRATION=2026-11-22T16:08:00Z\n"
                                    "AWS_REGION=eu-central-1\nAWS_DEFAULT_REGION=eu-central-1\n");
}

static void every_format_is_offered_by_its_name(void **state)
{
    (void)state;
    size_t i = 0;

    for (; cc_formats[i].name; i++) {
        assert_string_equal(cc_formats[i].name, cc_format_names[i]);
    }
    assert_null(cc_format_names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(env_is_read_by_the_shells_as_it_was_meant),
        IN_REAL_WORLD(fish_is_read_by_fish_as_it_was_meant),
        IN_REAL_WORLD(powershell_is_read_by_powershell_as_it_was_meant),
        IN_REAL_WORLD(powershell_doubles_every_character_it_takes_for_a_quote),
        IN_REAL_WORLD(an_exported_variable_reaches_a_child),
        IN_REAL_WORLD(the_lines_to_unset_take_everything_back),
        IN_REAL_WORLD(an_old_token_does_not_stay_beside_new_keys),
        IN_REAL_WORLD(dotenv_is_read_by_python_as_it_was_meant_or_refused),
        IN_REAL_WORLD(ini_is_read_by_python_as_it_was_meant_or_refused),
        IN_REAL_WORLD(json_carries_every_value),
        IN_REAL_WORLD(the_process_document_leaves_out_what_is_not_known),
        IN_REAL_WORLD(a_control_character_fits_no_format_made_of_lines),
        IN_REAL_WORLD(a_section_has_the_name_of_the_profile_as_it_is),
        IN_REAL_WORLD(a_region_or_section_cannot_add_a_line),
        IN_REAL_WORLD(cmd_quotes_what_it_would_take_for_itself_and_refuses_a_quote),
        IN_REAL_WORLD(github_masks_come_first_and_escape_the_percent_sign),
        IN_REAL_WORLD(every_format_is_offered_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
