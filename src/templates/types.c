#include "types.h"

#include "credctl/base/text.h"

#include "data.h"

#include <stdlib.h>
#include <string.h>

/*
 * schemas.txt begins with four numbers: how many lines follow of types, objects, enumerations and
 * patterns. A type is its name, the number of its object, and the attributes of Fn::GetAtt. An
 * object is a list of fields and rules; "+" at its beginning: other members are allowed. A field is
 * name, mark (! required, @ read-only), "=" and value. A value is
 *
 *   s i n b       text, integer, number, flag
 *   j             anything
 *   o12           object 12
 *   [VALUE] {VALUE}   a list, a map with any keys
 *   VALUE/VALUE   one of them
 *
 * followed by <least,most>, e12 (enumeration 12; E12 without regard to case), ~12 (pattern 12) and
 * u (the items are unique). A rule is ?xor, ?or (one, at least one of the members), ?needs, ?not
 * (with the first member, the others must or cannot be there), ?any, ?one (sets of members).
 *
 * types.txt has the names of all other types: a line for each service.
 */

enum part { TYPES, OBJECTS, VALUES, PATTERNS, PARTS };

struct cc_types {
    struct cc_arena *mem;
    const char **lines; /* each ends with a line break */
    size_t first[PARTS];
    size_t count[PARTS];
    struct cc_object **objects; /* that were read; by number */
};

struct cc_types *cc_types_load(struct cc_arena *mem)
{
    struct cc_types *types = cc_alloc(mem, sizeof(*types));
    const struct cc_data data = cc_data_schemas();
    char *at = NULL;
    size_t total = 0;

    types->mem = mem;
    const char *head = data.text;
    for (size_t i = 0; i < PARTS; i++) {
        types->count[i] = strtoul(head, &at, 10);
        types->first[i] = total;
        total += types->count[i];
        head = at;
    }
    types->lines = cc_alloc(mem, (total + 1) * sizeof(*types->lines));
    types->objects = cc_alloc(mem, types->count[OBJECTS] * sizeof(struct cc_object *));
    const char *line = memchr(data.text, '\n', data.len);
    for (size_t i = 0; i < total && line; i++) {
        types->lines[i] = line + 1;
        line = memchr(line + 1, '\n', (size_t)(data.text + data.len - line - 1));
    }
    return types;
}

static const char *line_of(const struct cc_types *types, enum part part, int number)
{
    const char *line = types->lines[types->first[part] + (size_t)number];

    return cc_text_dup(types->mem, line, strcspn(line, "\n"));
}

const char *cc_type_values(struct cc_types *types, int number)
{
    return line_of(types, VALUES, number);
}

const char *cc_type_pattern(struct cc_types *types, int number)
{
    return line_of(types, PATTERNS, number);
}

/* --- names --- */

/* The order of a name and the first word of a line. */
static int compare(const char *name, size_t len, const char *line, const char *ends)
{
    const size_t word = strcspn(line, ends);
    const int order = strncmp(name, line, len < word ? len : word);

    return order != 0 ? order : (len > word) - (len < word);
}

static const char *schema_line(const struct cc_types *types, const char *name)
{
    const size_t len = strlen(name);
    size_t low = 0;

    for (size_t high = types->count[TYPES]; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare(name, len, types->lines[middle], "\t");

        if (order == 0) {
            return types->lines[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

/* A word of the line, after the first one. */
static bool has_word(const char *line, const char *end, const char *wanted)
{
    const size_t len = strlen(wanted);

    for (const char *word = strchr(line, ' '); word && word < end; word = strchr(word + 1, ' ')) {
        if (strcspn(word + 1, " \n") == len && strncmp(word + 1, wanted, len) == 0) {
            return true;
        }
    }
    return false;
}

/* In types.txt: the service begins a line, which has the rest of the name as a word. */
static bool has_name(const char *name)
{
    const struct cc_data data = cc_data_types();
    const char *colon = strrchr(name, ':');
    const char *line = data.text;

    if (!colon || colon == name || colon[-1] != ':' || strpbrk(name, " \n\t")) {
        return false;
    }
    const size_t service = (size_t)(colon - name) - 1;
    while (line < data.text + data.len && compare(name, service, line, " \n") != 0) {
        line = strchr(line, '\n') + 1;
    }
    return line < data.text + data.len && has_word(line, strchr(line, '\n'), colon + 1);
}

enum cc_known cc_type_find(struct cc_types *types, const char *name, int *root)
{
    const char *line = schema_line(types, name);

    if (line) {
        *root = (int)strtol(strchr(line, '\t') + 1, NULL, 10);
        return CC_KNOWN_SCHEMA;
    }
    return has_name(name) ? CC_KNOWN_NAME : CC_KNOWN_NOT;
}

bool cc_type_lacks_attribute(struct cc_types *types, const char *type, const char *attribute,
                             const char **names)
{
    const char *line = schema_line(types, type);
    const size_t len = strlen(attribute);

    if (!line) {
        return false;
    }
    line = strchr(strchr(line, '\t') + 1, '\t') + 1;
    *names = cc_text_dup(types->mem, line, strcspn(line, "\n"));
    for (const char *word = *names; *word; word += strspn(word, " ")) {
        const size_t size = strcspn(word, " ");
        const bool open = size > 0 && word[size - 1] == '*';

        if (strncmp(word, attribute, open ? size - 1 : size) == 0 && (open || size == len)) {
            return false;
        }
        word += size;
    }
    return strcmp(type, "AWS::CloudFormation::CustomResource") != 0;
}

/* --- objects --- */

static void read_field(struct cc_field *field, char *text)
{
    char *equals = strchr(text, '=');

    field->name = text;
    field->value = equals + 1;
    if (equals[-1] == '!' || equals[-1] == '@') {
        field->mark = *--equals;
    }
    *equals = '\0';
}

static struct cc_object *read_object(struct cc_types *types, const char *line)
{
    struct cc_object *object = cc_alloc(types->mem, sizeof(*object));
    char *text = cc_text_dup(types->mem, line, strlen(line));
    size_t words = 1;

    for (const char *at = text; *at; at++) {
        words += *at == '\t';
    }
    struct cc_field *fields = cc_alloc(types->mem, words * sizeof(*fields));
    const char **rules = cc_alloc(types->mem, (words + 1) * sizeof(*rules));
    size_t rule = 0;
    for (char *word = text; word && words > 0; words--) {
        char *tab = strchr(word, '\t');

        if (tab) {
            *tab = '\0';
        }
        if (*word == '+') {
            object->open = true;
        } else if (*word == '?') {
            rules[rule++] = word;
        } else {
            read_field(&fields[object->count++], word);
        }
        word = tab ? tab + 1 : NULL;
    }
    object->fields = fields;
    object->rules = (const char *const *)rules;
    return object;
}

const struct cc_object *cc_type_object(struct cc_types *types, int number)
{
    if (!types->objects[number]) {
        types->objects[number] = read_object(types, line_of(types, OBJECTS, number));
    }
    return types->objects[number];
}

const struct cc_field *cc_object_field(const struct cc_object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++) {
        if (strcmp(object->fields[i].name, name) == 0) {
            return &object->fields[i];
        }
    }
    return NULL;
}
