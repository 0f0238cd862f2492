#include "credctl/base/text.h"

#include "fake_parts.h"
#include "test.h"

#include <string.h>

/* A folder is what another file lies in. */
static bool is_folder(const struct fake *fake, const char *path)
{
    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && cc_text_starts(row->name, path) && row->name[strlen(path)] == '/') {
            return true;
        }
    }
    return false;
}

static const struct fake_mode *mode_of(const struct fake *fake, const char *path)
{
    const struct fake_mode *row = fake->modes;

    while (row->path && strcmp(row->path, path) != 0) {
        row++;
    }
    return row->path ? row : NULL;
}

static bool fake_read(void *self, struct cc_arena *mem, const char *path, size_t max,
                      struct cc_bytes *to, struct cc_error *err)
{
    const char *found = fake_pair_value(((struct fake *)self)->files, path);

    const struct fake_mode *mode = mode_of(self, path);

    fake_noted(self, 'f', path);
    if (mode && mode->closed) {
        cc_fail(err, CC_E_UNREADABLE, "cannot read %s", path);
        return cc_why(err, "Permission denied");
    }
    if (!found) {
        cc_fail(err, CC_E_UNREADABLE, "cannot read %s", path);
        return cc_why(err, is_folder(self, path) ? "Is a directory" : "No such file or directory");
    }
    if (strlen(found) > max) {
        return cc_fail(err, CC_E_TOO_BIG, "cannot read %s", path);
    }
    *to = (struct cc_bytes){cc_text_dup(mem, found, strlen(found)), strlen(found)};
    return true;
}

static bool fake_write(void *self, const struct cc_file_text *files, size_t count,
                       struct cc_error *err)
{
    struct fake *fake = self;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        fake_file(fake, files[i].path, cc_text_dup(&fake->mem, files[i].text, files[i].len));
    }
    return true;
}

static bool fake_append(void *self, const char *path, const char *text, size_t len,
                        struct cc_error *err)
{
    struct fake *fake = self;
    const char *old = fake_file_text(fake, path);

    if (!old) {
        return cc_fail(err, CC_E_UNWRITABLE, "cannot write %s", path);
    }
    fake_file(fake, path, cc_textf(&fake->mem, "%s%.*s", old, (int)len, text));
    return true;
}

static bool fake_make_folders(void *self, const char *path, struct cc_error *err)
{
    (void)self;
    (void)path;
    (void)err;
    return true;
}

static void fake_facts(void *self, const char *path, struct cc_file_facts *facts)
{
    const char *found = fake_pair_value(((struct fake *)self)->files, path);
    const struct fake_mode *mode = mode_of(self, path);
    const bool folder = !found && is_folder(self, path);

    fake_noted(self, 'f', path);
    *facts = (struct cc_file_facts){.exists = folder, .folder = folder};
    if (found) {
        *facts = (struct cc_file_facts){.exists = true,
                                        .regular = true,
                                        .mode = 0600,
                                        .ours = true,
                                        .reading = CC_READ_FILE,
                                        .size = (int64_t)strlen(found)};
    }
    if (found || folder) {
        facts->reading = mode && mode->closed ? CC_READ_FORBIDDEN
                         : folder             ? CC_READ_FOLDER
                                              : CC_READ_FILE;
        facts->reached_mode = mode ? mode->mode : folder ? 0700 : 0600;
        facts->reached_foreign = mode && mode->foreign;
    }
}

static bool fake_remove(void *self, const char *path, struct cc_error *err)
{
    struct fake_pair *row = fake_pair_of(((struct fake *)self)->files, path);

    (void)err;
    if (row) {
        row->value = NULL;
    }
    return true;
}

/* Folders: a file in one is the file of that path; the world may deny all of them. */

static const char *in_folder(struct fake *fake, const struct cc_folder *folder, const char *name)
{
    return cc_textf(&fake->mem, "%s/%s", folder->path, name);
}

static bool fake_folder_open(void *self, struct cc_arena *mem, const char *path, bool make,
                             struct cc_folder **folder, struct cc_error *err)
{
    struct fake *fake = self;

    (void)make;
    if (fake->folder_fails != CC_E_OK) {
        return cc_fail(err, fake->folder_fails, "cannot open %s", path);
    }
    *folder = cc_alloc(mem, sizeof(**folder));
    **folder = (struct cc_folder){cc_text_dup(mem, path, strlen(path)), 1000};
    return true;
}

