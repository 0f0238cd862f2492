#include "credctl/base/text.h"
#include "credctl/report/markup.h"
#include "credctl/report/page.h"

#include "access_html.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 12 /* with more of both, there is a line for each target */

/* A text that occurs at several targets, such as an account. */
struct occurrence {
    const char *text;
    size_t target;
};

/* What the rows, or the columns, are. */
struct axis {
    const char *name;
    const char **texts; /* of each target */
    size_t *numbers;    /* of the text of each target, in the order of their first appearance */
    size_t count;       /* of different texts */
};

struct place {
    size_t row;
    size_t column;
    size_t target;
};

/* --- axes --- */

static int by_text(const void *a, const void *b)
{
    const struct occurrence *one = a;
    const struct occurrence *other = b;
    const int order = strcmp(one->text, other->text);

    return order ? order : (one->target > other->target) - (one->target < other->target);
}

static void number_texts(struct cc_arena *mem, struct axis *axis, size_t count)
{
    struct occurrence *sorted = cc_alloc(mem, (count + 1) * sizeof(*sorted));
    size_t *first = cc_alloc(mem, (count + 1) * sizeof(*first));

    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct occurrence){axis->texts[i], i};
    }
    qsort(sorted, count, sizeof(*sorted), by_text);
    for (size_t i = 0; i < count; i++) {
        const bool again = i > 0 && strcmp(sorted[i].text, sorted[i - 1].text) == 0;

        first[sorted[i].target] = again ? first[sorted[i - 1].target] : sorted[i].target;
    }
    for (size_t i = 0; i < count; i++) {
        axis->numbers[i] = first[i] == i ? axis->count++ : axis->numbers[first[i]];
    }
}

static struct axis axis_of(const struct cc_access_page *page, const char *name,
                           const char *(*text_of)(const struct cc_access_result *result))
{
    const size_t count = page->answer->target_count;
    struct cc_arena *mem = page->out->mem;
    struct axis axis = {.name = name,
                        .texts = cc_alloc(mem, (count + 1) * sizeof(*axis.texts)),
                        .numbers = cc_alloc(mem, (count + 1) * sizeof(*axis.numbers))};

    for (size_t i = 0; i < count; i++) {
        axis.texts[i] = text_of(&page->answer->targets[i]);
    }
    number_texts(mem, &axis, count);
    return axis;
}

static const char *account_of(const struct cc_access_result *result)
{
    return result->account_id ? result->account_id : "none";
}

static const char *role_of(const struct cc_access_result *result)
{
    const char *role = cc_access_role(result);

    return role[0] ? role : "none";
}

static const char *target_of(const struct cc_access_result *result)
{
    return result->target;
}

/* --- cells --- */

static void write_outcome(const struct cc_access_page *page, size_t i, bool name)
{
    const struct cc_access_result *result = &page->answer->targets[i];
    const char *place = cc_access_place(page, i);
    const char *words = cc_access_outcome_words(result->outcome);
    const char *tone = cc_access_tone(result);
    struct cc_buf *out = page->out;

    cc_buf_text(out, "<div>");
    if (place) {
        cc_markup(out, "<a class=\"outcome %s\" href=\"#%s\">%s</a>", tone, place, words);
    } else {
        cc_markup(out, "<span class=\"outcome %s\">%s</span>", tone, words);
    }
    cc_markup(out, result->cause ? " <code>%s</code>" : "%s", result->cause);
    for (int k = 0; k < CC_FOUND_COUNT; k++) {
        if (cc_access_has(result, (enum cc_access_finding)k)) {
            cc_markup(out, " <code>%s</code>", cc_access_finding_words[k].name);
        }
    }
    if (name && cc_access_named(result)) {
        cc_markup(out, " <span class=\"mute id\">%s</span>", result->target);
    }
    cc_buf_text(out, "</div>");
}

static int by_place(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *other = b;

    if (one->row != other->row) {
        return one->row < other->row ? -1 : 1;
    }
    if (one->column != other->column) {
        return one->column < other->column ? -1 : 1;
    }
    return (one->target > other->target) - (one->target < other->target);
}

