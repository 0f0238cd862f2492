#include "credctl/report/chart.h"

#include "credctl/report/markup.h"
#include "credctl/report/page.h"

#define LEFT   230 /* where bars begin */
#define WIDTH  420 /* of the longest */
#define HEIGHT 24  /* of a row */
#define BAR    14

static int64_t sum_of(const struct cc_chart *chart, const struct cc_chart_row *row)
{
    int64_t sum = 0;

    for (size_t i = 0; chart->parts[i].label; i++) {
        sum += row->values[i];
    }
    return sum;
}

static int64_t longest(const struct cc_chart *chart)
{
    int64_t most = 1;

    for (size_t i = 0; i < chart->count; i++) {
        const int64_t sum = sum_of(chart, &chart->rows[i]);

        most = sum > most ? sum : most;
    }
    return most;
}

static void key(struct cc_buf *out, const struct cc_chart *chart)
{
    cc_buf_text(out, "<p class=\"key\">");
    for (size_t i = 0; chart->parts[i].label; i++) {
        cc_markup(out, "<span class=\"tag %s\">%s</span> ", chart->parts[i].tone,
                  chart->parts[i].label);
    }
    cc_buf_text(out, "</p>\n");
}

/* A part that is there has at least one unit, so that it is seen. */
static double part_width(int64_t value, int64_t most)
{
    const double width = (double)value * WIDTH / (double)most;

    return value > 0 && width < 1 ? 1 : width;
}

static void bar(struct cc_buf *out, const struct cc_chart *chart, const struct cc_chart_row *row,
                int64_t most)
{
    double at = LEFT;

    cc_markup(out, "<svg class=\"chart row%s\" viewBox=\"0 0 720 24\" role=\"img\">", row->classes);
    cc_markup(out, "<title>%s", row->label);
    for (size_t i = 0; chart->parts[i].label; i++) {
        cc_markup(out, ", %s %s", chart->parts[i].label, cc_page_number(out->mem, row->values[i]));
    }
    cc_markup(out, "</title><text x=\"0\" y=\"17\">%s</text>", row->label);
    for (size_t i = 0; chart->parts[i].label; i++) {
        const double width = part_width(row->values[i], most);

        if (width > 0) {
            cc_buf_addf(out,
                        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                        chart->parts[i].tone, at, (HEIGHT - BAR) / 2, width, BAR);
        }
        at += width;
    }
    cc_buf_addf(out, "<text x=\"%.1f\" y=\"17\">%s</text></svg>\n", at + 6,
                cc_page_number(out->mem, sum_of(chart, row)));
}

void cc_chart(struct cc_buf *out, const struct cc_chart *chart)
{
    const int64_t most = longest(chart);

    cc_markup(out, "<section>\n<h2>%s</h2>\n", chart->heading);
    key(out, chart);
    for (size_t i = 0; i < chart->count; i++) {
        bar(out, chart, &chart->rows[i], most);
    }
    cc_buf_text(out, "</section>\n");
}
