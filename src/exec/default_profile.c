#include "default_profile.h"

#include "credctl/base/text.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t\v\f"

/* Properties that give an SDK credentials. */
static const char *const properties[] = {
    "aws_access_key_id",  "aws_secret_access_key", "aws_session_token",
    "aws_security_token", "aws_account_id",        "aws_credential_expiration",
    "credential_process", "credential_source",     "source_profile",
    "role_arn",           "role_session_name",     "external_id",
    "mfa_serial",         "duration_seconds",      "web_identity_token_file",
    "sso_session",        "sso_start_url",         "sso_region",
    "sso_account_id",     "sso_role_name",         "login_session",
};

/* What was left out, by property: its value and the lines that continue it. */
struct moved {
    struct cc_buf values[CC_COUNT(properties)];
    bool any;
};

/* Where the three readings stand. */
struct reader {
    struct moved *moved; /* or NULL: what is left out is nowhere to be kept */
    bool needed;         /* another profile builds on the default one */
    size_t property;     /* the last one left out */
    enum cc_shared_file file;
    bool flush;     /* SDKs: headers are not indented; true: in the default profile */
    bool anywhere;  /* JavaScript: a header can be indented */
    bool botocore;  /* a header can be indented when it does not continue a value */
    bool option;    /* botocore: there is a value that could be continued ... */
    size_t indent;  /* ... by lines further in than this */
    bool dropping;  /* the last property was left out ... */
    size_t dropped; /* ... and stood so far in */
};

static size_t trimmed(const char *text, size_t len)
{
    while (len > 0 && strchr(BLANKS, text[len - 1])) {
        len--;
    }
    return len;
}

/* True when it is this word, without regard to quotes and blanks around it. */
static bool is_word(const char *text, size_t len, const char *word)
{
    size_t skip = strspn(text, BLANKS);

    if (skip >= len) {
        return false;
    }
    text += skip;
    len = trimmed(text, len - skip);
    if (len >= 2 && (text[0] == '"' || text[0] == '\'') && text[len - 1] == text[0]) {
        text++;
        len = trimmed(text, len - 2);
    }
    return len == strlen(word) && strncmp(text, word, len) == 0;
}

static bool names_default(const char *title, size_t len, enum cc_shared_file file)
{
    static const char prefix[] = "profile";
    size_t skip = strspn(title, BLANKS);
    size_t word = sizeof(prefix) - 1;

    if (file == CC_FILE_BOTO) {
        return is_word(title, len, "Credentials");
    }
    if (is_word(title, len, "default")) {
        return true;
    }
    return skip + word < len && strncmp(title + skip, prefix, word) == 0 &&
           strchr(BLANKS "\"'", title[skip + word]) &&
           is_word(title + skip + word, len - skip - word, "default");
}

/* The title ends at the first or at the last bracket, depending on the version of Python. */
static bool opens_default(const char *line, size_t len, enum cc_shared_file file)
{
    const char *first = memchr(line, ']', len);
    const char *last = memrchr(line, ']', len);

    return first && (names_default(line + 1, (size_t)(first - line) - 1, file) ||
                     names_default(line + 1, (size_t)(last - line) - 1, file));
}

/* Which property the line sets; CC_COUNT(properties): none of those. */
static size_t property_of(const char *line, size_t len)
{
    size_t end = strcspn(line, "=:\r\n");
    size_t i = end < len ? 0 : CC_COUNT(properties);

    end = trimmed(line, end);
    while (i < CC_COUNT(properties) &&
           (strlen(properties[i]) != end || strncasecmp(properties[i], line, end) != 0)) {
        i++;
    }
    return i;
}

/* The place of the value in a line that sets a property. */
static size_t value_at(const char *line, size_t len)
{
    size_t at = strcspn(line, "=:") + 1;

    while (at < len && strchr(BLANKS, line[at])) {
        at++;
    }
    return at;
}

/* source_profile = default, with or without a comment behind it. */
static bool builds_on_default(const char *line, size_t len)
{
    size_t property = property_of(line, len);
    size_t at = value_at(line, len);
    size_t end = at;

    if (property == CC_COUNT(properties) || strcmp(properties[property], "source_profile") != 0) {
        return false;
    }
    while (end < len && !(end > at && strchr("#;", line[end]) && strchr(BLANKS, line[end - 1]))) {
        end++;
    }
    return end > at && is_word(line + at, end - at, "default");
}

static void keep(struct reader *reader, const char *line, size_t len, bool begins)
{
    struct moved *moved = reader->moved;

    if (!moved) {
        return;
    }
    struct cc_buf *value = &moved->values[reader->property];
    if (begins) {
        size_t at = value_at(line, len);

        *value = cc_buf_new(value->mem, value->max);
        cc_buf_addf(value, "%s = ", properties[reader->property]);
        line += at;
        len -= at;
    } else {
        cc_buf_text(value, "  ");
    }
    cc_buf_add(value, line, len);
    cc_buf_text(value, "\n");
    moved->any = true;
}

