#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators"). */

static bool text_equals(const struct cc_comparing *comparing, const char *have, const char *want)
{
    (void)comparing;
    return cc_text_equal(have, want);
}

static bool text_equals_nocase(const struct cc_comparing *comparing, const char *have,
                               const char *want)
{
    (void)comparing;
    return cc_text_equal_nocase(have, want);
}

static bool text_like(const struct cc_comparing *comparing, const char *have, const char *want)
{
    return cc_pattern_fits(want, have, CC_PATTERN_TEXT, comparing->work);
}

static bool arn_like(const struct cc_comparing *comparing, const char *have, const char *want)
{
    return cc_pattern_fits_arn(want, have, comparing->work);
}

static bool flag_equals(const struct cc_comparing *comparing, const char *have, const char *want)
{
    const bool is_flag = cc_text_is_true(have) || cc_text_equal_nocase(have, "false");

    return is_flag && text_equals_nocase(comparing, have, want);
}

static bool binary_equals(const struct cc_comparing *comparing, const char *have, const char *want)
{
    struct cc_arena *mem = comparing->mem;
    const char *bytes[2];
    size_t sizes[2];

    return cc_text_unbase64(mem, have, strlen(have), &bytes[0], &sizes[0]) &&
           cc_text_unbase64(mem, want, strlen(want), &bytes[1], &sizes[1]) &&
           sizes[0] == sizes[1] && memcmp(bytes[0], bytes[1], sizes[0]) == 0;
}

/* --- numbers and times --- */

static bool number_of(const char *text, double *number)
{
    char *end = NULL;
    const char first = text[strspn(text, "+-")];

    if (!isdigit((unsigned char)first) && first != '.') {
        return false; /* strtod also reads "inf", "nan" and blanks */
    }
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number) && !strpbrk(text, "xX");
}

static bool number_order(struct cc_arena *mem, const char *have, const char *want, int *order)
{
    double a = 0;
    double b = 0;

    (void)mem;
    if (!number_of(have, &a) || !number_of(want, &b)) {
        return false;
    }
    *order = (a > b) - (a < b);
    return true;
}

#define EPOCH_IN_MS 1e11 /* larger numbers are milliseconds: seconds until the year 5138 */

/* The shorter forms of W3C: "2026-11", "2026-11-28", "2026-11-28T10:00Z". A year alone is a number
 * of seconds. */
static const char *whole_date(struct cc_arena *mem, const char *text)
{
    const size_t len = strlen(text);

    if (len == strlen("2026-11")) {
        return cc_textf(mem, "%s-01T00:00:00Z", text);
    }
    if (len == strlen("2026-11-28")) {
        return cc_textf(mem, "%sT00:00:00Z", text);
    }
    const bool no_seconds = len >= strlen("2026-11-28T10:00") && text[13] == ':' && text[16] != ':';
    return no_seconds ? cc_textf(mem, "%.16s:00%s", text, text + 16) : text;
}

static bool moment_of(struct cc_arena *mem, const char *text, double *moment)
{
    int64_t seconds = 0;

    text = cc_text_trim(mem, text);
    if (number_of(text, moment)) {
        *moment = fabs(*moment) > EPOCH_IN_MS ? *moment / 1000 : *moment;
        return true;
    }
    if (!cc_time_from_iso(whole_date(mem, text), &seconds)) {
        return false;
    }
    const char *fraction = strchr(text, '.');
    *moment = (double)seconds + (fraction ? strtod(fraction, NULL) : 0);
    return true;
}

static bool moment_order(struct cc_arena *mem, const char *have, const char *want, int *order)
{
    double a = 0;
    double b = 0;

    if (!moment_of(mem, have, &a) || !moment_of(mem, want, &b)) {
        return false;
    }
    *order = (a > b) - (a < b);
    return true;
}

#define ORDERED(type, suffix, test)                                                     \
    static bool type##_##suffix(const struct cc_comparing *comparing, const char *have, \
                                const char *want)                                       \
    {                                                                                   \
        int order = 0;                                                                  \
                                                                                        \
        return type##_order(comparing->mem, have, want, &order) && order test 0;        \
    }
