#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define READ_BY_OTHERS    044U
#define CHANGED_BY_OTHERS 022U
#define STICKY            01000U /* only the owner of a file can replace it */

/* A path, and what others must not do with it. */
struct guarded {
    const char *path;
    const char *what;
    unsigned forbidden;
};

static const char *const secret_keys[] = {
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
};

static bool is_secret(const char *key)
{
    size_t i = 0;

    while (i < CC_COUNT(secret_keys) && !cc_text_equal(secret_keys[i], key)) {
        i++;
    }
    return i < CC_COUNT(secret_keys);
}

static bool has_secret_in(const struct cc_section *section, const char *file)
{
    const struct cc_property *property = section->properties;

    while (property && !(is_secret(property->key) && cc_text_equal(property->file, file))) {
        property = property->next;
    }
    return property != NULL;
}

/* Only then must a file be closed to readers. */
static bool holds_secrets(const struct cc_profiles *profiles, const char *file)
{
    const struct cc_section *section = profiles->sections;

    while (section && !has_secret_in(section, file)) {
        section = section->next;
    }
    return section != NULL;
}

static void tell_mode(struct cc_checkup *checkup, const struct guarded *one, unsigned mode)
{
    const bool change = (mode & one->forbidden & CHANGED_BY_OTHERS) != 0;
    const bool read = (mode & one->forbidden & READ_BY_OTHERS) != 0;
    struct cc_error err;

    cc_fail(&err, CC_E_EXPOSED, "%s is open to other users (mode %04o)", one->path, mode);
    cc_why(&err, "they can %s%s%s%s", read ? "read " : "", read && change ? "and " : "",
           change ? "change " : "", one->what);
    cc_fix(&err, "chmod %s %s", read ? "go=" : "go-w",
           cc_text_sh_word(&checkup->run->mem, one->path));
    cc_found_warning(checkup, &err);
}

static void tell_owner(struct cc_checkup *checkup, const struct guarded *one)
{
    struct cc_error err;

    cc_fail(&err, CC_E_EXPOSED, "%s belongs to another user", one->path);
    cc_why(&err, "that user can change %s", one->what);
    cc_fix(&err, "sudo chown \"$(id -un)\" %s", cc_text_sh_word(&checkup->run->mem, one->path));
    cc_found_warning(checkup, &err);
}

/* True when there is a file or folder at the path; a device such as /dev/null does not count. */
static bool look_at(struct cc_checkup *checkup, const struct guarded *one)
{
    const struct cc_file_facts facts = cc_file_facts(checkup->run, one->path);

    if (!facts.exists || !(facts.regular || facts.folder || facts.link)) {
        return false;
    }
    if (facts.folder && facts.reached_mode & STICKY) {
        return true;
    }
    if (facts.reached_foreign) {
        tell_owner(checkup, one);
    } else if (facts.reached_mode & one->forbidden) {
        tell_mode(checkup, one, facts.reached_mode);
    }
    return true;
}

/* The folder above both, when they are in one. */
static const char *folder_of(struct cc_arena *mem, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash != path ? cc_text_dup(mem, path, (size_t)(slash - path)) : "/";
}

static struct guarded file(const struct cc_profiles *profiles, const char *path)
{
    const bool secrets = holds_secrets(profiles, path);

    return (struct guarded){path, secrets ? "the keys in it" : "which credentials are used",
                            CHANGED_BY_OTHERS | (secrets ? READ_BY_OTHERS : 0U)};
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_profiles *profiles = &checkup->resolve.settings.profiles;
    const struct guarded all[] = {
        {folder_of(&checkup->run->mem, profiles->config_file), "the files in it",
         CHANGED_BY_OTHERS},
        file(profiles, profiles->config_file),
        file(profiles, profiles->credentials_file),
    };
    bool any = false;

    for (size_t i = 0; i < CC_COUNT(all); i++) {
        const bool there = look_at(checkup, &all[i]);

        any |= there && i > 0;
    }
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s",
                    any ? "other users can neither change these files nor read keys in them"
                        : "there are no shared files to protect");
    }
}

const struct cc_check cc_check_permissions = {
    .name = "permissions",
    .title = "Permissions",
    .about = "whether other users can read or change the shared files",
    .run = run,
};
