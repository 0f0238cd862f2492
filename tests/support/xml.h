#ifndef TESTS_SUPPORT_XML_H
#define TESTS_SUPPORT_XML_H

/* An XML document as its reader sees it: the elements in the order of their beginnings. */

#include "credctl/base/arena.h"

#include <stddef.h>

struct xml_element {
    const char *name;
    const char *const *values; /* name, value, name, ...; ends with NULL */
    size_t from;               /* its text, in that of the document */
    size_t to;
};

struct xml {
    const struct xml_element *elements;
    size_t count;
    const char *text;
};

/* NULL: it is not well-formed. */
const struct xml *xml_read(struct cc_arena *mem, const char *document);
size_t xml_count(const struct xml *xml, const char *name);
/* The nth element of that name, from 0; fails the test when there is none. */
const struct xml_element *xml_find(const struct xml *xml, const char *name, size_t nth);
/* An attribute; NULL when it has none of that name. */
const char *xml_value(const struct xml_element *element, const char *name);
/* Its text, with that of the elements in it. */
const char *xml_text(struct cc_arena *mem, const struct xml *xml,
                     const struct xml_element *element);

#endif
