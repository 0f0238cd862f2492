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

/* The state of the three parsers. */
struct reader {
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

static bool is_credential(const char *line, size_t len)
{
    size_t end = strcspn(line, "=:\r\n");

    if (end >= len) {
        return false;
    }
    end = trimmed(line, end);
    for (size_t i = 0; i < CC_COUNT(properties); i++) {
        if (strlen(properties[i]) == end && strncasecmp(properties[i], line, end) == 0) {
            return true;
        }
    }
    return false;
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
        return true; /* the rest of its value */
    }
    if (!reader->option || indent <= reader->indent) {
        reader->option = true;
        reader->indent = indent;
    }
    reader->dropping = (reader->flush || reader->anywhere || reader->botocore) &&
                       is_credential(text, len - indent);
    reader->dropped = indent;
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

static bool once(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to)
{
    struct reader reader = {.file = file};
    const char *end = text + len;
    bool changed = false;

    while (text < end) {
        size_t width = line_width(text, end);
        size_t size = width + end_width(text + width, end);
        bool left_out = judge(&reader, text, width);

        if (!left_out) {
            cc_buf_add(to, text, size);
        }
        changed = changed || left_out;
        text += size;
    }
    return changed;
}

/* Removing a line can change which lines are continuations, so this is repeated until nothing is
 * removed. */
bool cc_without_default(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to)
{
    bool changed = once(text, len, file, to);

    for (bool again = changed; again && !to->too_big;) {
        struct cc_buf next = cc_buf_new(to->mem, to->max);

        again = once(to->text, to->len, file, &next);
        *to = next;
    }
    return changed;
}
