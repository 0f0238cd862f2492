#include "access_html.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/report/access.h"
#include "credctl/report/markup.h"
#include "credctl/report/page.h"

#include <string.h>

#define ALL_MAX     40 /* with more targets, those that are fine are only in the matrix */
#define MEMBERS_MAX 20 /* a longer list of targets is closed at first */

static unsigned warned(const struct cc_access_page *page)
{
    return 1U << page->filters[CC_PART_ALLOWED] | 1U << page->filters[CC_PART_FOUND];
}

static const char *classes_of(const struct cc_access_page *page,
                              const struct cc_access_result *result)
{
    return cc_page_classes(page->out->mem, cc_access_filters(page, result));
}

/* A section is shown when a filter shows anything in it. */
static void begin_section(const struct cc_access_page *page, unsigned filters, const char *heading)
{
    cc_markup(page->out, "<section class=\"row%s\">\n<h2>%s</h2>\n",
              cc_page_classes(page->out->mem, filters), heading);
}

/* Those that the evidence does not name already. */
static bool has_more_candidates(const struct cc_access_result *result)
{
    const char *const *candidates = result->candidates;

    return candidates && candidates[0] && candidates[1] &&
           (!result->why || !strstr(result->why, candidates[1]));
}

static void write_remedy(struct cc_buf *out, const struct cc_remedy *remedy, const char *of,
                         const struct cc_access_result *result)
{
    cc_buf_text(out, "<dl class=\"why\">\n");
    cc_page_term(out, "Why",
                 of ? cc_textf(out->mem, "(%s) %s", of, remedy->evidence) : remedy->evidence);
    cc_page_term(out, "AWS says", remedy->said);
    cc_page_term(out, "Do", remedy->fix);
    if (has_more_candidates(result)) {
        cc_buf_text(out, "<dt>Candidates</dt><dd>");
        for (size_t i = 0; result->candidates[i]; i++) {
            cc_markup(out, "%s<code>%s</code>", i ? " " : "", result->candidates[i]);
        }
        cc_buf_text(out, "</dd>\n");
    }
    cc_buf_text(out, "</dl>\n");
    if (remedy->statement) {
        cc_markup(out, "<p class=\"place\">%s:</p>\n<pre tabindex=\"0\">", remedy->place);
        cc_markup_text(out, remedy->statement);
        cc_buf_text(out, "</pre>\n");
    }
}

static void write_meta(struct cc_buf *out, const struct cc_access_result *result, const char *cause)
{
    cc_markup(out, "<p><span class=\"tag\">%s</span>", cc_access_outcome_words(result->outcome));
    cc_markup(out, cause ? " <code>%s</code>" : "%s", cause);
    cc_markup(out, result->certainty ? " <span class=\"mute\">%s</span>" : "%s", result->certainty);
    cc_markup(out, result->side ? "<span class=\"mute\">, side: %s</span>" : "%s", result->side);
    cc_buf_text(out, "</p>\n");
}

/* --- what several targets have in common --- */

static void write_member(const struct cc_access_page *page, size_t i)
{
    const struct cc_access_result *result = &page->answer->targets[i];
    const struct cc_remedy remedy = cc_remedy_of(page->out->mem, result);

    cc_markup(page->out, "<tr class=\"row%s\" id=\"%s\"><th scope=\"row\" class=\"id\">%s</th>",
              classes_of(page, result), cc_access_place(page, i), result->target);
    if (cc_access_named(result)) {
        cc_markup(page->out, "<td><span class=\"id\">%s</span><br/>%s</td></tr>\n",
                  result->role_arn, remedy.evidence);
    } else {
        cc_markup(page->out, "<td>%s</td></tr>\n", remedy.evidence);
    }
}

