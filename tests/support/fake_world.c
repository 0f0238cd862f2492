#include "fake_world.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static int64_t fake_now(void *self)
{
    return ((struct fake *)self)->now;
}

static int64_t fake_ticks(void *self)
{
    return ((struct fake *)self)->ticks;
}

static void pass(struct fake *fake, int ms)
{
    int64_t before = fake->ticks / 1000;

    fake->ticks += ms;
    fake->now += fake->ticks / 1000 - before;
}

static void fake_sleep(void *self, int ms)
{
    pass(self, ms);
    ((struct fake *)self)->slept += ms;
}

static bool fake_random(void *self, void *to, size_t size)
{
    unsigned char *at = to;

    (void)self;
    for (size_t i = 0; i < size; i++) {
        at[i] = (unsigned char)(i * 37 + 11);
    }
    return true;
}

static struct fake_pair *row_of(struct fake_pair *pairs, const char *name)
{
    for (; pairs->name; pairs++) {
        if (strcmp(pairs->name, name) == 0) {
            return pairs;
        }
    }
    return NULL;
}

static const char *look_up(struct fake_pair *pairs, const char *name)
{
    const struct fake_pair *row = row_of(pairs, name);

    return row ? row->value : NULL;
}

static const char *fake_getenv(void *self, const char *name)
{
    return look_up(((struct fake *)self)->env, name);
}

static const char *const *fake_env_all(void *self)
{
    struct fake *fake = self;
    size_t count = 0;

    for (const struct fake_pair *row = fake->env; row->name; row++) {
        fake->env_rows[count++] = cc_textf(&fake->mem, "%s=%s", row->name, row->value);
    }
    fake->env_rows[count] = NULL;
    return fake->env_rows;
}

static bool fake_read(void *self, struct cc_arena *mem, const char *path, size_t max,
                      struct cc_bytes *to, struct cc_error *err)
{
    const char *found = look_up(((struct fake *)self)->files, path);

    if (!found) {
        cc_fail(err, CC_E_UNREADABLE, "cannot read %s", path);
        return cc_why(err, "No such file or directory");
    }
    if (strlen(found) > max) {
        return cc_fail(err, CC_E_TOO_BIG, "cannot read %s", path);
    }
    *to = (struct cc_bytes){cc_text_dup(mem, found, strlen(found)), strlen(found)};
    return true;
}

static bool fake_write(void *self, const char *path, const char *text, size_t len,
                       struct cc_error *err)
{
    struct fake *fake = self;