static void open_section(struct reader *reader, const char *line, size_t len, size_t indent)
{
    bool is_default = opens_default(line, len, reader->file);

    reader->anywhere = is_default;
    if (indent == 0) {
        reader->flush = is_default;
    }
    if (!reader->option || indent <= reader->indent) {
        reader->botocore = is_default;
        reader->option = false;
        reader->indent = indent;
    }
    reader->dropping = false;
}

/* True: the line is left out. */
static bool judge(struct reader *reader, const char *line, size_t len)
{
    size_t indent = strspn(line, BLANKS);
    const char *text = line + indent;

    if (indent >= len || text[0] == '#' || text[0] == ';') {
        return false;
    }
    if (text[0] == '[') {
        open_section(reader, text, len - indent, indent);
        return false;
    }
    if (reader->dropping && indent > reader->dropped) {
        keep(reader, text, len - indent, false);
        return true; /* the rest of its value */
    }
    if (!reader->option || indent <= reader->indent) {
        reader->option = true;
        reader->indent = indent;
    }
    reader->property = property_of(text, len - indent);
    reader->dropping = (reader->flush || reader->anywhere || reader->botocore) &&
                       reader->property < CC_COUNT(properties);
    reader->dropped = indent;
    if (reader->dropping) {
        keep(reader, text, len - indent, true);
    }
    return reader->dropping;
}

/* A single carriage return ends a line too, as in Python. */
static size_t line_width(const char *text, const char *end)
{
    size_t width = 0;

    while (text + width < end && text[width] != '\n' && text[width] != '\r') {
        width++;
    }
    return width;
}

static size_t end_width(const char *at, const char *end)
{
    if (at == end) {
        return 0;
    }
    return at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
}

/* The line that names the moved profile instead. */
static void point_elsewhere(const char *line, size_t width, size_t size, struct cc_buf *to)
{
    size_t indent = strspn(line, BLANKS);

    cc_buf_add(to, line, indent);
    cc_buf_text(to, "source_profile = " CC_DEFAULT_MOVED);
    cc_buf_add(to, line + width, size - width);
}

/* False when no profile was moved: then it is only known that one must be. */
static bool redirect(struct reader *reader, const char *line, size_t width, size_t size,
                     struct cc_buf *to)
{
    reader->needed = true;
    if (reader->moved) {
        point_elsewhere(line, width, size, to);
    }
    return reader->moved != NULL;
}

static bool once(struct reader *reader, const char *text, size_t len, struct cc_buf *to)
{
    const char *end = text + len;
    bool changed = false;

    while (text < end) {
        size_t width = line_width(text, end);
        size_t size = width + end_width(text + width, end);
        size_t indent = strspn(text, BLANKS);
        bool left_out = judge(reader, text, width);

        if (!left_out && indent < width && builds_on_default(text + indent, width - indent)) {
            left_out = redirect(reader, text, width, size, to);
        } else if (!left_out) {
            cc_buf_add(to, text, size);
        }
        changed = changed || left_out;
        text += size;
    }
    return changed;
}

/* What is left out may have been what made a line further down a continuation: until nothing is. */
static bool all(const char *text, size_t len, enum cc_shared_file file, struct moved *moved,
                struct cc_buf *to)
{
    struct reader reader = {.file = file, .moved = moved};
    bool changed = once(&reader, text, len, to);

    for (bool again = changed; again && !to->too_big;) {
        struct cc_buf next = cc_buf_new(to->mem, to->max);

        reader = (struct reader){.file = file, .moved = moved};
        again = once(&reader, to->text, to->len, &next);
        *to = next;
    }
    return changed;
}

bool cc_without_default(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to)
{
    return all(text, len, file, NULL, to);
}

struct cc_default_facts cc_default_look(const char *text, size_t len, enum cc_shared_file file)
{
    struct cc_arena mem = {0};
    struct cc_buf left = cc_buf_new(&mem, len + 1);
    struct reader reader = {.file = file};
    bool credentials = once(&reader, text, len, &left);

    cc_arena_wipe(&mem);
    return (struct cc_default_facts){credentials, reader.needed};
}

bool cc_move_default(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to)
{
    static const char itself_moved[] = "source_profile = " CC_DEFAULT_MOVED "\n";
    struct moved moved = {0};

    for (size_t i = 0; i < CC_COUNT(properties); i++) {
        moved.values[i] = cc_buf_new(to->mem, to->max);
    }
    bool changed = all(text, len, file, &moved, to);
    if (moved.any) {
        cc_buf_addf(to, "%s[%s" CC_DEFAULT_MOVED "]\n",
                    to->len > 0 && to->text[to->len - 1] != '\n' ? "\n" : "",
                    file == CC_FILE_CONFIG ? "profile " : "");
    }
    for (size_t i = 0; i < CC_COUNT(properties); i++) {
        const struct cc_buf *value = &moved.values[i];
        bool itself = value->len > 0 && builds_on_default(value->text, value->len - 1);

        cc_buf_add(to, itself ? itself_moved : value->text,
                   itself ? sizeof(itself_moved) - 1 : value->len);
    }
    return changed;
}
