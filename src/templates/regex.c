#include "regex.h"

#include "regex_program.h"

#include <string.h>

#define TEXT_MAX 8192
#define WORK_MAX 3000000

/* The steps at which the text can go on, each once. */
struct places {
    int *steps;
    int count;
};

struct match {
    const struct cc_regex_program *program;
    const char *text;
    const char *at;
    bool whole;
    int *stack;
    unsigned *seen; /* for each step, the round in which it was reached */
    unsigned round;
    bool done;
};

static bool in_set(const struct cc_regex_program *program, const struct cc_regex_step *step,
                   unsigned code)
{
    for (int i = 0; i < step->second; i++) {
        const struct cc_regex_range *range = &program->ranges[step->first + i];

        if (code >= range->from && code <= range->to) {
            return !step->negated;
        }
    }
    return step->negated;
}

/* Where a step leads without a character, onto the stack. */
static int lead(struct match *match, struct places *to, int at, int depth)
{
    const struct cc_regex_step *step = &match->program->steps[at];

    switch (step->operation) {
    case CC_REGEX_SPLIT:
        match->stack[depth++] = at + step->second;
        match->stack[depth++] = at + step->first;
        break;
    case CC_REGEX_JUMP: match->stack[depth++] = at + step->first; break;
    case CC_REGEX_BEGIN:
    case CC_REGEX_END:
        if (step->operation == CC_REGEX_BEGIN ? match->at == match->text : !*match->at) {
            match->stack[depth++] = at + 1;
        }
        break;
    case CC_REGEX_DONE: match->done = match->done || !match->whole || !*match->at; break;
    case CC_REGEX_SET: to->steps[to->count++] = at; break;
    }
    return depth;
}

/* A step, and all that can be reached from it without a character. */
static void reach(struct match *match, struct places *to, int start)
{
    int depth = 0;

    match->stack[depth++] = start;
    while (depth > 0) {
        const int at = match->stack[--depth];

        if (match->seen[at] != match->round) {
            match->seen[at] = match->round;
            depth = lead(match, to, at, depth);
        }
    }
}

/* Moves all places over one character. */
static void move(struct match *match, struct places *now, struct places *next)
{
    const unsigned code = cc_regex_character(&match->at);

    match->round++;
    for (int i = 0; i < now->count; i++) {
        if (in_set(match->program, &match->program->steps[now->steps[i]], code)) {
            reach(match, next, now->steps[i] + 1);
        }
    }
    const struct places swap = *now;
    *now = *next;
    *next = swap;
    next->count = 0;
}

static enum cc_regex_verdict run(struct match *match, struct places *now, struct places *next)
{
    long work = 0;

    for (;;) {
        if (match->at == match->text || !match->whole) {
            reach(match, now, 0);
        }
        if (match->done) {
            return CC_REGEX_YES;
        }
        work += now->count + 1;
        if (!*match->at || (now->count == 0 && match->whole)) {
            return CC_REGEX_NO;
        }
        if (work > WORK_MAX) {
            return CC_REGEX_MAYBE;
        }
        move(match, now, next);
    }
}

enum cc_regex_verdict cc_regex_matches(const char *pattern, const char *text, bool whole)
{
    struct cc_arena mem = {0};
    struct cc_regex_program program = {.mem = &mem};
    enum cc_regex_verdict verdict = CC_REGEX_MAYBE;

    cc_regex_compile(&program, pattern);
    if (!program.broken && !program.foreign && strlen(text) <= TEXT_MAX) {
        const size_t room = (size_t)program.count * sizeof(int);
        struct match match = {.program = &program,
                              .text = text,
                              .at = text,
                              .whole = whole,
                              .stack = cc_alloc(&mem, 2 * room + 16),
                              .seen = cc_alloc(&mem, room),
                              .round = 1};
        struct places now = {.steps = cc_alloc(&mem, room)};
        struct places next = {.steps = cc_alloc(&mem, room)};

        verdict = run(&match, &now, &next);
    } else if (program.broken && !program.foreign) {
        verdict = CC_REGEX_BROKEN;
    }
    cc_arena_wipe(&mem);
    return verdict == CC_REGEX_NO && program.unsure ? CC_REGEX_MAYBE : verdict;
}
