#include "credctl/base/text.h"

#include "watch.h"

/* The services by their names, and their findings in one form. */

const char *const *cc_service_names(struct cc_arena *mem)
{
    size_t count = 0;

    while (cc_watchers[count]) {
        count++;
    }
    const char **names = cc_alloc(mem, (count + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        names[i] = cc_watchers[i]->name;
    }
    return (const char *const *)names;
}

const struct cc_watcher *cc_watcher_named(const char *name)
{
    for (const struct cc_watcher *const *row = cc_watchers; *row; row++) {
        if (cc_text_equal((*row)->name, name)) {
            return *row;
        }
    }
    return NULL;
}

static const char *first_of(struct cc_arena *mem, const cJSON *finding, const char *const *paths,
                            size_t count)
{
    for (size_t i = 0; i < count && paths[i]; i++) {
        const char *text = cc_tree_text(mem, finding, paths[i]);

        if (text) {
            return text;
        }
    }
    return NULL;
}

struct cc_finding_view cc_finding_view(struct cc_arena *mem, const char *service,
                                       const cJSON *finding)
{
    const struct cc_watcher *watcher = cc_watcher_named(service);
    const struct cc_finding_paths *paths = &watcher->paths;

    return (struct cc_finding_view){
        .severity = watcher->severity(mem, finding),
        .id = cc_tree_text(mem, finding, paths->id),
        .title = cc_tree_text(mem, finding, paths->title),
        .type = cc_tree_text(mem, finding, paths->type),
        .resource = first_of(mem, finding, paths->resources, CC_COUNT(paths->resources)),
        .resource_type = cc_tree_text(mem, finding, paths->resource_type),
        .updated = cc_tree_text(mem, finding, paths->updated),
        .about = cc_tree_text(mem, finding, paths->about),
        .url = cc_tree_text(mem, finding, paths->url),
    };
}
