#include "credctl/base/text.h"
#include "credctl/commands/command.h"
#include "credctl/templates/finding.h"
#include "credctl/templates/node.h"
#include "credctl/templates/sarif.h"
#include "credctl/world/machine.h"

#include "template_files.h"

#include <string.h>

struct template_options {
    const char *const *files;
    int fail_on;
    const char *const *ignore;
};

// clang-format off
#define ROW(kind, name, member, ...) \
    CC_ROW_AS(name, kind, struct template_options, member, __VA_ARGS__)

static const struct cc_shape_field option_fields[] = {
    ROW(TEXTS, "files", files, "FILE", "templates in YAML or JSON, or folders with them; - for stdin",
        .rules = CC_REST),
    ROW(WORD, "fail_on", fail_on, "SEVERITY", "the least severity that makes the exit status 1",
        .words = cc_template_severity_words),
    ROW(TEXTS, "ignore", ignore, "CODE", "leave out findings with this code; may be repeated"),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct template_options *given = value;

    (void)mem;
    if (!given->files || !given->files[0]) {
        cc_fail(err, CC_E_USAGE, "there is no template to check");
        return cc_fix(err, "give the file of a template, or - for standard input");
    }
    for (size_t i = 0; given->ignore && given->ignore[i]; i++) {
        if (cc_template_code_named(given->ignore[i]) == CC_T_COUNT) {
            cc_fail(err, CC_E_USAGE, "--ignore %.60s is not the code of a finding",
                    given->ignore[i]);
            return cc_fix(err, "give a code as it is shown in brackets, for example %s",
                          cc_template_rows[CC_T_UNUSED_PARAMETER].name);
        }
    }
    return true;
}

static const struct cc_shape options_shape = {"validate template", option_fields,
                                              sizeof(struct template_options), .check = check};

/* --- the answer --- */

struct template_answer {
    bool is_valid;
    int errors;
    int security;
    int warnings;
    int notes;
    const char *const *files;
    int skipped;
    const struct cc_template_finding *findings;
    size_t finding_count;
};

// clang-format off
#define FINDING(kind, member, ...) CC_ROW(kind, struct cc_template_finding, member, __VA_ARGS__)

static const struct cc_shape_field finding_fields[] = {
    FINDING(TEXT, file, "file", "the file, as it was given"),
    FINDING(NUMBER, line, "line", "from 1"),
    FINDING(NUMBER, column, "column", "in characters, from 1"),
    FINDING(WORD, severity, "severity", "error: CloudFormation or IAM refuses it, or it cannot work; "
            "security: it works, but allows too much", .words = cc_template_severity_words),
    FINDING(TEXT, code, "code", "its stable name"),
    FINDING(TEXT, path, "path", "where in the template, for example Resources.Role.Properties"),
    FINDING(TEXT, message, "message", "what is wrong"),
    FINDING(TEXT, fix, "fix", "what to do about it"),
    {0},
};
static const struct cc_shape finding_shape = {"finding", finding_fields,
                                              sizeof(struct cc_template_finding)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW(FLAG, struct template_answer, is_valid, NULL, "nothing was found that --fail-on asks for"),
    CC_ROW(NUMBER, struct template_answer, errors, NULL, "findings with the severity error"),
    CC_ROW(NUMBER, struct template_answer, security, NULL, "findings with the severity security"),
    CC_ROW(NUMBER, struct template_answer, warnings, NULL, "findings with the severity warning"),
    CC_ROW(NUMBER, struct template_answer, notes, NULL, "findings with the severity note"),
    CC_ROW(TEXTS, struct template_answer, files, NULL, "the templates that were checked"),
    CC_ROW(NUMBER, struct template_answer, skipped, NULL,
           "files of folders that are no CloudFormation templates"),
    CC_ROW_LIST(struct template_answer, findings, finding_count, struct cc_template_finding,
                &finding_shape, NULL, "what was found, by file and place"),
    {0},
};
// clang-format on
static const struct cc_shape answer_shape = {"validate template", answer_fields,
                                             sizeof(struct template_answer)};

/* --- checking --- */

struct work {
    struct cc_run *run;
    const struct template_options *given;
    struct template_answer *answer;
    struct cc_template_finding *rows;
    size_t room;
    int worst; /* severity */
};

static bool is_ignored(const struct template_options *given, const char *code)
{
    for (size_t i = 0; given->ignore && given->ignore[i]; i++) {
        if (cc_text_equal(given->ignore[i], code)) {
            return true;
        }
    }
    return false;
}

static void count(struct template_answer *answer, int severity)
{
    int *const counts[] = {&answer->errors, &answer->security, &answer->warnings, &answer->notes};

    ++*counts[severity];
}

static struct cc_template_finding *more_room(struct work *work)
{
    struct template_answer *answer = work->answer;

    if (answer->finding_count == work->room) {
        struct cc_template_finding *before = work->rows;

        work->room = work->room ? 2 * work->room : 64;
        work->rows = cc_alloc(&work->run->mem, work->room * sizeof(*before));
        if (before) {
            memcpy(work->rows, before, answer->finding_count * sizeof(*before));
        }
        answer->findings = work->rows;
    }
    return &work->rows[answer->finding_count++];
}

static void keep(struct work *work, const struct cc_template_finding *finding)
{
    *more_room(work) = *finding;
    count(work->answer, finding->severity);
    work->worst = finding->severity < work->worst ? finding->severity : work->worst;
}

