#include "credctl/base/text.h"

#include "../../src/detectors/scene.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const char *text;
    size_t size;
};

/* The same bytes as control groups, as mounts, and as every other file. */
static bool read_file(void *self, struct cc_arena *mem, const char *path, size_t max,
                      struct cc_bytes *to, struct cc_error *err)
{
    const struct input *input = self;

    if (input->size > max) {
        return cc_fail(err, CC_E_TOO_BIG, "cannot read %s", path);
    }
    *to = (struct cc_bytes){cc_text_dup(mem, input->text, input->size), input->size};
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {(const char *)data, size};
    const struct cc_world world = {.self = &input, .read_file = read_file};
    struct cc_run run = {.world = &world};
    struct cc_scene *scene = cc_alloc(&run.mem, sizeof(*scene));

    scene->run = &run;
    const struct cc_container *container = cc_scene_container(scene);
    if ((container->engine != NULL) != (container->sign != NULL)) {
        abort(); /* what is told is told with its source */
    }
    if (container->ecs_task && strlen(container->ecs_task) != 32 &&
        strlen(container->ecs_task) != 36) {
        abort();
    }
    cc_arena_wipe(&run.mem);
    return 0;
}
