#include "fake_parts.h"

#include "test.h"

#include <string.h>

void fake_pass(struct fake *fake, int ms)
{
    int64_t before = fake->ticks / 1000;

    fake->ticks += ms;
    fake->now += fake->ticks / 1000 - before;
}

struct fake_pair *fake_pair_of(struct fake_pair *pairs, const char *name)
{
    for (; pairs->name; pairs++) {
        if (strcmp(pairs->name, name) == 0) {
            return pairs;
        }
    }
    return NULL;
}

const char *fake_pair_value(struct fake_pair *pairs, const char *name)
{
    const struct fake_pair *row = fake_pair_of(pairs, name);

    return row ? row->value : NULL;
}

void fake_pair_set(struct fake_pair *pairs, size_t room, const char *name, const char *value)
{
    struct fake_pair *old = fake_pair_of(pairs, name);

    if (old) {
        old->value = value;
        return;
    }
    while (pairs->name) {
        pairs++;
        room--;
    }
    assert_true(room > 1);
    *pairs = (struct fake_pair){name, value};
}