/* *text is NULL when a file of a folder is not a template. */
static bool read_file(struct cc_run *run, const struct cc_template_file *file, const char **text,
                      size_t *len, struct cc_error *err)
{
    /* One byte more than is allowed, so that the finding says it. */
    const size_t most = CC_TEMPLATE_MAX + 1;
    const bool read = cc_text_equal(file->path, "-")
                          ? cc_input_read(run, most, text, len, err)
                          : cc_read_file(run, file->path, most, text, len, err);

    if (file->listed && (read ? !cc_template_looks(*text) : err->code == CC_E_TOO_BIG)) {
        cc_log(run, CC_INFO, "template.skipped", CC_S("file", file->path),
               CC_S("why", read ? "no template" : "too large for a template"));
        *text = NULL;
        return true;
    }
    return read || (err->code == CC_E_TOO_BIG &&
                    cc_fix(err, "%s", cc_template_rows[CC_T_TEMPLATE_SIZE].fix));
}

static bool tell(struct work *work, const char *path, const struct cc_template_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        report->findings[i].file = cc_text_printable(&work->run->mem, path);
        if (is_ignored(work->given, report->findings[i].code)) {
            continue;
        }
        keep(work, &report->findings[i]);
        if (!cc_give(work->run, &finding_shape, &report->findings[i])) {
            return false;
        }
    }
    return true;
}

static bool check_files(struct work *work, const struct cc_template_file *files, size_t count,
                        struct cc_error *err)
{
    const char **names = cc_alloc(&work->run->mem, (count + 1) * sizeof(*names));
    size_t checked = 0;

    for (size_t i = 0; i < count; i++) {
        const char *text = NULL;
        size_t len = 0;

        if (!read_file(work->run, &files[i], &text, &len, err)) {
            return false;
        }
        if (!text) {
            work->answer->skipped++;
            continue;
        }
        names[checked++] = files[i].path;
        const struct cc_template_report report = cc_template_validate(&work->run->mem, text, len);
        if (!tell(work, files[i].path, &report)) {
            return cc_fail(err, CC_E_OUTPUT, "a result could not be written to standard output");
        }
    }
    work->answer->files = (const char *const *)names;
    if (checked == 0) {
        cc_fail(err, CC_E_USAGE, "there is no template in %.200s", work->given->files[0]);
        return cc_fix(err,
                      "give a folder with *.yaml, *.yml, *.json or *.template files, or a file");
    }
    return true;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct template_options *given = options;
    struct template_answer *answered = answer;
    struct work work = {
        .run = run, .given = given, .answer = answered, .worst = CC_SEVERITY_NOTE + 1};
    struct cc_template_file *files = NULL;
    size_t count = 0;

    if (!cc_template_files(run, given->files, &files, &count, err) ||
        !check_files(&work, files, count, err)) {
        return false;
    }
    answered->is_valid = work.worst > given->fail_on;
    run->exit_status = answered->is_valid ? 0 : cc_code_exit_status(CC_E_NOT_EXPECTED);
    return true;
}

/* --- for people --- */

static void print_count(struct cc_buf *out, int count, const char *one, const char *many)
{
    cc_buf_addf(out, ", %d %s", count, count == 1 ? one : many);
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct template_answer *answered = answer;
    size_t files = 0;

    for (size_t i = 0; i < answered->finding_count; i++) {
        const struct cc_template_finding *row = &answered->findings[i];

        cc_buf_addf(out, "%s:%d:%d: %s: %s [%s]\n", row->file, row->line, row->column,
                    cc_template_severity_words[row->severity], row->message, row->code);
        cc_buf_addf(out, "    try: %s\n", row->fix);
    }
    while (answered->files[files]) {
        files++;
    }
    cc_buf_addf(out, "%s%s: %zu template%s", answered->finding_count ? "\n" : "",
                answered->is_valid ? "valid" : "not valid", files, files == 1 ? "" : "s");
    print_count(out, answered->errors, "error", "errors");
    print_count(out, answered->security, "security finding", "security findings");
    print_count(out, answered->warnings, "warning", "warnings");
    print_count(out, answered->notes, "note", "notes");
    if (answered->skipped > 0) {
        cc_buf_addf(out, "; %d other file%s skipped", answered->skipped,
                    answered->skipped == 1 ? "" : "s");
    }
    cc_buf_text(out, "\n");
}

static void print_sarif(const void *answer, struct cc_buf *out)
{
    const struct template_answer *answered = answer;

    cc_template_sarif(answered->findings, answered->finding_count, out);
}

static const struct cc_report reports[] = {{"sarif", print_sarif}, {0}};

const struct cc_command cc_command_validate_template = {
    .name = "validate template",
    .summary = "check CloudFormation templates, and the IAM policies in them, offline",
    .details =
        "Checks sections, functions and what they refer to, resource types and their properties,\n"
        "policies and trust policies, their sizes, and what gives more access than it should.\n"
        "Of a folder, *.yaml, *.yml, *.json and *.template files are checked, and those of the folders\n"
        "in it; files that are no CloudFormation templates are skipped and counted.\n"
        "No network is used. Each finding has a severity, a stable code, its place and a remedy.\n"
        "\n"
        "Exit status 1 when there is a finding of the severity of --fail-on or a worse one.\n"
        "The codes are listed in docs/validate-template.md.",
    .options = &options_shape,
    .answer = &answer_shape,
    .result = &finding_shape,
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
