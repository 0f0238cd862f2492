#include "credctl/aws/wanted.h"

#include "credctl/base/text.h"

#include <string.h>

const struct cc_form cc_aws_document_form = {NULL, NULL, "it is a policy"};

/* A part of an answer: an XML element or a JSON value. Both NULL: there is none. */
struct node {
    const struct cc_xml *xml;
    const cJSON *json;
};

struct reading {
    struct cc_run *run;
    const struct cc_ask *ask;
    const struct cc_page_of_answer *page;
    struct cc_error *err;
};

/* --- nodes */

static bool is_node(struct node node)
{
    return node.xml || node.json;
}

static const cJSON *json_at(struct cc_arena *mem, const cJSON *json, const char *path)
{
    while (json && strchr(path, '/')) {
        const size_t len = strcspn(path, "/");

        json = cJSON_GetObjectItemCaseSensitive(json, cc_text_dup(mem, path, len));
        path += len + 1;
    }
    return cJSON_GetObjectItemCaseSensitive(json, path);
}

static struct node node_at(struct cc_arena *mem, struct node whole, const char *path)
{
    if (cc_text_equal(path, ".")) {
        return whole;
    }
    return whole.xml ? (struct node){.xml = cc_xml_find(whole.xml->child, path)}
                     : (struct node){.json = json_at(mem, whole.json, path)};
}

/* NULL when it is empty, or not a text. */
static const char *text_of(struct node node)
{
    const char *text = node.xml ? node.xml->text : cJSON_GetStringValue(node.json);

    return text && text[0] ? text : NULL;
}

static struct node first_of(struct node list)
{
    return list.xml ? (struct node){.xml = list.xml->child}
                    : (struct node){.json = list.json->child};
}

static struct node after(struct node item)
{
    return item.xml ? (struct node){.xml = item.xml->next} : (struct node){.json = item.json->next};
}

static bool is_empty(struct node node)
{
    return node.xml ? !node.xml->child && !node.xml->text[0]
                    : !node.json || cJSON_IsNull(node.json) ||
                          (cJSON_IsString(node.json) && !node.json->valuestring[0]);
}

/* An XML list without items is an empty element. */
static bool is_absent(struct node node, const struct cc_shape_field *field)
{
    const bool list = field->kind == CC_KIND_LIST || field->kind == CC_KIND_TEXTS;

    return !(list && node.xml) && is_empty(node);
}

static bool is_list(struct node node)
{
    return node.xml ? node.xml->child || !node.xml->text[0] : cJSON_IsArray(node.json);
}

/* --- members */

static void put(const struct cc_shape_member *member, const void *from, size_t size)
{
    memcpy((char *)member->whole + member->field->at, from, size);
}

static bool lacks(const struct reading *reading, const struct cc_shape_member *member)
{
    return cc_page_lacks(reading->ask, member->field->name, reading->err);
}

static bool too_big(const struct reading *reading, const struct cc_shape_member *member,
                    const char *limit)
{
    const struct cc_operation *operation = reading->ask->operation;

    cc_fail(reading->err, CC_E_TOO_BIG, "the answer of %s to %s is too large",
            operation->service->id, operation->name);
    return cc_why(reading->err, "its %s exceeds %s", member->field->name, limit);
}

static bool take_document(const struct reading *reading, const struct cc_shape_member *member,
                          const char *text)
{
    struct cc_run *run = reading->run;

    text = reading->page->xml ? cc_text_unpercent(&run->mem, text) : text;
    if (strlen(text) > CC_DOCUMENT_MAX) {
        return too_big(reading, member, "1 MiB");
    }
    if (!cc_text_is_utf8(text)) {
        return lacks(reading, member);
    }
    text = cc_page_lines(run, reading->ask, reading->page, text);
    put(member, &text, sizeof(text));
    return true;
}

static bool take_text(const struct reading *reading, const struct cc_shape_member *member,
                      struct node node)
{
    const char *text = text_of(node);

    if (!text) {
        return lacks(reading, member);
    }
    const struct cc_form *form = member->field->form;
    if (form == &cc_aws_document_form) {
        return take_document(reading, member, text);
    }
    if (form && form->fits && !form->fits(text)) {
        return lacks(reading, member);
    }
    text = cc_page_text(reading->run, reading->ask, reading->page, text);
    put(member, &text, sizeof(text));
    return true;
}

#define EXACT_MAX 9007199254740992.0 /* above it, doubles are not exact */

static bool number_of(struct node node, int64_t most, int64_t *number)
{
    if (node.xml) {
        return cc_text_number(node.xml->text, 0, most, number);
    }
    const double value = cJSON_IsNumber(node.json) ? node.json->valuedouble : -1;

    if (!(value >= 0 && value <= EXACT_MAX) || (int64_t)value > most) {
        return false;
    }
    *number = (int64_t)value;
    return (double)*number == value;
}

static bool take_number(const struct reading *reading, const struct cc_shape_member *member,
                        struct node node)
{
    const bool narrow = member->field->size == sizeof(int);
    int64_t wide = 0;

    if (!number_of(node, narrow ? INT32_MAX : INT64_MAX, &wide)) {
        return lacks(reading, member);
    }
    const int small = (int)wide;
    put(member, narrow ? (const void *)&small : (const void *)&wide, member->field->size);
    return true;
}

static bool take_flag(const struct reading *reading, const struct cc_shape_member *member,
                      struct node node)
{
    const bool flag = node.xml ? cc_text_is_true(node.xml->text) : cJSON_IsTrue(node.json);
    const bool no =
        node.xml ? cc_text_equal_nocase(node.xml->text, "false") : cJSON_IsFalse(node.json);
    const struct cc_maybe_flag maybe = {true, flag};

