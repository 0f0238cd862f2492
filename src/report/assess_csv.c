#include "credctl/base/text.h"
#include "credctl/report/assess.h"

#include "assess_rows.h"

void cc_services_csv(const void *answer, struct cc_buf *out)
{
    const struct cc_rows_of_services results = cc_rows_services(answer);

    cc_buf_text(out,
                "account_id,region,target,service,status,message,missing_permission,error\r\n");
    for (size_t i = 0; i < results.count; i++) {
        const struct cc_services_result *result = &results.rows[i];

        if (result->head.error) {
            cc_csv_failed(out, &result->head, 4);
        }
        for (size_t row = 0; row < result->told_count; row++) {
            const struct cc_service_told *told = &result->told[row];

            cc_csv_origin(out, &result->head);
            cc_csv_cell(out, told->service, ",");
            cc_csv_cell(out, cc_service_states[told->status], ",");
            cc_csv_cell(out, told->message, ",");
            cc_csv_cell(out, told->error ? told->error->missing_permission : NULL, ",");
            cc_csv_cell(out, told->error ? told->error->why : NULL, "\r\n");
        }
    }
}

static void write_finding(struct cc_buf *out, const struct cc_found *found)
{
    const struct cc_finding_view *view = &found->view;
    const char *const cells[] = {found->service,
                                 cc_severity_words[view->severity],
                                 view->id,
                                 view->title,
                                 view->type,
                                 view->resource,
                                 view->resource_type,
                                 view->updated};

    cc_csv_origin(out, found->head);
    for (size_t i = 0; i < CC_COUNT(cells); i++) {
        cc_csv_cell(out, cells[i], ",");
    }
    cc_csv_cell(out, view->url, ",\r\n");
}

/* What could not be read is in the table too: a list without it would look complete. */
void cc_findings_csv(const void *answer, struct cc_buf *out)
{
    const struct cc_rows_of_findings results = cc_rows_findings(answer);
    const struct cc_found_all all = cc_found_all(out->mem, answer);

    cc_buf_text(out, "account_id,region,target,service,severity,id,title,type,resource,"
                     "resource_type,updated,url,error\r\n");
    for (size_t i = 0; i < all.count; i++) {
        write_finding(out, &all.rows[i]);
    }
    for (size_t i = 0; i < results.count; i++) {
        const struct cc_findings_result *result = &results.rows[i];

        if (result->head.error) {
            cc_csv_failed(out, &result->head, 9);
        }
        for (size_t row = 0; row < result->error_count; row++) {
            cc_csv_origin(out, &result->head);
            cc_csv_cell(out, result->errors[row].service, ",,,,,,,,,");
            cc_csv_cell(out, result->errors[row].unread.why, "\r\n");
        }
    }
}

void cc_inventory_csv(const void *answer, struct cc_buf *out)
{
    const struct cc_rows_of_inventory results = cc_rows_inventory(answer);

    cc_buf_text(out, "account_id,region,target,service,resources,error\r\n");
    for (size_t i = 0; i < results.count; i++) {
        const struct cc_inventory_result *result = &results.rows[i];

        if (result->head.error) {
            cc_csv_failed(out, &result->head, 2);
        }
        for (size_t at = 0; result->services && result->services[at]; at++) {
            cc_csv_origin(out, &result->head);
            cc_csv_cell(out, result->services[at], ",");
            cc_csv_cell(out, cc_count_text(out->mem, result->service_counts, result->services[at]),
                        ",\r\n");
        }
        for (size_t row = 0; row < result->error_count; row++) {
            cc_csv_origin(out, &result->head);
            cc_csv_cell(out, result->errors[row].service, ",,");
            cc_csv_cell(out, result->errors[row].unread.why, "\r\n");
        }
    }
}
