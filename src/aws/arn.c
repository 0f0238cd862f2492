#include "credctl/aws/arn.h"

#include "credctl/aws/imds.h"
#include "credctl/base/text.h"

#include <stdint.h>
#include <string.h>

#define ARN_MAX 2048

static bool printable_ascii(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

bool cc_account_valid(const char *account)
{
    return cc_text_digits(account, 12);
}

const struct cc_form cc_account_form = {"^[0-9]{12}$", cc_account_valid,
                                        "an account ID has 12 digits, leading zeros included"};

bool cc_region_shaped(const char *region)
{
    const char *lower = "abcdefghijklmnopqrstuvwxyz";
    size_t words = 0;

    if (!region || strlen(region) > 32) {
        return false;
    }
    while (strspn(region, lower) > 0 && region[strspn(region, lower)] == '-') {
        region += strspn(region, lower) + 1;
        words++;
    }
    return words >= 2 && region[0] >= '1' && region[0] <= '9' && region[1] == '\0';
}

bool cc_arn_parse(struct cc_arena *mem, const char *text, struct cc_arn *arn)
{
    const char *piece[6];

    if (!text || strlen(text) > ARN_MAX || !printable_ascii(text)) {
        return false;
    }
    for (size_t i = 0; i < 5; i++) {
        const char *colon = strchr(text, ':');

        if (!colon) {
            return false;
        }
        piece[i] = cc_text_dup(mem, text, (size_t)(colon - text));
        text = colon + 1;
    }
    piece[5] = text;
    if (strcmp(piece[0], "arn") != 0 || !text[0] || !cc_text_consists(piece[2], "-", 64) ||
        !(strcmp(piece[1], "aws") == 0 ||
          (cc_text_starts(piece[1], "aws-") && cc_text_consists(piece[1], "-", 32))) ||
        (piece[3][0] && !cc_region_shaped(piece[3])) ||
        (piece[4][0] && !cc_account_valid(piece[4]))) {
        return false;
    }
    *arn = (struct cc_arn){piece[1], piece[2], or_null(piece[3]), or_null(piece[4]),
                           cc_text_dup(mem, text, strlen(text))};
    return true;
}

bool cc_arn_role(struct cc_arena *mem, const char *text, struct cc_arn *arn, const char **name)
{
    struct cc_arn parsed;

    if (!cc_arn_parse(mem, text, &parsed) || strcmp(parsed.service, "iam") != 0 ||
        !parsed.account || parsed.region || !cc_text_starts(parsed.resource, "role/") ||
        !cc_role_name_valid(strrchr(parsed.resource, '/') + 1)) {
        return false;
    }
    *arn = parsed;
    *name = strrchr(parsed.resource, '/') + 1;
    return true;
}

static int base32_digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

const char *cc_account_of_key_id(struct cc_arena *mem, const char *key_id)
{
    uint64_t bits = 0;

    if (!key_id || strlen(key_id) != 20 ||
        !(cc_text_starts(key_id, "ASIA") || cc_text_starts(key_id, "AKIA")) || key_id[4] == 'I' ||
        key_id[4] == 'J') {
        return NULL;
    }
    for (size_t i = 4; i < 20; i++) {
        int digit = base32_digit(key_id[i]);

        if (digit < 0) {
            return NULL;
        }
        bits = i < 14 ? bits << 5 | (unsigned)digit : bits;
    }
    /* Ten digits are 50 bits; the account is 40 of the first 48 bits, without the highest. */
    uint64_t account = (bits >> 2 & 0x7fffffffff80U) >> 7;
    return cc_textf(mem, "%012llu", (unsigned long long)account);
}

const char *cc_role_of_arn(struct cc_arena *mem, const char *arn)
{
    struct cc_arn parts;

    if (!arn || !cc_arn_parse(mem, arn, &parts)) {
        return NULL;
    }
    if (cc_text_starts(parts.resource, "assumed-role/")) {
        const char *name = parts.resource + strlen("assumed-role/");

        return cc_text_dup(mem, name, strcspn(name, "/"));
    }
    return cc_text_starts(parts.resource, "role/") ? strrchr(parts.resource, '/') + 1 : NULL;
}
