#include "credctl/mcp/scan.h"

#include "credctl/base/compiler.h"

#include <string.h>

/* Which object this is: only members of these are looked for. */
enum spot { ELSEWHERE, WHOLE, BATCH, PARAMS, META };

/* What may come next. */
enum want { VALUE, VALUE_OR_END, NAME, NAME_OR_END, AFTER, NOTHING, FAILED };

struct level {
    bool list;
    enum spot spot;
    int place;         /* of the value that this is: an enum cc_mcp_place, or -1 */
    const char *began; /* the value */
};

struct reading {
    const char *at;
    const char *end;
    struct cc_mcp_scan *scan;
    struct cc_mcp_span name; /* of the member whose value comes next */
    size_t depth;
    struct level levels[CC_MCP_DEPTH + 1];
};

static const struct {
    enum spot in;
    const char *name;
    enum spot spot; /* what the value is */
    int place;
} known[] = {
    {WHOLE, "id", ELSEWHERE, CC_MCP_ID},
    {WHOLE, "params", PARAMS, -1},
    {PARAMS, "requestId", ELSEWHERE, CC_MCP_REQUEST_ID},
    {PARAMS, "arguments", ELSEWHERE, CC_MCP_ARGUMENTS},
    {PARAMS, "_meta", META, -1},
    {META, "progressToken", ELSEWHERE, CC_MCP_TOKEN},
};

static enum want fail(struct reading *reading, const char *why)
{
    reading->scan->why = why;
    return FAILED;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct reading *reading)
{
    while (reading->at < reading->end && blank(*reading->at)) {
        reading->at++;
    }
}

static bool digit(const struct reading *reading)
{
    return reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9';
}

static bool digits(struct reading *reading)
{
    const char *began = reading->at;

    while (digit(reading)) {
        reading->at++;
    }
    return reading->at > began;
}

static bool take(struct reading *reading, const char *one_of)
{
    if (reading->at < reading->end && *reading->at && strchr(one_of, *reading->at)) {
        reading->at++;
        return true;
    }
    return false;
}

static bool number(struct reading *reading)
{
    (void)take(reading, "-");
    if (!take(reading, "0") && !digits(reading)) {
        return false;
    }
    if (take(reading, ".") && !digits(reading)) {
        return false;
    }
    if (take(reading, "eE")) {
        (void)take(reading, "+-");
        return digits(reading);
    }
    return true;
}

static bool word(struct reading *reading, const char *expected)
{
    const size_t len = strlen(expected);

    if ((size_t)(reading->end - reading->at) < len || memcmp(reading->at, expected, len) != 0) {
        return false;
    }
    reading->at += len;
    return true;
}

/* The four digits after \u; -1 when they are not there. */
static long unit(struct reading *reading)
{
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    long value = 0;

    for (int i = 0; i < 4; i++) {
        const char *found =
            reading->at < reading->end && *reading->at ? strchr(hex, *reading->at) : NULL;

        if (!found) {
            return -1;
        }
        value = value * 16 + (found - hex) % 16;
        reading->at++;
    }
    return value;
}

static void flaw(struct reading *reading, const char *says)
{
    reading->scan->flaw = reading->scan->flaw ? reading->scan->flaw : says;
}

/* Behind the first half of a pair. */
static bool second_half(struct reading *reading)
{
    const char *before = reading->at;
    const long second = word(reading, "\\u") ? unit(reading) : -1;

    if (second >= 0xdc00 && second <= 0xdfff) {
        return true;
    }
    reading->at = before; /* what follows is read by itself */
    return false;
}

/* Behind the backslash. */
static bool escape(struct reading *reading)
{
    if (take(reading, "\"\\/bfnrt")) {
        return true;
    }
    const long first = take(reading, "u") ? unit(reading) : -1;
    if (first == 0) {
        flaw(reading, "a text holds a NUL");
    }
    if (first >= 0xd800 && first <= 0xdfff && (first > 0xdbff || !second_half(reading))) {
        flaw(reading, "a text holds half a surrogate pair");
    }
    return first >= 0;
}

/* One character of more than one byte (RFC 3629): shortest form, no surrogates. */
static bool wide(struct reading *reading)
{
    const unsigned char *at = (const unsigned char *)reading->at;
    const size_t left = (size_t)(reading->end - reading->at);
    const size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    const unsigned char least = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;

    if (at[0] < 0xc2 || at[0] > 0xf4 || left < len || at[1] < least || at[1] > most) {
        return false;
    }
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return false;
        }
    }
    reading->at += len;
    return true;
}

/* One character of a text, which is not its closing quote. NULL: it was read. */
static const char *character(struct reading *reading)
{
    const unsigned char c = (unsigned char)*reading->at;

    if (c >= 0x80) {
        return wide(reading) ? NULL : "it is not UTF-8";
    }
    if (c < ' ') {
        return "a text holds a control character";
    }
    reading->at++;
    return c != '\\' || escape(reading) ? NULL : "an escape in a text is malformed";
}

