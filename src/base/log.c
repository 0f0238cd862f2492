#include "credctl/base/log.h"

#include "credctl/base/buf.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <inttypes.h>
#include <string.h>

#define LINE_MAX_LEN 8192

const char *cc_level_name(enum cc_level level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};

    return names[level];
}

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static const char *json_line(struct cc_arena *mem, int64_t at, enum cc_level level,
                             const char *event, const struct cc_row *rows)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "time", cc_time_iso(mem, at));
    cJSON_AddStringToObject(doc, "level", cc_level_name(level));
    cJSON_AddStringToObject(doc, "event", event);
    for (; rows->key; rows++) {
        if (rows->text) {
            cJSON_AddStringToObject(doc, rows->key, cc_text_printable(mem, rows->text));
        } else {
            cJSON_AddNumberToObject(doc, rows->key, (double)rows->number);
        }
    }
    return cc_json_line(mem, doc);
}

/* Characters that could end the value are escaped, so that a value cannot look like a key. */
static void quoted(struct cc_buf *line, const char *text)
{
    cc_buf_text(line, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            cc_buf_text(line, "\\");
        }
        cc_buf_add(line, text, 1);
    }
    cc_buf_text(line, "\"");
}

static void add_row(struct cc_buf *line, const struct cc_row *row)
{
    cc_buf_addf(line, " %s=", row->key);
    if (!row->text) {
        cc_buf_addf(line, "%" PRId64, row->number);
    } else if (row->text[0] && !strpbrk(row->text, " \"=\\")) {
        cc_buf_text(line, cc_text_printable(line->mem, row->text));
    } else {
        quoted(line, cc_text_printable(line->mem, row->text));
    }
}

const char *cc_log_line(struct cc_arena *mem, bool json, int64_t at, enum cc_level level,
                        const char *event, const struct cc_row *rows)
{
    if (json) {
        return json_line(mem, at, level, event, rows);
    }
    struct cc_buf line = cc_buf_new(mem, LINE_MAX_LEN);
    cc_buf_addf(&line, "credctl: %s: %s", cc_level_name(level), event);
    for (; rows->key; rows++) {
        add_row(&line, rows);
    }
    return cc_textf(mem, "%s%s\n", line.text, line.too_big ? " ..." : "");
}
