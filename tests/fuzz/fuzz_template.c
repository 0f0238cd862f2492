#include "credctl/base/text.h"
#include "credctl/templates/finding.h"
#include "credctl/templates/sarif.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_finding(struct cc_arena *mem, const struct cc_template_finding *one)
{
    const char *const texts[] = {one->message, one->fix, one->path};

    must(one->line > 0 && one->column > 0 && one->message[0] && one->fix[0]);
    must(cc_template_code_named(one->code) != CC_T_COUNT);
    must(one->severity >= CC_SEVERITY_ERROR && one->severity <= CC_SEVERITY_NOTE);
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        must(strcmp(texts[i], cc_text_printable(mem, texts[i])) == 0);
        must(strchr(texts[i], '\n') == NULL);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    struct cc_template_report report = cc_template_validate(&mem, text, size);
    struct cc_buf out = cc_buf_new(&mem, (size_t)64 << 20);

    for (size_t i = 0; i < report.count; i++) {
        report.findings[i].file = "fuzz";
        check_finding(&mem, &report.findings[i]);
    }
    cc_template_sarif(report.findings, report.count, &out);
    must(!out.too_big);
    cc_arena_wipe(&mem);
    return 0;
}
