#include "credctl/world/world.h"

#include "credctl/base/text.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SECRET_MAX 16384
#define PASSWD_MAX (1 << 20)

int64_t cc_now(const struct cc_run *run)
{
    return run->world->now(run->world->self);
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

static bool may_go_out(struct cc_run *run, const struct cc_request *request, struct cc_error *err)
{
    if (run->offline) {
        cc_fail(err, CC_E_UNREACHABLE, "%s was not asked", request->url);
        cc_why(err, "--offline forbids the network");
        return cc_fix(err, "run it without --offline");
    }
    if (run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0) {
        cc_fail(err, CC_E_DEADLINE, "%s was not asked", request->url);
        return cc_why(err, "the time for the whole run is over");
    }
    return true;
}

bool cc_http(struct cc_run *run, const struct cc_request *request, struct cc_response *response,
             struct cc_error *err)
{
    struct cc_request cut = *request;

    *response = (struct cc_response){.failure = CC_NET_OTHER};
    if (!may_go_out(run, request, err)) {
        return false;
    }
    cut.timeout_ms = cc_time_left_ms(run, request->timeout_ms);
    cut.deadline_ms = run->deadline_ms;
    cut.ca = cut.ca ? cut.ca : run->ca_bundle;
    bool ok = run->world->http(run->world->self, &run->mem, &cut, response, err);
    cc_log(run, CC_DEBUG, "http", CC_S("method", request->method), CC_S("url", request->url),
           CC_N("status", response->status), CC_N("ms", response->took_ms),
           CC_S("failure", ok ? "none" : err->what));
    return ok;
}

void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch)
{
    size_t refused = 0;

    for (size_t i = 0; i < count; i++) {
        struct cc_exchange *exchange = &exchanges[i];

        exchange->response = (struct cc_response){.failure = CC_NET_OTHER};
        exchange->ok = may_go_out(run, &exchange->request, &exchange->err);
        refused += !exchange->ok;
        exchange->request.timeout_ms = cc_time_left_ms(run, exchange->request.timeout_ms);
        exchange->request.deadline_ms = run->deadline_ms; /* of one that begins later */
        exchange->request.ca = exchange->request.ca ? exchange->request.ca : run->ca_bundle;
    }
    if (refused == 0) {
        run->world->http_many(run->world->self, &run->mem, exchanges, count, parallel, watch);
        return;
    }
    for (size_t i = 0; i < count; i++) { /* the run is offline or over: true of all of them */
        exchanges[i].ok = false;
        if (watch && watch->done) {
            watch->done(watch->about, &exchanges[i]);
        }
    }
}

const char *cc_response_header(struct cc_arena *mem, const struct cc_response *response,
                               const char *name)
{
    size_t len = strlen(name);

    for (const char *line = response->head; line && *line;) {
        size_t width = strcspn(line, "\r\n");

        if (width > len && line[len] == ':' && strncasecmp(line, name, len) == 0) {
            return cc_text_trim(mem, cc_text_dup(mem, line + len + 1, width - len - 1));
        }
        line += width;
        line += strspn(line, "\r\n");
    }
    return NULL;
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
