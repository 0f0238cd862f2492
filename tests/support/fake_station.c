#include "credctl/base/text.h"

#include "fake_machine.h"
#include "fake_parts.h"
#include "test.h"

/* What a machine can do beside serving: the supervisor, the end of the process, its input. */

static void tell(void *self, const char *state)
{
    struct fake_machine *machine = ((struct fake *)self)->machine;

    machine->told = cc_textf(&machine->fake->mem, "%s|%s", machine->told, state);
}

static void die_of(void *self, int number)
{
    ((struct fake *)self)->machine->died_of = number;
}

static void leave(void *self, int status)
{
    ((struct fake *)self)->machine->left_with = status;
}

static int64_t process_id(void *self)
{
    (void)self;
    return 4711;
}

static bool read_input(void *self, struct cc_arena *mem, size_t max, struct cc_bytes *to,
                       struct cc_error *err)
{
    const char *input = ((struct fake *)self)->machine->input;

    if (!input || strlen(input) > max) {
        return cc_fail(err, CC_E_UNREADABLE, "cannot read standard input");
    }
    *to = (struct cc_bytes){cc_text_dup(mem, input, strlen(input)), strlen(input)};
    return true;
}

static bool private_folder(void *self, struct cc_arena *mem, const char **path,
                           struct cc_error *err)
{
    struct fake_machine *machine = ((struct fake *)self)->machine;

    if (machine->no_folder) {
        return cc_fail(err, CC_E_UNWRITABLE, "cannot create a private folder");
    }
    machine->folders++;
    *path = cc_text_dup(mem, "/private", strlen("/private"));
    return true;
}

static void drop_folder(void *self, const char *path)
{
    assert_string_equal(path, "/private");
    ((struct fake *)self)->machine->folders--;
}

static const struct cc_machine operations = {
    .open = fake_server_open,
    .become = fake_become,
    .tell = tell,
    .die_of = die_of,
    .leave = leave,
    .process_id = process_id,
    .read_input = read_input,
    .private_folder = private_folder,
    .drop_folder = drop_folder,
};

void fake_machine_install(struct fake *fake, struct fake_machine *machine)
{
    *machine = (struct fake_machine){.fake = fake, .told = "", .started = "", .left_with = -1};
    fake->machine = machine;
    fake->world.machine = &operations;
}

void fake_say_lines(struct fake_machine *machine, size_t id, int fd, const char *text)
{
    while (text && *text) {
        size_t len = strcspn(text, "\n");

        machine->plan.line(machine->plan.about, id, fd, text, len);
        text += len + (text[len] == '\n');
    }
}

const char *fake_child_env(const struct fake_machine *machine, const char *name)
{
    size_t len = strlen(name);

    for (const char *const *row = machine->env; row && *row; row++) {
        if (strncmp(*row, name, len) == 0 && (*row)[len] == '=') {
            return *row + len + 1;
        }
    }
    return NULL;
}
