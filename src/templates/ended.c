#include "credctl/base/text.h"

#include "data.h"
#include "value.h"

#include <string.h>

/*
 * Runtimes and services that have ended. ended.txt: a line for each, its name and the day from
 * which on nothing new is made of it.
 */

/* The day, or NULL. */
static const char *ended(struct cc_arena *mem, const char *name)
{
    const struct cc_data data = cc_data_ended();
    const size_t len = strlen(name);
    const char *line = data.text;

    while (line < data.text + data.len) {
        const char *end = strchr(line, '\n');

        if (strncmp(line, name, len) == 0 && line[len] == ' ') {
            return cc_text_dup(mem, line + len + 1, (size_t)(end - line) - len - 1);
        }
        line = end + 1;
    }
    return NULL;
}

static void check_type(struct cc_lint *lint, const struct cc_node *type)
{
    const char *day = ended(lint->mem, cc_node_text(type));

    if (day) {
        cc_found(lint, type, CC_T_SERVICE_ENDED, "the service of %s was shut down on %s",
                 cc_node_text(type), day);
    }
}

static void check_runtime(struct cc_lint *lint, const struct cc_node *runtime)
{
    bool usual = false;
    const char *text = cc_value_usual(lint, runtime, &usual);
    const char *day = text ? ended(lint->mem, text) : NULL;

    if (day) {
        cc_found(lint, runtime, CC_T_RUNTIME_ENDED,
                 "functions can no longer be created with the runtime %s%s, since %s", text,
                 usual ? ", which is the default" : "", day);
    }
}

void cc_lint_ended(struct cc_lint *lint)
{
    static const char *const functions[] = {"AWS::Lambda::Function", "AWS::Serverless::Function",
                                            NULL};
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;
    const struct cc_node *globals = cc_node_member(lint->root, "Globals"); /* of SAM */

    check_runtime(lint, cc_node_member(cc_node_member(globals, "Function"), "Runtime"));
    for (; resource; resource = resource->next) {
        const struct cc_node *type = cc_node_member(resource, "Type");
        const struct cc_node *properties = cc_node_member(resource, "Properties");

        if (!cc_node_text(type)) {
            continue;
        }
        check_type(lint, type);
        if (cc_one_of(type->text, functions)) {
            check_runtime(lint, cc_node_member(properties, "Runtime"));
        }
    }
}
