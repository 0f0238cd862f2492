#ifndef TEMPLATES_TYPES_H
#define TEMPLATES_TYPES_H

/* The resource types of CloudFormation, from src/templates/data (made by make_tables.py). */

#include "lint.h"

/* What is known about a type. */
enum cc_known { CC_KNOWN_NOT, CC_KNOWN_NAME, CC_KNOWN_SCHEMA };

struct cc_field {
    const char *name;
    char mark;         /* '!' required, '@' read-only, else 0 */
    const char *value; /* as in types.c */
};

/* A map with known members. */
struct cc_object {
    bool open;                     /* other members are allowed */
    const struct cc_field *fields; /* by name */
    size_t count;
    const char *const *rules; /* "?xor A B", ends with NULL */
};

struct cc_types;

struct cc_types *cc_types_load(struct cc_arena *mem);
/* `name` of a type; CC_KNOWN_SCHEMA: *root is its object. */
enum cc_known cc_type_find(struct cc_types *types, const char *name, int *root);
const struct cc_object *cc_type_object(struct cc_types *types, int number);
const struct cc_field *cc_object_field(const struct cc_object *object, const char *name);
/* The allowed values, separated by tabs. */
const char *cc_type_values(struct cc_types *types, int number);
const char *cc_type_pattern(struct cc_types *types, int number);

/* Fn::GetAtt cannot work. *names: the attributes that the type has, separated by blanks. */
bool cc_type_lacks_attribute(struct cc_types *types, const char *type, const char *attribute,
                             const char **names);

#endif
