#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* The shared files, and what is wrong with them as files. */

struct shared {
    const char *variable;
    const char *path;
    bool read;
};

static bool profile_is_missing(const struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;

    return settings->profile_named && !settings->section;
}

/* A file that is not read explains that there are no credentials, and that a profile is missing. */
static unsigned explains(const struct cc_checkup *checkup)
{
    return CC_NONE_FOUND | (profile_is_missing(checkup) ? CC_SOURCE_FAILS : 0U);
}

static void tell_missing(struct cc_checkup *checkup, const struct shared *file)
{
    const struct cc_file_facts facts = cc_file_facts(checkup->run, file->path);
    const char *named = cc_variable(checkup, file->variable);
    const bool closed = !facts.exists && facts.reading == CC_READ_FORBIDDEN;
    struct cc_error err;

    if (file->read || facts.exists || (!named && !closed)) {
        return;
    }
    if (closed) {
        cc_fail(&err, CC_E_UNREADABLE, "%s cannot be reached", file->path);
        cc_why(&err, "this user cannot enter a folder above it");
        cc_fix(&err, "open the folder to this user with `chmod u+x`, or name another file with %s",
               file->variable);
    } else {
        cc_fail(&err, CC_E_UNREADABLE, "%s names a file that does not exist", file->variable);
        cc_why(&err, "%s%s", file->path,
               strchr(named, '$') ? ", where $ is not expanded: only boto3 does that" : "");
        cc_fix(&err, "correct %s, or `unset %s` to use the file in ~/.aws", file->variable,
               file->variable);
    }
    cc_found_cause(checkup, explains(checkup), &err);
}

/* An ignored section that was meant to be the selected profile. */
static bool is_wanted(const struct cc_checkup *checkup, const struct cc_ignored *one)
{
    const char *profile = checkup->resolve.settings.profile;

    return profile_is_missing(checkup) && one->section &&
           (cc_text_equal(one->section, profile) ||
            cc_text_equal(one->section, cc_textf(&checkup->run->mem, "profile %s", profile)));
}

static void tell_wanted(struct cc_checkup *checkup, const struct cc_ignored *one)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const bool config = cc_text_equal(one->file, settings->profiles.config_file);
    struct cc_error err;

    cc_fail(&err, CC_E_PROFILE, "profile %s is not read: its section is [%s] (%s, line %d)",
            settings->profile, one->section, one->file, one->line);
    cc_why(&err, "%s", one->why);
    cc_fix(&err, config ? "write [profile %s] in line %d of %s" : "write [%s] in line %d of %s",
           settings->profile, one->line, one->file);
    cc_found_cause(checkup, CC_SOURCE_FAILS | CC_NONE_FOUND, &err);
}

/* One finding for all of them: a file can have many. */
static void tell_ignored(struct cc_checkup *checkup)
{
    const struct cc_ignored *first = NULL;
    int more = -1;
    struct cc_error err;

    for (const struct cc_ignored *one = checkup->resolve.settings.profiles.ignored; one;
         one = one->next) {
        if (is_wanted(checkup, one)) {
            tell_wanted(checkup, one);
            continue;
        }
        first = first ? first : one;
        more++;
    }
    if (!first) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "%s%s%s is ignored (%s, line %d)%s", first->section ? "[" : "",
            first->section ? first->section : "a property", first->section ? "]" : "", first->file,
            first->line,
            more > 0 ? cc_textf(&checkup->run->mem, ", and %d more like it", more) : "");
    cc_why(&err, "%s", first->why);
    cc_fix(&err, "correct line %d of %s", first->line, first->file);
    cc_found_warning(checkup, &err);
}

static void tell_unread(struct cc_checkup *checkup, const struct cc_error *unread)
{
    const struct cc_stage *keys = cc_checkup_keys(checkup);

    if (profile_is_missing(checkup) && keys->state == CC_STAGE_FAILED) {
        cc_found_of_chain(checkup, unread); /* the chain ends with the same error */
    } else {
        cc_found_cause(checkup, CC_NONE_FOUND, unread);
    }
}

static void tell_home(struct cc_checkup *checkup)
{
    struct cc_error err;

    if (cc_home(checkup->run) || (cc_variable(checkup, "AWS_CONFIG_FILE") &&
                                  cc_variable(checkup, "AWS_SHARED_CREDENTIALS_FILE"))) {
        return;
    }
    cc_fail(&err, CC_E_UNREADABLE, "the home folder is not known, so ~/.aws is not read");
    cc_why(&err, "HOME is not set, and this user has no entry in /etc/passwd");
    cc_fix(&err, "set HOME, or name the files with AWS_CONFIG_FILE and "
                 "AWS_SHARED_CREDENTIALS_FILE");
    cc_found_cause(checkup, CC_NONE_FOUND, &err);
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_profiles *profiles = &settings->profiles;
    const struct shared config = {"AWS_CONFIG_FILE", profiles->config_file, profiles->config_read};
    const struct shared credentials = {"AWS_SHARED_CREDENTIALS_FILE", profiles->credentials_file,
                                       profiles->credentials_read};

    if (settings->profiles_broken) {
        cc_found_failure(checkup, &settings->profiles_err);
        return;
    }
    if (profiles->unread) {
        tell_unread(checkup, profiles->unread);
    }
    tell_home(checkup);
    tell_missing(checkup, &config);
    tell_missing(checkup, &credentials);
    tell_ignored(checkup);
    if (!cc_found_nothing(checkup)) {
        return;
    }
    if (config.read || credentials.read) {
        cc_found_ok(checkup, "%s%s, %s%s", config.path, config.read ? "" : " (does not exist)",
                    credentials.path, credentials.read ? "" : " (does not exist)");
    } else {
        cc_found_ok(checkup, "neither %s nor %s exists", config.path, credentials.path);
    }
}

const struct cc_check cc_check_files = {
    .name = "files",
    .title = "Shared files",
    .about =
        "whether config and credentials file exist, can be read and parsed, and are read whole",
    .run = run,
};
