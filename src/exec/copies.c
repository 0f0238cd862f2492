#include "copies.h"

#include "credctl/world/machine.h"

#include "default_profile.h"

#define FILE_MAX ((size_t)16 << 20)

struct original {
    const char *variable;
    const char *path;
    const char *name; /* of the copy */
    enum cc_shared_file kind;
    const char *text; /* NULL: it cannot be read */
    size_t len;
    struct cc_default_facts facts;
};

/* A file that this process cannot read has no effect on the command either, which has the same
 * user; but a file that is too large to be checked could have. */
static bool read(struct cc_run *run, struct original *original, struct cc_error *err)
{
    if (!original->path) {
        return true;
    }
    if (cc_read_file(run, original->path, FILE_MAX, &original->text, &original->len, err)) {
        original->facts = cc_default_look(original->text, original->len, original->kind);
        return true;
    }
    original->text = NULL;
    return err->code != CC_E_TOO_BIG ||
           cc_fix(err, "make it smaller, or name another file with %s", original->variable);
}

static bool write_copy(struct cc_run *run, const struct original *original,
                       const struct cc_buf *text, struct cc_child_env *env,
                       struct cc_copies *copies, struct cc_error *err)
{
    if (!copies->folder && !cc_private_folder(run, &copies->folder, err)) {
        return false;
    }
    const char *path = cc_textf(&run->mem, "%s/%s", copies->folder, original->name);
    if (!cc_write_file(run, path, text->text, text->len, err)) {
        return false;
    }
    cc_log(run, CC_INFO, "exec.copied", CC_S("file", original->path),
           CC_S("why", "the default profile has credentials of its own"));
    cc_child_env_set(env, original->variable, path);
    return true;
}

static bool copy(struct cc_run *run, const struct original *original, bool move,
                 struct cc_child_env *env, struct cc_copies *copies, struct cc_error *err)
{
    struct cc_buf text = cc_buf_new(&run->mem, 2 * FILE_MAX);

    move = move && original->kind != CC_FILE_BOTO;
    bool changed = original->text && (move ? cc_move_default : cc_without_default)(
                                         original->text, original->len, original->kind, &text);
    return !changed || write_copy(run, original, &text, env, copies, err);
}

/* Without BOTO_CONFIG, boto reads two files: when one of them has credentials, the command gets
 * only the other one, or a copy. */
static bool copy_boto(struct cc_run *run, struct cc_child_env *env, struct cc_copies *copies,
                      struct cc_error *err)
{
    const char *given = cc_env(run, "BOTO_CONFIG");
    struct original own = {"BOTO_CONFIG", given ? given : cc_path_expand(run, "~/.boto"), "boto",
                           CC_FILE_BOTO};
    struct original common = {"BOTO_CONFIG", given ? NULL : "/etc/boto.cfg", "boto", CC_FILE_BOTO};

    if (!read(run, &own, err) || !read(run, &common, err)) {
        return false;
    }
    if (own.facts.credentials || !common.facts.credentials) {
        return copy(run, &own, false, env, copies, err);
    }
    if (own.text) {
        cc_child_env_set(env, "BOTO_CONFIG", own.path);
        return true;
    }
    return copy(run, &common, false, env, copies, err);
}

bool cc_copies_make(struct cc_run *run, const struct cc_settings *settings,
                    struct cc_child_env *env, struct cc_copies *copies, struct cc_error *err)
{
    struct original config = {"AWS_CONFIG_FILE", settings->profiles.config_file, "config",
                              CC_FILE_CONFIG};
    struct original credentials = {"AWS_SHARED_CREDENTIALS_FILE",
                                   settings->profiles.credentials_file, "credentials",
                                   CC_FILE_CREDENTIALS};

    *copies = (struct cc_copies){0};
    if (!read(run, &config, err) || !read(run, &credentials, err)) {
        return false;
    }
    /* The profile that uses the default one, and the credentials of that, can be in two files. */
    const bool move = (config.facts.needed || credentials.facts.needed) &&
                      (config.facts.credentials || credentials.facts.credentials);
    if (copy(run, &config, move, env, copies, err) &&
        copy(run, &credentials, move, env, copies, err) && copy_boto(run, env, copies, err)) {
        return true;
    }
    cc_copies_drop(run, copies);
    return false;
}

void cc_copies_drop(struct cc_run *run, struct cc_copies *copies)
{
    if (copies->folder) {
        cc_private_folder_drop(run, copies->folder);
        copies->folder = NULL;
    }
}