static void write_members(const struct cc_access_page *page, const size_t *members, size_t count)
{
    cc_buf_text(page->out, count > MEMBERS_MAX ? "<details>" : "<details open=\"open\">");
    cc_markup(page->out, "<summary>The %s targets</summary>\n",
              cc_page_number(page->out->mem, (int64_t)count));
    cc_buf_text(
        page->out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Targets\"><table>\n<thead><tr>"
        "<th scope=\"col\">Target</th><th scope=\"col\">Evidence</th></tr>"
        "</thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++) {
        write_member(page, members[i]);
    }
    cc_buf_text(page->out, "</tbody>\n</table></div></details>\n");
}

/* The members of each group, one group after the other. */
static size_t *members_of(const struct cc_access_page *page)
{
    const struct cc_access_answer *answer = page->answer;
    struct cc_arena *mem = page->out->mem;
    size_t *members = cc_alloc(mem, (answer->target_count + 1) * sizeof(*members));
    size_t *next = cc_alloc(mem, (answer->shared_count + 1) * sizeof(*next));

    for (size_t i = 1; i < answer->shared_count; i++) {
        next[i] = next[i - 1] + (size_t)answer->shared[i - 1].count;
    }
    for (size_t i = 0; i < answer->target_count; i++) {
        if (answer->targets[i].shared) {
            members[next[answer->targets[i].shared - answer->shared]++] = i;
        }
    }
    return members;
}

/* Returns how many members it has. */
static size_t write_group(const struct cc_access_page *page, const struct cc_access_shared *shared,
                          const size_t *members)
{
    const struct cc_remedy remedy = cc_remedy_of_shared(page->out->mem, shared);
    const struct cc_access_result *first = &page->answer->targets[members[0]];
    struct cc_buf *out = page->out;

    cc_markup(out, "<article class=\"row%s %s\">\n<h3>%s: %s targets</h3>\n",
              classes_of(page, first), cc_access_tone(first), shared->cause,
              cc_page_number(out->mem, shared->count));
    write_meta(out, first, NULL);
    write_remedy(out, &remedy, shared->targets[0], first);
    write_members(page, members, (size_t)shared->count);
    cc_buf_text(out, "</article>\n");
    return (size_t)shared->count;
}

static void write_shared(const struct cc_access_page *page)
{
    const struct cc_access_answer *answer = page->answer;
    const size_t *members = members_of(page);
    unsigned filters = 0;

    if (answer->shared_count == 0) {
        return;
    }
    for (size_t i = 0; i < answer->target_count; i++) {
        filters |= answer->targets[i].shared ? cc_access_filters(page, &answer->targets[i]) : 0;
    }
    begin_section(page, filters, "Causes that several targets share");
    for (size_t i = 0; i < answer->shared_count; i++) {
        members += write_group(page, &answer->shared[i], members);
    }
    cc_buf_text(page->out, "</section>\n");
}

/* --- the others --- */

static void write_problem(const struct cc_access_page *page, size_t i)
{
    const struct cc_access_result *result = &page->answer->targets[i];
    const struct cc_remedy remedy = cc_remedy_of(page->out->mem, result);

    cc_markup(page->out, "<article class=\"row%s %s\" id=\"%s\">\n<h3>%s</h3>\n",
              classes_of(page, result), cc_access_tone(result), cc_access_place(page, i),
              result->target);
    if (cc_access_named(result)) {
        cc_markup(page->out, "<p class=\"id mute\">%s</p>\n", result->role_arn);
    }
    write_meta(page->out, result, result->cause);
    write_remedy(page->out, &remedy, NULL, result);
    cc_buf_text(page->out, "</article>\n");
}

static bool is_own_problem(const struct cc_access_result *result)
{
    return !result->shared && (result->cause || result->outcome == CC_ACCESS_DENIED ||
                               result->outcome == CC_ACCESS_ERROR);
}

static size_t count_problems(const struct cc_access_answer *answer, enum cc_access_outcome outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < answer->target_count; i++) {
        count += is_own_problem(&answer->targets[i]) && answer->targets[i].outcome == outcome;
    }
    return count;
}

static void write_problems(const struct cc_access_page *page, enum cc_access_outcome outcome)
{
    const struct cc_access_answer *answer = page->answer;

    for (size_t i = 0; i < answer->target_count; i++) {
        if (is_own_problem(&answer->targets[i]) && answer->targets[i].outcome == outcome) {
            write_problem(page, i);
        }
    }
}