    (void)err;
    fake_file(fake, path, cc_text_dup(&fake->mem, text, len));
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

static void fake_facts(void *self, const char *path, struct cc_file_facts *facts)
{
    const char *found = look_up(((struct fake *)self)->files, path);

    *facts = (struct cc_file_facts){0};
    if (found) {
        *facts = (struct cc_file_facts){.exists = true,
                                        .regular = true,
                                        .mode = 0600,
                                        .ours = true,
                                        .size = (int64_t)strlen(found)};
    }
}

static bool fake_remove(void *self, const char *path, struct cc_error *err)
{
    struct fake_pair *row = row_of(((struct fake *)self)->files, path);

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

    if (!look_up(((struct fake *)self)->files, path)) {
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
    return fake_write(self, in_folder(fake, folder, name), bytes.text, bytes.len, err);
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
    facts->changed = ((struct fake *)self)->now;
}

static const char *const *fake_folder_names(void *self, struct cc_arena *mem,
                                            struct cc_folder *folder)
{
    struct fake *fake = self;
    const char **names = cc_alloc(mem, (CC_COUNT(fake->files) + 1) * sizeof(*names));
    size_t len = strlen(folder->path);
    size_t count = 0;

    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && strncmp(row->name, folder->path, len) == 0 && row->name[len] == '/') {
            names[count++] = row->name + len + 1;
        }
    }
    return (const char *const *)names;
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

static void note(struct fake *fake, const struct cc_request *request)
{
    struct cc_buf rows = cc_buf_new(&fake->mem, 1 << 20);

    for (const struct cc_header *h = request->headers; h && h->name; h++) {
        cc_buf_addf(&rows, "%s: %s\n", h->name, h->value ? h->value : cc_secret_reveal(h->secret));
    }
    if (fake->forgets && fake->sent_count == CC_COUNT(fake->sent)) {
        fake->sent_count = 0;
    }
    assert_true(fake->sent_count < CC_COUNT(fake->sent));
    fake->sent[fake->sent_count++] = (struct fake_sent){
        .method = cc_text_dup(&fake->mem, request->method, strlen(request->method)),
        .url = cc_text_dup(&fake->mem, request->url, strlen(request->url)),
        .address = request->address
                       ? cc_text_dup(&fake->mem, request->address, strlen(request->address))
                       : NULL,
        .headers = rows.text,
        .body = cc_text_dup(&fake->mem, cc_secret_reveal(request->body),
                            strlen(cc_secret_reveal(request->body))),
        .distance = request->distance,
    };
}

static struct fake_exchange *answer_to(struct fake *fake, const struct cc_request *request)
{
    for (struct fake_exchange *row = fake->http; row->url; row++) {
        if ((!row->used || row->forever) && strcmp(row->url, request->url) == 0 &&
            (!row->method || strcmp(row->method, request->method) == 0)) {
            row->used = true;
            return row;
        }
    }
    fail_msg("nobody expected %s %s", request->method, request->url);
    return NULL;
}

/* What an exchange will end with, once the clock is there. */
static bool decide(const struct fake_exchange *row, struct cc_exchange *one)
{
    const struct cc_request *request = &one->request;
    const char *body = row->body ? row->body : "";

    if (row->takes_ms > request->timeout_ms) {
        one->response =
            (struct cc_response){.failure = CC_NET_SILENT, .took_ms = request->timeout_ms};
        return cc_fail(&one->err, CC_E_TIMEOUT, "no usable answer from %s", request->url);
    }
    if (row->status == 0) {
        one->response = (struct cc_response){.failure = row->failure, .took_ms = row->takes_ms};
        cc_fail(&one->err, CC_E_UNREACHABLE, "no usable answer from %s", request->url);
        return cc_why(&one->err, "nothing answers");
    }
    if (strlen(body) > request->max_body) {
        one->response = (struct cc_response){.failure = CC_NET_TOO_BIG};
        return cc_fail(&one->err, CC_E_TOO_BIG, "no usable answer from %s", request->url);
    }
    one->response = (struct cc_response){
        .failure = CC_NET_ANSWERED,
        .status = row->status,
        .body = cc_text_dup(&one->run->mem, body, strlen(body)),
        .body_len = strlen(body),
        .head = row->head ? row->head : "",
        .took_ms = row->takes_ms,
    };
    return true;
}

struct fake_flight {
    struct cc_exchange *exchange;
    int64_t ends;
};

static void begin(struct fake *fake, struct fake_flight *flight, struct cc_exchange *next)
{
    note(fake, &next->request);
    const struct fake_exchange *row = answer_to(fake, &next->request);

    next->ok = decide(row, next);
    *flight = (struct fake_flight){next, fake->ticks + next->response.took_ms};
}

/* The one that ends first, of those that began first. */
static size_t first_end(const struct fake_flight *flights, size_t count)
{
    size_t first = 0;

    for (size_t i = 1; i < count; i++) {
        first = flights[i].ends < flights[first].ends ? i : first;
    }
    return first;
}

static void fake_pump(void *self, const struct cc_pump *pump)
{
    struct fake *fake = self;
    struct fake_flight flights[128];
    size_t count = 0;

    for (;;) {
        int64_t at = CC_PUMP_NEVER;

        for (struct cc_exchange *next = pump->next(pump->about, &at); next;
             next = pump->next(pump->about, &at)) {
            assert_true(count < CC_COUNT(flights));
            begin(fake, &flights[count++], next);
            fake->most_at_once = count > fake->most_at_once ? count : fake->most_at_once;
            at = CC_PUMP_NEVER;
        }
        size_t first = first_end(flights, count);
        if (count > 0 && flights[first].ends <= at) {
            struct cc_exchange *ended = flights[first].exchange;

            if (flights[first].ends > fake->ticks) {
                pass(fake, (int)(flights[first].ends - fake->ticks));
            }
            memmove(&flights[first], &flights[first + 1], (--count - first) * sizeof(flights[0]));
            pump->done(pump->about, ended);
        } else if (at != CC_PUMP_NEVER) {
            fake_sleep(fake, (int)(at - fake->ticks));
        } else {
            return;
        }
    }
}

static bool fake_resolve(void *self, struct cc_arena *mem, const char *name,
                         const char *const **addresses, struct cc_error *err)
{
    const char *found = look_up(((struct fake *)self)->resolves, name);
    const char **list = cc_alloc(mem, 9 * sizeof(*list));
    size_t count = 0;

    if (!found) {
        return cc_fail(err, CC_E_DNS, "cannot find the address of %s", name);
    }
    while (*found && count < 8) {
        size_t len = strcspn(found, " ");

        list[count++] = cc_text_dup(mem, found, len);
        found += len;
        found += strspn(found, " ");
    }
    *addresses = (const char *const *)list;
    return true;
}

static bool fake_process(void *self, struct cc_arena *mem, const struct cc_process *process,
                         struct cc_process_end *end, struct cc_error *err)
{
    struct fake *fake = self;
    struct cc_buf line = cc_buf_new(&fake->mem, 65536);

