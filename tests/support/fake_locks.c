#include "credctl/base/text.h"
#include "credctl/world/replace.h"

#include "fake_world.h"
#include "test.h"

/* Locks of files, their replacement, and what was looked at. */

void fake_noted(struct fake *fake, char kind, const char *name)
{
    for (size_t i = 0; i < fake->read_count; i++) {
        if (fake->reads[i].kind == kind && strcmp(fake->reads[i].name, name) == 0) {
            fake->reads[i].times++;
            return;
        }
    }
    assert_true(fake->read_count < CC_COUNT(fake->reads));
    fake->reads[fake->read_count++] =
        (struct fake_read){kind, cc_text_dup(&fake->mem, name, strlen(name)), 1};
}

static enum cc_lock file_lock(void *self, const char *path, struct cc_file_lock **lock)
{
    struct fake *fake = self;

    if (fake->file_lock_never || !fake_file_text(fake, path)) {
        return CC_LOCK_NEVER;
    }
    if (fake->file_locked_until > fake->ticks) {
        return CC_LOCK_BUSY;
    }
    if (fake->on_file_lock) {
        fake->on_file_lock(fake);
    }
    fake->files_locked++;
    *lock = (struct cc_file_lock *)fake;
    return CC_LOCK_GOT;
}

static void file_unlock(void *self, struct cc_file_lock *lock)
{
    struct fake *fake = self;

    assert_ptr_equal(lock, fake);
    assert_true(fake->files_locked-- > 0);
}

static bool may_replace(void *self, const char *path, size_t size, struct cc_error *err)
{
    (void)size;
    if (((struct fake *)self)->read_only) {
        cc_fail(err, CC_E_UNWRITABLE, "cannot write %s", path);
        return cc_why(err, "Read-only file system");
    }
    return true;
}

static bool replace_file(void *self, const char *path, const char *text, size_t len,
                         struct cc_error *err)
{
    struct fake *fake = self;

    if (!may_replace(self, path, len, err)) {
        return false;
    }
    fake_file(fake, path, cc_text_dup(&fake->mem, text, len));
    return true;
}

static const char *working_folder(void *self, struct cc_arena *mem)
{
    const char *folder = ((struct fake *)self)->folder;

    fake_noted(self, 'w', "");
    folder = folder ? folder : "/work";
    return cc_text_dup(mem, folder, strlen(folder));
}

void fake_locks(struct fake *fake)
{
    fake->world.file_lock = file_lock;
    fake->world.file_unlock = file_unlock;
    fake->world.may_replace = may_replace;
    fake->world.replace_file = replace_file;
    fake->world.working_folder = working_folder;
}
