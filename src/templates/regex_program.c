#include "regex_program.h"

#include <string.h>

void cc_regex_add_step(struct cc_regex_program *program, struct cc_regex_step step)
{
    if (program->count < CC_REGEX_STEPS_MAX) {
        program->steps[program->count++] = step;
    } else {
        program->foreign = true;
    }
}

void cc_regex_add_range(struct cc_regex_program *program, unsigned from, unsigned to)
{
    if (program->range_count == program->range_room) {
        struct cc_regex_range *before = program->ranges;

        program->range_room = program->range_room ? 2 * program->range_room : 64;
        program->ranges =
            cc_alloc(program->mem, (size_t)program->range_room * sizeof(*program->ranges));
        if (before) {
            memcpy(program->ranges, before, (size_t)program->range_count * sizeof(*before));
        }
    }
    program->ranges[program->range_count++] = (struct cc_regex_range){from, to};
}