/* The place of the target, unless it is elsewhere. */
static bool is_place(const struct cc_access_result *result, enum cc_access_finding finding)
{
    return !result->cause &&
           (finding == CC_FOUND_OPEN_ID || !cc_access_has(result, CC_FOUND_OPEN_ID));
}

static void write_found(const struct cc_access_page *page, size_t i, enum cc_access_finding finding)
{
    const struct cc_access_result *result = &page->answer->targets[i];
    struct cc_buf *out = page->out;

    cc_markup(out, "<tr class=\"row%s\"", classes_of(page, result));
    if (is_place(result, finding)) {
        cc_markup(out, " id=\"%s\"", cc_access_place(page, i));
    }
    cc_markup(out, "><th scope=\"row\" class=\"id\">%s</th><td>", result->target);
    cc_markup(out, cc_access_named(result) ? "<span class=\"id\">%s</span><br/>" : "%s",
              cc_access_named(result) ? result->role_arn : "");
    cc_markup(out, "%s</td></tr>\n",
              finding == CC_FOUND_NO_ACTION
                  ? cc_textf(out->mem, "denied: %s", cc_access_actions(out->mem, result, "denied"))
                  : cc_access_external_id(result));
}

static void write_finding(const struct cc_access_page *page, enum cc_access_finding finding,
                          size_t count)
{
    const struct cc_finding_words *words = &cc_access_finding_words[finding];
    struct cc_buf *out = page->out;

    cc_markup(out, "<article class=\"row%s warn\">\n<h3>%s: %s target%s</h3>\n",
              cc_page_classes(out->mem, warned(page)), words->name,
              cc_page_number(out->mem, (int64_t)count), count == 1 ? "" : "s");
    cc_buf_text(out, "<p><span class=\"tag\">allowed</span></p>\n");
    cc_buf_text(out, "<dl class=\"why\">\n");
    cc_page_term(out, "Why", words->why);
    cc_page_term(out, "Do", words->fix);
    cc_buf_text(
        out,
        "</dl>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Targets\"><table>\n<thead><tr>"
        "<th scope=\"col\">Target</th><th scope=\"col\">Evidence</th></tr></thead>\n"
        "<tbody>\n");
    for (size_t i = 0; i < page->answer->target_count; i++) {
        if (cc_access_has(&page->answer->targets[i], finding)) {
            write_found(page, i, finding);
        }
    }
    cc_buf_text(out, "</tbody>\n</table></div>\n</article>\n");
}

/* A section for the outcome, unless nothing is to be said. */
static void write_section(const struct cc_access_page *page, enum cc_access_outcome outcome,
                          unsigned filters, const char *heading)
{
    size_t found[CC_FOUND_COUNT] = {0};
    size_t count = count_problems(page->answer, outcome);

    for (int i = 0; i < CC_FOUND_COUNT && outcome == CC_ACCESS_ALLOWED; i++) {
        found[i] = cc_access_count(page->answer, (enum cc_access_finding)i);
        count += found[i];
    }
    if (count == 0) {
        return;
    }
    begin_section(page, filters, heading);
    write_problems(page, outcome);
    for (int i = 0; i < CC_FOUND_COUNT; i++) {
        if (found[i] > 0) {
            write_finding(page, (enum cc_access_finding)i, found[i]);
        }
    }
    cc_buf_text(page->out, "</section>\n");
}

/* --- those that were allowed --- */

static void write_session(const struct cc_access_page *page, const struct cc_access_result *result)
{
    static const char *const decisions[] = {"allowed", "denied", "unknown"};
    struct cc_buf *out = page->out;

    cc_markup(out, "<tr class=\"row%s\"><th scope=\"row\" class=\"id\">%s</th>",
              classes_of(page, result), result->target);
    cc_markup(out, "<td class=\"id\">%s</td><td class=\"when\">%s</td><td>",
              result->assumed_role_arn,
              result->expires ? cc_time_iso(out->mem, result->expires) : "");
    cc_markup(out, "%s", cc_access_external_id(result));
    for (size_t i = 0; i < CC_COUNT(decisions); i++) {
        const char *actions = cc_access_actions(out->mem, result, decisions[i]);

        if (actions[0]) {
            cc_markup(out, "<div>%s: %s</div>", decisions[i], actions);
        }
    }
    cc_buf_text(out, "</td></tr>\n");
}

