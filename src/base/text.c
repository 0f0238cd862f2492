#include "credctl/base/text.h"

#include "credctl/base/buf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool cc_text_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool cc_text_equal_nocase(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

bool cc_text_starts(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

bool cc_text_ends(const char *text, const char *end)
{
    size_t len = text ? strlen(text) : 0;
    size_t tail = strlen(end);

    return text && len >= tail && strcmp(text + len - tail, end) == 0;
}

bool cc_text_is_true(const char *text)
{
    return cc_text_equal_nocase(text, "true");
}

const char *cc_text_after_mark(const char *text, size_t *len)
{
    if (*len < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0) {
        return text;
    }
    *len -= 3;
    return text + 3;
}

bool cc_text_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n\v\f")] == '\0';
}

bool cc_text_consists(const char *text, const char *others, size_t max)
{
    size_t len = text ? strlen(text) : 0;

    if (!text || len == 0 || len > max) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)text[i]) && !strchr(others, text[i])) {
            return false;
        }
    }
    return true;
}

bool cc_text_digits(const char *text, size_t exactly)
{
    return text && strlen(text) == exactly && strspn(text, "0123456789") == exactly;
}

/* Well-formed UTF-8 by its first byte and the range of its second (Unicode 15, table 3-7). */
static const struct {
    unsigned char first;
    unsigned char last;
    unsigned char low;
    unsigned char high;
    size_t size;
} forms[] = {
    {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

/* The length in bytes of the character at this place; 0 when it is not one. */
static size_t character(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t i = 0;

    while (i < CC_COUNT(forms) && (*at < forms[i].first || *at > forms[i].last)) {
        i++;
    }
    if (i == CC_COUNT(forms) ||
        (forms[i].size > 1 && (at[1] < forms[i].low || at[1] > forms[i].high))) {
        return 0;
    }
    for (size_t more = 2; more < forms[i].size; more++) {
        if ((at[more] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return forms[i].size;
}

/* Nearly all text is ASCII only. */
static const char *behind_ascii(const char *text)
{
    while ((signed char)*text > 0) {
        text++;
    }
    return text;
}

bool cc_text_is_utf8(const char *text)
{
    for (text = behind_ascii(text); *text; text = behind_ascii(text)) {
        size_t size = character(text);

        if (size == 0) {
            return false;
        }
        text += size;
    }
    return true;
}

size_t cc_text_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

void cc_text_make_utf8(char *text)
{
    while (*text) {
        size_t size = character(text);

        if (size == 0) {
            *text = '?';
        }
        text += size ? size : 1;
    }
}

/* U+0080..U+009F are control sequences for 8-bit terminals; U+202A..U+202E and U+2066..U+2069
 * change the order in which text is shown. */
static bool unprintable(const char *at, size_t size)
{
    const unsigned char *c = (const unsigned char *)at;

    return (size == 1 && (c[0] < ' ' || c[0] == 0x7f)) ||
           (size == 2 && c[0] == 0xc2 && c[1] < 0xa0) ||
           (size == 3 && c[0] == 0xe2 &&
            ((c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
             (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)));
}

void cc_text_make_printable(char *text)
{
    while (*text >= ' ' && *text < 0x7f) { /* as nearly all is */
        text++;
    }
    cc_text_make_utf8(text);
    while (*text) {
        size_t size = character(text);

        if (unprintable(text, size)) {
            memset(text, '?', size);
        }
        text += size;
    }
}

const char *cc_text_printable(struct cc_arena *mem, const char *text)
{
    char *copy = cc_text_dup(mem, text, strlen(text));

    cc_text_make_printable(copy);
    return copy;
}

const char *cc_text_trim(struct cc_arena *mem, const char *text)
{
    text += strspn(text, " \t\r\n\v\f");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n\v\f", text[len - 1])) {
        len--;
    }
    return cc_text_dup(mem, text, len);
}

const char *cc_text_lower(struct cc_arena *mem, const char *text)
{
    char *copy = cc_text_dup(mem, text, strlen(text));

    for (char *c = copy; *c; c++) {
        if (*c >= 'A' && *c <= 'Z') {
            *c = (char)(*c - 'A' + 'a');
        }
    }
    return copy;
}

bool cc_text_number(const char *text, int64_t least, int64_t most, int64_t *number)
{
    char *end = NULL;

    if (!text ||
        !(isdigit((unsigned char)text[0]) || (text[0] == '-' && isdigit((unsigned char)text[1])))) {
        return false;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < least || value > most) {
        return false;
    }
    *number = value;
    return true;
}

const char *cc_text_percent(struct cc_arena *mem, const char *text, bool keep_slash)
{
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = cc_alloc(mem, strlen(text) * 3 + 1);
    char *to = encoded;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (isalnum(byte) || strchr("-._~", *text) || (keep_slash && *text == '/')) {
            *to++ = *text;
            continue;
        }
        *to++ = '%';
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    return encoded;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) % 16 : -1;
}

const char *cc_text_unpercent(struct cc_arena *mem, const char *text)
{
    char *decoded = cc_text_dup(mem, text, strlen(text));
    char *to = decoded;

    for (; *text; text++) {
        int high = *text == '%' ? hex_digit(text[1]) : -1;
        int low = high >= 0 ? hex_digit(text[2]) : -1;

        if (low >= 0 && high + low > 0) {
            *to++ = (char)(high << 4 | low);
            text += 2;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return decoded;
}

void cc_text_hex(char *to, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to = '\0';
}

const char *cc_text_base64url(struct cc_arena *mem, const unsigned char *bytes, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *text = cc_alloc(mem, size / 3 * 4 + 5);
    char *to = text;
    unsigned held = 0;
    int bits = 0;

    for (size_t i = 0; i < size; i++) {
        held = held << 8 | bytes[i];
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            *to++ = letters[held >> bits & 63];
        }
    }
    if (bits > 0) {
        *to++ = letters[held << (6 - bits) & 63];
    }
    return text;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
}

bool cc_text_unbase64(struct cc_arena *mem, const char *text, size_t len, const char **bytes,
                      size_t *size)
{
    char *decoded = cc_alloc(mem, len / 4 * 3 + 4);
    char *to = decoded;
    unsigned held = 0;
    int bits = 0;

    size_t padded = len;
    while (len > 0 && text[len - 1] == '=') {
        len--;
    }
    if (len % 4 == 1 || (padded != len && (padded % 4 != 0 || padded - len > 2))) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        int digit = base64_digit(text[i]);

        if (digit < 0) {
            return false;
        }
        held = (held << 6 | (unsigned)digit) & 0xffffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *to++ = (char)(held >> bits & 0xff);
        }
    }
    if ((held & ((1U << bits) - 1)) !=
        0) { /* unused bits are set: a second spelling of the same bytes */
        return false;
    }
    *bytes = decoded;
    *size = (size_t)(to - decoded);
    return true;
}

#define NAME_MAX_LEN 40

/* Edit distance of two short words; long words never count as near. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_LEN + 1];
    size_t width = strlen(b);

    if (strlen(a) > NAME_MAX_LEN || width > NAME_MAX_LEN) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[width];
}

const char *cc_text_nearest(const char *typed, const char *(*next)(const void *list, size_t i),
                            const void *list)
{
    const char *nearest = NULL;
    size_t least = strlen(typed) / 3 + 2;

    for (size_t i = 0; next(list, i); i++) {
        const char *name = next(list, i);
        size_t far = typed[0] && cc_text_starts(name, typed) ? 1 : distance(typed, name);

        if (far < least) {
            least = far;
            nearest = name;
        }
    }
    return nearest;
}

const char *cc_text_sh_quoted(struct cc_arena *mem, const char *text)
{
    struct cc_buf out = cc_buf_new(mem, SIZE_MAX);

    cc_buf_text(&out, "'");
    for (; *text; text++) {
        if (*text == '\'') {
            cc_buf_text(&out, "'\\''");
        } else {
            cc_buf_add(&out, text, 1);
        }
    }
    cc_buf_text(&out, "'");
    return out.text;
}

const char *cc_text_sh_word(struct cc_arena *mem, const char *text)
{
    return cc_text_consists(text, "_-+=/.:,@%", SIZE_MAX) ? text : cc_text_sh_quoted(mem, text);
}

bool cc_text_matches(const char *pattern, const char *text)
{
    const char *star = NULL;
    const char *retry = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

/* Invisible characters, which are copied along when text is copied from a screen. */
static const struct {
    const char *utf8;
    const char *name;
} unseen[] = {
    {"\xc2\xa0", "a no-break space (U+00A0)"},
    {"\xc2\xad", "a soft hyphen (U+00AD)"},
    {"\xe1\xa0\x8e", "a vowel separator (U+180E)"},
    {"\xe2\x80\x8b", "a zero-width space (U+200B)"},
    {"\xe2\x80\x8c", "a zero-width non-joiner (U+200C)"},
    {"\xe2\x80\x8d", "a zero-width joiner (U+200D)"},
    {"\xe2\x80\x8e", "a left-to-right mark (U+200E)"},
    {"\xe2\x80\x8f", "a right-to-left mark (U+200F)"},
    {"\xe2\x80\xa8", "a line separator (U+2028)"},
    {"\xe2\x80\xa9", "a paragraph separator (U+2029)"},
    {"\xe2\x80\xaa", "a direction mark (U+202A)"},
    {"\xe2\x80\xab", "a direction mark (U+202B)"},
    {"\xe2\x80\xac", "a direction mark (U+202C)"},
    {"\xe2\x80\xad", "a direction mark (U+202D)"},
    {"\xe2\x80\xae", "a direction mark (U+202E)"},
    {"\xe2\x80\xaf", "a narrow no-break space (U+202F)"},
    {"\xe2\x81\xa0", "a word joiner (U+2060)"},
    {"\xe3\x80\x80", "an ideographic space (U+3000)"},
    {"\xef\xbb\xbf", "a byte order mark (U+FEFF)"},
};

const char *cc_text_unseen(const char *text)
{
    while (text && (unsigned char)(*text - 1) < 0x7f) {
        text++; /* ASCII, nearly always to the end */
    }
    for (size_t i = 0; text && *text && i < CC_COUNT(unseen); i++) {
        if (strstr(text, unseen[i].utf8)) {
            return unseen[i].name;
        }
    }
    return NULL;
}
