#include "credctl/base/buf.h"

#include "../../src/cache/parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What is taken is whole, and is what would be written. */
static void check(struct cc_arena *mem, struct cc_bytes bytes)
{
    struct cc_entry entry;
    struct cc_entry again;

    if (!cc_entry_decode(mem, bytes, KEY, &entry)) {
        return;
    }
    if (strcmp(entry.key, KEY) != 0 ||
        (entry.live.present &&
         (!entry.source || !entry.live.keys.access_key_id ||
          !cc_secret_present(entry.live.keys.secret_key) || entry.live.keys.expires < 0))) {
        abort();
    }
    if (!cc_entry_decode(mem, cc_entry_encode(mem, &entry), KEY, &again) ||
        again.live.keys.expires != entry.live.keys.expires ||
        again.denied_until != entry.denied_until) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    char sum[CC_SUM_SIZE];

    check(&mem, (struct cc_bytes){text, size});
    /* With the sum that it would have, so that what stands behind it is looked at too. */
    cc_sum_of(text, size, sum);
    struct cc_buf whole = cc_buf_new(&mem, size + 200);
    cc_buf_addf(&whole, "{\"sha256\":\"%s\",", sum);
    cc_buf_add(&whole, text, size);
    check(&mem, (struct cc_bytes){whole.text, whole.len});
    cc_arena_wipe(&mem);
    return 0;
}
