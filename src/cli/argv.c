#include "argv.h"

#include "credctl/base/text.h"

#include <getopt.h>
#include <string.h>

#define OPTIONS_MAX  96
#define ARGUMENT_MAX 131072

/* Takes the place of a command while none is known: the options of every command. */
static const struct cc_command bare = {.name = "", .flags = CC_NO_CHAIN};

struct option_list {
    struct option rows[OPTIONS_MAX];
    const struct cc_option *known[OPTIONS_MAX];
    size_t count;
};

static void add_row(void *about, const struct cc_option *option)
{
    struct option_list *list = about;

    if (list->count + 2 < OPTIONS_MAX) {
        list->known[list->count] = option;
        list->rows[list->count] =
            (struct option){option->name, option->value ? required_argument : no_argument, NULL, 0};
        list->count++;
    }
}

static const char *option_at(const void *list, size_t i)
{
    return ((const struct option_list *)list)->rows[i].name;
}

static const char *command_at(const void *list, size_t i)
{
    const struct cc_command *const *commands = list;

    return commands[i] ? commands[i]->name : NULL;
}

static bool unknown_option(const struct cc_command *command, const struct option_list *list,
                           const char *typed, struct cc_error *err)
{
    const char *name = typed + strspn(typed, "-");
    char bare_name[64] = "";
    size_t len = strcspn(name, "=");

    memcpy(bare_name, name, len < sizeof(bare_name) - 1 ? len : sizeof(bare_name) - 1);
    const char *near = cc_text_nearest(bare_name, option_at, list);
    if (near && cc_text_equal(near, bare_name) && name[len] == '=') {
        return cc_fail(err, CC_E_USAGE, "--%s takes no value", near);
    }
    cc_fail(err, CC_E_USAGE, "%.*s is not an option here", (int)strcspn(typed, "="), typed);
    if (!command->name[0]) {
        cc_why(err, "in front of the command stand the options that every command has");
        return near ? cc_fix(err, "did you mean --%s?", near)
                    : cc_fix(err, "give it after the command, or run `credctl help`");
    }
    cc_why(err, "credctl %s does not know it", command->name);
    if (near) {
        return cc_fix(err, "did you mean --%s?", near);
    }
    return cc_fix(err, "run `credctl help %s`", command->name);
}

/* getopt accepts "--out" for "--output"; a script that relies on it breaks when an option is added.
 */
static bool abbreviated(const char *typed, const char *name)
{
    size_t len = strlen(name);

    return strncmp(typed, "--", 2) == 0 && (strncmp(typed + 2, name, len) != 0 ||
                                            (typed[2 + len] != '\0' && typed[2 + len] != '='));
}

static bool take(struct cc_arena *mem, const struct cc_option *option, char *value,
                 struct cc_args *args, struct cc_error *err)
{
    if (!option->value) {
        cc_args_add(args, option->name, NULL);
        return true;
    }
    if (!cc_choice_valid(option, value)) {
        cc_fail(err, CC_E_USAGE, "--%s cannot be \"%.60s\"", option->name, value);
        return cc_fix(err, "name one of %s", cc_choices(mem, option, ", "));
    }
    cc_args_add(args, option->name, cc_text_dup(mem, value, strlen(value)));
    if (option->flags & CC_SECRET) {
        memset(value, 'x', strlen(value)); /* out of the process list */
    }
    return true;
}

/* The word that getopt has just dealt with: the option, not its value. */
static const char *dealt_with(struct cc_arena *mem, int got, char **argv)
{
    const char *word = argv[optind - 1];

    if (got == '?' && optopt != 0) { /* a short one; the rest of its word may be still to come */
        return cc_textf(mem, "-%c", optopt);
    }
    return optarg && word == optarg ? argv[optind - 2] : word;
}

struct reading {
    struct cc_arena *mem;
    const struct cc_command *command;
    struct option_list list;
    struct cc_args *args;
};

static bool one_option(const struct reading *reading, int got, int row, char **argv,
                       struct cc_error *err)
{
    const char *typed = dealt_with(reading->mem, got, argv);

