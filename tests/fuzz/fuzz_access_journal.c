#include "credctl/base/buf.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "../../src/access/journal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char first_line[] = "{\"journal\":\"test-access\",\"shard\":null}\n";

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

/* Every result that is read can be written, and reads the same again. */
static void check(struct cc_arena *mem, const struct cc_access_result *result)
{
    struct cc_buf text = cc_buf_new(mem, (size_t)64 << 20);
    struct cc_access_lines again;

    must(result->target && result->outcome <= CC_ACCESS_NOT_RUN);
    cc_buf_text(&text, first_line);
    cc_shape_json(&cc_access_result_shape, result, false, &text);
    must(!text.too_big && cc_access_journal_parse(mem, text.text, text.len, &again));
    must(again.count == 1 && strcmp(again.results[0]->target, result->target) == 0);
    must(again.results[0]->outcome == result->outcome);
    must(again.results[0]->action_count == result->action_count);
    must(!again.shard && !again.complete);
}

/* Once as it is, once behind a first line. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_buf whole = cc_buf_new(&mem, size + sizeof(first_line));
    struct cc_access_lines lines;

    (void)cc_access_journal_parse(&mem, (const char *)data, size, &lines);
    cc_buf_text(&whole, first_line);
    cc_buf_add(&whole, (const char *)data, size);
    must(cc_access_journal_parse(&mem, whole.text, whole.len, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        check(&mem, lines.results[i]);
    }
    cc_arena_wipe(&mem);
    return 0;
}
