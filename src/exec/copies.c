#include "copies.h"

#include "credctl/world/machine.h"

#include "default_profile.h"

#define FILE_MAX ((size_t)16 << 20)

struct original {
    const char *variable;
    const char *path;
    const char *name; /* of the copy */
    enum cc_shared_file kind;
};

/* Nothing that this process cannot read can lead the command, which is the same user's, anywhere;
 * but what is too large to be looked through could. */
static bool without(struct cc_run *run, const struct original *original, struct cc_buf *text,
                    bool *changed, struct cc_error *err)
{
    const char *whole = NULL;
    size_t len = 0;

    *changed = false;
    if (!cc_read_file(run, original->path, FILE_MAX, &whole, &len, err)) {
        return err->code != CC_E_TOO_BIG ||
               cc_fix(err, "make it smaller, or name another file with %s", original->variable);
    }
    *text = cc_buf_new(&run->mem, len + 1);
    *changed = cc_without_default(whole, len, original->kind, text);
    return true;
}

static bool copy(struct cc_run *run, const struct original *original, struct cc_child_env *env,
                 struct cc_copies *copies, struct cc_error *err)
{
    struct cc_buf text;
    bool changed = false;

    if (!without(run, original, &text, &changed, err)) {
        return false;
    }
    if (!changed) {
        return true;
    }
    if (!copies->folder && !cc_private_folder(run, &copies->folder, err)) {
        return false;
    }
    const char *path = cc_textf(&run->mem, "%s/%s", copies->folder, original->name);
    if (!cc_write_file(run, path, text.text, text.len, err)) {
        return false;
    }
    cc_log(run, CC_INFO, "exec.copied", CC_S("file", original->path),
           CC_S("why", "the default profile has credentials of its own"));
    cc_child_env_set(env, original->variable, path);
    return true;
}

bool cc_copies_make(struct cc_run *run, const struct cc_settings *settings,
                    struct cc_child_env *env, struct cc_copies *copies, struct cc_error *err)
{
    const char *boto = cc_env(run, "BOTO_CONFIG");
    const struct original originals[] = {
        {"AWS_CONFIG_FILE", settings->profiles.config_file, "config", CC_FILE_CONFIG},
        {"AWS_SHARED_CREDENTIALS_FILE", settings->profiles.credentials_file, "credentials",
         CC_FILE_CREDENTIALS},
        {"BOTO_CONFIG", boto ? boto : cc_path_expand(run, "~/.boto"), "boto", CC_FILE_BOTO},
    };

    *copies = (struct cc_copies){0};
    for (size_t i = 0; i < CC_COUNT(originals); i++) {
        if (!copy(run, &originals[i], env, copies, err)) {
            cc_copies_drop(run, copies);
            return false;
        }
    }
    return true;
}

void cc_copies_drop(struct cc_run *run, struct cc_copies *copies)
{
    if (copies->folder) {
        cc_private_folder_drop(run, copies->folder);
        copies->folder = NULL;
    }
}
