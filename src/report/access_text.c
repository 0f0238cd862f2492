#include "credctl/base/text.h"
#include "credctl/report/access.h"

#include "access_words.h"
#include "lines.h"

#include <string.h>

#define ROWS_ALL   40 /* with more targets, only those with something to say are listed */
#define TARGET_MAX 64 /* a longer name pushes the other columns of its row to the right */
#define ROLE_MAX   32
#define INDENT     4

struct columns {
    size_t target;
    size_t role; /* 0: the names of the targets say it */
    bool account;
};

/* --- lines --- */

static void blanks(struct cc_buf *out, size_t count)
{
    cc_buf_addf(out, "%*s", (int)count, "");
}

/* --- a row for each target --- */

static bool is_listed(const struct cc_access_answer *answer, const struct cc_access_result *result)
{
    return answer->target_count <= ROWS_ALL || cc_access_noteworthy(result);
}

static void widen(size_t *column, const char *text, size_t most)
{
    const size_t width = cc_text_width(text);

    if (width > *column) {
        *column = width < most ? width : most;
    }
}

static struct columns columns_of(const struct cc_access_answer *answer)
{
    struct columns columns = {0};
    size_t role = 0;

    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_access_result *result = &answer->targets[i];

        if (is_listed(answer, result)) {
            widen(&columns.target, result->target, TARGET_MAX);
            widen(&role, cc_access_role(result), ROLE_MAX);
            columns.account = columns.account || cc_access_named(result);
        }
    }
    columns.role = columns.account ? role : 0;
    return columns;
}

static void cell(const char *text, size_t width, struct cc_buf *out)
{
    const size_t used = cc_text_width(text);

    cc_buf_text(out, cc_text_printable(out->mem, text));
    blanks(out, (used < width ? width - used : 0) + 2);
}

static void add_note(const char *note, struct cc_buf *notes)
{
    if (note) {
        cc_buf_addf(notes, "%s%s", notes->len ? ", " : "", note);
    }
}

static const char *note_of(struct cc_arena *mem, const struct cc_access_result *result,
                           size_t number)
{
    struct cc_buf notes = cc_buf_new(mem, 4096);

    if (result->cause) {
        add_note(result->certainty ? cc_textf(mem, "%s (%s)", result->cause, result->certainty)
                                   : result->cause,
                 &notes);
    }
    add_note(cc_access_external_id(result), &notes);
    if (number > 0) {
        cc_buf_addf(&notes, " [%zu]", number);
    }
    return cc_text_printable(mem, notes.text);
}

static void print_row(const struct cc_access_result *result, const struct columns *columns,
                      size_t number, struct cc_buf *out)
{
    struct cc_buf line = cc_buf_new(out->mem, (size_t)1 << 20);
    size_t len = 0;

    blanks(&line, 2);
    cell(cc_access_outcome_words(result->outcome), strlen("not run"), &line);
    cell(result->target, columns->target, &line);
    if (columns->account) {
        cell(result->account_id ? result->account_id : "-", 12, &line);
        cell(cc_access_role(result), columns->role, &line);
    }
    cc_buf_text(&line, note_of(out->mem, result, number));
    for (len = line.len; len > 0 && line.text[len - 1] == ' ';) {
        len--;
    }
    cc_buf_add(out, line.text, len);
    cc_buf_text(out, "\n");
}

static void print_actions(const struct cc_access_result *result, struct cc_buf *out)
{
    static const char *const decisions[] = {"allowed", "denied", "unknown"};

    for (size_t i = 0; i < CC_COUNT(decisions); i++) {
        const char *actions = cc_access_actions(out->mem, result, decisions[i]);

        if (actions[0]) {
            cc_buf_addf(out, "%*s%-9s", 11, "", decisions[i]);
            cc_lines_wrapped(cc_text_printable(out->mem, actions), 20, out);
        }
    }
}

/* --- what is to be done, each thing once --- */

/* What several targets have in common comes first, then the others in the order of their rows. */
static size_t number_of(const struct cc_access_answer *answer,
                        const struct cc_access_result *result, size_t *own)
{
    if (result->shared) {
        return (size_t)(result->shared - answer->shared) + 1;
    }
    return result->cause ? answer->shared_count + ++*own : 0;
}

static void print_rows(const struct cc_access_answer *answer, struct cc_buf *out)
{
    const struct columns columns = columns_of(answer);
    size_t own = 0;

    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_access_result *result = &answer->targets[i];

        if (is_listed(answer, result)) {
            print_row(result, &columns, number_of(answer, result, &own), out);
            print_actions(result, out);
        }
    }
}

