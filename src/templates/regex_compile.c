#include "regex_program.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX 32

static void add(struct cc_regex_program *program, enum cc_regex_operation operation, int first,
                int second)
{
    cc_regex_add_step(program, (struct cc_regex_step){operation, first, second, false});
}

/* A step before what begins at `start`. */
static void insert(struct cc_regex_program *program, int start, struct cc_regex_step step)
{
    add(program, CC_REGEX_JUMP, 1, 0);
    if (program->count - 1 <= start) {
        return;
    }
    memmove(&program->steps[start + 1], &program->steps[start],
            (size_t)(program->count - 1 - start) * sizeof(step));
    program->steps[start] = step;
}

static void copy(struct cc_regex_program *program, int start, int size)
{
    for (int i = 0; i < size; i++) {
        cc_regex_add_step(program, program->steps[start + i]);
    }
}

/* --- quantifiers --- */

#define MANY (-1)

/* Moves behind a number; MANY when there is none. */
static int read_count(const char **at)
{
    int count = **at >= '0' && **at <= '9' ? 0 : MANY;

    for (; **at >= '0' && **at <= '9'; ++*at) {
        count = count > CC_REGEX_STEPS_MAX ? count : count * 10 + (**at - '0');
    }
    return count;
}

/* "{2}", "{2,}" or "{2,5}"; false: the brace is a character. */
static bool read_counts(struct cc_regex_program *program, int *least, int *most)
{
    const char *at = program->at + 1;
    const int low = read_count(&at);
    int high = low;

    if (*at == ',') {
        at++;
        high = read_count(&at);
    }
    if (low == MANY || *at != '}') {
        return false;
    }
    program->broken = program->broken || (high != MANY && high < low);
    program->foreign = program->foreign || low > CC_REGEX_STEPS_MAX || high > CC_REGEX_STEPS_MAX;
    *least = low;
    *most = high;
    program->at = at + 1;
    return true;
}

static bool read_quantifier(struct cc_regex_program *program, int *least, int *most)
{
    *least = *program->at == '+' ? 1 : 0;
    *most = *program->at == '?' ? 1 : MANY;
    switch (*program->at) {
    case '*':
    case '+':
    case '?': program->at++; break;
    case '{':
        if (!read_counts(program, least, most)) {
            return false;
        }
        break;
    default: return false;
    }
    if (*program->at == '+') { /* possessive: it can match less */
        program->unsure = true;
    }
    program->at += *program->at == '?' || *program->at == '+';
    return true;
}

/* The steps from `start` on become a loop. */
static void repeat(struct cc_regex_program *program, int start, int least, int most)
{
    const int size = program->count - start;

    if (most == 0 || size == 0) {
        program->count = size == 0 || most == 0 ? start : program->count;
        return;
    }
    for (int i = 1; i < least && !program->foreign; i++) {
        copy(program, start, size);
    }
    if (least == 0) {
        insert(
            program, start,
            (struct cc_regex_step){CC_REGEX_SPLIT, 1, most == MANY ? size + 2 : size + 1, false});
        if (most == MANY) {
            add(program, CC_REGEX_JUMP, -(size + 1), 0);
        }
        start++;
        least = 1;
    } else if (most == MANY) {
        add(program, CC_REGEX_SPLIT, -size, 1);
    }
    for (int i = least; i < most && !program->foreign; i++) {
        add(program, CC_REGEX_SPLIT, 1, size + 1);
        copy(program, start, size);
    }
}

/* --- atoms --- */

static void add_set(struct cc_regex_program *program, int first, bool negated)
{
    cc_regex_add_step(program, (struct cc_regex_step){.operation = CC_REGEX_SET,
                                                      .first = first,
                                                      .second = program->range_count - first,
                                                      .negated = negated});
}

