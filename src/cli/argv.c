#include "argv.h"

#include "credctl/base/text.h"

#include <getopt.h>
#include <string.h>

#define ARGUMENT_MAX 131072

/* Options of one shape, and the place of their values. */
struct bank {
    const struct cc_shape *shape;
    void *options;
};

struct known {
    struct cc_shape_member member; /* of the rows only: whole is NULL */
    const struct bank *bank;
    bool given;
};

/* The options that are allowed at one place of the command line. */
struct reading {
    struct cc_arena *mem;
    const struct cc_command *command; /* NULL: before the command */
    struct bank banks[2];             /* the command's own, and those of every command */
    struct option *rows;              /* for getopt */
    struct known *known;              /* beside rows */
    size_t count;
};

struct sizes {
    size_t rows;
    size_t names; /* bytes of all names with their ends */
};

static void measure(const struct cc_shape *shape, struct sizes *sizes)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(shape);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        sizes->rows++;
        sizes->names += strlen(member.field->name) + 1;
    }
}

/* Writes the name with dashes, as an option. Returns the place of the next name. */
static char *spell(char *to, const char *name)
{
    for (; *name; name++) {
        *to++ = (char)(*name == '_' ? '-' : *name);
    }
    *to = '\0';
    return to + 1;
}

static char *add_rows(struct reading *reading, const struct bank *bank, char *names)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(bank->shape);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (member.field->rules & CC_REST) {
            continue;
        }
        reading->known[reading->count] = (struct known){.member = member, .bank = bank};
        reading->rows[reading->count].name = names;
        reading->rows[reading->count].has_arg =
            cc_option_takes_value(member.field) ? required_argument : no_argument;
        names = spell(names, member.field->name);
        reading->count++;
    }
    return names;
}

/* This precedes every run, so it makes three allocations for any number of options. */
static void know(struct reading *reading)
{
    struct sizes sizes = {0};

    for (size_t i = 0; i < CC_COUNT(reading->banks); i++) {
        measure(reading->banks[i].shape, &sizes);
    }
    char *names = cc_alloc(reading->mem, sizes.names + 1);
    reading->count = 0;
    reading->rows = cc_alloc(reading->mem, (sizes.rows + 1) * sizeof(*reading->rows));
    reading->known = cc_alloc(reading->mem, (sizes.rows + 1) * sizeof(*reading->known));
    for (size_t i = 0; i < CC_COUNT(reading->banks); i++) {
        names = add_rows(reading, &reading->banks[i], names);
    }
}

static const char *option_at(const void *rows, size_t i)
{
    return ((const struct option *)rows)[i].name;
}

static const char *command_at(const void *list, size_t i)
{
    const struct cc_command *const *commands = list;

    return commands[i] ? commands[i]->name : NULL;
}

static bool unknown_option(const struct reading *reading, const char *typed, struct cc_error *err)
{
    const char *name = typed + strspn(typed, "-");
    const size_t len = strcspn(name, "=");
    const char *bare = cc_text_dup(reading->mem, name, len);
    const char *near = len < 64 ? cc_text_nearest(bare, option_at, reading->rows) : NULL;

    if (near && cc_text_equal(near, bare) && name[len] == '=') {
        return cc_fail(err, CC_E_USAGE, "--%s takes no value", near);
    }
    const int shown = (int)strcspn(typed, "=");
    if (!reading->command) {
        cc_fail(err, CC_E_USAGE, "%.*s cannot come before the command", shown, typed);
        cc_why(err, "only options that every command has can come before the command");
        return near ? cc_fix(err, "did you mean --%s?", near)
                    : cc_fix(err, "write it after the command, or run `credctl help`");
    }
    cc_fail(err, CC_E_USAGE, "credctl %s has no option %.*s", reading->command->name, shown, typed);
    if (near) {
        return cc_fix(err, "did you mean --%s?", near);
    }
    return cc_fix(err, "run `credctl help %s`", reading->command->name);
}

