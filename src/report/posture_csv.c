#include "credctl/report/assess.h"

#include "assess_rows.h"

static void write_resource(struct cc_buf *out, const struct cc_assess_head *head,
                           const struct cc_resource *resource)
{
    const char *const cells[] = {
        cc_resource_type_words[resource->type],
        resource->id,
        resource->name,
        resource->arn,
        cc_compliance_words[resource->status],
        cc_severity_words[resource->severity],
        cc_texts_joined(out->mem, resource->rules),
        cc_texts_joined(out->mem, resource->issues),
        cc_texts_joined(out->mem, resource->unknowns),
    };

    cc_csv_origin(out, head);
    for (size_t i = 0; i < CC_COUNT(cells); i++) {
        cc_csv_cell(out, cells[i], ",");
    }
    cc_buf_text(out, "\r\n");
}

/* What could not be read is in the table too: a list without it would look complete. */
static void write_result(struct cc_buf *out, const struct cc_posture_result *result)
{
    if (result->head.error) {
        cc_csv_failed(out, &result->head, 9);
    }
    for (size_t i = 0; i < result->detail_count; i++) {
        write_resource(out, &result->head, &result->resource_details[i]);
    }
    for (size_t i = 0; i < result->error_count; i++) {
        cc_csv_origin(out, &result->head);
        cc_csv_cell(out, result->errors[i].service, ",,,,,,,,,");
        cc_csv_cell(out, result->errors[i].unread.why, "\r\n");
    }
}

void cc_posture_csv(const void *answer, struct cc_buf *out)
{
    const struct cc_rows_of_posture results = cc_rows_posture(answer);

    cc_buf_text(out, "account_id,region,target,type,id,name,arn,status,severity,rules,issues,"
                     "unknowns,error\r\n");
    for (size_t i = 0; i < results.count; i++) {
        write_result(out, &results.rows[i]);
    }
}
