#include "credctl/base/digest.h"
#include "credctl/base/text.h"
#include "credctl/providers/ledger.h"

#include <string.h>

static void end(struct cc_sum *sum, char hex[CC_SUM_SIZE])
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];

    cc_sum_end(sum, bytes);
    cc_text_hex(hex, bytes, sizeof(bytes));
}

void cc_sum_of(const char *text, size_t len, char sum[CC_SUM_SIZE])
{
    struct cc_sum made;

    cc_sum_begin(&made);
    cc_sum_add(&made, text, len);
    end(&made, sum);
}

/* With its length, so that different lists of notes never have the same bytes. */
static void add_note(struct cc_sum *sum, const struct cc_note *one)
{
    const unsigned char kind = one->section ? (unsigned char)(one->section->kind + 1) : 0;
    uint64_t size = one->len;

    cc_sum_add(sum, one->name, strlen(one->name) + 1);
    cc_sum_add(sum, &kind, sizeof(kind));
    if (one->section) {
        cc_sum_add(sum, one->section->name, strlen(one->section->name) + 1);
    }
    cc_sum_add(sum, one->of, strlen(one->of) + 1);
    cc_sum_add(sum, &size, sizeof(size));
    cc_sum_add(sum, one->text, one->len == SIZE_MAX ? 0 : one->len);
}

void cc_ledger_sum(const struct cc_ledger *ledger, char sum[CC_SUM_SIZE])
{
    struct cc_sum made;

    cc_sum_begin(&made);
    for (size_t i = 0; i < ledger->count; i++) {
        add_note(&made, &ledger->notes[i]);
    }
    end(&made, sum);
}
