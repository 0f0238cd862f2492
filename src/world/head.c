#include "credctl/world/head.h"

#include "credctl/base/compiler.h"
#include "credctl/base/text.h"

#include <string.h>

/* Fields that decide something must not be repeated. */
static const char *const singular[] = {
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Content-Type",
    "Authorization",
    "Origin",
    "Expect",
    "MCP-Protocol-Version",
    "Mcp-Method",
    "Mcp-Name",
    "X-aws-ec2-metadata-token",
    "X-aws-ec2-metadata-token-ttl-seconds",
};

static struct cc_head_end bad(int status, const char *why)
{
    return (struct cc_head_end){.state = CC_HEAD_BAD, .status = status, .why = why};
}

static bool token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static size_t token_len(const char *text)
{
    size_t len = 0;

    while (token_char(text[len])) {
        len++;
    }
    return len;
}

/* Visible ASCII only. */
static bool target_fits(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text >= 0x7f) {
            return false;
        }
    }
    return true;
}

static bool value_fits(const char *text)
{
    for (; *text; text++) {
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

/* Splits an absolute URI into authority and path. */
static bool take_target(char *target, struct cc_head *head, char **authority)
{
    static const char scheme[] = "http://";
    char *path = target;

    if (!target_fits(target)) {
        return false;
    }
    if (target[0] != '/') {
        if (strncmp(target, scheme, sizeof(scheme) - 1) != 0) {
            return false;
        }
        *authority = target + sizeof(scheme) - 1;
        path = strchr(*authority, '/');
        if (!path || path == *authority) {
            return false;
        }
        memmove(target, *authority, (size_t)(path - *authority));
        target[path - *authority] = '\0';
        *authority = target;
    }
    char *query = strchr(path, '?');
    if (query) {
        *query = '\0';
        head->query = query + 1;
    }
    head->path = path;
    return strchr(path, '#') == NULL;
}

static struct cc_head_end take_first_line(char *line, struct cc_head *head, char **authority)
{
    size_t len = token_len(line);

    if (len == 0 || len > 16 || line[len] != ' ') {
        return bad(400, "the request line is malformed");
    }
    line[len] = '\0';
    head->method = line;
    char *target = line + len + 1;
    char *version = strrchr(target, ' ');
    if (!version || version == target) {
        return bad(400, "the request line is malformed");
    }
    *version++ = '\0';
    if (strncmp(version, "HTTP/", 5) != 0) {
        return bad(400, "the request line is malformed");
    }
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0) {
        return bad(505, "only HTTP/1.0 and HTTP/1.1 are supported");
    }
    head->newer = head->keep_alive = version[7] == '1';
    if (!take_target(target, head, authority)) {
        return bad(400, "the request target is malformed");
    }
    return (struct cc_head_end){.state = CC_HEAD_WHOLE};
}

/* No blank before the colon, and no folded lines. */
static bool take_field(char *line, struct cc_head *head)
{
    size_t len = token_len(line);

    if (len == 0 || line[len] != ':' || !value_fits(line + len + 1)) {
        return false;
    }
    line[len] = '\0';
    char *value = line + len + 1;
    value += strspn(value, " \t");
    size_t end = strlen(value);
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t')) {
        value[--end] = '\0';
    }
    head->fields[head->count++] = (struct cc_field){line, value};
    return true;
}

static bool repeated(const struct cc_head *head)
{
    for (size_t i = 0; i < CC_COUNT(singular); i++) {
        size_t seen = 0;

        for (size_t at = 0; at < head->count; at++) {
            seen += cc_text_equal_nocase(head->fields[at].name, singular[i]);
        }
        if (seen > 1) {
            return true;
        }
    }
    return false;
}

static struct cc_head_end judge_coding(struct cc_head *head, const struct cc_head_rules *rules,
                                       const char *coding, const char *length)
{
    if (length) {
        return bad(400, "Content-Length and Transfer-Encoding exclude each other");
    }
    if (!head->newer || !cc_text_equal_nocase(coding, "chunked") ||
        (!rules->chunks && !cc_text_equal(head->method, "PUT"))) {
        return bad(501, "a body needs a Content-Length");
    }
    head->chunked = true;
    head->body_len = rules->chunks ? 0 : sizeof(CC_EMPTY_CHUNKS) - 1;
    return (struct cc_head_end){.state = CC_HEAD_WHOLE};
}

