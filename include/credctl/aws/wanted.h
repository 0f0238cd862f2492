#ifndef CREDCTL_AWS_WANTED_H
#define CREDCTL_AWS_WANTED_H

/*
 * What is wanted of an answer, as a shape: its rows are read from XML and from JSON alike. The name
 * of a row is the path of its member from the struct on ("PermissionsBoundary/Arn"); "." is the
 * item itself, in a list of texts. A member that is not of its kind makes the answer a bad one, and
 * so does one that is missing or empty, unless its row is CC_OMITTED. Kinds: TEXT, TEXTS, NUMBER,
 * FLAG, MAYBE_FLAG, WORD and LIST. A list grows with each page, to at most CC_WANTED_MAX items.
 */

#include "credctl/aws/operation.h"
#include "credctl/base/shape.h"

#define CC_WANTED_MAX   100000
#define CC_DOCUMENT_MAX ((size_t)1 << 20)

/*
 * The form of a TEXT that is a policy: at most CC_DOCUMENT_MAX bytes of UTF-8, decoded where the
 * service sends it in percent-encoding (IAM does), and kept with its line breaks.
 */
extern const struct cc_form cc_aws_document_form;

/* A policy alone. */
struct cc_aws_document {
    const char *text;
};

/* Operation and parameters of an ask; the rows are copied, their texts are not. */
void cc_ask_for(struct cc_run *run, struct cc_ask *ask, const struct cc_operation *operation,
                const struct cc_param *params);
/*
 * Makes the ask fill in `to`, which `shape` describes and which is zeroed now. `place` is its path
 * in the answer, "." for all of it. Texts are in the memory of the errand's run.
 */
void cc_ask_want(struct cc_run *run, struct cc_ask *ask, const char *place,
                 const struct cc_shape *shape, void *to);

/* Room for one more row after `count` ones in a list that has only been made by this function: the
 * rows, or a copy of them. */
void *cc_wanted_room(struct cc_arena *mem, const void *rows, size_t count, size_t size);

/* Reads one page, for asks with a `take` of their own. */
CC_MUST_USE bool cc_page_read(struct cc_run *run, const struct cc_ask *ask,
                              const struct cc_page_of_answer *page, const struct cc_shape *shape,
                              void *to, struct cc_error *err);

#endif
