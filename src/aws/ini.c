#include "credctl/aws/profile.h"
#include "credctl/base/text.h"

#include <ctype.h>
#include <string.h>

#define NAME_CHARS  "_-/.%@:+"
#define NAME_LENGTH 256
#define LINES_MAX   20000
#define BLANKS      " \t\r\v\f"

/* Where the parser stands. A section or property that is to be ignored is kept, but belongs to
 * nobody: what follows it is still judged. */
struct reader {
    struct cc_arena *mem;
    struct cc_profiles *into;
    const char *file;
    bool credentials;
    int line;
    bool prefixed_default; /* [profile default] was seen, so [default] does not count */
    struct cc_section *section;
    struct cc_property *property;
    struct cc_section ignored_section;
    struct cc_property ignored_property;
};

static bool refuse(const struct reader *reader, struct cc_error *err, const char *why,
                   const char *fix)
{
    cc_fail(err, CC_E_CONFIG_SYNTAX, "%s, line %d cannot be understood", reader->file,
            reader->line);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

/* Our own nodes, reached through the const view that the rest of the program has of them. */
static struct cc_section *known(const struct reader *reader, enum cc_section_kind kind,
                                const char *name)
{
    return (struct cc_section *)cc_profiles_section(reader->into, kind, name);
}

static struct cc_section *open_section(struct reader *reader, enum cc_section_kind kind,
                                       const char *name)
{
    struct cc_section *section = known(reader, kind, name);

    if (!section) {
        section = cc_alloc(reader->mem, sizeof(*section));
        *section = (struct cc_section){.kind = kind,
                                       .name = name,
                                       .file = reader->file,
                                       .line = reader->line,
                                       .next = reader->into->sections};
        reader->into->sections = section;
    }
    return section;
}

/* A bare name of the permitted characters, or anything in quotes, as the AWS CLI reads it. NULL:
 * no name. */
static const char *name_of(struct reader *reader, const char *text)
{
    const char *name = cc_text_trim(reader->mem, text);
    size_t len = strlen(name);

    if (len > 2 && len < NAME_LENGTH && (name[0] == '"' || name[0] == '\'') &&
        strchr(name + 1, name[0]) == name + len - 1) {
        return cc_text_dup(reader->mem, name + 1, len - 2);
    }
    return cc_text_consists(name, NAME_CHARS, NAME_LENGTH) ? name : NULL;
}

static const struct {
    const char *prefix;
    enum cc_section_kind kind;
} prefixes[] = {
    {"profile", CC_SECTION_PROFILE},
    {"sso-session", CC_SECTION_SSO_SESSION},
    {"services", CC_SECTION_SERVICES},
};

/* [profile default] beats [default], wherever the two stand in the config file. */
static struct cc_section *open_default(struct reader *reader, bool prefixed)
{
    struct cc_section *section = known(reader, CC_SECTION_PROFILE, "default");

    if (!prefixed && reader->prefixed_default) {
        return &reader->ignored_section;
    }
    if (prefixed && !reader->prefixed_default && section) {
        section->properties = NULL;
    }
    reader->prefixed_default = reader->prefixed_default || prefixed;
    return open_section(reader, CC_SECTION_PROFILE, "default");
}

static struct cc_section *config_section(struct reader *reader, const char *title)
{
    size_t word = strcspn(title, BLANKS);

    if (cc_text_equal(title, "default")) {
        return open_default(reader, false);
    }
    for (size_t i = 0; i < CC_COUNT(prefixes); i++) {
        const char *name = NULL;

        if (strlen(prefixes[i].prefix) != word || strncmp(prefixes[i].prefix, title, word) != 0) {
            continue;
        }
        name = name_of(reader, title + word);
        if (!name) {
            return &reader->ignored_section;
        }
        return prefixes[i].kind == CC_SECTION_PROFILE && cc_text_equal(name, "default")
                   ? open_default(reader, true)
                   : open_section(reader, prefixes[i].kind, name);
    }
    return &reader->ignored_section;
}

/* The closing bracket: not one in quotes, and not one in a comment. NULL: there is none. */
static const char *bracket_end(const char *line)
{
    char quote = '\0';

    for (const char *at = line + 1; *at; at++) {
        if (*at == quote) {
            quote = '\0';
        } else if (quote) {
            continue;
        } else if ((*at == '"' || *at == '\'') && strchr(at + 1, *at)) {
            quote = *at;
        } else if (*at == ']') {
            return at;
        } else if (*at == '#' || *at == ';') {
            return NULL;
        }
    }
    return NULL;
}

static bool read_section(struct reader *reader, const char *line, struct cc_error *err)
{
    const char *end = bracket_end(line);
    const char *rest = end ? end + 1 + strspn(end + 1, BLANKS) : NULL;

    if (!end || (*rest && *rest != '#' && *rest != ';')) {
        return refuse(reader, err, "a section must end with ']', and nothing but a comment follows",
                      "write it as [profile NAME], [sso-session NAME] or [services NAME]; in the "
                      "credentials file as [NAME]");
    }
    const char *title =
        cc_text_trim(reader->mem, cc_text_dup(reader->mem, line + 1, (size_t)(end - line) - 1));
    reader->property = NULL;
    if (!reader->credentials) {
        reader->section = config_section(reader, title);
        return true;
    }
    const char *name = name_of(reader, title);
    reader->section =
        name ? open_section(reader, CC_SECTION_PROFILE, name) : &reader->ignored_section;
    return true;
}

/* Text up to a comment, which needs a blank before it. */
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
        return refuse(reader, err, "a property stands before the first section",
                      reader->credentials ? "put a line such as [default] before it"
                                          : "put a line such as [default] or [profile NAME] "
                                            "before it");
    }
    if (!split(reader, without_comment(reader->mem, line), &made, err)) {
        return false;
    }
    reader->property = &reader->ignored_property;
    if (reader->section != &reader->ignored_section &&
        cc_text_consists(made.key, NAME_CHARS, NAME_LENGTH)) {
        reader->property = cc_alloc(reader->mem, sizeof(*reader->property));
        made.next = reader->section->properties; /* the newest first: the last one wins */
        reader->section->properties = reader->property;
    }
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