    if (got == ':') {
        return cc_fail(err, CC_E_USAGE, "%s wants a value", typed);
    }
    if (got != 0 || abbreviated(typed, reading->list.known[row]->name)) {
        return unknown_option(reading->command, &reading->list, typed, err);
    }
    return take(reading->mem, reading->list.known[row], optarg, reading->args, err);
}

/* Options of `command` from argv[1]; stops where another program's command line begins. */
static bool options_of(struct reading *reading, int argc, char **argv, struct cc_error *err)
{
    const bool ends_early = reading->command == &bare || (reading->command->flags & CC_RUNS) != 0;
    int row = 0;

    reading->list.count = 0;
    cc_options_each(reading->command, add_row, &reading->list);
    memset(&reading->list.rows[reading->list.count], 0, sizeof(reading->list.rows[0]));
    opterr = 0;
    optind = 0; /* both glibc and musl: begin anew */
    for (;;) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is any thread
        int got = getopt_long(argc, argv, ends_early ? "+:" : ":", reading->list.rows, &row);

        if (got == -1) {
            return true;
        }
        if (!one_option(reading, got, row, argv, err)) {
            return false;
        }
    }
}

static const struct cc_command *find(struct cc_arena *mem, int argc, char **argv, int *used)
{
    const struct cc_command *two =
        argc > 1 ? cc_command_named(cc_textf(mem, "%s %s", argv[0], argv[1])) : NULL;

    *used = two ? 2 : 1;
    return two ? two : cc_command_named(argv[0]);
}

static bool unknown_command(const char *typed, struct cc_error *err)
{
    const char *near = cc_text_nearest(typed, command_at, cc_commands);

    cc_fail(err, CC_E_USAGE, "\"%.100s\" is not a command", typed);
    return near ? cc_fix(err, "did you mean `credctl %s`?", near)
                : cc_fix(err, "run `credctl help` for the list");
}

static bool too_long(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strlen(argv[i]) > ARGUMENT_MAX) {
            return true;
        }
    }
    return false;
}

/* "session exprt": close to a sub-verb, and no word that "session" takes. */
static bool stray_word(struct cc_arena *mem, const struct cc_command *command,
                       const struct cc_args *args, struct cc_error *err)
{
    const char *word = cc_words(args)[0];

    if (command->words || !word) {
        return false;
    }
    const char *near =
        cc_text_nearest(cc_textf(mem, "%s %s", command->name, word), command_at, cc_commands);
    cc_fail(err, CC_E_USAGE, "credctl %s takes no word \"%.60s\"", command->name, word);
    if (near && !cc_text_equal(near, command->name)) {
        cc_fix(err, "did you mean `credctl %s`?", near);
    } else {
        cc_fix(err, "run `credctl help %s`", command->name);
    }
    return true;
}

bool cc_argv_parse(struct cc_arena *mem, int argc, char **argv, const struct cc_command **command,
                   struct cc_args **args, struct cc_error *err)
{
    struct reading *reading = cc_alloc(mem, sizeof(*reading));
    int used = 0;

    *reading = (struct reading){.mem = mem, .command = &bare, .args = cc_args_new(mem)};
    *args = reading->args;
    *command = NULL;
    if (too_long(argc, argv)) {
        return cc_fail(err, CC_E_USAGE, "an argument is longer than %d bytes", ARGUMENT_MAX);
    }
    if (argc > 1 && cc_text_equal(argv[1], "--version")) {
        *command = cc_command_named("version");
        return true;
    }
    if (!options_of(reading, argc, argv, err)) {
        return false;
    }
    int first = optind;
    if (first >= argc) {
        return true;
    }
    const struct cc_command *found = find(mem, argc - first, argv + first, &used);
    if (!found) {
        return unknown_command(argv[first], err);
    }
    /* getopt wants the program's name in front: the last word of the command takes that place. */
    first += used - 1;
    *command = reading->command = found;
    if (!options_of(reading, argc - first, argv + first, err)) {
        return false;
    }
    for (int i = first + optind; i < argc; i++) {
        cc_args_word(*args, argv[i]);
    }
    if (cc_args_full(*args)) {
        return cc_fail(err, CC_E_USAGE, "there are too many arguments");
    }
    return !stray_word(mem, found, *args, err);
}
