#include "credctl/base/text.h"

#include "edit.h"

#include <string.h>

#define TAGS_MAX  48 /* of the 50 that a resource can have, some are in the templates */
#define KEY_MAX   128
#define VALUE_MAX 256

struct tag {
    const char *key;
    const char *value;
};

/* Letters of any language, digits, blanks and these (IAM User Guide, "Tags for IAM resources"). */
static bool consists(const char *text)
{
    for (const char *at = text; *at; at++) {
        const bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                            (*at >= '0' && *at <= '9') || (unsigned char)*at >= 0x80;

        if (!letter && !strchr(" _.:/=+-@", *at)) {
            return false;
        }
    }
    return cc_text_is_utf8(text) && !cc_text_unseen(text);
}

static bool check(const struct tag *tag, struct cc_error *err)
{
    const size_t key = strlen(tag->key);

    if (cc_text_starts(tag->key, "aws:")) {
        cc_fail(err, CC_E_USAGE, "--tags: \"%.100s\" is not a valid key", tag->key);
        return cc_why(err, "keys that begin with aws: are reserved");
    }
    if (key == 0 || key > KEY_MAX || strlen(tag->value) > VALUE_MAX || !consists(tag->key) ||
        !consists(tag->value)) {
        cc_fail(err, CC_E_USAGE, "--tags: \"%.100s\" is not a valid tag", tag->key);
        return cc_why(err,
                      "a key has 1 to %d and a value 0 to %d letters, digits, blanks and "
                      "characters of _.:/=+-@",
                      KEY_MAX, VALUE_MAX);
    }
    return true;
}

/* False when the last one has the key of an earlier one. */
static bool all_different(const struct tag *tags, size_t count, struct cc_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (cc_text_equal_nocase(tags[i].key, tags[count].key)) {
            return cc_fail(err, CC_E_USAGE, "--tags: the key \"%.100s\" is given twice",
                           tags[i].key);
        }
    }
    return true;
}

static bool read_tags(struct cc_arena *mem, const char *const *texts, struct tag *tags,
                      size_t *count, struct cc_error *err)
{
    for (*count = 0; texts[*count]; ++*count) {
        const char *text = texts[*count];
        const size_t len = strcspn(text, "=");

        if (*count == TAGS_MAX) {
            return cc_fail(err, CC_E_USAGE, "there can be %d --tags", TAGS_MAX);
        }
        tags[*count] = (struct tag){cc_text_dup(mem, text, len), text + len + (text[len] == '=')};
        if (!check(&tags[*count], err) || !all_different(tags, *count, err)) {
            return false;
        }
    }
    return true;
}

static void put_row(struct cc_arena *mem, struct cc_draft_node *list, const struct tag *tag)
{
    struct cc_draft_node *row = list->first;

    while (row && !cc_text_equal(cc_draft_text_in(row, "Key"), tag->key)) {
        row = row->next;
    }
    if (!row) {
        row = cc_draft_map(mem);
        row->flow = true;
        cc_draft_put(row, "Key", cc_draft_text(mem, NULL, tag->key), NULL);
        cc_draft_append(list, row);
    }
    cc_draft_put(row, "Value", cc_draft_text(mem, NULL, tag->value), NULL);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void put_tag(struct cc_arena *mem, struct cc_draft_node *node, const struct tag *tag)
{
    for (struct cc_draft_node *child = node->first; child; child = child->next) {
        if (!cc_text_equal(child->key, "Tags")) {
            put_tag(mem, child, tag);
        } else if (child->kind == CC_DRAFT_LIST) {
            put_row(mem, child, tag);
        } else {
            cc_draft_put(child, tag->key, cc_draft_text(mem, NULL, tag->value), NULL);
        }
    }
}

bool cc_edit_tags(struct cc_arena *mem, struct cc_draft_node *root, const char *const *texts,
                  struct cc_error *err)
{
    struct tag tags[TAGS_MAX];
    size_t count = 0;

    if (!read_tags(mem, texts, tags, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        put_tag(mem, cc_draft_in(root, "Resources"), &tags[i]);
    }
    return true;
}