    if (!flag && !no) {
        return lacks(reading, member);
    }
    put(member, member->field->kind == CC_KIND_FLAG ? (const void *)&flag : (const void *)&maybe,
        member->field->size);
    return true;
}

static bool take_word(const struct reading *reading, const struct cc_shape_member *member,
                      struct node node)
{
    for (int i = 0; member->field->words[i]; i++) {
        if (cc_text_equal(member->field->words[i], text_of(node))) {
            put(member, &i, sizeof(i));
            return true;
        }
    }
    return lacks(reading, member);
}

static bool take_texts(const struct reading *reading, const struct cc_shape_member *member,
                       struct node list)
{
    size_t count = 0;

    if (!is_list(list)) {
        return lacks(reading, member);
    }
    for (struct node item = first_of(list); is_node(item); item = after(item)) {
        count++;
    }
    const char **texts = cc_alloc(&reading->run->mem, (count + 1) * sizeof(*texts));
    count = 0;
    for (struct node item = first_of(list); is_node(item); item = after(item)) {
        texts[count] = cc_page_text(reading->run, reading->ask, reading->page, text_of(item));
        if (!texts[count++]) {
            return lacks(reading, member);
        }
    }
    put(member, &texts, sizeof(texts));
    return true;
}

/* --- structs */

static bool take_struct(const struct reading *reading, const struct cc_shape *shape,
                        struct node node, void *to);

/* The room of a list is the next power of two, so that only its length has to be kept. */
void *cc_wanted_room(struct cc_arena *mem, const void *rows, size_t count, size_t size)
{
    const size_t least = 8;

    if (count > 0 && (count < least || (count & (count - 1)) != 0)) {
        return (void *)rows;
    }
    char *larger = cc_alloc(mem, (count > 0 ? 2 * count : least) * size);
    memcpy(larger, rows ? rows : "", count * size);
    return larger;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static bool take_list(const struct reading *reading, const struct cc_shape_member *member,
                      struct node list)
{
    const struct cc_shape_field *field = member->field;
    const size_t size = field->of->size;
    char *rows = NULL;
    size_t count = 0;

    if (!is_list(list)) {
        return lacks(reading, member);
    }
    memcpy(&rows, (const char *)member->whole + field->at, sizeof(rows));
    memcpy(&count, (const char *)member->whole + field->count_at, sizeof(count));
    for (struct node item = first_of(list); is_node(item); item = after(item)) {
        if (count == CC_WANTED_MAX) {
            return too_big(reading, member, "100,000 items");
        }
        rows = cc_wanted_room(&reading->run->mem, rows, count, size);
        if (!take_struct(reading, field->of, item, rows + count * size)) {
            return false;
        }
        count++;
    }
    put(member, &rows, sizeof(rows));
    memcpy((char *)member->whole + field->count_at, &count, sizeof(count));
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static bool take_member(const struct reading *reading, const struct cc_shape_member *member,
                        struct node node)
{
    switch (member->field->kind) {
    case CC_KIND_NUMBER: return take_number(reading, member, node);
    case CC_KIND_FLAG:
    case CC_KIND_MAYBE_FLAG: return take_flag(reading, member, node);
    case CC_KIND_WORD: return take_word(reading, member, node);
    case CC_KIND_TEXTS: return take_texts(reading, member, node);
    case CC_KIND_LIST: return take_list(reading, member, node);
    default: return take_text(reading, member, node);
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static bool take_struct(const struct reading *reading, const struct cc_shape *shape,
                        struct node node, void *to)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, to);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct node found = node_at(&reading->run->mem, node, member.field->name);

        const bool absent = is_absent(found, member.field);

        if (absent && !(member.field->rules & CC_OMITTED)) {
            return lacks(reading, &member);
        }
        if (!absent && !take_member(reading, &member, found)) {
            return false;
        }
    }
    return true;
}

/* --- asks */

void cc_ask_for(struct cc_run *run, struct cc_ask *ask, const struct cc_operation *operation,
                const struct cc_param *params)
{
    size_t count = 0;

    while (params[count].name) {
        count++;
    }
    struct cc_param *rows = cc_alloc(&run->mem, (count + 1) * sizeof(*rows));
    memcpy(rows, params, count * sizeof(*rows));
    ask->operation = operation;
    ask->params = rows;
}

struct wanted {
    const char *place;
    const struct cc_shape *shape;
    void *to;
};

static bool read_at(const struct reading *reading, const struct wanted *wanted)
{
    const struct node page = {reading->page->xml, reading->page->json};
    const struct node node = node_at(&reading->run->mem, page, wanted->place);

    return is_node(node) ? take_struct(reading, wanted->shape, node, wanted->to)
                         : cc_page_lacks(reading->ask, wanted->place, reading->err);
}

static bool take_wanted(struct cc_run *run, const struct cc_ask *ask,
                        const struct cc_page_of_answer *page, struct cc_error *err)
{
    const struct reading reading = {run, ask, page, err};

    return read_at(&reading, ask->about);
}

void cc_ask_want(struct cc_run *run, struct cc_ask *ask, const char *place,
                 const struct cc_shape *shape, void *to)
{
    struct wanted *wanted = cc_alloc(&run->mem, sizeof(*wanted));

    memset(to, 0, shape->size);
    *wanted = (struct wanted){place, shape, to};
    ask->take = take_wanted;
    ask->about = wanted;
}

bool cc_page_read(struct cc_run *run, const struct cc_ask *ask,
                  const struct cc_page_of_answer *page, const struct cc_shape *shape, void *to,
                  struct cc_error *err)
{
    const struct reading reading = {run, ask, page, err};
    const struct wanted wanted = {".", shape, to};

    return read_at(&reading, &wanted);
}
