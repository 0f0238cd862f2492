#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

#define CGROUP_MAX 65536
#define MOUNTS_MAX (1 << 20)
#define CGROUP     "/proc/self/cgroup"
#define MOUNTS     "/proc/self/mountinfo"
#define HEX        "0123456789abcdef"

/*
 * Paths in a control group, of both generations: v1 names the engine's folder, v2 under systemd a
 * slice or scope (amazon-ecs-agent: ecstasks-<task>.slice; docker-<id>.scope; kubepods.slice).
 */
static const struct {
    const char *part;
    const char *engine;
} groups[] = {{"kubepods", "kubernetes"}, {"/ecs/", "ecs"},        {"/ecstasks", "ecs"},
              {"/docker/", "docker"},     {"/docker-", "docker"},  {"libpod", "podman"},
              {"/lxc/", "lxc"},           {"/lxc.payload", "lxc"}, {"cri-containerd", "containerd"},
              {"/nerdctl-", "containerd"}};

/*
 * Under cgroups v2 a container sees "/" as its group. Mounts of the engine still come from a folder
 * of the engine.
 */
static const struct {
    const char *root; /* part of the mounted path, as it is on the host */
    const char *engine;
    bool id; /* the container's id follows */
} sources[] = {
    {"/ecs/deps/execute-command", "ecs", false}, {"/ecs/data/metadata/", "ecs", false},
    {"/kubelet/pods/", "kubernetes", false},     {"/docker/containers/", "docker", true},
    {"/overlay-containers/", "podman", true},
};

/* Places where an engine mounts something in every container. Mounts of the node are elsewhere. */
static const char *const targets[] = {"/etc/hosts",         "/etc/hostname",
                                      "/etc/resolv.conf",   "/dev/termination-log",
                                      "/run/.containerenv", "/managed-agents/execute-command",
                                      "/opt/ecs/metadata"};

/* The id of a container: 64 hex digits of any engine, or <32 hex>-<10 digits> of Fargate. */
static const char *engine_id(struct cc_arena *mem, const char *text)
{
    for (; *text; text++) {
        size_t run = strspn(text, HEX);
        size_t more = run == 32 && text[32] == '-' ? strspn(text + 33, "0123456789") : 0;

        if (run == 64 || more == 10) {
            return cc_text_dup(mem, text, run == 64 ? run : 43);
        }
        text += run > 0 ? run - 1 : 0;
    }
    return NULL;
}

/* A task's id is 32 hex digits, or in old clusters a uuid. */
static const char *task_after(struct cc_arena *mem, const char *text, const char *head)
{
    for (text = strstr(text, head); text; text = strstr(text + 1, head)) {
        const char *id = text + strlen(head);
        size_t len = strspn(id, HEX "-");

        if ((len == 32 || len == 36) && (id[len] == '/' || cc_text_starts(id + len, ".slice"))) {
            return cc_text_dup(mem, id, len);
        }
    }
    return NULL;
}

static void look_at_groups(struct cc_scene *scene, struct cc_container *container)
{
    struct cc_arena *mem = &scene->run->mem;
    const char *text = NULL;
    struct cc_error ignored;

    if (!cc_read_file(scene->run, CGROUP, CGROUP_MAX, &text, NULL, &ignored)) {
        return;
    }
    for (size_t i = 0; i < CC_COUNT(groups) && !container->engine; i++) {
        if (strstr(text, groups[i].part)) {
            *container = (struct cc_container){.engine = groups[i].engine, .sign = CGROUP};
        }
    }
    container->id = engine_id(mem, text);
    container->ecs_task = task_after(mem, text, "/ecs/");
    if (!container->ecs_task) {
        container->ecs_task = task_after(mem, text, "/ecstasks-");
    }
}

/* The next field of a line of mountinfo; fields are separated by single blanks. */
static const char *next_field(struct cc_arena *mem, const char **line)
{
    size_t len = strcspn(*line, " \n");
    const char *field = cc_text_dup(mem, *line, len);

    *line += len + ((*line)[len] == ' ');
    return field;
}

static bool mounted_by_an_engine(const char *target)
{
    for (size_t i = 0; i < CC_COUNT(targets); i++) {
        if (cc_text_starts(target, targets[i])) {
            return true;
        }
    }
    return false;
}

/* proc(5): mount id, parent id, device, root, mount point, ... */
static void look_at_mount(struct cc_scene *scene, const char *line, struct cc_container *container,
                          size_t *rank)
{
    struct cc_arena *mem = &scene->run->mem;

    for (int i = 0; i < 3; i++) {
        (void)next_field(mem, &line);
    }
    const char *root = next_field(mem, &line);
    if (!mounted_by_an_engine(next_field(mem, &line))) {
        return;
    }
    for (size_t i = 0; i < CC_COUNT(sources); i++) {
        const char *found = strstr(root, sources[i].root);

        if (!found) {
            continue;
        }
        if (i < *rank) {
            container->engine = sources[i].engine;
            container->sign = MOUNTS;
            *rank = i;
        }
        if (!container->id && sources[i].id) {
            container->id = engine_id(mem, found);
        }
        return;
    }
}

static void look_at_mounts(struct cc_scene *scene, struct cc_container *container)
{
    const char *text = NULL;
    struct cc_error ignored;

    if (!cc_read_file(scene->run, MOUNTS, MOUNTS_MAX, &text, NULL, &ignored)) {
        return;
    }
    /* A system that runs on an engine wins over the engine: the rows are in that order. */
    size_t rank = container->engine ? 0 : CC_COUNT(sources);
    while (*text) {
        look_at_mount(scene, text, container, &rank);
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
}

const struct cc_container *cc_scene_container(struct cc_scene *scene)
{
    struct cc_container *container = &scene->container;

    if (scene->container_looked_for) {
        return container;
    }
    scene->container_looked_for = true;
    look_at_groups(scene, container);
    if (!container->engine || !container->id) {
        look_at_mounts(scene, container);
    }
    return container;
}

void cc_take_container(struct cc_scene *scene)
{
    const struct cc_container *container = cc_scene_container(scene);
    struct cc_place *place = &scene->place;

    place->container = container->engine;
    if (!place->container && cc_file_facts(scene->run, "/.dockerenv").exists) {
        place->container = "docker";
    }
    if (!place->container && cc_file_facts(scene->run, "/run/.containerenv").exists) {
        place->container = "podman";
    }
    if (!place->container_id) {
        place->container_id = container->id;
    }
}
