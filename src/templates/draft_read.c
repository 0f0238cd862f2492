#include "credctl/base/text.h"

#include "draft.h"

#include <string.h>

#include <yaml.h>

struct reading {
    struct cc_arena *mem;
    yaml_parser_t parser;
    const char *line; /* the first line that no node has begun on or before */
    size_t line_number;
    int depth;
};

/* Comments between the last node and line `number`. libyaml leaves them out of its events. */
static const char *comment_before(struct reading *reading, size_t number)
{
    struct cc_buf lines = cc_buf_new(reading->mem, CC_DRAFT_MAX);

    for (; reading->line_number < number; reading->line_number++) {
        const size_t len = strcspn(reading->line, "\n");
        const size_t blank = strspn(reading->line, " ");

        if (reading->line[blank] == '#') {
            cc_buf_add(&lines, reading->line + blank, len - blank);
            cc_buf_text(&lines, "\n");
        }
        reading->line += len + (reading->line[len] == '\n');
    }
    return lines.len > 0 ? lines.text : NULL;
}

/* A node that begins on a line ends the search for comments there. */
static void pass(struct reading *reading, size_t number)
{
    for (; reading->line_number < number; reading->line_number++) {
        reading->line += strcspn(reading->line, "\n");
        reading->line += *reading->line == '\n';
    }
}

static bool broken(const struct reading *reading, struct cc_error *err)
{
    cc_fail(err, CC_E_INTERNAL, "a template of credctl cannot be read");
    return cc_why(err, "line %zu: %s", reading->parser.problem_mark.line + 1,
                  reading->parser.problem ? reading->parser.problem : "it is not as expected");
}

static const char *copy(struct cc_arena *mem, const void *text)
{
    return text ? cc_text_dup(mem, text, strlen(text)) : NULL;
}

/* "!Sub" is the function Sub. */
static const char *tag_of(struct cc_arena *mem, const yaml_char_t *tag)
{
    const char *text = copy(mem, tag);

    return text && text[0] == '!' && text[1] ? text + 1 : NULL;
}

static struct cc_draft_node *text_of(struct reading *reading, const yaml_event_t *event)
{
    struct cc_draft_node *node =
        cc_draft_text(reading->mem, tag_of(reading->mem, event->data.scalar.tag),
                      copy(reading->mem, event->data.scalar.value));

    switch (event->data.scalar.style) {
    case YAML_PLAIN_SCALAR_STYLE: node->style = CC_DRAFT_PLAIN; break;
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: node->style = CC_DRAFT_QUOTED; break;
    case YAML_LITERAL_SCALAR_STYLE: node->style = CC_DRAFT_BLOCK; break;
    default: node->style = CC_DRAFT_AUTO; break;
    }
    pass(reading, event->end_mark.line);
    return node;
}

static struct cc_draft_node *begun(struct reading *reading, const yaml_event_t *event)
{
    struct cc_draft_node *node = NULL;

    if (event->type == YAML_SCALAR_EVENT) {
        return text_of(reading, event);
    }
    if (event->type == YAML_MAPPING_START_EVENT) {
        node = cc_draft_map(reading->mem);
        node->tag = tag_of(reading->mem, event->data.mapping_start.tag);
        node->flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        node = cc_draft_list(reading->mem);
        node->tag = tag_of(reading->mem, event->data.sequence_start.tag);
        node->flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    }
    return node;
}

static bool next(struct reading *reading, yaml_event_t *event, struct cc_error *err)
{
    if (!yaml_parser_parse(&reading->parser, event)) {
        return broken(reading, err);
    }
    return true;
}

/* The value of a key, which has been read into `key`. */
static bool read_node(struct reading *reading, const yaml_event_t *event,
                      struct cc_draft_node **node, struct cc_error *err);

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static bool read_child(struct reading *reading, const yaml_event_t *event,
                       struct cc_draft_node *whole, struct cc_error *err)
{
    const char *comment = comment_before(reading, event->start_mark.line);
    struct cc_draft_node *child = NULL;
    yaml_event_t value;

    if (whole->kind == CC_DRAFT_LIST) {
        if (!read_node(reading, event, &child, err)) {
            return false;
        }
    } else {
        if (event->type != YAML_SCALAR_EVENT) {
            return broken(reading, err);
        }
        const char *key = copy(reading->mem, event->data.scalar.value);
        if (!next(reading, &value, err)) {
            return false;
        }
        const bool read = read_node(reading, &value, &child, err);
        yaml_event_delete(&value);
        if (!read) {
            return false;
        }
        child->key = key;
    }
    child->comment = comment;
    cc_draft_append(whole, child);
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static bool read_node(struct reading *reading, const yaml_event_t *event,
                      struct cc_draft_node **node, struct cc_error *err)
{
    *node = begun(reading, event);
    if (!*node || reading->depth >= CC_DRAFT_DEPTH) {
        return broken(reading, err);
    }
    if ((*node)->kind == CC_DRAFT_TEXT) {
        return true;
    }
    reading->depth++;
    for (bool done = false; !done;) {
        yaml_event_t child;

        if (!next(reading, &child, err)) {
            return false;
        }
        done = child.type == YAML_MAPPING_END_EVENT || child.type == YAML_SEQUENCE_END_EVENT;
        const bool read = done || read_child(reading, &child, *node, err);
        yaml_event_delete(&child);
        if (!read) {
            return false;
        }
    }
    reading->depth--;
    return true;
}

static bool read_document(struct reading *reading, struct cc_draft_node **root,
                          struct cc_error *err)
{
    for (bool found = false; !found;) {
        yaml_event_t event;

        if (!next(reading, &event, err)) {
            return false;
        }
        found = event.type == YAML_MAPPING_START_EVENT;
        const bool read = found
                              ? read_node(reading, &event, root, err)
                              : event.type == YAML_STREAM_START_EVENT ||
                                    event.type == YAML_DOCUMENT_START_EVENT || broken(reading, err);
        yaml_event_delete(&event);
        if (!read) {
            return false;
        }
    }
    return true;
}

bool cc_draft_read(struct cc_arena *mem, const char *text, size_t len, struct cc_draft_node **root,
                   struct cc_error *err)
{
    struct reading reading = {.mem = mem, .line = text};

    if (!yaml_parser_initialize(&reading.parser)) {
        return cc_fail(err, CC_E_INTERNAL, "a template of credctl cannot be read");
    }
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)text, len);
    const bool read = read_document(&reading, root, err);
    yaml_parser_delete(&reading.parser);
    return read;
}
