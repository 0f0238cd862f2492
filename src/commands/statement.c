#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

#include <string.h>

void cc_statement_print(const struct cJSON *statement, const char *indent, struct cc_buf *out)
{
    struct cc_buf text = cc_buf_new(out->mem, out->max);
    struct cc_json_writer writer = {.out = &text, .indented = true};
    const struct cc_teller json = cc_json_teller(&writer);

    cc_shape_tell_json(out->mem, statement, &json);
    for (const char *line = text.text; *line;) {
        const size_t len = strcspn(line, "\n");

        cc_buf_addf(out, "%s%.*s\n", indent, (int)len, line);
        line += len + (line[len] == '\n');
    }
}
