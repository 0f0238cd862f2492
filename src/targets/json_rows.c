#include "json_rows.h"

#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * The members of an object under the names of their fields, so that the shape can read them. It
 * refers to the values of the document.
 */
struct members {
    struct cc_arena *mem;
    cJSON *object;
    const char *why; /* the first that is not valid; NULL: all are */
};

static void release(void *object)
{
    cJSON_Delete(object);
}

static void add(struct members *members, const char *name, cJSON *item, bool reference)
{
    if (!(reference ? cJSON_AddItemReferenceToObject : cJSON_AddItemToObject)(members->object, name,
                                                                              item)) {
        abort(); /* out of memory */
    }
}

static void is_wrong(struct members *members, const char *why)
{
    members->why = members->why ? members->why : why;
}

/* The tags: an object of texts becomes a list of "key=value". */
static void add_pairs(struct members *members, const char *name, const cJSON *pairs)
{
    cJSON *list = cJSON_CreateArray();

    for (const cJSON *pair = pairs->child; pair; pair = pair->next) {
        const bool usable = cJSON_IsString(pair) && !strchr(pair->string, '=');
        const char *text =
            usable ? cc_textf(members->mem, "%s=%s", pair->string, pair->valuestring) : "";

        if (!usable) {
            is_wrong(members, cc_textf(members->mem, "its member %s %s", name,
                                       cJSON_IsString(pair) ? "has a key with '='"
                                                            : "has a value that is not text"));
        }
        if (!cJSON_AddItemToArray(list, cJSON_CreateString(text))) {
            abort(); /* out of memory */
        }
    }
    add(members, name, list, false);
}

static void add_member(struct members *members, cJSON *item)
{
    const struct cc_shape_field *field = cc_target_field(item->string);
    struct cc_arena *mem = members->mem;

    if (!field) {
        is_wrong(members, cc_textf(mem, "it has a member \"%.60s\", and the known ones are %s",
                                   item->string, cc_target_fields(mem)));
    } else if (cJSON_GetObjectItemCaseSensitive(members->object, field->name)) {
        is_wrong(members, cc_textf(mem, "it has the member %s twice", field->name));
    } else if (field->kind == CC_KIND_PAIRS && cJSON_IsObject(item)) {
        add_pairs(members, field->name, item);
    } else if (field->kind == CC_KIND_PAIRS && !cJSON_IsNull(item)) {
        is_wrong(members, cc_textf(mem, "its member %s is not an object of texts", field->name));
    } else if (field->kind == CC_KIND_TEXT && cJSON_IsNumber(item)) {
        is_wrong(members, cc_textf(mem, "its member %s is a number; write it in double quotes",
                                   field->name));
    } else {
        add(members, field->name, item, true);
    }
}

/* Empty texts are NULL. */
static void take_texts(const cJSON *object, struct cc_target_row *row)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_target_row_shape, row);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const char *text = cc_json_text(object, member.field->name);

        if (member.field->kind == CC_KIND_TEXT) {
            memcpy((char *)member.whole + member.field->at, &text, sizeof(text));
        }
    }
}

bool cc_json_row(struct cc_arena *mem, const cJSON *doc, struct cc_target_row *row,
                 const char **why)
{
    struct members members = {.mem = mem};
    struct cc_target_row read = {0};
    struct cc_error err = {0};

    *row = (struct cc_target_row){0};
    if (cJSON_IsString(doc)) {
        row->account_id = doc->valuestring[0] ? doc->valuestring : NULL;
        return true;
    }
    if (!cJSON_IsObject(doc)) {
        *why = "it is neither an object nor a text";
        return false;
    }
    members.object = cJSON_CreateObject();
    cc_arena_adopt(mem, release, members.object);
    for (cJSON *item = doc->child; item; item = item->next) {
        add_member(&members, item);
    }
    take_texts(members.object, row);
    if (!members.why &&
        !cc_shape_from_json(mem, &cc_target_row_shape, members.object, "it", &read, &err)) {
        members.why = cc_textf(mem, "%s", err.why);
    }
    if (members.why) {
        *why = members.why;
        return false;
    }
    *row = read;
    take_texts(members.object, row);
    return true;
}

/* --- the elements of an array --- */

static const char *after_blanks(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at) && *at) {
        at++;
    }
    return at;
}

/* The last byte of the string that begins at `at`. */
static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        at += *at == '\\';
    }
    return at;
}

/* The comma or bracket after a value. */
static const char *value_end(const char *at, const char *end)
{
    size_t depth = 0;

    for (; at < end; at++) {
        if (*at == '"') {
            at = string_end(at, end);
        } else if (depth == 0 && (*at == ',' || *at == ']')) {
            return at;
        } else if (*at == '[' || *at == '{') {
            depth++;
        } else if ((*at == ']' || *at == '}') && depth > 0) {
            depth--;
        }
    }
    return end;
}

static bool ends_there(const char *at, const char *end, const char **why)
{
    *why = "something follows the array";
    return after_blanks(at, end) == end;
}

const char *cc_json_elements(const char *text, const char *end, const char **why)
{
    text = after_blanks(text, end);
    if (text == end || *text != '[') {
        *why = text == end ? "it is empty" : "it is not an array";
        return NULL;
    }
    const char *first = after_blanks(text + 1, end);
    if (first == end) {
        *why = "it is cut off";
        return NULL;
    }
    if (*first == ']') {
        return ends_there(first + 1, end, why) ? end : NULL;
    }
    return first;
}

bool cc_json_element(const char *at, const char *end, struct cc_json_element *element,
                     const char **why)
{
    const char *stop = value_end(at, end);

    if (stop >= end) {
        *why = "it is cut off";
        return false;
    }
    if (*stop == ']' && !ends_there(stop + 1, end, why)) {
        return false;
    }
    *element = (struct cc_json_element){at, (size_t)(stop - at), *stop == ',' ? stop + 1 : NULL};
    return true;
}
