#include "credctl/aws/ini.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "title.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define KEY_CHARS "_-/.%@:+"
#define TOLD_MAX  80 /* shown bytes of an ignored name */

/* The sections by kind and name: a file can have a hundred thousand. */
struct slot {
    struct cc_section *section; /* NULL: free */
};

struct shelf {
    struct slot *slots;
    size_t size; /* a power of two */
    size_t used;
};

/* The state of the parser. Ignored sections and properties are parsed too, so that errors in them
 * are found. */
struct reader {
    struct cc_arena *mem;
    struct cc_profiles *into;
    const char *file;
    bool credentials;
    int line;
    size_t len;            /* the length of the text: no value can be longer */
    bool prefixed_default; /* [profile default] was seen, so [default] is ignored */
    struct shelf shelf;
    struct cc_section *section;
    struct cc_property *property;
    struct cc_buf value; /* the value of the property, while lines continue it */
    const struct cc_ignored **ignored_end;
    struct cc_section ignored_section;
    struct cc_property ignored_property;
};

static bool refuse(const struct reader *reader, struct cc_error *err, const char *why,
                   const char *fix)
{
    cc_fail(err, CC_E_CONFIG_SYNTAX, "%s, line %d cannot be parsed", reader->file, reader->line);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

/* `title`: NULL for a property, because its line can contain a secret in place of a name. */
static void ignore(struct reader *reader, const char *title, const char *why)
{
    struct cc_ignored *one = cc_alloc(reader->mem, sizeof(*one));
    const char *text = title ? cc_textf(reader->mem, "%.*s", TOLD_MAX, title) : NULL;

    *one = (struct cc_ignored){
        .file = reader->file,
        .line = reader->line,
        .section = text ? cc_text_printable(reader->mem, text) : NULL,
        .why = why,
    };
    *reader->ignored_end = one;
    reader->ignored_end = &one->next;
}

/* FNV-1a. The slot of this section, or the free slot for it. */
static struct slot *slot_of(const struct shelf *shelf, enum cc_section_kind kind, const char *name)
{
    uint64_t sum = 0xcbf29ce484222325U ^ (uint64_t)kind;

    for (const char *at = name; *at; at++) {
        sum = (sum ^ (unsigned char)*at) * 0x100000001b3U;
    }
    size_t i = (size_t)(sum ^ sum >> 32) & (shelf->size - 1);
    while (shelf->slots[i].section && (shelf->slots[i].section->kind != kind ||
                                       strcmp(shelf->slots[i].section->name, name) != 0)) {
        i = (i + 1) & (shelf->size - 1);
    }
    return &shelf->slots[i];
}

static void put(struct shelf *shelf, struct cc_section *section)
{
    slot_of(shelf, section->kind, section->name)->section = section;
    shelf->used++;
}

/* Moves all sections to a table of twice the size. */
static void make_room(struct reader *reader)
{
    struct shelf *shelf = &reader->shelf;
    size_t count = 0;

    for (const struct cc_section *at = reader->into->sections; at; at = at->next) {
        count++;
    }
    *shelf = (struct shelf){.size = 64};
    while (shelf->size < 4 * count) {
        shelf->size *= 2;
    }
    shelf->slots = cc_alloc(reader->mem, shelf->size * sizeof(*shelf->slots));
    for (const struct cc_section *at = reader->into->sections; at; at = at->next) {
        put(shelf, (struct cc_section *)at); /* ours, through the const view of the others */
    }
}

static struct cc_section *open_section(struct reader *reader, enum cc_section_kind kind,
                                       const char *name)
{
    struct cc_section *section = slot_of(&reader->shelf, kind, name)->section;

    if (section) {
        return section;
    }
    section = cc_alloc(reader->mem, sizeof(*section));
    *section = (struct cc_section){.kind = kind,
                                   .name = name,
                                   .file = reader->file,
                                   .line = reader->line,
                                   .next = reader->into->sections};
    reader->into->sections = section;
    if (reader->shelf.used >= reader->shelf.size / 2) {
        make_room(reader);
    } else {
        put(&reader->shelf, section);
    }
    return section;
}

/* [profile default] wins over [default], in any order in the config file. */
static struct cc_section *open_default(struct reader *reader, bool prefixed)
{
    struct cc_section *section = slot_of(&reader->shelf, CC_SECTION_PROFILE, "default")->section;

    if (!prefixed && reader->prefixed_default) {
        ignore(reader, "default", "[profile default] in the same file is used instead");
        return &reader->ignored_section;
    }
    if (prefixed && !reader->prefixed_default && section) {
        section->properties = NULL;
    }
    reader->prefixed_default = reader->prefixed_default || prefixed;
    return open_section(reader, CC_SECTION_PROFILE, "default");
}

static void end_property(struct reader *reader)
{
    if (reader->property && reader->property->continued) {
        reader->property->value = reader->value.text;
    }
    reader->property = NULL;
}

static bool read_section(struct reader *reader, const char *line, struct cc_error *err)
{
    const char *end = cc_title_end(line);

    end_property(reader);
    if (!end) {
        return refuse(reader, err, "a section must end with ']', and only a comment may follow",
                      "write it as [profile NAME], [sso-session NAME] or [services NAME]; in the "
                      "credentials file as [NAME]");
    }
    const char *text =
        cc_text_trim(reader->mem, cc_text_dup(reader->mem, line + 1, (size_t)(end - line) - 1));
    const struct cc_title title = cc_title_read(reader->mem, text, reader->credentials);
    if (!title.name) {
        reader->section = &reader->ignored_section;
        if (title.why) {
            ignore(reader, text, title.why);
        }
    } else if (!reader->credentials && title.kind == CC_SECTION_PROFILE &&
               strcmp(title.name, "default") == 0) {
        reader->section = open_default(reader, title.prefixed);
    } else {
        reader->section = open_section(reader, title.kind, title.name);
    }
    return true;
}

/* The text before a comment, which needs a blank before it. */
static const char *without_comment(struct cc_arena *mem, const char *line)
{
    for (const char *at = line; *at; at++) {
        if ((*at == ' ' || *at == '\t') && (at[1] == '#' || at[1] == ';')) {
            return cc_text_dup(mem, line, (size_t)(at - line));
        }
    }
    return line;
}

/* "key = value" in two trimmed halves; the key in lower case. */
static bool split(struct reader *reader, const char *line, struct cc_property *property,
                  struct cc_error *err)
{
    const char *equals = strchr(line, '=');
    const char *key = NULL;

    if (!equals) {
        return refuse(reader, err, "a property needs an '='", "write it as `key = value`");
    }
    key = cc_text_trim(reader->mem, cc_text_dup(reader->mem, line, (size_t)(equals - line)));
    if (!key[0]) {
        return refuse(reader, err, "there is no name before the '='", "write it as `key = value`");
    }
    *property = (struct cc_property){.key = cc_text_lower(reader->mem, key),
                                     .value = cc_text_trim(reader->mem, equals + 1),
                                     .file = reader->file,
                                     .line = reader->line};
    return true;
}

static bool read_property(struct reader *reader, const char *line, struct cc_error *err)
{
    struct cc_property made = {0};

    if (!reader->section) {
        return refuse(reader, err, "a property comes before the first section",
                      reader->credentials ? "put a line such as [default] before it"
                                          : "put a line such as [default] or [profile NAME] "
                                            "before it");
    }
    if (!split(reader, without_comment(reader->mem, line), &made, err)) {
        return false;
    }
    end_property(reader);
    reader->property = &reader->ignored_property;
    if (reader->section == &reader->ignored_section) {
        *reader->property = made;
        return true;
    }
    if (!cc_text_consists(made.key, KEY_CHARS, reader->len)) {
        ignore(reader, NULL,
               "a property name can only have letters, digits and characters of _-/.%@:+");
        *reader->property = made;
        return true;
    }
    reader->property = cc_alloc(reader->mem, sizeof(*reader->property));
    made.next = reader->section->properties; /* the last one comes first, and wins */
    reader->section->properties = reader->property;
    *reader->property = made;
    return true;
}

static bool read_nested(struct reader *reader, const char *line, struct cc_error *err)
{
    struct cc_property made = {0};

    if (line[0] == '#' || line[0] == ';') {
        return true;
    }
    if (!split(reader, line, &made, err)) {
        return false;
    }
    struct cc_property *nested = cc_alloc(reader->mem, sizeof(*nested));
    made.next = reader->property->nested;
    *nested = made;
    reader->property->nested = nested;
    return true;
}

/* The lines are joined at the end: a value can have a hundred thousand. */
static void go_on(struct reader *reader, const char *text)
{
    struct cc_property *property = reader->property;

    if (!property->continued) {
        property->continued = reader->line;
        reader->value = cc_buf_new(reader->mem, reader->len + 1);
        cc_buf_text(&reader->value, property->value);
    }
    if (!property->comment && (text[0] == '#' || text[0] == ';')) {
        property->comment = reader->line;
    }
    cc_buf_text(&reader->value, "\n");
    cc_buf_text(&reader->value, text);
}

/* A line that begins with a blank continues the value, including comment characters. */
static bool read_continuation(struct reader *reader, const char *line, struct cc_error *err)
{
    const char *text = cc_text_trim(reader->mem, line);

    if (!reader->property) {
        return text[0] == '#' || text[0] == ';' ||
               refuse(reader, err, "it is indented, and there is no property before it to continue",
                      "remove the blanks at its beginning");
    }
    if (cc_text_blank(reader->property->value)) {
        return read_nested(reader, text, err);
    }
    go_on(reader, text);
    return true;
}

static bool read_line(struct reader *reader, const char *line, struct cc_error *err)
{
    if (cc_text_blank(line) || line[0] == '#' || line[0] == ';') {
        return true;
    }
    if (line[0] == '[') {
        return read_section(reader, line, err);
    }
    return isspace((unsigned char)line[0]) ? read_continuation(reader, line, err)
                                           : read_property(reader, line, err);
}

static bool read_lines(struct reader *reader, const char *text, const char *end,
                       struct cc_error *err)
{
    while (text < end) {
        size_t width = strcspn(text, "\n");

        reader->line++;
        if (!read_line(reader, cc_text_dup(reader->mem, text, width), err)) {
            return false;
        }
        text += width + (text[width] == '\n');
    }
    return true;
}

bool cc_ini_parse(struct cc_arena *mem, struct cc_bytes content, const char *file, bool credentials,
                  struct cc_profiles *into, struct cc_error *err)
{
    struct reader reader = {.mem = mem,
                            .into = into,
                            .file = file,
                            .credentials = credentials,
                            .len = content.len,
                            .ignored_end = &into->ignored};

    if (memchr(content.text, '\0', content.len)) {
        reader.line = 1;
        return refuse(&reader, err, "the file holds a NUL byte, so it is not text",
                      "save it as plain UTF-8 text");
    }
    while (*reader.ignored_end) {
        reader.ignored_end = &((struct cc_ignored *)*reader.ignored_end)->next;
    }
    make_room(&reader);
    const char *end = content.text + content.len;
    bool understood = read_lines(&reader, cc_text_after_mark(content.text, &content.len), end, err);
    end_property(&reader);
    return understood;
}