#define ORDERED_ALL(type)            \
    ORDERED(type, equals, ==)        \
    ORDERED(type, less, <)           \
    ORDERED(type, less_or_equal, <=) \
    ORDERED(type, greater, >)        \
    ORDERED(type, greater_or_equal, >=)

ORDERED_ALL(number)
ORDERED_ALL(moment)

/* --- addresses --- */

struct address {
    unsigned char bytes[16];
    int bits;
};

static bool address_of(const char *text, struct address *address)
{
    *address = (struct address){.bits = 32};
    if (inet_pton(AF_INET, text, address->bytes) == 1) {
        return true;
    }
    address->bits = 128;
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

static bool same_bits(const struct address *a, const struct address *b, int64_t bits)
{
    const size_t whole = (size_t)bits / 8;
    const int rest = (int)(bits % 8);
    const unsigned char mask = (unsigned char)(0xff00 >> rest);

    return memcmp(a->bytes, b->bytes, whole) == 0 &&
           (rest == 0 || ((a->bytes[whole] ^ b->bytes[whole]) & mask) == 0);
}

/* `want` is an address or a CIDR block. */
static bool address_in(const struct cc_comparing *comparing, const char *have, const char *want)
{
    const char *slash = strchr(want, '/');
    const char *host = slash ? cc_text_dup(comparing->mem, want, (size_t)(slash - want)) : want;
    struct address one;
    struct address block;

    if (!address_of(have, &one) || !address_of(host, &block) || one.bits != block.bits) {
        return false;
    }
    int64_t bits = block.bits;
    return (!slash || cc_text_number(slash + 1, 0, block.bits, &bits)) &&
           same_bits(&one, &block, bits);
}

/*
 * What each type of operator has: variables are replaced in texts, ARNs and flags, as the table of
 * each type in the User Guide says, and a comparison takes about as long as so many steps in a
 * pattern.
 */
#define TEXT    .steps = 8, .variables = true
#define PATTERN TEXT, .pattern = true
#define PARSED  .steps = 48
#define DATE    .steps = 128
#define NOT     .negated = true

// clang-format off
static const struct cc_operator operators[] = {
    {"StringEquals", TEXT, .same = text_equals},
    {"StringNotEquals", TEXT, .same = text_equals, NOT},
    {"StringEqualsIgnoreCase", TEXT, .same = text_equals_nocase},
    {"StringNotEqualsIgnoreCase", TEXT, .same = text_equals_nocase, NOT},
    {"StringLike", PATTERN, .same = text_like},
    {"StringNotLike", PATTERN, .same = text_like, NOT},
    {"NumericEquals", PARSED, .same = number_equals},
    {"NumericNotEquals", PARSED, .same = number_equals, NOT},
    {"NumericLessThan", PARSED, .same = number_less},
    {"NumericLessThanEquals", PARSED, .same = number_less_or_equal},
    {"NumericGreaterThan", PARSED, .same = number_greater},
    {"NumericGreaterThanEquals", PARSED, .same = number_greater_or_equal},
    {"DateEquals", DATE, .same = moment_equals},
    {"DateNotEquals", DATE, .same = moment_equals, NOT},
    {"DateLessThan", DATE, .same = moment_less},
    {"DateLessThanEquals", DATE, .same = moment_less_or_equal},
    {"DateGreaterThan", DATE, .same = moment_greater},
    {"DateGreaterThanEquals", DATE, .same = moment_greater_or_equal},
    {"Bool", TEXT, .same = flag_equals},
    {"BinaryEquals", PARSED, .same = binary_equals},
    {"IpAddress", PARSED, .same = address_in},
    {"NotIpAddress", PARSED, .same = address_in, NOT},
    {"ArnEquals", PATTERN, .same = arn_like},
    {"ArnNotEquals", PATTERN, .same = arn_like, NOT},
    {"ArnLike", PATTERN, .same = arn_like},
    {"ArnNotLike", PATTERN, .same = arn_like, NOT},
    {"Null", .null = true},
};
// clang-format on

const struct cc_operator *cc_operator_named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(operators); i++) {
        if (cc_text_equal_nocase(operators[i].name, name)) {
            return &operators[i];
        }
    }
    return NULL;
}
