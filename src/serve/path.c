#include "path.h"

#include "credctl/base/text.h"

#include <string.h>

static int hex(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* An escaped character, but for those that would make the path another one: as it stands. */
static char escaped(const char *at)
{
    int high = at[0] == '%' ? hex(at[1]) : -1;
    int low = high >= 0 ? hex(at[2]) : -1;
    int c = low >= 0 ? high * 16 + low : 0;

    const bool harmless = c > ' ' && c < 0x7f && c != '/' && c != '%';

    return (char)(harmless ? c : 0);
}

const char *cc_path_plain(struct cc_arena *mem, const char *path)
{
    char *plain = cc_alloc(mem, strlen(path) + 1);
    size_t len = 0;

    while (*path) {
        char meant = escaped(path);

        if (*path != '/' || len != 1 || plain[0] != '/') {
            plain[len++] = (char)(meant ? meant : *path);
        }
        path += meant ? 3 : 1;
    }
    if (len > 1 && plain[len - 1] == '/') {
        len--;
    }
    plain[len] = '\0';
    return plain;
}

const char *cc_path_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    if (strncmp(path, folder, len) != 0 || (path[len] != '/' && path[len] != '\0')) {
        return NULL;
    }
    return path[len] ? path + len + 1 : path + len;
}