/* Behind the opening quote. NULL: it was read with its closing quote. */
static const char *string(struct reading *reading)
{
    while (reading->at < reading->end && *reading->at != '"') {
        const char *why = character(reading);

        if (why) {
            return why;
        }
    }
    return take(reading, "\"") ? NULL : "a text has no end";
}

static struct level *top(struct reading *reading)
{
    return &reading->levels[reading->depth];
}

/* The row of `known` for the value that comes next; -1: none. */
static int row_of_next(struct reading *reading)
{
    const struct level *in = top(reading);

    for (size_t i = 0; !in->list && i < CC_COUNT(known); i++) {
        if (known[i].in == in->spot && strlen(known[i].name) == reading->name.len &&
            memcmp(known[i].name, reading->name.text, reading->name.len) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void found(struct reading *reading, int place, const char *began)
{
    if (place >= 0) {
        reading->scan->at[place] = (struct cc_mcp_span){began, (size_t)(reading->at - began)};
    }
}

/* An item of a batch has ended, or the value of a member. */
static enum want value_done(struct reading *reading, int place, const char *began)
{
    struct cc_mcp_scan *scan = reading->scan;

    found(reading, place, began);
    if (reading->depth == 0) {
        return NOTHING;
    }
    if (top(reading)->spot == BATCH) {
        if (scan->item_count < CC_MCP_BATCH_MAX) {
            scan->items[scan->item_count] =
                (struct cc_mcp_span){began, (size_t)(reading->at - began)};
        }
        scan->item_count++;
    }
    return AFTER;
}

static enum want begin(struct reading *reading, bool list, int row)
{
    const bool first = reading->depth == 0;

    if (reading->depth == CC_MCP_DEPTH) {
        return fail(reading, "it is nested too deeply");
    }
    const struct level level = {
        .list = list,
        .spot = first ? (list ? BATCH : WHOLE) : (row >= 0 && !list ? known[row].spot : ELSEWHERE),
        .place = row >= 0 ? known[row].place : -1,
        .began = reading->at - 1,
    };
    reading->depth++;
    *top(reading) = level;
    reading->scan->list = reading->scan->list || (first && list);
    return list ? VALUE_OR_END : NAME_OR_END;
}

static enum want end(struct reading *reading, bool list)
{
    const struct level level = *top(reading);

    if (reading->depth == 0 || level.list != list) {
        return fail(reading, "a bracket does not fit");
    }
    reading->depth--;
    return value_done(reading, level.place, level.began);
}

static enum want scalar(struct reading *reading, int row)
{
    const char *began = reading->at;
    const char *why = NULL;

    switch (*began) {
    case '"':
        reading->at++;
        why = string(reading);
        break;
    case 't': why = word(reading, "true") ? NULL : "it is not JSON"; break;
    case 'f': why = word(reading, "false") ? NULL : "it is not JSON"; break;
    case 'n': why = word(reading, "null") ? NULL : "it is not JSON"; break;
    default: why = number(reading) ? NULL : "it is not JSON"; break;
    }
    return why ? fail(reading, why) : value_done(reading, row >= 0 ? known[row].place : -1, began);
}

static enum want value(struct reading *reading)
{
    const int row = reading->depth > 0 ? row_of_next(reading) : -1;

    if (take(reading, "{")) {
        return begin(reading, false, row);
    }
    return take(reading, "[") ? begin(reading, true, row) : scalar(reading, row);
}

static enum want name(struct reading *reading)
{
    const char *began = reading->at + 1;

    if (!take(reading, "\"")) {
        return fail(reading, "a member has no name");
    }
    const char *why = string(reading);
    if (why) {
        return fail(reading, why);
    }
    reading->name = (struct cc_mcp_span){began, (size_t)(reading->at - began - 1)};
    skip_blanks(reading);
    return take(reading, ":") ? VALUE : fail(reading, "a colon is missing");
}

static enum want after(struct reading *reading)
{
    const bool list = top(reading)->list;

    if (take(reading, ",")) {
        return list ? VALUE : NAME;
    }
    return take(reading, list ? "]" : "}") ? end(reading, list)
                                           : fail(reading, "a comma or a bracket is missing");
}

static enum want step(struct reading *reading, enum want want)
{
    switch (want) {
    case VALUE_OR_END: return take(reading, "]") ? end(reading, true) : value(reading);
    case NAME_OR_END: return take(reading, "}") ? end(reading, false) : name(reading);
    case NAME: return name(reading);
    case AFTER: return after(reading);
    default: return value(reading);
    }
}

bool cc_mcp_scan(const char *text, size_t len, struct cc_mcp_scan *scan)
{
    struct reading reading = {.at = text, .end = text + len, .scan = scan};
    enum want want = VALUE;

    scan->why = scan->flaw = NULL;
    scan->list = false;
    scan->item_count = 0;
    memset(scan->at, 0, sizeof(scan->at));
    while (want != NOTHING && want != FAILED) {
        skip_blanks(&reading);
        if (reading.at == reading.end) {
            scan->why = "it has no end";
            return false;
        }
        want = step(&reading, want);
    }
    skip_blanks(&reading);
    if (want == NOTHING && reading.at < reading.end) {
        scan->why = "something follows it";
        return false;
    }
    return want == NOTHING;
}
