#include "credctl/templates/generate.h"

#include "credctl/base/text.h"

#include "draft_of.h"
#include "edit.h"
#include "parameter.h"

bool cc_template_parameters(struct cc_arena *mem, const struct cc_template *template,
                            struct cc_parameters *parameters, struct cc_error *err)
{
    struct cc_draft_node *root = NULL;

    if (!cc_draft_load(mem, template, &root, err)) {
        return false;
    }
    *parameters = cc_parameters_of(mem, root);
    return true;
}

static bool has(const struct cc_parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++) {
        if (cc_text_equal(parameters->rows[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The settings of those parameters, or all others. */
static struct cc_generation with_settings(struct cc_arena *mem,
                                          const struct cc_generation *generation,
                                          const struct cc_parameters *parameters, bool theirs)
{
    struct cc_generation some = *generation;
    struct cc_setting *settings = cc_alloc(mem, (some.setting_count + 1) * sizeof(*settings));
    size_t count = 0;

    for (size_t i = 0; i < some.setting_count; i++) {
        if (has(parameters, some.settings[i].parameter) == theirs) {
            settings[count++] = some.settings[i];
        }
    }
    some.settings = settings;
    some.setting_count = count;
    return some;
}

/* The template of each account goes into the StackSet, instead of the URL of one. */
static void put_body(struct cc_draft_node *root, const struct cc_generated *inner)
{
    struct cc_draft_node *url =
        cc_draft_in(cc_draft_properties(root, "TargetRoles"), "TemplateURL");

    url->key = "TemplateBody";
    url->tag = NULL;
    url->text = inner->text;
    url->style = CC_DRAFT_BLOCK;
    cc_draft_prune(root);
}

/* Parameters that the template of each account does not have any more. */
static void drop_known(struct cc_arena *mem, struct cc_draft_node *root,
                       const struct cc_parameters *all, const struct cc_parameters *left)
{
    for (size_t i = 0; i < all->count; i++) {
        if (!has(left, all->rows[i].name)) {
            cc_draft_drop(mem, root, all->rows[i].name);
        }
    }
}

static bool stack_set(struct cc_arena *mem, const struct cc_generation *generation,
                      struct cc_generated *generated, struct cc_error *err)
{
    const struct cc_template *target = cc_template_named("cross-account");
    struct cc_draft_node *root = NULL;
    struct cc_parameters all;

    if (!cc_draft_load(mem, generation->template, &root, err) ||
        !cc_template_parameters(mem, target, &all, err)) {
        return false;
    }
    struct cc_generation inner = with_settings(mem, generation, &all, true);
    const struct cc_generation outer = with_settings(mem, generation, &all, false);
    inner.template = target;
    inner.json = false;
    if (!cc_generate_one(mem, &inner, generated, err)) {
        return false;
    }
    put_body(root, generated);
    if (!cc_draft_settings(mem, root, &outer, err) ||
        (outer.tags && !cc_edit_tags(mem, root, outer.tags, err))) {
        return false;
    }
    drop_known(mem, root, &all, &generated->parameters);
    cc_draft_fold(mem, root);
    return cc_draft_write(mem, root, generation->json, generated, err);
}

bool cc_generate(struct cc_arena *mem, const struct cc_generation *generation,
                 struct cc_generated *generated, struct cc_error *err)
{
    *generated = (struct cc_generated){0};
    return generation->template->side == CC_SIDE_STACKSET
               ? stack_set(mem, generation, generated, err)
               : cc_generate_one(mem, generation, generated, err);
}