/* A line that begins with a blank: it goes on with the value, comment characters and all. */
static bool read_continuation(struct reader *reader, const char *line, struct cc_error *err)
{
    const char *text = cc_text_trim(reader->mem, line);

    if (!reader->property) {
        return text[0] == '#' || text[0] == ';' ||
               refuse(reader, err, "it is indented, and there is no property before it to continue",
                      "remove the blanks at its beginning");
    }
    if (!reader->property->value[0]) {
        return read_nested(reader, text, err);
    }
    reader->property->value = cc_textf(reader->mem, "%s\n%s", reader->property->value, text);
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

bool cc_profiles_parse(struct cc_arena *mem, struct cc_bytes content, const char *file,
                       bool credentials, struct cc_profiles *into, struct cc_error *err)
{
    struct reader reader = {.mem = mem, .into = into, .file = file, .credentials = credentials};
    const char *text = content.text;
    const char *end = text + content.len;

    if (memchr(text, '\0', content.len)) {
        reader.line = 1;
        return refuse(&reader, err, "the file holds a NUL byte, so it is not text",
                      "save it as plain UTF-8 text");
    }
    if (content.len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3; /* the byte order mark that some editors write */
    }
    while (text < end) {
        size_t width = strcspn(text, "\n");

        if (++reader.line > LINES_MAX) {
            return refuse(&reader, err, "the file has more lines than any right one",
                          "remove what does not belong there");
        }
        if (!read_line(&reader, cc_text_dup(mem, text, width), err)) {
            return false;
        }
        text += width + (text[width] == '\n');
    }
    return true;
}
