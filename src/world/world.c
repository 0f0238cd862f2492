#include "credctl/world/world.h"

#include "credctl/base/text.h"

#include <string.h>
#include <unistd.h>

#define SECRET_MAX 16384
#define PASSWD_MAX (1 << 20)

int64_t cc_now(const struct cc_run *run)
{
    return run->world->now(run->world->self);
}

int64_t cc_now_aws(const struct cc_run *run)
{
    return cc_now(run) + (run->part_of ? run->part_of : run)->skew;
}

struct cc_run *cc_run_whole(struct cc_run *run)
{
    return run->part_of ? run->part_of : run;
}

struct cc_run cc_run_part(struct cc_run *run)
{
    struct cc_run part = *run;

    part.mem = (struct cc_arena){0};
    part.part_of = run->part_of ? run->part_of : run;
    return part;
}

int64_t cc_ticks_ms(const struct cc_run *run)
{
    return run->world->ticks_ms(run->world->self);
}

int cc_time_left_ms(const struct cc_run *run, int most)
{
    if (run->deadline_ms == 0) {
        return most;
    }
    int64_t left = run->deadline_ms - cc_ticks_ms(run);
    if (left <= 0) {
        return 0;
    }
    return left < most ? (int)left : most;
}

void cc_sleep_ms(const struct cc_run *run, int ms)
{
    int cut = cc_time_left_ms(run, ms);

    if (cut > 0) {
        run->world->sleep_ms(run->world->self, cut);
    }
}

bool cc_random(const struct cc_run *run, void *to, size_t size, struct cc_error *err)
{
    if (!run->world->random(run->world->self, to, size)) {
        return cc_fail(err, CC_E_INTERNAL, "the system's random source failed");
    }
    return true;
}

uint32_t cc_random_below(const struct cc_run *run, uint32_t below)
{
    uint32_t number = 0;

    if (below == 0 || !run->world->random(run->world->self, &number, sizeof(number))) {
        return 0;
    }
    return (uint32_t)((uint64_t)number * below >> 32);
}

const char *cc_env(const struct cc_run *run, const char *name)
{
    const char *value = run->world->env(run->world->self, name);

    return value && value[0] ? value : NULL;
}

struct cc_secret cc_env_secret(struct cc_run *run, const char *name)
{
    return cc_secret_keep(&run->mem, cc_env(run, name));
}

bool cc_read_file(struct cc_run *run, const char *path, size_t max, const char **text, size_t *len,
                  struct cc_error *err)
{
    struct cc_bytes read = {0};

    if (!run->world->read_file(run->world->self, &run->mem, path, max, &read, err)) {
        return false;
    }
    *text = read.text;
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
    *secret = cc_secret_keep(&run->mem, cc_text_dup(&run->mem, text, len));
    return true;
}

bool cc_write_file(struct cc_run *run, const char *path, const char *text, size_t len,
                   struct cc_error *err)
{
    return run->world->write_file(run->world->self, path, text, len, err);
}

bool cc_append_file(struct cc_run *run, const char *path, const char *text, size_t len,
                    struct cc_error *err)
{
    return run->world->append_file(run->world->self, path, text, len, err);
}

struct cc_file_facts cc_file_facts(struct cc_run *run, const char *path)
{
    struct cc_file_facts facts = {0};

    run->world->file_facts(run->world->self, path, &facts);
    return facts;
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
    return run->world->folder_names(run->world->self, &run->mem, folder);
}

enum cc_lock cc_folder_lock(struct cc_run *run, struct cc_folder *folder, uint64_t which)
{
    return run->world->folder_lock(run->world->self, folder, which);
}

void cc_folder_unlock(struct cc_run *run, struct cc_folder *folder, uint64_t which)
{
    run->world->folder_unlock(run->world->self, folder, which);
}

/* The passwd entry of this user, read by hand: getpwuid loads modules a static file cannot. */
static const char *passwd_home(struct cc_run *run)
{
    const char *text = NULL;
    struct cc_error ignored;
    const char *uid = cc_textf(&run->mem, "%lu", (unsigned long)getuid());

    if (!cc_read_file(run, "/etc/passwd", PASSWD_MAX, &text, NULL, &ignored)) {
        return NULL;
    }
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line = cc_text_dup(&run->mem, text, len);
        const char *field[6] = {line};

        for (size_t i = 1; i < CC_COUNT(field) && field[i - 1]; i++) {
            const char *colon = strchr(field[i - 1], ':');

            field[i] = colon ? colon + 1 : NULL;
        }
        if (field[5] && strncmp(field[2], uid, strlen(uid)) == 0 && field[2][strlen(uid)] == ':' &&
            field[5][0] == '/') {
            return cc_text_dup(&run->mem, field[5], strcspn(field[5], ":"));
        }
        text += len + (text[len] == '\n');
    }
    return NULL;
}

const char *cc_home(struct cc_run *run)
{
    const char *home = cc_env(run, "HOME");

    return home ? home : passwd_home(run);
}

const char *cc_path_expand(struct cc_run *run, const char *path)
{
    const char *home = NULL;

    if (path[0] != '~' || (path[1] != '/' && path[1] != '\0')) {
        return path;
    }
    home = cc_home(run);
    return home ? cc_textf(&run->mem, "%s%s", home, path + 1) : path;
}

void cc_log_rows(struct cc_run *run, enum cc_level level, const char *event,
                 const struct cc_row *rows)
{
    if (level > run->level) {
        return;
    }
    const char *line = cc_log_line(&run->mem, run->log_json, cc_now(run), level, event, rows);
    (void)run->world->emit(run->world->self, 2, line, strlen(line));
}
