#include "credctl/aws/profile.h"

#include "credctl/base/text.h"

const struct cc_section *cc_profiles_section(const struct cc_profiles *profiles,
                                             enum cc_section_kind kind, const char *name)
{
    const struct cc_section *section = profiles->sections;

    while (section && (section->kind != kind || !cc_text_equal(section->name, name))) {
        section = section->next;
    }
    return section;
}

static const struct cc_property *newest(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = section ? section->properties : NULL;

    while (property && !cc_text_equal(property->key, key)) {
        property = property->next;
    }
    return property;
}

const struct cc_property *cc_section_property(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = newest(section, key);

    return property && !cc_text_blank(property->value) ? property : NULL;
}

const char *cc_section_value(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = cc_section_property(section, key);

    return property ? property->value : NULL;
}

const struct cc_property *cc_section_nested(const struct cc_section *section, const char *key)
{
    const struct cc_property *property = newest(section, key);

    return property ? property->nested : NULL;
}

bool cc_property_clean(const struct cc_property *property, struct cc_error *err)
{
    const char *unseen = property ? cc_text_unseen(property->value) : NULL;

    if (!unseen) {
        return cc_property_one_line(property, err);
    }
    cc_fail(err, CC_E_CONFIG, "%s in %s, line %d is not usable", property->key, property->file,
            property->line);
    cc_why(err, "it contains %s", unseen);
    return cc_fix(err, "type line %d of %s again", property->line, property->file);
}

bool cc_property_one_line(const struct cc_property *property, struct cc_error *err)
{
    if (!property || !property->continued) {
        return true;
    }
    cc_fail(err, CC_E_CONFIG, "%s in %s, line %d has more than one line", property->key,
            property->file, property->line);
    if (property->comment) {
        cc_why(err, "line %d is an indented comment, and an indented line continues the value",
               property->comment);
        return cc_fix(err, "remove the blanks before the comment in line %d", property->comment);
    }
    cc_why(err, "line %d is indented, so it continues the value", property->continued);
    return cc_fix(err, "remove the blanks at the beginning of line %d", property->continued);
}
