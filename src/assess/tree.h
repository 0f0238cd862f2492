#ifndef ASSESS_TREE_H
#define ASSESS_TREE_H

/* JSON that is kept and made: parts of answers of AWS, and maps whose names are data. */

#include "credctl/aws/operation.h"
#include "credctl/base/json.h"

/* Released with the memory. */
cJSON *cc_tree_object(struct cc_arena *mem);
cJSON *cc_tree_list(struct cc_arena *mem);

/* A copy of a part of a page, to be added to such a tree; without secrets that the page repeats. */
cJSON *cc_tree_copy(struct cc_run *run, const struct cc_ask *ask,
                    const struct cc_page_of_answer *page, const cJSON *item);

/* "Resources/0/Id": members and indices; NULL when there is none, or it is null. */
const cJSON *cc_tree_at(struct cc_arena *mem, const cJSON *tree, const char *path);
/* Its text; NULL when it is something else, or empty. */
const char *cc_tree_text(struct cc_arena *mem, const cJSON *tree, const char *path);

/* Adds 1 to the number of that name. */
void cc_tree_count(cJSON *counts, const char *name);
/* Members by their paths: a text or a number; null when it is absent. */
void cc_tree_take(struct cc_arena *mem, cJSON *to, const char *name, const cJSON *from,
                  const char *path);
/* Numbers that are Unix seconds become RFC 3339. */
void cc_tree_times(struct cc_arena *mem, cJSON *object, const char *const *names);

#endif
