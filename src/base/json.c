#include "credctl/base/json.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool refuse(struct cc_error *err, const char *source, const char *why)
{
    cc_fail(err, CC_E_BAD_ANSWER, "%s is not usable JSON", source);
    return cc_why(err, "%s", why);
}

/* cJSON ends a text at an escaped NUL, and other readers do not. */
static bool escapes_nul(const char *text, size_t len)
{
    const char *end = text + len;

    for (const char *at = memchr(text, '\\', len); at; at = memchr(at, '\\', (size_t)(end - at))) {
        if (end - at >= 6 && memcmp(at + 1, "u0000", 5) == 0) {
            return true;
        }
        at += end - at > 1 ? 2 : 1; /* in "\\\\u0000" the u is an ordinary letter */
    }
    return false;
}

/* The byte after the string that begins at `at`. */
static size_t after_string(const char *text, size_t len, size_t at)
{
    for (at++; at < len && text[at] != '"'; at++) {
        at += text[at] == '\\';
    }
    return at + 1;
}

/* Checked before cJSON reads the text, because cJSON recurses to any depth. */
static bool too_deep(const char *text, size_t len)
{
    size_t depth = 0;

    for (size_t i = 0; i < len;) {
        if (text[i] == '"') {
            i = after_string(text, len, i);
            continue;
        }
        depth += text[i] == '{' || text[i] == '[';
        depth -= (text[i] == '}' || text[i] == ']') && depth > 0;
        if (depth > CC_JSON_DEPTH) {
            return true;
        }
        i++;
    }
    return false;
}

#define MEMBERS_MAX \
    1000 /* the comparison below is quadratic; answers of services have fewer members */

static bool named_again(const cJSON *member)
{
    for (const cJSON *other = member->next; other; other = other->next) {
        if (strcmp(member->string, other->string) == 0) {
            return true;
        }
    }
    return false;
}

static bool names_twice(const cJSON *object)
{
    size_t count = 0;

    for (const cJSON *member = object->child; member; member = member->next) {
        if (++count > MEMBERS_MAX || named_again(member)) {
            return true;
        }
    }
    return false;
}

/* Recursive: who has parsed the document has limited its depth. */
bool cc_json_repeats(const cJSON *item) // NOLINT(misc-no-recursion)
{
    if (cJSON_IsObject(item) && names_twice(item)) {
        return true;
    }
    for (const cJSON *child = item->child; child; child = child->next) {
        if (cc_json_repeats(child)) {
            return true;
        }
    }
    return false;
}

static void release(void *doc)
{
    cJSON_Delete(doc);
}

bool cc_json_parse(struct cc_arena *mem, const char *text, size_t len, const char *source,
                   const cJSON **doc, struct cc_error *err)
{
    const char *end = NULL;

    if (memchr(text, '\0', len) || escapes_nul(text, len)) {
        return refuse(err, source, "it holds a NUL byte");
    }
    if (!cc_text_is_utf8(text)) {
        return refuse(err, source, "it is not UTF-8");
    }
    if (too_deep(text, len)) {
        return refuse(err, source, "it is nested too deeply");
    }
    cJSON *parsed = cJSON_ParseWithLengthOpts(text, len + 1, &end, true);
    if (!parsed) {
        return refuse(err, source, len == 0 ? "it is empty" : "it is cut off or malformed");
    }
    cc_arena_adopt(mem, release, parsed);
    if (cc_json_repeats(parsed)) {
        return refuse(err, source,
                      "an object has the same member twice, or more than 1000 members");
    }
    *doc = parsed;
    return true;
}

static const char *text_of(const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);

    return text && text[0] ? text : NULL;
}

const char *cc_json_text(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetObjectItemCaseSensitive(object, name));
}

const char *cc_json_text_nocase(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetObjectItem(object, name));
}

bool cc_json_number(const cJSON *object, const char *name, double *number)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsNumber(item)) {
        return false;
    }
    *number = item->valuedouble;
    return true;
}

const cJSON *cc_json_object(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsObject(item) ? item : NULL;
}

void cc_json_put(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

const char *cc_json_line(struct cc_arena *mem, const cJSON *doc)
{
    char *text = cJSON_PrintUnformatted(doc);

    if (!text) {
        abort(); /* out of memory */
    }
    const char *line = cc_textf(mem, "%s\n", text);
    cJSON_free(text);
    return line;
}
