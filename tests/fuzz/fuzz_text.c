#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool true_thing)
{
    if (!true_thing) {
        abort();
    }
}

static const char *only(const void *list, size_t i)
{
    return i == 0 ? list : NULL;
}

/* Bytes, to base64url and back; and any text as base64. */
static void there_and_back(struct cc_arena *mem, const unsigned char *data, size_t size)
{
    const char *encoded = cc_text_base64url(mem, data, size);
    const char *bytes = NULL;
    size_t got = 0;

    must(cc_text_unbase64(mem, encoded, strlen(encoded), &bytes, &got));
    must(got == size && (size == 0 || memcmp(bytes, data, size) == 0));
    if (cc_text_unbase64(mem, (const char *)data, size, &bytes, &got)) {
        must(got <= size / 4 * 3 + 3);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    const char *printable = cc_text_printable(&mem, text);
    const char *half = text + strlen(text) / 2;
    const char *near = NULL;

    there_and_back(&mem, data, size);
    must(cc_text_is_utf8(printable));
    must(strlen(printable) == strlen(text));
    must(strcmp(printable, cc_text_printable(&mem, printable)) == 0);
    must(strpbrk(printable, "\r\n\x1b\x7f") == NULL);
    must(cc_text_is_utf8(cc_text_percent(&mem, text, true)));
    must(cc_text_matches("*", text));
    (void)cc_text_matches(half, text);
    near = cc_text_nearest(half, only, text);
    must(near == NULL || near == text);
    must(strlen(cc_text_trim(&mem, text)) <= strlen(text));
    cc_arena_wipe(&mem);
    return 0;
}
