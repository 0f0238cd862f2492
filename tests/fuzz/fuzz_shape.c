#include "credctl/base/shape_read.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A member of every kind that JSON in knows. */
struct part {
    const char *name;
    int ms;
};

struct whole {
    const char *text;
    const char *maybe;
    char chars[8];
    const char *const *texts;
    int64_t wide;
    double real;
    bool flag;
    int64_t at;
    int word;
    struct cc_maybe_number number;
    struct cc_maybe_flag yes;
    const struct part *part;
    const struct part *parts;
    size_t part_count;
};

static const char *const words[] = {"one", "two", NULL};

// clang-format off
static const struct cc_shape_field part_fields[] = {
    CC_ROW(TEXT, struct part, name, NULL, "a name"),
    CC_ROW(NUMBER, struct part, ms, NULL, "a number", .least = -5, .most = 1000),
    {0},
};
static const struct cc_shape part_shape = {"part", part_fields, sizeof(struct part)};

#define ROW(kind, member, ...) \
    CC_ROW(kind, struct whole, member, NULL, "a member", .rules = CC_OMITTED __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, text),
    ROW(TEXT, maybe, | CC_NULL),
    ROW(CHARS, chars, | CC_NULL),
    ROW(TEXTS, texts),
    ROW(NUMBER, wide),
    ROW(REAL, real),
    ROW(FLAG, flag),
    ROW(TIME, at, | CC_NULL),
    ROW(WORD, word, , .words = words),
    ROW(MAYBE_NUMBER, number),
    ROW(MAYBE_FLAG, yes),
    CC_ROW_OBJECT(struct whole, part, struct part, &part_shape, NULL, "an object",
                  .rules = CC_OMITTED | CC_NULL),
    CC_ROW_LIST(struct whole, parts, part_count, struct part, &part_shape, NULL, "a list",
                .rules = CC_OMITTED),
    {0},
};
// clang-format on
static const struct cc_shape shape = {"whole", fields, sizeof(struct whole)};

static const char *told(struct cc_arena *mem, const struct whole *whole)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)64 << 20);

    cc_shape_json(&shape, whole, false, &out);
    return out.text;
}

/* What is read, and written, is read as the same. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const struct cc_json_text in = {cc_text_dup(&mem, (const char *)data, size), size, "it"};
    struct whole whole = {.text = ""};
    struct whole back = {.text = ""};
    struct cc_error err = {0};

    if (!cc_shape_parse(&mem, &shape, &in, &whole, &err)) {
        if (err.code != CC_E_BAD_ANSWER || !err.what[0] || !err.why[0]) {
            abort();
        }
        cc_arena_wipe(&mem);
        return 0;
    }
    const char *first = told(&mem, &whole);
    const struct cc_json_text again = {first, strlen(first), "it"};
    if (!cc_shape_parse(&mem, &shape, &again, &back, &err) ||
        strcmp(told(&mem, &back), first) != 0) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
