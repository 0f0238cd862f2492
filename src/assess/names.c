#include "names.h"

#include <string.h>

static bool has(const char *text, const char *name)
{
    const size_t len = strlen(name);

    while (text) {
        text += strspn(text, " ,");
        if (strncmp(text, name, len) == 0 && (text[len] == '\0' || strchr(" ,", text[len]))) {
            return true;
        }
        text = strchr(text, ',');
    }
    return false;
}

bool cc_names_have(const char *const *list, const char *name)
{
    size_t i = 0;

    while (list && list[i] && !has(list[i], name)) {
        i++;
    }
    return !list || !list[0] || list[i];
}