static struct place *places_of(const struct cc_access_page *page, const struct axis *rows,
                               const struct axis *columns)
{
    const size_t count = page->answer->target_count;
    struct place *places = cc_alloc(page->out->mem, (count + 1) * sizeof(*places));

    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){rows->numbers[i], columns->numbers[i], i};
    }
    qsort(places, count, sizeof(*places), by_place);
    return places;
}

/* One row: `places` are its targets, in the order of the columns. */
static void write_row(const struct cc_access_page *page, const struct place *places, size_t count,
                      const struct axis *rows, const struct axis *columns)
{
    struct cc_buf *out = page->out;
    unsigned filters = 0;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        filters |= cc_access_filters(page, &page->answer->targets[places[i].target]);
    }
    cc_markup(out, "<tr class=\"row%s\"><th scope=\"row\" class=\"id\">%s</th>",
              cc_page_classes(out->mem, filters), rows->texts[places[0].target]);
    for (size_t column = 0; column < columns->count; column++) {
        cc_buf_text(out, "<td>");
        for (; at < count && places[at].column == column; at++) {
            write_outcome(page, places[at].target, true);
        }
        cc_buf_text(out, "</td>");
    }
    cc_buf_text(out, "</tr>\n");
}

static void write_head(struct cc_buf *out, const struct axis *rows, const struct axis *columns,
                       size_t targets)
{
    cc_markup(out, "<thead><tr><th scope=\"col\">%s</th>", rows->name);
    for (size_t i = 0, next = 0; i < targets; i++) {
        if (columns->numbers[i] == next) {
            cc_markup(out, "<th scope=\"col\"><span class=\"id\">%s</span></th>",
                      columns->texts[i]);
            next++;
        }
    }
    cc_buf_text(out, "</tr></thead>\n<tbody>\n");
}

static void write_matrix(const struct cc_access_page *page, const struct axis *rows,
                         const struct axis *columns)
{
    const size_t count = page->answer->target_count;
    const struct place *places = places_of(page, rows, columns);

    write_head(page->out, rows, columns, count);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;

        while (end < count && places[end].row == places[i].row) {
            end++;
        }
        write_row(page, &places[i], end - i, rows, columns);
        i = end;
    }
}

/* A line for each target. */
static void write_lines(const struct cc_access_page *page)
{
    struct cc_buf *out = page->out;

    cc_buf_text(out, "<thead><tr><th scope=\"col\">Account</th><th scope=\"col\">Role</th>"
                     "<th scope=\"col\">Outcome</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->answer->target_count; i++) {
        const struct cc_access_result *result = &page->answer->targets[i];

        cc_markup(out, "<tr class=\"row%s\"><th scope=\"row\" class=\"id\">%s</th>",
                  cc_page_classes(out->mem, cc_access_filters(page, result)), account_of(result));
        cc_markup(out, "<td class=\"id\">%s</td><td>",
                  result->role_arn ? role_of(result) : target_of(result));
        write_outcome(page, i, true);
        cc_buf_text(out, "</td></tr>\n");
    }
}

void cc_access_matrix(const struct cc_access_page *page)
{
    const struct axis accounts = axis_of(page, "Account", account_of);
    const struct axis roles = axis_of(page, "Role", role_of);
    const bool turned = roles.count > accounts.count;
    const struct axis *rows = turned ? &roles : &accounts;
    const struct axis *columns = turned ? &accounts : &roles;

    cc_buf_text(page->out, "<section>\n<h2 id=\"matrix\">Accounts and roles</h2>\n"
                           "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                           "aria-labelledby=\"matrix\">\n<table class=\"matrix\">\n");
    if (columns->count > COLUMNS_MAX) {
        write_lines(page);
    } else {
        write_matrix(page, rows, columns);
    }
    cc_buf_text(page->out, "</tbody>\n</table>\n</div>\n</section>\n");
}
