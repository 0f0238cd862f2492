#include "show.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static void leaf(struct cc_buf *out, const cJSON *item)
{
    char *text = cJSON_PrintUnformatted(item);

    if (!text) {
        abort();
    }
    cc_buf_text(out, text);
    cJSON_free(text);
}

static void name_of(struct cc_buf *out, const cJSON *member)
{
    CC_CLEANUP(json_free) cJSON *name = cJSON_CreateString(member->string);

    leaf(out, name);
    cc_buf_text(out, ": ");
}

/* Two blanks a level, every member and item on a line of its own. As deep as a result of ours is.
 */
static void json_item(struct cc_buf *out, const cJSON *item, int level) // NOLINT(misc-no-recursion)
{
    const bool object = cJSON_IsObject(item);

    if (!item->child || !(object || cJSON_IsArray(item))) {
        leaf(out, item);
        return;
    }
    cc_buf_text(out, object ? "{" : "[");
    for (const cJSON *child = item->child; child; child = child->next) {
        cc_buf_addf(out, "\n%*s", 2 * level + 2, "");
        if (object) {
            name_of(out, child);
        }
        json_item(out, child, level + 1);
        cc_buf_text(out, child->next ? "," : "");
    }
    cc_buf_addf(out, "\n%*s%s", 2 * level, "", object ? "}" : "]");
}

void cc_show_json(const cJSON *result, struct cc_buf *out)
{
    json_item(out, result, 0);
    cc_buf_text(out, "\n");
}

static int on_yaml(void *out, unsigned char *bytes, size_t size)
{
    cc_buf_add(out, (const char *)bytes, size);
    return 1;
}

static void emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
    if (!made || !yaml_emitter_emit(emitter, event)) {
        abort(); /* out of memory, or a sequence of events that no document has */
    }
}

static void yaml_scalar(yaml_emitter_t *emitter, const char *text, bool quoted)
{
    yaml_event_t event;

    emit(emitter, &event,
         yaml_scalar_event_initialize(
             &event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), !quoted, quoted,
             quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE));
}

/* Plain where no reader of YAML 1.1 or 1.2 can take it for something else than text. */
static bool plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n",   "~"};

    for (size_t i = 0; i < CC_COUNT(words); i++) {
        if (cc_text_equal_nocase(text, words[i])) {
            return false;
        }
    }
    return cc_text_consists(text, "-_./:", 200) && text[0] > '9' && !cc_text_ends(text, ":");
}

static void yaml_leaf(yaml_emitter_t *emitter, const cJSON *item)
{
    if (cJSON_IsString(item)) {
        yaml_scalar(emitter, item->valuestring, !plain(item->valuestring));
        return;
    }
    char *text = cJSON_PrintUnformatted(item);
    yaml_scalar(emitter, text ? text : "null", false);
    cJSON_free(text);
}

/* As deep as a result of ours is. */
static void yaml_item(yaml_emitter_t *emitter, const cJSON *item) // NOLINT(misc-no-recursion)
{
    yaml_event_t event;

    if (cJSON_IsObject(item)) {
        emit(emitter, &event,
             yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_ANY_MAPPING_STYLE));
        for (const cJSON *child = item->child; child; child = child->next) {
            yaml_scalar(emitter, child->string, !plain(child->string));
            yaml_item(emitter, child);
        }
        emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
    } else if (cJSON_IsArray(item)) {
        emit(emitter, &event,
             yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_ANY_SEQUENCE_STYLE));
        for (const cJSON *child = item->child; child; child = child->next) {
            yaml_item(emitter, child);
        }
        emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
    } else {
        yaml_leaf(emitter, item);
    }
}

void cc_show_yaml(const cJSON *result, struct cc_buf *out)
{
    yaml_emitter_t emitter;
    yaml_event_t event;

    if (!yaml_emitter_initialize(&emitter)) {
        abort();
    }
    yaml_emitter_set_output(&emitter, on_yaml, out);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    yaml_item(&emitter, result);
    emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1));
    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&emitter);
}

static const char *cell(struct cc_arena *mem, const cJSON *item)
{
    if (!item || cJSON_IsNull(item)) {
        return "-";
    }
    if (cJSON_IsString(item)) {
        return cc_text_printable(mem, item->valuestring);
    }
    char *text = cJSON_PrintUnformatted(item);
    const char *kept = cc_textf(mem, "%s", text ? text : "");
    cJSON_free(text);
    return kept;
}

static bool is_rows(const cJSON *item)
{
    return cJSON_IsArray(item) && cJSON_IsObject(item->child);
}

#define COLUMN_MAX 60

/* Characters, not bytes. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static void pad(struct cc_buf *out, const char *text, size_t width, bool last)
{
    size_t used = width_of(text);

    cc_buf_text(out, text);
    if (!last) {
        cc_buf_addf(out, "%*s", (int)(used < width ? width - used : 0) + 2, "");
    }
}

static size_t widest(struct cc_arena *mem, const cJSON *rows, const char *name)
{
    size_t width = width_of(name);

    for (const cJSON *row = rows->child; row; row = row->next) {
        size_t len = width_of(cell(mem, cJSON_GetObjectItemCaseSensitive(row, name)));

        width = len > width ? len : width;
    }
    return width < COLUMN_MAX ? width : COLUMN_MAX;
}

static void table_of_rows(const cJSON *rows, struct cc_buf *out)
{
    const cJSON *columns = rows->child;
    const size_t count = (size_t)cJSON_GetArraySize(columns);
    size_t *widths = cc_alloc(out->mem, (count + 1) * sizeof(*widths));
    size_t i = 0;

    for (const cJSON *c = columns->child; c; c = c->next) {
        widths[i] = widest(out->mem, rows, c->string);
        pad(out, c->string, widths[i++], !c->next);
    }
    cc_buf_text(out, "\n");
    for (const cJSON *row = rows->child; row; row = row->next) {
        i = 0;
        for (const cJSON *c = columns->child; c; c = c->next) {
            pad(out, cell(out->mem, cJSON_GetObjectItemCaseSensitive(row, c->string)), widths[i++],
                !c->next);
        }
        cc_buf_text(out, "\n");
    }
}

void cc_show_table(const cJSON *result, struct cc_buf *out)
{
    size_t width = 0;

    for (const cJSON *item = result->child; item; item = item->next) {
        width = strlen(item->string) > width ? strlen(item->string) : width;
    }
    for (const cJSON *item = result->child; item; item = item->next) {
        if (!is_rows(item)) {
            pad(out, item->string, width, false);
            cc_buf_addf(out, "%s\n", cell(out->mem, item));
        }
    }
    for (const cJSON *item = result->child; item; item = item->next) {
        if (is_rows(item)) {
            cc_buf_addf(out, "\n%s:\n", item->string);
            table_of_rows(item, out);
        }
    }
}
