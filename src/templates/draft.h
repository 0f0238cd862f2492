#ifndef TEMPLATES_DRAFT_H
#define TEMPLATES_DRAFT_H

/*
 * A template while it is being written: a tree that keeps what makes YAML readable (order, short
 * function tags, comments, styles), so that a template that was read and not changed is written
 * byte for byte as it was.
 */

#include "credctl/base/buf.h"
#include "credctl/base/error.h"

#include <cjson/cJSON.h>

#define CC_DRAFT_DEPTH 32
#define CC_DRAFT_MAX   ((size_t)4 << 20)

enum cc_draft_kind { CC_DRAFT_TEXT, CC_DRAFT_MAP, CC_DRAFT_LIST };

/* How a text is written in YAML. What the style cannot hold is written in another one. */
enum cc_draft_style {
    CC_DRAFT_AUTO,   /* a string, in quotes where it needs them */
    CC_DRAFT_PLAIN,  /* as it is: also a number, or true */
    CC_DRAFT_QUOTED, /* in single quotes */
    CC_DRAFT_BLOCK,  /* line by line, after | */
};

struct cc_draft_node {
    enum cc_draft_kind kind;
    enum cc_draft_style style; /* of a text */
    bool flow;                 /* a map or list in one line */
    const char *tag;           /* "Ref", "Sub": a function in its short form; NULL: none */
    const char *key;           /* in a map */
    const char *comment;       /* the lines before it, without indentation; NULL: none */
    const char *text;
    struct cc_draft_node *first; /* of a map or list */
    struct cc_draft_node *next;
};

/* --- in and out --- */

/* `text` is a template of ours: what is wrong with it is CC_E_INTERNAL. */
CC_MUST_USE bool cc_draft_read(struct cc_arena *mem, const char *text, size_t len,
                               struct cc_draft_node **root, struct cc_error *err);
void cc_draft_yaml(const struct cc_draft_node *root, struct cc_buf *out);
void cc_draft_json(const struct cc_draft_node *root, struct cc_buf *out);
/* The node as JSON on one line; its length is what IAM counts. */
const char *cc_draft_json_text(struct cc_arena *mem, const struct cc_draft_node *node);
/* From JSON: texts are strings, whatever they look like. */
struct cc_draft_node *cc_draft_from_json(struct cc_arena *mem, const cJSON *item);

/* --- parameters --- */

/* `value` takes the place of the parameter everywhere, and the parameter goes. */
void cc_draft_set(struct cc_arena *mem, struct cc_draft_node *root, const char *parameter,
                  const struct cc_draft_node *value);
/*
 * The parameter goes, and so does what is made of it: the member of a map, the item of a list, the
 * map in one line, the line of a script; and each map and list that has nothing else.
 */
void cc_draft_drop(struct cc_arena *mem, struct cc_draft_node *root, const char *parameter);
/* Removes parameters that nothing uses. */
void cc_draft_prune(struct cc_draft_node *root);
/* Works out the functions that only have literal arguments. */
void cc_draft_fold(struct cc_arena *mem, struct cc_draft_node *root);

/* --- nodes --- */

struct cc_draft_node *cc_draft_text(struct cc_arena *mem, const char *tag, const char *text);
struct cc_draft_node *cc_draft_map(struct cc_arena *mem);
struct cc_draft_node *cc_draft_list(struct cc_arena *mem);
struct cc_draft_node *cc_draft_copy(struct cc_arena *mem, const struct cc_draft_node *node);

/* The member of a map; NULL when there is none, or the node is no map, or NULL. */
struct cc_draft_node *cc_draft_in(const struct cc_draft_node *map, const char *key);
/* The text of a member without a tag; NULL when it is anything else. */
const char *cc_draft_text_in(const struct cc_draft_node *map, const char *key);
/* Puts `node` in the place of the member of that name, else after the member `after`, else last. */
void cc_draft_put(struct cc_draft_node *map, const char *key, struct cc_draft_node *node,
                  const char *after);
void cc_draft_append(struct cc_draft_node *list, struct cc_draft_node *node);
void cc_draft_remove(struct cc_draft_node *whole, const struct cc_draft_node *part);
/* `node` becomes `other`, in its place and with its key and comment. */
void cc_draft_become(struct cc_draft_node *node, const struct cc_draft_node *other);

#endif
