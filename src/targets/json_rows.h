#ifndef TARGETS_JSON_ROWS_H
#define TARGETS_JSON_ROWS_H

/* Rows of a list of targets in JSON. Pure. */

#include "row.h"

#include <cjson/cJSON.h>

/*
 * An object, or a text: an account or a role ARN. False, with the reason, when a member is not
 * known or has a wrong type; the row has then the texts that could be read.
 */
CC_MUST_USE bool cc_json_row(struct cc_arena *mem, const cJSON *doc, struct cc_target_row *row,
                             const char **why);

/* The text of an element; `next` begins after the comma, and is NULL after the last one. */
struct cc_json_element {
    const char *text;
    size_t len;
    const char *next;
};

/* The start of the first element of the array that is the whole of a text, or `end` when the array
 * is empty. NULL, with the reason, when the text is not an array. */
const char *cc_json_elements(const char *text, const char *end, const char **why);
/* The element at `at`. False, with the reason, when the array is not closed there, or is followed
 * by something else. */
CC_MUST_USE bool cc_json_element(const char *at, const char *end, struct cc_json_element *element,
                                 const char **why);

#endif
