#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators"). */

static bool text_equals(struct cc_arena *mem, const char *have, const char *want)
{
    return cc_text_equal(have, cc_pattern_plain(mem, want));
}

static bool text_equals_nocase(struct cc_arena *mem, const char *have, const char *want)
{
    return cc_text_equal_nocase(have, cc_pattern_plain(mem, want));
}

static bool text_like(struct cc_arena *mem, const char *have, const char *want)
{
    (void)mem;
    return cc_pattern_matches(want, have, false);
}

static bool arn_like(struct cc_arena *mem, const char *have, const char *want)
{
    (void)mem;
    return cc_pattern_matches_arn(want, have);
}

static bool flag_equals(struct cc_arena *mem, const char *have, const char *want)
{
    const bool is_flag = cc_text_is_true(have) || cc_text_equal_nocase(have, "false");

    return is_flag && text_equals_nocase(mem, have, want);
}

static bool binary_equals(struct cc_arena *mem, const char *have, const char *want)
{
    const char *bytes[2];
    size_t sizes[2];
    const char *plain = cc_pattern_plain(mem, want);

    return cc_text_unbase64(mem, have, strlen(have), &bytes[0], &sizes[0]) &&
           cc_text_unbase64(mem, plain, strlen(plain), &bytes[1], &sizes[1]) &&
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

    if (!number_of(have, &a) || !number_of(cc_pattern_plain(mem, want), &b)) {
        return false;
    }
    *order = (a > b) - (a < b);
    return true;
}

#define EPOCH_IN_MS 1e11 /* larger numbers are milliseconds: seconds until the year 5138 */

/* "2026-11-28T10:00Z" and "2026-11-28" are dates too. */
static const char *whole_date(struct cc_arena *mem, const char *text)
{
    const size_t len = strlen(text);

    if (len == 10) {
        return cc_textf(mem, "%sT00:00:00Z", text);
    }
    const bool no_seconds = len >= 16 && (len == 16 || !isdigit((unsigned char)text[17])) &&
                            text[13] == ':' && text[16] != ':';
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

    if (!moment_of(mem, have, &a) || !moment_of(mem, cc_pattern_plain(mem, want), &b)) {
        return false;
    }
    *order = (a > b) - (a < b);
    return true;
}

#define ORDERED(type, suffix, test)                                                       \
    static bool type##_##suffix(struct cc_arena *mem, const char *have, const char *want) \
    {                                                                                     \
        int order = 0;                                                                    \
                                                                                          \
        return type##_order(mem, have, want, &order) && order test 0;                     \
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
static bool address_in(struct cc_arena *mem, const char *have, const char *want)
{
    const char *plain = cc_pattern_plain(mem, want);
    const char *slash = strchr(plain, '/');
    const char *host = slash ? cc_text_dup(mem, plain, (size_t)(slash - plain)) : plain;
    struct address one;
    struct address block;

    if (!address_of(have, &one) || !address_of(host, &block) || one.bits != block.bits) {
        return false;
    }
    int64_t bits = block.bits;
    return (!slash || cc_text_number(slash + 1, 0, block.bits, &bits)) &&
           same_bits(&one, &block, bits);
}

// clang-format off
static const struct cc_operator operators[] = {
    {"StringEquals", false, false, text_equals},
    {"StringNotEquals", true, false, text_equals},
    {"StringEqualsIgnoreCase", false, false, text_equals_nocase},
    {"StringNotEqualsIgnoreCase", true, false, text_equals_nocase},
    {"StringLike", false, false, text_like},
    {"StringNotLike", true, false, text_like},
    {"NumericEquals", false, false, number_equals},
    {"NumericNotEquals", true, false, number_equals},
    {"NumericLessThan", false, false, number_less},
    {"NumericLessThanEquals", false, false, number_less_or_equal},
    {"NumericGreaterThan", false, false, number_greater},
    {"NumericGreaterThanEquals", false, false, number_greater_or_equal},
    {"DateEquals", false, false, moment_equals},
    {"DateNotEquals", true, false, moment_equals},
    {"DateLessThan", false, false, moment_less},
    {"DateLessThanEquals", false, false, moment_less_or_equal},
    {"DateGreaterThan", false, false, moment_greater},
    {"DateGreaterThanEquals", false, false, moment_greater_or_equal},
    {"Bool", false, false, flag_equals},
    {"BinaryEquals", false, false, binary_equals},
    {"IpAddress", false, false, address_in},
    {"NotIpAddress", true, false, address_in},
    {"ArnEquals", false, false, arn_like},
    {"ArnNotEquals", true, false, arn_like},
    {"ArnLike", false, false, arn_like},
    {"ArnNotLike", true, false, arn_like},
    {"Null", false, true, NULL},
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
