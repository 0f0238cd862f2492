#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define FORMAT_AND_USE "credctl cache key 3"
#define FILE_MAX       256

static const char *line_of(struct cc_run *run, const char *path)
{
    const char *text = NULL;
    struct cc_error absent;

    return cc_read_file(run, path, FILE_MAX, &text, NULL, &absent) ? text : "";
}

void cc_cache_key(struct cc_search *search, const struct cc_chain *chain,
                  const struct cc_folder *folder, char key[CC_SUM_SIZE])
{
    struct cc_run *run = search->run;
    char inputs[CC_SUM_SIZE];

    cc_ledger_sum(&search->ledger, inputs);
    /* Two machines with the same name can share a home, and can have different roles. */
    const char *boot =
        chain->question.base->on_host ? line_of(run, "/proc/sys/kernel/random/boot_id") : "";
    const char *all = cc_textf(&run->mem, FORMAT_AND_USE "\n%s\n%lu\n%s\n%s", inputs, folder->owner,
                               cc_host_name(run), boot);
    cc_sum_of(all, strlen(all), key);
}
