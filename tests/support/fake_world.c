#include "fake_world.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "fake_parts.h"
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

static void fake_sleep(void *self, int ms)
{
    fake_pass(self, ms);
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

static const char *fake_getenv(void *self, const char *name)
{
    fake_noted(self, 'v', name);
    return fake_pair_value(((struct fake *)self)->env, name);
}

static const char *const *fake_env_all(void *self)
{
    struct fake *fake = self;
    size_t count = 0;

    fake_noted(fake, 'a', "");
    for (const struct fake_pair *row = fake->env; row->name; row++) {
        if (row->value) {
            fake->env_rows[count++] = cc_textf(&fake->mem, "%s=%s", row->name, row->value);
        }
    }
    fake->env_rows[count] = NULL;
    return fake->env_rows;
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
        cc_fail(err, CC_E_MFA, "cannot ask for an MFA code");
        return cc_why(err, "there is no terminal to ask at");
    }
    *answer = cc_secret_keep(mem, fake->answer);
    return true;
}

static const char *fake_host_name(void *self, struct cc_arena *mem)
{
    const struct fake *fake = self;

    (void)mem;
    return fake->host ? fake->host : "host";
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
        .host_name = fake_host_name,
        .process = fake_process,
        .ask = fake_ask,
        .is_terminal = fake_is_terminal,
        .output_exposed = fake_exposed,
        .emit = fake_emit,
    };
    fake_files_install(&fake->world);
    fake_http_install(&fake->world);
    fake_locks(fake);
    fake->now = 1800000000; /* 2027-01-15T08:00:00Z */
    fake->ticks = 5000;
    fake->run.world = &fake->world;
    fake->run.setup = &fake->setup;
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
    assert_int_equal(fake->files_locked, 0);
    cc_arena_wipe(&fake->run.mem);
    cc_arena_wipe(&fake->mem);
    free(fake);
    return 0;
}

void fake_env(struct fake *fake, const char *name, const char *value)
{
    fake_pair_set(fake->env, CC_COUNT(fake->env), name, value);
}
