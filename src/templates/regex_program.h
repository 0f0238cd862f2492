#ifndef TEMPLATES_REGEX_PROGRAM_H
#define TEMPLATES_REGEX_PROGRAM_H

/* A regular expression as instructions. Jumps are relative, so that a part can be copied. */

#include "credctl/base/arena.h"

#include "regex.h"

#define CC_REGEX_STEPS_MAX 6000

enum cc_regex_operation {
    CC_REGEX_SET,   /* a character in ranges first .. first + count - 1 */
    CC_REGEX_SPLIT, /* goes on at both places */
    CC_REGEX_JUMP,
    CC_REGEX_BEGIN,
    CC_REGEX_END,
    CC_REGEX_DONE,
};

struct cc_regex_step {
    enum cc_regex_operation operation;
    int first;
    int second; /* SET: the number of ranges */
    bool negated;
};

struct cc_regex_range {
    unsigned from;
    unsigned to;
};

struct cc_regex_program {
    struct cc_arena *mem;
    const char *at; /* in the pattern */
    struct cc_regex_step *steps;
    int count;
    struct cc_regex_range *ranges;
    int range_count;
    int range_room;
    int depth;    /* of groups */
    bool broken;  /* not a regular expression */
    bool foreign; /* it has something that is not understood */
    bool unsure;  /* it matches less than it would */
};

void cc_regex_compile(struct cc_regex_program *program, const char *pattern);

/* The character at *at, which is moved behind it. */
unsigned cc_regex_character(const char **at);

/* A class in brackets, after the first one; adds its step. */
void cc_regex_class(struct cc_regex_program *program);
/* What a backslash and the character after it stand for; adds ranges. */
void cc_regex_escape(struct cc_regex_program *program, bool in_class);
void cc_regex_add_range(struct cc_regex_program *program, unsigned from, unsigned to);
void cc_regex_add_step(struct cc_regex_program *program, struct cc_regex_step step);

#endif