/* getopt accepts "--out" for "--output"; a script that relies on it breaks when an option is added.
 */
static bool abbreviated(const char *typed, const char *name)
{
    size_t len = strlen(name);

    return strncmp(typed, "--", 2) == 0 && (strncmp(typed + 2, name, len) != 0 ||
                                            (typed[2 + len] != '\0' && typed[2 + len] != '='));
}

static bool take(struct reading *reading, size_t row, char *value, struct cc_error *err)
{
    const struct cc_shape_field *field = reading->known[row].member.field;
    const struct bank *bank = reading->known[row].bank;
    struct cc_shape_member member;

    reading->known[row].given = true;
    const bool put =
        cc_option_place(reading->mem, bank->shape, bank->options, field, &member, err) &&
        cc_option_put(reading->mem, &member, cc_option_spelled(reading->mem, field), value, err);
    if (field->kind == CC_KIND_SECRET && value) {
        memset(value, 'x', strlen(value)); /* out of the process list */
    }
    return put;
}

/* The word that getopt has just read: the option, not its value. */
static const char *dealt_with(struct cc_arena *mem, int got, char **argv)
{
    const char *word = argv[optind - 1];

    if (got == '?' &&
        optopt != 0) { /* a short option; the rest of its word may not have been read yet */
        return cc_textf(mem, "-%c", optopt);
    }
    return optarg && word == optarg ? argv[optind - 2] : word;
}

static bool one_option(struct reading *reading, int got, int row, char **argv, struct cc_error *err)
{
    const char *typed = dealt_with(reading->mem, got, argv);

    if (got == ':') {
        return cc_fail(err, CC_E_USAGE, "%s needs a value", typed);
    }
    if (got != 0 || abbreviated(typed, reading->rows[row].name)) {
        return unknown_option(reading, typed, err);
    }
    return take(reading, (size_t)row, optarg, err);
}

/* Options from argv[1] on; stops at the command line of another program. */
static bool options_of(struct reading *reading, int argc, char **argv, struct cc_error *err)
{
    const bool ends_early = !reading->command || (reading->command->flags & CC_RUNS) != 0;
    int row = 0;

    know(reading);
    opterr = 0;
    optind = 0; /* glibc and musl: start again */
    for (;;) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is any thread
        int got = getopt_long(argc, argv, ends_early ? "+:" : ":", reading->rows, &row);

        if (got == -1) {
            return true;
        }
        if (!one_option(reading, got, row, argv, err)) {
            return false;
        }
    }
}

static bool is_given(const struct reading *reading, const struct cc_shape_field *field)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->known[i].member.field == field) {
            return reading->known[i].given;
        }
    }
    return false;
}