    (void)mem;
    for (const char *const *word = process->argv; *word; word++) {
        cc_buf_addf(&line, "%s%s", line.len ? " " : "", *word);
    }
    fake->process_line = line.text;
    if (fake->process_missing) {
        return cc_fail(err, CC_E_PROCESS, "cannot start %s", process->argv[0]);
    }
    *end = fake->process;
    end->out = end->out ? end->out : "";
    end->err = end->err ? end->err : "";
    end->out_len = strlen(end->out);
    return true;
}

static bool fake_ask(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                     struct cc_error *err)
{
    struct fake *fake = self;

    (void)prompt;
    if (!fake->answer) {
        cc_fail(err, CC_E_MFA, "cannot ask for a code");
        return cc_why(err, "there is no terminal to ask at");
    }
    *answer = cc_secret_keep(mem, fake->answer);
    return true;
}

static bool fake_is_terminal(void *self, int fd)
{
    (void)fd;
    return ((struct fake *)self)->terminal;
}

static bool fake_exposed(void *self)
{
    return ((struct fake *)self)->exposed;
}

static bool fake_emit(void *self, int fd, const char *text, size_t len)
{
    struct fake *fake = self;

    assert_true(len < sizeof(fake->shown) - fake->shown_len);
    memcpy(fake->shown + fake->shown_len, text, len);
    fake->shown_len += len;
    if (fd == 1) {
        assert_true(len < sizeof(fake->out) - fake->out_len);
        memcpy(fake->out + fake->out_len, text, len);
        fake->out_len += len;
    }
    return true;
}

int fake_setup(void **state)
{
    struct fake *fake = calloc(1, sizeof(*fake));

    assert_non_null(fake);
    fake->world = (struct cc_world){
        .self = fake,
        .now = fake_now,
        .ticks_ms = fake_ticks,
        .sleep_ms = fake_sleep,
        .random = fake_random,
        .env = fake_getenv,
        .env_all = fake_env_all,
        .read_file = fake_read,
        .write_file = fake_write,
        .append_file = fake_append,
        .file_facts = fake_facts,
        .remove_file = fake_remove,
        .folder_open = fake_folder_open,
        .folder_read = fake_folder_read,
        .folder_write = fake_folder_write,
        .folder_remove = fake_folder_remove,
        .folder_facts = fake_folder_facts,
        .folder_names = fake_folder_names,
        .folder_lock = fake_folder_lock,
        .folder_unlock = fake_folder_unlock,
        .http = fake_pump,
        .resolve = fake_resolve,
        .process = fake_process,
        .ask = fake_ask,
        .is_terminal = fake_is_terminal,
        .output_exposed = fake_exposed,
        .emit = fake_emit,
    };
    fake->now = 1800000000; /* 2027-01-15T08:00:00Z */
    fake->ticks = 5000;
    fake->run.world = &fake->world;
    *state = fake;
    return 0;
}

int fake_teardown(void **state)
{
    struct fake *fake = *state;

    for (const struct fake_exchange *row = fake->http; row->url; row++) {
        if (!row->used && !row->optional) {
            fail_msg("%s was never asked for", row->url);
        }
    }
    if (!fake->canary_is_meant) {
        assert_null(strstr(fake->shown, CANARY));
    }
    cc_arena_wipe(&fake->run.mem);
    cc_arena_wipe(&fake->mem);
    free(fake);
    return 0;
}

static void add(struct fake_pair *pairs, size_t room, const char *name, const char *value)
{
    struct fake_pair *old = row_of(pairs, name);

    if (old) {
        old->value = value;
        return;
    }
    while (pairs->name) {
        pairs++;
        room--;
    }
    assert_true(room > 1);
    *pairs = (struct fake_pair){name, value};
}

void fake_env(struct fake *fake, const char *name, const char *value)
{
    add(fake->env, CC_COUNT(fake->env), name, value);
}

void fake_file(struct fake *fake, const char *path, const char *text)
{
    add(fake->files, CC_COUNT(fake->files), cc_text_dup(&fake->mem, path, strlen(path)), text);
}

const char *fake_file_text(struct fake *fake, const char *path)
{
    return look_up(fake->files, path);
}

void fake_http_row(struct fake *fake, struct fake_exchange row)
{
    struct fake_exchange *slot = fake->http;

    while (slot->url) {
        slot++;
    }
    assert_true(slot < fake->http + CC_COUNT(fake->http) - 1);
    *slot = row;
}

void fake_http(struct fake *fake, const char *url, int status, const char *body)
{
    fake_http_row(fake, (struct fake_exchange){.url = url, .status = status, .body = body});
}

void fake_no_answer(struct fake *fake, const char *url, enum cc_failure failure)
{
    fake_http_row(fake, (struct fake_exchange){.url = url, .failure = failure});
}

void fake_resolves(struct fake *fake, const char *name, const char *addresses)
{
    add(fake->resolves, CC_COUNT(fake->resolves), name, addresses);
}

const struct fake_sent *fake_sent(struct fake *fake, const char *part)
{
    for (size_t i = 0; i < fake->sent_count; i++) {
        if (strstr(fake->sent[i].url, part)) {
            return &fake->sent[i];
        }
    }
    return NULL;
}
