#include "template_files.h"

#include "credctl/base/text.h"
#include "credctl/world/folder.h"

#include <string.h>

#define DEPTH_MAX 16
#define FILES_MAX 10000

struct walk {
    struct cc_run *run;
    struct cc_template_file *rows;
    size_t count;
    size_t room;
};

static bool add(struct walk *walk, const char *path, bool listed, struct cc_error *err)
{
    if (walk->count == FILES_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "there are more than %d files to check", FILES_MAX);
        return cc_fix(err, "give a folder with fewer files");
    }
    if (walk->count == walk->room) {
        const struct cc_template_file *before = walk->rows;

        walk->room = walk->room ? 2 * walk->room : 16;
        walk->rows = cc_alloc(&walk->run->mem, walk->room * sizeof(*before));
        if (before) {
            memcpy(walk->rows, before, walk->count * sizeof(*before));
        }
    }
    walk->rows[walk->count++] = (struct cc_template_file){path, listed};
    return true;
}

static bool is_named_like_one(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json", ".template"};

    for (size_t i = 0; i < CC_COUNT(endings); i++) {
        if (cc_text_ends(name, endings[i])) {
            return true;
        }
    }
    return false;
}

/* Links are not followed: they can lead out of the folder, or in a circle. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as DEPTH_MAX
static bool add_folder(struct walk *walk, const char *path, int depth, struct cc_error *err)
{
    const char *slash = cc_text_ends(path, "/") ? "" : "/";
    const char *const *names = NULL;

    if (depth == DEPTH_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "%.200s is too deep: folders in folders are followed %d times",
                path, DEPTH_MAX);
        return cc_fix(err, "give a folder further inside");
    }
    if (!cc_list_folder(walk->run, path, &names, err)) {
        return false;
    }
    for (; *names; names++) {
        const char *one = cc_textf(&walk->run->mem, "%s%s%s", path, slash, *names);
        const struct cc_file_facts facts = cc_file_facts(walk->run, one);

        if (facts.link || !facts.exists) {
            continue;
        }
        if (facts.folder
                ? !add_folder(walk, one, depth + 1, err)
                : facts.regular && is_named_like_one(*names) && !add(walk, one, true, err)) {
            return false;
        }
    }
    return true;
}

bool cc_template_files(struct cc_run *run, const char *const *given,
                       struct cc_template_file **files, size_t *count, struct cc_error *err)
{
    struct walk walk = {.run = run};

    for (; *given; given++) {
        const bool folder =
            strcmp(*given, "-") != 0 && cc_file_facts(run, *given).reading == CC_READ_FOLDER;

        if (!(folder ? add_folder(&walk, *given, 0, err) : add(&walk, *given, false, err))) {
            return false;
        }
    }
    *files = walk.rows;
    *count = walk.count;
    return true;
}
