#include "credctl/aws/shared_files.h"

#include "credctl/aws/ini.h"
#include "credctl/base/text.h"

#define FILE_MAX_SIZE (1 << 20)

struct place {
    const char *variable;
    const char *path;
    bool named; /* by the variable: this file is required */
    bool credentials;
};

static struct place place_of(struct cc_run *run, const char *variable, const char *usual,
                             bool credentials)
{
    const char *given = cc_env(run, variable);
    bool named = !cc_text_blank(given);

    return (struct place){variable, cc_path_expand(run, named ? given : usual), named, credentials};
}

static bool too_large(const struct place *place, struct cc_error *err)
{
    cc_fail(err, CC_E_TOO_BIG, "cannot read %s", place->path);
    cc_why(err, "it is larger than 1 MiB");
    return cc_fix(err, "move what is not a profile out of it, or name another file with %s",
                  place->variable);
}

/* Without a profile to find, a file that no variable names is not needed. */
static bool pass_over(struct cc_run *run, const struct place *place, struct cc_profiles *profiles,
                      struct cc_error *err)
{
    cc_fix(err, "make %s a file that this user can read, or name another one with %s", place->path,
           place->variable);
    if (place->named) {
        return false;
    }
    struct cc_error *kept = cc_alloc(&run->mem, sizeof(*kept));
    *kept = *err;
    profiles->unread = kept;
    cc_log(run, CC_WARN, "config.not_read", CC_S("file", place->path), CC_S("why", err->why),
           CC_S("try", err->fix));
    return true;
}

/* A file that does not exist, or is in a folder that this user cannot enter, is not read. */
static bool load(struct cc_run *run, const struct place *place, bool *read,
                 struct cc_profiles *profiles, struct cc_error *err)
{
    struct cc_bytes content = {0};

    if (!cc_file_facts(run, place->path).exists) {
        return true;
    }
    if (!cc_read_file(run, place->path, FILE_MAX_SIZE, &content.text, &content.len, err)) {
        return err->code == CC_E_TOO_BIG ? too_large(place, err)
                                         : pass_over(run, place, profiles, err);
    }
    *read = true;
    return cc_ini_parse(&run->mem, content, place->path, place->credentials, profiles, err);
}

static void tell_ignored(struct cc_run *run, const struct cc_profiles *profiles)
{
    for (const struct cc_ignored *one = profiles->ignored; one; one = one->next) {
        cc_log(run, CC_WARN, "config.ignored", CC_S("file", one->file), CC_N("line", one->line),
               CC_S("section", one->section), CC_S("why", one->why));
    }
}

bool cc_profiles_load(struct cc_run *run, struct cc_profiles *profiles, struct cc_error *err)
{
    const struct place config = place_of(run, "AWS_CONFIG_FILE", "~/.aws/config", false);
    const struct place credentials =
        place_of(run, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", true);
    struct cc_profiles made = {.config_file = config.path, .credentials_file = credentials.path};
    /* The credentials file is read second, so that each of its properties wins. */
    bool ok = load(run, &config, &made.config_read, &made, err) &&
              load(run, &credentials, &made.credentials_read, &made, err);

    tell_ignored(run, &made);
    *profiles = made;
    return ok;
}
