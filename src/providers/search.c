#include "credctl/base/text.h"
#include "credctl/providers/provider.h"

#include <stdarg.h>
#include <stdio.h>

enum cc_outcome cc_absent(struct cc_error *why, const char *what, ...)
{
    va_list args;
    char text[sizeof(why->what)];

    va_start(args, what);
    (void)vsnprintf(text, sizeof(text), what, args);
    va_end(args);
    cc_fail(why, CC_E_NO_KEYS, "%s", text);
    return CC_ABSENT;
}

bool cc_fail_profile(struct cc_error *why, const struct cc_section *section, const char *cause, ...)
{
    va_list args;
    char text[sizeof(why->why)];

    va_start(args, cause);
    (void)vsnprintf(text, sizeof(text), cause, args);
    va_end(args);
    cc_fail(why, CC_E_CONFIG, "profile %s (%s, line %d) is not usable", section->name,
            section->file, section->line);
    cc_why(why, "%s", text);
    return cc_fix(why, "correct profile %s in %s", section->name, section->file);
}

void cc_search_warn(struct cc_search *search, const char *warning)
{
    const char *text = cc_text_printable(&search->run->mem, warning);

    for (size_t i = 0; i < search->warning_count; i++) {
        if (cc_text_equal(search->warnings[i], text)) {
            return;
        }
    }
    cc_log(search->run, CC_DEBUG, "provider.warning", CC_S("text", warning));
    if (search->warning_count < CC_COUNT(search->warnings)) {
        search->warnings[search->warning_count++] = text;
    }
}

const char *cc_session_name(struct cc_run *run)
{
    return cc_textf(&run->mem, "credctl-%lld", (long long)cc_now(run));
}

const char *cc_region_for_call(const struct cc_search *search)
{
    const char *region = search->settings->region;

    return region || !search->region_of_host
               ? region
               : search->region_of_host(search->run, search->settings);
}