/* Those that have no row. */
static void print_others(const struct cc_access_answer *answer, struct cc_buf *out)
{
    static const enum cc_access_outcome outcomes[] = {CC_ACCESS_ALLOWED, CC_ACCESS_NOT_RUN};

    for (size_t i = 0; i < CC_COUNT(outcomes); i++) {
        size_t count = 0;

        for (size_t k = 0; k < answer->target_count; k++) {
            count += answer->targets[k].outcome == outcomes[i] &&
                     !is_listed(answer, &answer->targets[k]);
        }
        if (count > 0) {
            cc_buf_addf(out, "  %s  %zu other%s\n", cc_access_outcome_words(outcomes[i]), count,
                        count == 1 ? "" : "s");
        }
    }
}

static void print_statement(const char *statement, struct cc_buf *out)
{
    for (const char *line = statement; *line;) {
        const size_t len = strcspn(line, "\n");

        blanks(out, INDENT + 2);
        cc_buf_add(out, line, len);
        cc_buf_text(out, "\n");
        line += len + (line[len] == '\n');
    }
}

/* `of`: whose evidence it is, when there are several targets. */
static void print_remedy(const struct cc_remedy *remedy, const char *of, struct cc_buf *out)
{
    cc_lines_paragraph(
        "why:", of ? cc_textf(out->mem, "(%s) %s", of, remedy->evidence) : remedy->evidence, out);
    cc_lines_paragraph("AWS:", remedy->said, out);
    cc_lines_paragraph("do:", remedy->fix, out);
    if (remedy->statement) {
        cc_buf_addf(out, "%*s%s:\n", INDENT, "", cc_text_printable(out->mem, remedy->place));
        print_statement(remedy->statement, out);
    }
}

static void print_heading(size_t number, const char *cause, const char *of, struct cc_buf *out)
{
    cc_buf_addf(out, "\n[%zu] %s: %s\n", number, cc_text_printable(out->mem, cause),
                cc_text_printable(out->mem, of));
}

static void print_remedies(const struct cc_access_answer *answer, struct cc_buf *out)
{
    size_t number = 0;

    for (size_t i = 0; i < answer->shared_count; i++) {
        const struct cc_access_shared *shared = &answer->shared[i];
        const struct cc_remedy remedy = cc_remedy_of_shared(out->mem, shared);

        print_heading(++number, shared->cause,
                      cc_textf(out->mem, "%lld targets", (long long)shared->count), out);
        print_remedy(&remedy, shared->targets[0], out);
    }
    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_access_result *result = &answer->targets[i];

        if (result->cause && !result->shared) {
            const struct cc_remedy remedy = cc_remedy_of(out->mem, result);

            print_heading(++number, result->cause, result->target, out);
            print_remedy(&remedy, NULL, out);
        }
    }
}

static void print_findings(const struct cc_access_answer *answer, struct cc_buf *out)
{
    for (int i = 0; i < CC_FOUND_COUNT; i++) {
        const struct cc_finding_words *words = &cc_access_finding_words[i];
        const size_t count = cc_access_count(answer, (enum cc_access_finding)i);

        if (count > 0) {
            cc_buf_addf(out, "\n%s: %zu target%s\n", words->title, count, count == 1 ? "" : "s");
            cc_lines_paragraph("why:", words->why, out);
            cc_lines_paragraph("do:", words->fix, out);
        }
    }
}

/* --- the last line --- */

static void print_count(int64_t count, const char *words, struct cc_buf *counts)
{
    if (count > 0) {
        add_note(cc_textf(counts->mem, "%lld %s", (long long)count, words), counts);
    }
}

static void print_counts(const struct cc_access_answer *answer, struct cc_buf *out)
{
    struct cc_buf counts = cc_buf_new(out->mem, 4096);

    print_count(answer->allowed, "allowed", &counts);
    print_count(answer->denied, "denied", &counts);
    print_count(answer->errors, "could not be tested", &counts);
    print_count(answer->not_run, "not run", &counts);
    cc_buf_addf(out, "\n%lld target%s%s%s\n", (long long)answer->total,
                answer->total == 1 ? "" : "s", counts.len > 0 ? ": " : "", counts.text);
}

/* A list of targets, which --targets reads. */
static void print_discovered(const struct cc_access_answer *all, struct cc_buf *out)
{
    cc_buf_addf(out, "# roles that %s may assume by its own policies\n", all->caller->arn);
    for (size_t i = 0; i < all->discovered_count; i++) {
        cc_buf_addf(out, "%s\n", all->discovered[i].role_arn);
    }
    for (size_t i = 0; all->not_expanded[i]; i++) {
        cc_buf_addf(out, "# not listed: %s\n", all->not_expanded[i]);
    }
}

void cc_access_text(const void *answer, struct cc_buf *out)
{
    const struct cc_access_answer *all = answer;

    if (all->not_expanded) {
        print_discovered(all, out);
        return;
    }
    if (all->caller) {
        cc_buf_addf(out, "Caller: %s\n\n", cc_text_printable(out->mem, all->caller->arn));
    }
    print_rows(all, out);
    print_others(all, out);
    print_remedies(all, out);
    print_findings(all, out);
    print_counts(all, out);
}
