#ifndef CREDCTL_REPORT_CHART_H
#define CREDCTL_REPORT_CHART_H

/* A chart for a page: a bar for each row, made of parts that have a tone and a number. */

#include "credctl/base/buf.h"

#include <stdint.h>

#define CC_CHART_PARTS_MAX 8

struct cc_chart_part {
    const char *label;
    const char *tone; /* a class of the page: "critical", "bad", "warn", "good", "" */
};

struct cc_chart_row {
    const char *label;
    const char *classes; /* of filters, as cc_page_classes makes them */
    int64_t values[CC_CHART_PARTS_MAX];
};

struct cc_chart {
    const char *heading;
    const struct cc_chart_part *parts; /* ends with {0} */
    const struct cc_chart_row *rows;
    size_t count;
};

/* A section with the chart; its numbers are text too. */
void cc_chart(struct cc_buf *out, const struct cc_chart *chart);

#endif