static void write_sessions(const struct cc_access_page *page)
{
    const struct cc_access_answer *answer = page->answer;

    unsigned filters = 0;

    if (answer->target_count > ALL_MAX || answer->allowed == 0) {
        return;
    }
    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_access_result *result = &answer->targets[i];

        filters |= result->outcome == CC_ACCESS_ALLOWED ? cc_access_filters(page, result) : 0;
    }
    begin_section(page, filters, "Sessions of roles that were allowed");
    cc_buf_text(page->out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                           "aria-label=\"Sessions\"><table>\n<thead><tr>"
                           "<th scope=\"col\">Target</th><th scope=\"col\">Session</th>"
                           "<th scope=\"col\">Expires</th><th scope=\"col\">Checks</th></tr>"
                           "</thead>\n<tbody>\n");
    for (size_t i = 0; i < answer->target_count; i++) {
        if (answer->targets[i].outcome == CC_ACCESS_ALLOWED) {
            write_session(page, &answer->targets[i]);
        }
    }
    cc_buf_text(page->out, "</tbody>\n</table></div>\n</section>\n");
}

/* --- with --discover: what could be tested --- */

static void write_discovered(struct cc_buf *out, const struct cc_access_answer *answer)
{
    cc_buf_text(out, "<section>\n<h2>Roles that the caller may assume by its own policies</h2>\n"
                     "<table>\n<thead><tr><th scope=\"col\">Role</th><th scope=\"col\">Account</th>"
                     "<th scope=\"col\">Allowed by</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < answer->discovered_count; i++) {
        const struct cc_access_found *role = &answer->discovered[i];

        cc_markup(out, "<tr class=\"row\"><th scope=\"row\" class=\"id\">%s</th>", role->role_arn);
        cc_markup(out, "<td class=\"id\">%s</td><td>%s</td></tr>\n", role->account_id, role->by);
    }
    cc_buf_text(out, "</tbody>\n</table>\n");
    for (size_t i = 0; answer->not_expanded[i]; i++) {
        cc_markup(out, "<p>not listed: %s</p>\n", answer->not_expanded[i]);
    }
    cc_buf_text(out, "</section>\n");
}

/* --- the page --- */

static void write_tested(struct cc_access_page *page)
{
    write_shared(page);
    cc_access_matrix(page);
    write_section(page, CC_ACCESS_DENIED, 1U << page->filters[CC_PART_DENIED], "Denied");
    write_section(page, CC_ACCESS_ERROR, 1U << page->filters[CC_PART_ERROR], "Could not be tested");
    write_section(page, CC_ACCESS_ALLOWED, warned(page), "Allowed, with a warning");
    write_sessions(page);
}

void cc_access_html(const void *answer, struct cc_buf *out)
{
    struct cc_access_page page = {.out = out, .answer = answer};
    const struct cc_access_answer *all = answer;
    struct cc_page_part parts[CC_PART_COUNT + 1];
    const struct cc_page_fact facts[] = {
        {"Caller", all->caller ? all->caller->arn : "not known: STS did not say"},
        {"Started", cc_time_iso(out->mem, all->started)},
        {"Took", all->seconds < 60 ? cc_textf(out->mem, "%.2f s", all->seconds)
                                   : cc_time_span(out->mem, (int64_t)all->seconds)},
        {NULL, NULL},
    };

    cc_access_parts(&page, parts);
    cc_page_begin(out, &(struct cc_page){"Access to roles: credctl test-access", facts, parts});
    if (all->not_expanded) {
        write_discovered(out, all);
    } else {
        write_tested(&page);
    }
    cc_page_end(out);
}
