#include "credctl/base/text.h"
#include "credctl/world/world.h"

#include <string.h>
#include <unistd.h>

#define PASSWD_MAX (1 << 20)

/* The passwd entry of this user, read without getpwuid, which loads modules that a static
 * executable cannot load. */
static const char *passwd_home(struct cc_run *run)
{
    const char *text = NULL;
    struct cc_error ignored;
    const char *uid = cc_textf(&run->mem, "%lu", (unsigned long)getuid());

    if (!cc_read_file(run, "/etc/passwd", PASSWD_MAX, &text, NULL, &ignored)) {
        return NULL;
    }
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line = cc_text_dup(&run->mem, text, len);
        const char *field[6] = {line};

        for (size_t i = 1; i < CC_COUNT(field) && field[i - 1]; i++) {
            const char *colon = strchr(field[i - 1], ':');

            field[i] = colon ? colon + 1 : NULL;
        }
        if (field[5] && strncmp(field[2], uid, strlen(uid)) == 0 && field[2][strlen(uid)] == ':' &&
            field[5][0] == '/') {
            return cc_text_dup(&run->mem, field[5], strcspn(field[5], ":"));
        }
        text += len + (text[len] == '\n');
    }
    return NULL;
}

const char *cc_home(struct cc_run *run)
{
    const char *home = cc_env(run, "HOME");

    return home ? home : passwd_home(run);
}

const char *cc_path_expand(struct cc_run *run, const char *path)
{
    const char *home = NULL;

    if (path[0] != '~' || (path[1] != '/' && path[1] != '\0')) {
        return path;
    }
    home = cc_home(run);
    return home ? cc_textf(&run->mem, "%s%s", home, path + 1) : path;
}
