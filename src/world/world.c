#include "credctl/world/world.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_MAX 16384

bool cc_read_file(struct cc_run *run, const char *path, size_t max, const char **text, size_t *len,
                  struct cc_error *err)
{
    struct cc_bytes read = {0};

    if (!run->world->read_file(run->world->self, &run->mem, path, max, &read, err)) {
        return false;
    }
    *text = cc_text_after_mark(read.text, &read.len);
    if (len) {
        *len = read.len;
    }
    return true;
}

static bool fit_for_a_header(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

bool cc_read_secret(struct cc_run *run, const char *path, struct cc_secret *secret,
                    struct cc_error *err)
{
    const char *text = NULL;
    size_t size = 0;

    if (!cc_read_file(run, path, SECRET_MAX, &text, &size, err)) {
        err->code = CC_E_TOKEN_FILE;
        return false;
    }
    size_t len = strcspn(text, "\r\n");
    if (len == 0 || len + strspn(text + len, "\r\n") != size || !fit_for_a_header(text, len)) {
        cc_fail(err, CC_E_TOKEN_FILE, "%s does not hold a token", path);
        return cc_why(err, size == 0 ? "it is empty"
                                     : "it has more than one line, or control characters");
    }
    const char *unseen = cc_text_unseen(text);
    if (unseen) {
        cc_fail(err, CC_E_TOKEN_FILE, "%s does not hold a token", path);
        return cc_why(err, "it contains %s", unseen);
    }
    *secret = cc_secret_keep(&run->mem, cc_text_dup(&run->mem, text, len));
    return true;
}

bool cc_write_file(struct cc_run *run, const char *path, const char *text, size_t len,
                   struct cc_error *err)
{
    return cc_write_files(run, &(const struct cc_file_text){path, text, len}, 1, err);
}

bool cc_write_files(struct cc_run *run, const struct cc_file_text *files, size_t count,
                    struct cc_error *err)
{
    return run->world->write_files(run->world->self, files, count, err);
}

bool cc_append_file(struct cc_run *run, const char *path, const char *text, size_t len,
                    struct cc_error *err)
{
    return run->world->append_file(run->world->self, path, text, len, err);
}

bool cc_folder_make(struct cc_run *run, const char *path, struct cc_error *err)
{
    return run->world->make_folders(run->world->self, path, err);
}

struct cc_file_facts cc_file_facts(struct cc_run *run, const char *path)
{
    struct cc_file_facts facts = {0};

    run->world->file_facts(run->world->self, path, &facts);
    return facts;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

bool cc_list_folder(struct cc_run *run, const char *path, const char *const **names,
                    struct cc_error *err)
{
    const char *const *found = NULL;
    size_t count = 0;
    bool more = false;

    if (!run->world->list(run->world->self, &run->mem, path, &found, &more, err)) {
        return false;
    }
    if (more) {
        cc_fail(err, CC_E_TOO_BIG, "%.200s has more than %d files", path, CC_LIST_MAX);
        return cc_fix(err, "name the files, or a folder inside");
    }
    while (found[count]) {
        count++;
    }
    const char **sorted = cc_alloc(&run->mem, (count + 1) * sizeof(*sorted));
    if (count > 0) {
        memcpy(sorted, found, count * sizeof(*sorted));
        qsort(sorted, count, sizeof(*sorted), by_bytes);
    }
    *names = (const char *const *)sorted;
    return true;
}

bool cc_folder_open(struct cc_run *run, const char *path, bool make, struct cc_folder **folder,
                    struct cc_error *err)
{
    return run->world->folder_open(run->world->self, &run->mem, path, make, folder, err);
}

bool cc_folder_read(struct cc_run *run, struct cc_folder *folder, const char *name,
                    struct cc_bytes *to, struct cc_error *err)
{
    return run->world->folder_read(run->world->self, &run->mem, folder, name, to, err);
}

bool cc_folder_write(struct cc_run *run, struct cc_folder *folder, const char *name,
                     struct cc_bytes bytes, struct cc_error *err)
{
    return run->world->folder_write(run->world->self, folder, name, bytes, err);
}

bool cc_folder_remove(struct cc_run *run, struct cc_folder *folder, const char *name,
                      struct cc_error *err)
{
    return run->world->folder_remove(run->world->self, folder, name, err);
}

struct cc_file_facts cc_folder_facts(struct cc_run *run, struct cc_folder *folder, const char *name)
{
    struct cc_file_facts facts = {0};

    run->world->folder_facts(run->world->self, folder, name, &facts);
    return facts;
}

const char *const *cc_folder_names(struct cc_run *run, struct cc_folder *folder)
{
    bool more = false;
    const char *const *names = run->world->folder_names(run->world->self, &run->mem, folder, &more);

    if (more) {
        cc_log(run, CC_WARN, "folder.too_many_files", CC_S("folder", folder->path),
               CC_N("looked_at", CC_FOLDER_NAMES_MAX));
    }
    return names;
}

enum cc_lock cc_folder_lock(struct cc_run *run, struct cc_folder *folder, uint64_t which)
{
    return run->world->folder_lock(run->world->self, folder, which);
}

void cc_folder_unlock(struct cc_run *run, struct cc_folder *folder, uint64_t which)
{
    run->world->folder_unlock(run->world->self, folder, which);
}
