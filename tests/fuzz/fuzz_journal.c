#include "../../src/exec/journal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Every row that is read is found again, and reads the same when written again. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_journal journal;
    struct cc_journal again;

    cc_journal_parse(&mem, (const char *)data, size, &journal);
    for (size_t i = 0; i < journal.count; i++) {
        const struct cc_journal_row *row = &journal.rows[i];
        const char *line = cc_journal_row_line(&mem, row);

        if (cc_journal_row(&journal, row->role_arn, row->external_id, row->name) != row) {
            abort();
        }
        cc_journal_parse(&mem, line, strlen(line), &again);
        if (again.count != 1 || strcmp(again.rows[0].role_arn, row->role_arn) != 0) {
            abort();
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
