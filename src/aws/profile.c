#include "credctl/aws/profile.h"

#include "credctl/base/text.h"

#define FILE_MAX_SIZE (1 << 20)

static const char *place_of(struct cc_run *run, const char *variable, const char *usual)
{
    const char *given = cc_env(run, variable);

    return cc_path_expand(run, cc_text_blank(given) ? usual : given);
}

/* A file that is not there, or that lies in a folder of which we may not know, is simply not read.
 */
static bool load(struct cc_run *run, const char *path, bool credentials, bool *read,
                 struct cc_profiles *profiles, struct cc_error *err)
{
    struct cc_bytes content = {0};

    if (!cc_file_facts(run, path).exists) {
        return true;
    }
    if (!cc_read_file(run, path, FILE_MAX_SIZE, &content.text, &content.len, err)) {
        return cc_fix(err, "make %s readable for this user, or name another file with %s", path,
                      credentials ? "AWS_SHARED_CREDENTIALS_FILE" : "AWS_CONFIG_FILE");
    }
    *read = true;
    return cc_profiles_parse(&run->mem, content, path, credentials, profiles, err);
}

bool cc_profiles_load(struct cc_run *run, struct cc_profiles *profiles, struct cc_error *err)
{
    struct cc_profiles made = {
        .config_file = place_of(run, "AWS_CONFIG_FILE", "~/.aws/config"),
        .credentials_file = place_of(run, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    };
    /* The credentials file comes second: its properties win, one by one. */
    bool ok = load(run, made.config_file, false, &made.config_read, &made, err) &&
              load(run, made.credentials_file, true, &made.credentials_read, &made, err);

    *profiles = made;
    return ok;
}

const struct cc_section *cc_profiles_section(const struct cc_profiles *profiles,
                                             enum cc_section_kind kind, const char *name)
{
    const struct cc_section *section = profiles->sections;

    while (section && (section->kind != kind || !cc_text_equal(section->name, name))) {
        section = section->next;
    }
    return section;
}

const struct cc_property *cc_section_property(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = section ? section->properties : NULL;

    while (property && !cc_text_equal(property->key, key)) {
        property = property->next;
    }
    return property && (!cc_text_blank(property->value) || property->nested) ? property : NULL;
}

const char *cc_section_value(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = cc_section_property(section, key);

    return property && !cc_text_blank(property->value) ? property->value : NULL;
}
