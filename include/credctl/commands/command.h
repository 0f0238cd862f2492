#ifndef CREDCTL_COMMANDS_COMMAND_H
#define CREDCTL_COMMANDS_COMMAND_H

/*
 * A command turns arguments into a result. It does not parse argv, print, or exit. The command
 * line, help, `--output`, shell completion, the man page and MCP are readers of this one
 * description, so they cannot disagree.
 */

#include "credctl/base/buf.h"
#include "credctl/base/error.h"
#include "credctl/base/json.h"
#include "credctl/world/world.h"

#include <cjson/cJSON.h>

enum {
    CC_MANY = 1,   /* option: may be repeated */
    CC_SECRET = 2, /* option: its value is blanked out of argv */
};

struct cc_option {
    const char *name;           /* without the dashes */
    const char *value;          /* what the value is called in help; NULL makes it a flag */
    const char *help;           /* one line, lower case, no full stop */
    const char *const *choices; /* ends with NULL; NULL when any value will do */
    unsigned flags;
};

struct cc_args; /* made by the command line or by MCP */
bool cc_flag(const struct cc_args *args, const char *name);
const char *cc_value(const struct cc_args *args,
                     const char *name); /* the last one given, or NULL */
/* The i-th value of a repeated option, or NULL. */
const char *cc_value_at(const struct cc_args *args, const char *name, size_t i);
/* The i-th option as it was given, in its place among all of them; false past the last. */
bool cc_given_at(const struct cc_args *args, size_t i, const char **name, const char **value);
/* Words that are not options, ends with NULL. After `--` everything is a word. */
const char *const *cc_words(const struct cc_args *args);
/* A number in a range; true and untouched when the option was not given. Fails with CC_E_USAGE. */
CC_MUST_USE bool cc_value_number(const struct cc_args *args, const char *name, int64_t least,
                                 int64_t most, int64_t *number, struct cc_error *err);

/* Used by the readers that make arguments, and by tests. `value` NULL is a flag. */
struct cc_args *cc_args_new(struct cc_arena *mem);
void cc_args_add(struct cc_args *args, const char *name, const char *value);
void cc_args_word(struct cc_args *args, const char *word);
bool cc_args_full(const struct cc_args *args); /* more were given than anybody means */

enum {
    CC_FOR_AGENTS = 1, /* also offered as an MCP tool: must not put a secret in the result */
    CC_RAW = 2,        /* the answer is text of the command's own format: --output does not apply */
    CC_NO_CHAIN = 4,   /* needs no credentials: the options of the chain are not offered */
    CC_LINES =
        16,      /* has --output jsonl: it writes each result itself, as a line, when it arrives */
    CC_RUNS = 8, /* its words are another program's command line: options end at the first */
};

struct cc_command {
    const char *name;                /* "detect"; a sub-verb has a blank: "session export" */
    const char *summary;             /* one line, lower case, no full stop */
    const char *words;               /* the words it takes, for the usage line; NULL for none */
    const char *details;             /* paragraphs of the help page and man page; may be NULL */
    const struct cc_option *options; /* ends with a row without a name; NULL for none */
    unsigned flags;
    /* JSON Schema (2020-12) of the result, as text; NULL for CC_RAW. */
    const char *schema;
    /*
     * Fills `result`. True: it was done; run->exit_status says what the process should exit with
     * (0, unless the answer is "no" or the command passes on another's status). False: `err`; what
     * is in `result` by then is not shown.
     */
    bool (*run)(struct cc_run *run, const struct cc_args *args, cJSON *result,
                struct cc_error *err);
    /* The same result, for people; NULL: as JSON. CC_RAW commands leave a member "text" instead. */
    void (*print)(const cJSON *result, struct cc_buf *out);
    /* For `--output env`: NAME=value lines; NULL when the command has none. */
    void (*print_env)(const cJSON *result, struct cc_buf *out);
};

extern const struct cc_command *const cc_commands[]; /* ends with NULL */

/* Options that several commands share; each list ends with a row without a name. */
extern const struct cc_option cc_common_options[]; /* every command: --output, --debug ... */
extern const struct cc_option cc_chain_options[];  /* those that need credentials: --profile ... */

/* The command of that name, or NULL. */
const struct cc_command *cc_command_named(const char *name);
/* The option of that name among all that the command takes, or NULL. */
const struct cc_option *cc_option_named(const struct cc_command *command, const char *name);
/* Calls `each` for every option the command takes, its own first. */
void cc_options_each(const struct cc_command *command,
                     void (*each)(void *about, const struct cc_option *option), void *about);

/* Is it one of those the option may be? */
bool cc_choice_valid(const struct cc_option *option, const char *value);
/* What the option may be, with `between` between them; "" when any value will do. */
const char *cc_choices(struct cc_arena *mem, const struct cc_option *option, const char *between);

/* Help as it is printed: of everything (NULL) or of one command. */
void cc_help_text(const struct cc_command *command, struct cc_buf *out);
/* The same description as a man page. */
void cc_help_man(struct cc_buf *out);

#endif