static bool fake_folder_read(void *self, struct cc_arena *mem, struct cc_folder *folder,
                             const char *name, struct cc_bytes *to, struct cc_error *err)
{
    const char *path = in_folder(self, folder, name);

    if (!fake_pair_value(((struct fake *)self)->files, path)) {
        return cc_fail(err, CC_E_NOT_HERE, "cannot read %s", name);
    }
    return fake_read(self, mem, path, CC_FOLDER_FILE_MAX, to, err);
}

static bool fake_folder_write(void *self, struct cc_folder *folder, const char *name,
                              struct cc_bytes bytes, struct cc_error *err)
{
    struct fake *fake = self;

    if (fake->disk_full) {
        return cc_fail(err, CC_E_UNWRITABLE, "cannot write %s", name);
    }
    const struct cc_file_text file = {in_folder(fake, folder, name), bytes.text, bytes.len};
    return fake_write(self, &file, 1, err);
}

static bool fake_folder_remove(void *self, struct cc_folder *folder, const char *name,
                               struct cc_error *err)
{
    return fake_remove(self, in_folder(self, folder, name), err);
}

static void fake_folder_facts(void *self, struct cc_folder *folder, const char *name,
                              struct cc_file_facts *facts)
{
    fake_facts(self, in_folder(self, folder, name), facts);
    facts->changed = ((struct fake *)self)->now - ((struct fake *)self)->file_age;
}

static const char *const *fake_folder_names(void *self, struct cc_arena *mem,
                                            struct cc_folder *folder, bool *more)
{
    struct fake *fake = self;
    const char **names = cc_alloc(mem, (CC_COUNT(fake->files) + 1) * sizeof(*names));
    size_t len = strlen(folder->path);
    size_t count = 0;

    (void)more;
    fake_noted(fake, 'l', folder->path);

    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && strncmp(row->name, folder->path, len) == 0 && row->name[len] == '/') {
            names[count++] = row->name + len + 1;
        }
    }
    return (const char *const *)names;
}

/* Files below the path: the first part of what follows, each once. */
static bool fake_list(void *self, struct cc_arena *mem, const char *path, const char *const **names,
                      bool *more, struct cc_error *err)
{
    struct fake *fake = self;
    const char **rows = cc_alloc(mem, (CC_COUNT(fake->files) + 1) * sizeof(*rows));
    const size_t len = strlen(path);
    size_t count = 0;

    fake_noted(fake, 'l', path);
    *more = fake->crowded;
    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && strncmp(row->name, path, len) == 0 && row->name[len] == '/') {
            const char *rest = row->name + len + 1;
            const char *name = cc_text_dup(mem, rest, strcspn(rest, "/"));
            size_t i = 0;

            while (i < count && strcmp(rows[i], name) != 0) {
                i++;
            }
            rows[i] = name;
            count = i == count ? count + 1 : count;
        }
    }
    *names = (const char *const *)rows;
    return count > 0 || cc_fail(err, CC_E_UNREADABLE, "cannot list %s", path);
}

static enum cc_lock fake_folder_lock(void *self, struct cc_folder *folder, uint64_t which)
{
    struct fake *fake = self;

    (void)folder;
    (void)which;
    if (fake->locked_until > fake->ticks) {
        return CC_LOCK_BUSY;
    }
    if (fake->on_lock) {
        fake->on_lock(fake);
    }
    return fake->lock_never ? CC_LOCK_NEVER : CC_LOCK_GOT;
}

static void fake_folder_unlock(void *self, struct cc_folder *folder, uint64_t which)
{
    (void)self;
    (void)folder;
    (void)which;
}

void fake_file(struct fake *fake, const char *path, const char *text)
{
    fake_pair_set(fake->files, CC_COUNT(fake->files), cc_text_dup(&fake->mem, path, strlen(path)),
                  text);
}

void fake_mode(struct fake *fake, struct fake_mode mode)
{
    struct fake_mode *slot = fake->modes;

    while (slot->path) {
        slot++;
    }
    assert_true(slot < fake->modes + CC_COUNT(fake->modes) - 1);
    *slot = mode;
}

const char *fake_file_text(struct fake *fake, const char *path)
{
    return fake_pair_value(fake->files, path);
}

void fake_files_install(struct cc_world *world)
{
    world->read_file = fake_read;
    world->write_files = fake_write;
    world->append_file = fake_append;
    world->make_folders = fake_make_folders;
    world->file_facts = fake_facts;
    world->remove_file = fake_remove;
    world->folder_open = fake_folder_open;
    world->folder_read = fake_folder_read;
    world->folder_write = fake_folder_write;
    world->folder_remove = fake_folder_remove;
    world->folder_facts = fake_folder_facts;
    world->folder_names = fake_folder_names;
    world->list = fake_list;
    world->folder_lock = fake_folder_lock;
    world->folder_unlock = fake_folder_unlock;
}
