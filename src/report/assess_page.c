#include "assess_page.h"

#include "credctl/base/text.h"
#include "credctl/report/markup.h"

void cc_assess_page_begin(struct cc_buf *out, const char *title, const struct cc_assess_head *head,
                          const struct cc_assess_counts *counts, const struct cc_page_part *parts)
{
    const struct cc_page_fact facts[] = {
        {"Account", counts->place_count == 1 ? head->account_id
                                             : cc_page_number(out->mem, counts->account_count)},
        {"Region", counts->place_count == 1
                       ? head->region
                       : cc_textf(out->mem, "%lld results", (long long)counts->place_count)},
        {"Caller", head->caller_arn ? head->caller_arn : "-"},
        {"Took", cc_textf(out->mem, "%.1f s", counts->seconds)},
        {0},
    };
    const struct cc_page page = {title, facts, parts};

    cc_page_begin(out, &page);
}

/* --- what could not be read */

static void write_unread(struct cc_buf *out, const char *title, const char *why,
                         const char *permission, const char *fix, unsigned filter)
{
    cc_markup(out, "<article class=\"warn row%s\">\n<h3>%s</h3>\n<dl class=\"why\">\n",
              cc_page_classes(out->mem, 1U << filter), title);
    cc_page_term(out, "Why", why);
    cc_page_term(out, "Needs", permission);
    cc_page_term(out, "Do", fix);
    cc_buf_text(out, "</dl>\n</article>\n");
}

void cc_assess_page_unread(struct cc_buf *out, const struct cc_assess_head *head,
                           const struct cc_service_error *errors, size_t count, unsigned filter)
{
    const char *place = cc_head_place(out->mem, head);

    if (head->error) {
        write_unread(out, place, cc_textf(out->mem, "%s: %s", head->error->what, head->error->why),
                     NULL, head->error->fix, filter);
    }
    for (size_t i = 0; i < count; i++) {
        const struct cc_unread *unread = &errors[i].unread;

        write_unread(out, cc_textf(out->mem, "%s, %s", place, errors[i].service), unread->why,
                     unread->missing_permission, unread->fix, filter);
    }
}
