#ifndef CREDCTL_REPORT_PAGE_H
#define CREDCTL_REPORT_PAGE_H

/*
 * An HTML page that needs nothing but itself: no request leaves it, and its policy forbids any. It
 * is complete without scripts and on paper.
 *
 * Between begin and end stands what the page is about, in sections with an h2. For it the style
 * has:
 *
 *   article           a box; with a class for its tone
 *   good bad warn     tones: fine, a problem, worth a look; critical: worse than bad
 *   row               shown by a filter only when it has the class of the filter: f1 for parts[1]
 * ... table.matrix      in div.wide, which scrolls by itself dl.why            terms and texts, as
 * cc_page_term writes them p.place, pre      where something goes, and what code.tag          a
 * word such as a cause mute              less important
 */

#include "credctl/base/buf.h"

#include <stdint.h>

/* What there is how many of. Each is also a filter; the first is everything. */
struct cc_page_part {
    const char *label;
    const char *tone; /* "good", "bad", "warn", "critical", or "" */
    int64_t count;
};

#define CC_PAGE_PARTS_MAX 8

/* Above all else: who, when, ... */
struct cc_page_fact {
    const char *name;
    const char *value;
};

struct cc_page {
    const char *title;
    const struct cc_page_fact *facts; /* ends with {0} */
    const struct cc_page_part *parts; /* at most CC_PAGE_PARTS_MAX; ends with {0} */
};

void cc_page_begin(struct cc_buf *out, const struct cc_page *page);
void cc_page_end(struct cc_buf *out);

/* A row of a dl.why, unless the text is empty or NULL. */
void cc_page_term(struct cc_buf *out, const char *term, const char *text);
/* " f1 f4": the classes of filters, one bit for each part. */
const char *cc_page_classes(struct cc_arena *mem, unsigned parts);
/* "12,345" */
const char *cc_page_number(struct cc_arena *mem, int64_t number);

#endif