/* Options that have no meaning without the first of their group. */
static bool groups_whole(const struct reading *reading, struct cc_error *err)
{
    for (size_t i = 0; i < reading->count; i++) {
        const struct cc_shape *group = reading->known[i].member.shape;

        if (reading->known[i].given && group->first_needed && !is_given(reading, group->fields)) {
            const char *option = cc_option_spelled(reading->mem, reading->known[i].member.field);
            const char *first = cc_option_spelled(reading->mem, group->fields);

            cc_fail(err, CC_E_USAGE, "%s needs %s", option, first);
            return cc_fix(err, "add %s %s, or leave %s out", first, group->fields->title, option);
        }
    }
    return true;
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
    const char *near = strlen(typed) < 64 ? cc_text_nearest(typed, command_at, cc_commands) : NULL;

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

/* "session exprt" is similar to a subcommand, and "session" has no words. */
static bool stray_word(struct cc_arena *mem, const struct cc_command *command, const char *word,
                       struct cc_error *err)
{
    const char *both = cc_textf(mem, "%s %.60s", command->name, word);
    const char *near = cc_text_nearest(both, command_at, cc_commands);

    cc_fail(err, CC_E_USAGE, "credctl %s has no subcommand or argument \"%.60s\"", command->name,
            word);
    if (near && !cc_text_equal(near, command->name)) {
        return cc_fix(err, "did you mean `credctl %s`?", near);
    }
    return cc_fix(err, "run `credctl help %s`", command->name);
}

/* The words after the options; like argv, they end with NULL. */
static bool take_words(const struct reading *reading, char **words, struct cc_error *err)
{
    const struct cc_shape_field *field = cc_command_words(reading->command);
    struct cc_shape_member member;

    if (!field) {
        return !words[0] || stray_word(reading->mem, reading->command, words[0], err);
    }
    if (!cc_option_place(reading->mem, reading->banks[0].shape, reading->banks[0].options, field,
                         &member, err)) {
        return false;
    }
    memcpy((char *)member.whole + field->at, &words, sizeof(words));
    return true;
}

bool cc_output_known(struct cc_arena *mem, const struct cc_command *command, const char *source,
                     const char *output, struct cc_error *err)
{
    const char *const *outputs = cc_command_outputs(mem, command);
    const char *all = "";

    for (size_t i = 0; outputs[i]; i++) {
        if (cc_text_equal(outputs[i], output)) {
            return true;
        }
        all = cc_textf(mem, "%s%s%s", all, i ? ", " : "", outputs[i]);
    }
    if (!command) {
        cc_fail(err, CC_E_USAGE, "%s: \"%.60s\" is not valid", source, output);
    } else {
        cc_fail(err, CC_E_USAGE, "credctl %s has no --output %.60s", command->name, output);
    }
    return cc_fix(err, "use one of %s", all);
}

static bool parse_command(struct reading *reading, int argc, char **argv, struct cc_parsed *parsed,
                          struct cc_error *err)
{
    const struct cc_command *command = reading->command = parsed->command;
    const char *before = parsed->common.output;

    if (command->options) {
        parsed->options = cc_alloc(reading->mem, command->options->size);
        cc_options_begin(reading->mem, command->options, parsed->options);
    }
    reading->banks[0] = (struct bank){command->options, parsed->options};
    reading->banks[1] = (struct bank){cc_common_shape(reading->mem, command), &parsed->common};
    if (!options_of(reading, argc, argv, err)) {
        return false;
    }
    if (parsed->common.help) {
        return true; /* whatever else there is */
    }
    return groups_whole(reading, err) && take_words(reading, argv + optind, err) &&
           (!before || cc_output_known(reading->mem, command, "--output", before, err)) &&
           (!command->options ||
            cc_options_check(reading->mem, command->options, parsed->options, err));
}

bool cc_argv_parse(struct cc_arena *mem, int argc, char **argv, struct cc_parsed *parsed,
                   struct cc_error *err)
{
    struct reading reading = {.mem = mem};
    int used = 0;

    *parsed = (struct cc_parsed){0};
    if (too_long(argc, argv)) {
        return cc_fail(err, CC_E_USAGE, "an argument is longer than %d bytes", ARGUMENT_MAX);
    }
    if (argc > 1 && cc_text_equal(argv[1], "--version")) {
        parsed->command = cc_command_named("version");
        return true;
    }
    reading.banks[1] = (struct bank){cc_common_shape(mem, NULL), &parsed->common};
    const bool begins = argc > 1 && argv[1][0] == '-';
    if (begins && !options_of(&reading, argc, argv, err)) {
        return false;
    }
    int first = begins ? optind : 1;
    if (first >= argc) {
        return true;
    }
    parsed->command = find(mem, argc - first, argv + first, &used);
    if (!parsed->command) {
        return unknown_command(argv[first], err);
    }
    /* getopt skips the program name: the last word of the command is in that place. */
    first += used - 1;
    return parse_command(&reading, argc - first, argv + first, parsed, err);
}
