#ifndef CREDCTL_AWS_XML_H
#define CREDCTL_AWS_XML_H

/*
 * XML answers of the query protocol. Refused are more than 4 MiB, more than 32 levels, a document
 * type declaration (and with it custom entities), and anything but UTF-8. Namespace prefixes and
 * attributes are ignored.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

struct cc_xml {
    const char *name; /* without a prefix */
    const char *text; /* of an element without children, without blanks around it; else "" */
    const struct cc_xml *child; /* the first */
    const struct cc_xml *next;
};

/* Fails with CC_E_BAD_ANSWER; `source` says where the text comes from, and never contains any of
 * it. */
CC_MUST_USE bool cc_xml_parse(struct cc_arena *mem, const char *text, size_t len,
                              const char *source, const struct cc_xml **root, struct cc_error *err);

/* Finds an element by names from the root on: "Response/Result/Item". The first one at each step;
 * NULL when there is none. */
const struct cc_xml *cc_xml_find(const struct cc_xml *root, const char *path);
/* The text of that element; NULL when absent or empty. */
const char *cc_xml_text(const struct cc_xml *root, const char *path);

#endif