static void read_escape(struct cc_regex_program *program)
{
    const int first = program->range_count;
    const char name = *program->at;

    if (name == 'A' || name == 'Z' || name == 'z') {
        add(program, name == 'A' ? CC_REGEX_BEGIN : CC_REGEX_END, 0, 0);
        program->at++;
    } else if (name == 'b' || name == 'B') { /* holds, as far as is known */
        program->foreign = true;
        program->at++;
    } else {
        cc_regex_escape(program, false);
        add_set(program, first, false);
    }
}

/* Behind "(". False: its text is passed over. */
static bool read_group_head(struct cc_regex_program *program)
{
    if (*program->at != '?') {
        return true;
    }
    program->at++;
    if (*program->at == ':') {
        program->at++;
        return true;
    }
    const bool name = *program->at == '<' && program->at[1] != '=' && program->at[1] != '!';
    const char *end = name ? strchr(program->at, '>') : NULL;
    if (end) {
        program->at = end + 1;
        return true;
    }
    /* What looks ahead or behind holds, as far as is known; flags are not understood. */
    program->foreign = program->foreign || !strchr("=!<", *program->at) || !*program->at;
    return false;
}

static void read_alternatives(struct cc_regex_program *program);

// NOLINTNEXTLINE(misc-no-recursion): as deep as GROUPS_MAX
static void read_group(struct cc_regex_program *program)
{
    const int start = program->count;

    if (++program->depth > GROUPS_MAX) {
        program->foreign = true;
        return;
    }
    const bool kept = read_group_head(program);
    read_alternatives(program);
    program->broken = program->broken || *program->at != ')';
    program->at += *program->at == ')';
    program->depth--;
    if (!kept) {
        program->count = start;
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as GROUPS_MAX
static void read_atom(struct cc_regex_program *program)
{
    const int first = program->range_count;

    switch (*program->at) {
    case '(':
        program->at++;
        read_group(program);
        break;
    case '[':
        program->at++;
        cc_regex_class(program);
        break;
    case '\\':
        program->at++;
        read_escape(program);
        break;
    case '.':
        program->at++;
        cc_regex_add_range(program, '\n', '\n');
        add_set(program, first, true);
        break;
    case '^':
    case '$':
        add(program, *program->at == '^' ? CC_REGEX_BEGIN : CC_REGEX_END, 0, 0);
        program->at++;
        break;
    case '*':
    case '+':
    case '?':
        program->broken = true;
        program->at++;
        break;
    default: {
        const unsigned code = cc_regex_character(&program->at);
        cc_regex_add_range(program, code, code);
        add_set(program, first, false);
    }
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as GROUPS_MAX
static void read_sequence(struct cc_regex_program *program)
{
    while (*program->at && *program->at != '|' && *program->at != ')' && !program->broken &&
           !program->foreign) {
        const int start = program->count;
        int least = 0;
        int most = 0;

        read_atom(program);
        if (!program->foreign && read_quantifier(program, &least, &most) && !program->foreign &&
            !program->broken) {
            repeat(program, start, least, most);
        }
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as GROUPS_MAX
static void read_alternatives(struct cc_regex_program *program)
{
    int start = program->count;
    int jumps[64];
    size_t count = 0;

    read_sequence(program);
    while (*program->at == '|' && !program->broken && !program->foreign) {
        program->at++;
        insert(program, start,
               (struct cc_regex_step){CC_REGEX_SPLIT, 1, program->count - start + 2, false});
        if (count == CC_COUNT(jumps)) {
            program->foreign = true;
            return;
        }
        jumps[count++] = program->count;
        add(program, CC_REGEX_JUMP, 0, 0);
        start = program->count;
        read_sequence(program);
    }
    while (count-- > 0 && !program->foreign) {
        program->steps[jumps[count]].first = program->count - jumps[count];
    }
}

void cc_regex_compile(struct cc_regex_program *program, const char *pattern)
{
    program->at = pattern;
    program->steps = cc_alloc(program->mem, CC_REGEX_STEPS_MAX * sizeof(*program->steps));
    read_alternatives(program);
    program->broken = program->broken || (*program->at != '\0' && !program->foreign);
    add(program, CC_REGEX_DONE, 0, 0);
}
