#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

/* As many as a command line has; the kernel bounds those, and cc_args_full() these. */
#define GIVEN_MAX 4096

struct given {
    const char *name;
    const char *value;
};

struct cc_args {
    struct cc_arena *mem;
    struct given *given;
    size_t given_count;
    const char **words;
    size_t word_count;
};

struct cc_args *cc_args_new(struct cc_arena *mem)
{
    struct cc_args *args = cc_alloc(mem, sizeof(*args));

    args->mem = mem;
    args->given = cc_alloc(mem, 16 * sizeof(*args->given));
    args->words = cc_alloc(mem, 16 * sizeof(*args->words));
    return args;
}

/* Room for one more, and an empty one after it: at 16, 32, 64 ... the list moves. */
static void *grown(struct cc_arena *mem, void *list, size_t count, size_t size)
{
    if (count + 1 < 16 || ((count + 1) & count) != 0) {
        return list;
    }
    void *longer = cc_alloc(mem, (count + 1) * 2 * size);
    memcpy(longer, list, count * size);
    return longer;
}

void cc_args_add(struct cc_args *args, const char *name, const char *value)
{
    if (args->given_count < GIVEN_MAX) {
        args->given = grown(args->mem, args->given, args->given_count, sizeof(*args->given));
        args->given[args->given_count++] = (struct given){name, value ? value : ""};
    }
}

void cc_args_word(struct cc_args *args, const char *word)
{
    if (args->word_count < GIVEN_MAX) {
        args->words = grown(args->mem, args->words, args->word_count, sizeof(*args->words));
        args->words[args->word_count++] = word;
    }
}

bool cc_args_full(const struct cc_args *args)
{
    return args->given_count == GIVEN_MAX || args->word_count == GIVEN_MAX;
}

const char *cc_value_at(const struct cc_args *args, const char *name, size_t i)
{
    for (size_t at = 0; at < args->given_count; at++) {
        if (strcmp(args->given[at].name, name) == 0 && i-- == 0) {
            return args->given[at].value;
        }
    }
    return NULL;
}

bool cc_given_at(const struct cc_args *args, size_t i, const char **name, const char **value)
{
    if (i >= args->given_count) {
        return false;
    }
    *name = args->given[i].name;
    *value = args->given[i].value;
    return true;
}

const char *cc_value(const struct cc_args *args, const char *name)
{
    const char *last = NULL;

    for (size_t at = 0; at < args->given_count; at++) {
        if (strcmp(args->given[at].name, name) == 0) {
            last = args->given[at].value;
        }
    }
    return last;
}

bool cc_flag(const struct cc_args *args, const char *name)
{
    return cc_value(args, name) != NULL;
}

const char *const *cc_words(const struct cc_args *args)
{
    return args->words;
}

bool cc_value_number(const struct cc_args *args, const char *name, int64_t least, int64_t most,
                     int64_t *number, struct cc_error *err)
{
    const char *value = cc_value(args, name);

    if (!value || cc_text_number(value, least, most, number)) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "--%s %s is not usable", name, value);
    return cc_why(err, "it must be a whole number from %lld to %lld", (long long)least,
                  (long long)most);
}
