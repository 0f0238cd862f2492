#ifndef CREDCTL_COMMANDS_COMMAND_H
#define CREDCTL_COMMANDS_COMMAND_H

/*
 * A command is a function from an options struct to an answer struct, and the shapes of both. It
 * does not parse argv, print, or exit. The command line, help, `--output`, shell completion, man
 * page, schemas and MCP read this description.
 */

#include "credctl/base/shape_read.h"
#include "credctl/world/world.h"

enum {
    CC_FOR_AGENTS = 1, /* also offered as an MCP tool: its answer never holds a secret */
    CC_RAW = 2,        /* the answer is a struct cc_plain: text of the command's own format */
    CC_DOCUMENT = 4,   /* the answer is a struct cc_document */
    CC_RUNS =
        8, /* its words are the command line of another program: options end at the first word */
    CC_ENV = 16, /* has --output env */
};

/* A value of --output that only some commands have: a text made of the complete answer. */
struct cc_report {
    const char *name; /* "html" */
    void (*print)(const void *answer, struct cc_buf *out);
};

/* The answer of CC_RAW commands. */
struct cc_plain {
    const char *text; /* NULL: nothing */
};

/* The answer of CC_DOCUMENT commands, which has no shape. */
struct cc_document {
    void (*tell)(const void *about, struct cc_arena *mem, const struct cc_teller *teller);
    const void *about;
};

struct cc_command {
    const char *name;               /* "detect"; a sub-verb has a blank: "session export" */
    const char *summary;            /* one line, lower case, no full stop */
    const char *details;            /* paragraphs of the help page and man page; may be NULL */
    const struct cc_shape *options; /* NULL: none; run is then given NULL */
    const struct cc_shape *answer;  /* NULL: CC_RAW or CC_DOCUMENT */
    const struct cc_shape *result; /* the shape of results for the sink (--output jsonl); or NULL */
    const struct cc_report *reports; /* ends with {0}; NULL: none */
    unsigned flags;
    /*
     * Fills the answer, which is zeroed. True: it was done, and run->exit_status is the exit status
     * (0, unless the answer is "no" or the command passes on that of another program). False: `err`
     * is set, and the answer is not shown.
     */
    bool (*run)(struct cc_run *run, const void *options, void *answer, struct cc_error *err);
    /* The same answer, for people; NULL: as JSON. */
    void (*print)(const void *answer, struct cc_buf *out);
    /* True when there is no answer to show, because another program has written it. NULL: there is
     * always one. */
    bool (*silent)(const void *answer);
};

extern const struct cc_command *const cc_commands[]; /* ends with NULL */

/* The command of that name, or NULL. */
const struct cc_command *cc_command_named(const char *name);
/* The size of its answer in bytes. */
size_t cc_command_answer_size(const struct cc_command *command);
/* The row for its words, or NULL. */
const struct cc_shape_field *cc_command_words(const struct cc_command *command);

/* Options of every command. */
struct cc_common_options {
    const char *output; /* one of the formats of the command; NULL: not given */
    bool debug;
    int log_format; /* enum cc_log_format */
    int color;      /* enum cc_color */
    bool help;
};

enum cc_log_format { CC_LOG_TEXT, CC_LOG_JSON };
enum cc_color { CC_COLOR_AUTO, CC_COLOR_ON, CC_COLOR_OFF };

/* The shape of cc_common_options, with the --output values of this command; NULL: before the
 * command, where those of every command are allowed. */
const struct cc_shape *cc_common_shape(struct cc_arena *mem, const struct cc_command *command);
/* For the help of all commands: without the values that only some commands have as reports. */
const struct cc_shape *cc_general_shape(struct cc_arena *mem);
/* The values of --output, ends with NULL; for NULL, those of all commands. */
const char *const *cc_command_outputs(struct cc_arena *mem, const struct cc_command *command);

/* The text of help: for all commands (NULL) or for one. */
void cc_help_text(const struct cc_command *command, struct cc_buf *out);
/* The same description as a man page: docs/credctl.1. */
void cc_help_man(struct cc_buf *out);
/* The fields of every answer, in Markdown: docs/answers.md. */
void cc_help_fields(struct cc_buf *out);

#endif