static struct cc_head_end judge_body(struct cc_head *head, const struct cc_head_rules *rules)
{
    const char *length = cc_head_field(head, "Content-Length");
    const char *coding = cc_head_field(head, "Transfer-Encoding");
    const char *expect = cc_head_field(head, "Expect");
    int64_t number = 0;

    if (expect && !cc_text_equal_nocase(expect, "100-continue")) {
        return bad(417, "only Expect: 100-continue is supported");
    }
    head->expects_continue = expect != NULL;
    if (coding) {
        return judge_coding(head, rules, coding, length);
    }
    if (length && (length[0] == '-' || !cc_text_number(length, 0, INT64_MAX, &number))) {
        return bad(400, "Content-Length is malformed");
    }
    if ((uint64_t)number > rules->max_body) {
        return bad(413, "the body is too long");
    }
    head->body_len = (size_t)number;
    return (struct cc_head_end){.state = CC_HEAD_WHOLE};
}

static void judge_connection(struct cc_head *head)
{
    const char *connection = cc_head_field(head, "Connection");

    if (connection) {
        head->keep_alive = head->keep_alive ? !cc_text_equal_nocase(connection, "close")
                                            : cc_text_equal_nocase(connection, "keep-alive");
    }
}

static struct cc_head_end judge(struct cc_head *head, const char *authority,
                                const struct cc_head_rules *rules)
{
    head->host = cc_head_field(head, "Host");
    if (repeated(head)) {
        return bad(400, "a header that can be given only once is given twice");
    }
    if (!head->host || head->host[0] == '\0') {
        return bad(400, "there is no Host header");
    }
    if (authority && !cc_text_equal_nocase(authority, head->host)) {
        return bad(400, "the request target names another host than the Host header");
    }
    judge_connection(head);
    return judge_body(head, rules);
}

/* Every line ends with CR LF, and there is no other CR or LF. */
static char *cut_line(char *line, const char *end)
{
    char *feed = memchr(line, '\n', (size_t)(end - line));

    if (!feed || feed == line || feed[-1] != '\r' || memchr(line, '\0', (size_t)(feed - line))) {
        return NULL;
    }
    feed[-1] = '\0';
    return strchr(line, '\r') ? NULL : feed + 1;
}

static struct cc_head_end read_lines(char *at, const char *end, const struct cc_head_rules *rules,
                                     struct cc_head *head)
{
    char *authority = NULL;
    char *next = cut_line(at, end);

    if (!next) {
        return bad(400, "a line does not end with CR LF");
    }
    struct cc_head_end first = take_first_line(at, head, &authority);
    if (first.state != CC_HEAD_WHOLE) {
        return first;
    }
    for (at = next; at < end; at = next) {
        next = cut_line(at, end);
        if (!next) {
            return bad(400, "a line does not end with CR LF");
        }
        if (head->count == CC_FIELDS_MAX) {
            return bad(431, "there are too many headers");
        }
        if (!take_field(at, head)) {
            return bad(400, "a header is malformed");
        }
    }
    return judge(head, authority, rules);
}

struct cc_head_end cc_head_read(const char *text, size_t len, const struct cc_head_rules *rules,
                                char *room, struct cc_head *head)
{
    static const char mark[] = "\r\n\r\n";
    const size_t most = rules->max_head ? rules->max_head : CC_HEAD_MAX;
    const char *end = memmem(text, len < most ? len : most, mark, 4);

    *head = (struct cc_head){0};
    if (len > 0 && !token_char(text[0])) {
        return bad(400, "this is not an HTTP request");
    }
    if (!end) {
        return len < most ? (struct cc_head_end){.state = CC_HEAD_PART}
                          : bad(431, "the headers are too long");
    }
    size_t lines = (size_t)(end - text) + 2; /* without the empty line */
    memcpy(room, text, lines);
    room[lines] = '\0';
    struct cc_head_end outcome = read_lines(room, room + lines, rules, head);
    outcome.len = lines + 2;
    return outcome;
}

const char *cc_head_field(const struct cc_head *head, const char *name)
{
    for (size_t i = 0; i < head->count; i++) {
        if (cc_text_equal_nocase(head->fields[i].name, name)) {
            return head->fields[i].value;
        }
    }
    return NULL;
}
