#include "credctl/base/text.h"

#include "read.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

struct reading {
    struct cc_tree *tree;
    struct cc_lint *lint;
};

static struct cc_place place_of(const yaml_mark_t *mark)
{
    return (struct cc_place){(int)mark->line + 1, (int)mark->column + 1};
}

/* --- scalars --- */

static bool one_of(const char *text, const char *const *words)
{
    while (*words && strcmp(*words, text) != 0) {
        words++;
    }
    return *words != NULL;
}

static bool is_number(const char *text, bool *whole)
{
    const char *at = text + (text[0] == '-' || text[0] == '+');
    const size_t digits = strspn(at, "0123456789");

    if (digits == 0 && at[0] != '.') {
        return false;
    }
    at += digits;
    *whole = *at == '\0';
    if (*whole) {
        return true;
    }
    char *end = NULL;
    (void)strtod(text, &end);
    return *end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text) &&
           (digits > 0 || (at[1] >= '0' && at[1] <= '9'));
}

/* The types of plain scalars in YAML 1.1, as CloudFormation reads them. */
static enum cc_scalar scalar_of(const char *text)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const flags[] = {"true", "True", "TRUE", "false", "False", "FALSE", "yes",
                                        "Yes",  "YES",  "no",   "No",    "NO",    "on",    "On",
                                        "ON",   "off",  "Off",  "OFF",   NULL};
    bool whole = false;

    if (one_of(text, nulls)) {
        return CC_SCALAR_NULL;
    }
    if (one_of(text, flags)) {
        return CC_SCALAR_FLAG;
    }
    if (is_number(text, &whole)) {
        return whole ? CC_SCALAR_INTEGER : CC_SCALAR_REAL;
    }
    return CC_SCALAR_TEXT;
}

/* --- tags --- */

static const char *const short_forms[] = {"Base64",
                                          "Cidr",
                                          "FindInMap",
                                          "GetAtt",
                                          "GetAZs",
                                          "GetStackOutput",
                                          "ImportValue",
                                          "Join",
                                          "Select",
                                          "Split",
                                          "Sub",
                                          "Transform",
                                          "If",
                                          "And",
                                          "Equals",
                                          "Not",
                                          "Or",
                                          "Length",
                                          "Contains",
                                          "RefAll",
                                          "ValueOf",
                                          "EachMemberIn",
                                          "EachMemberEquals",
                                          "ValueOfAll",
                                          "ToJsonString",
                                          NULL};

/* "Fn::Sub" for "!Sub"; NULL: it is not a function. */
static const char *function_of(struct cc_arena *mem, const char *tag)
{
    if (strcmp(tag, "!Ref") == 0 || strcmp(tag, "!Condition") == 0) {
        return cc_text_dup(mem, tag + 1, strlen(tag) - 1);
    }
    return tag[0] == '!' && one_of(tag + 1, short_forms) ? cc_textf(mem, "Fn::%s", tag + 1) : NULL;
}

/* Begins the function of a short form. Other tags are those of YAML, or do not exist. */
static void read_tag(const struct reading *reading, const yaml_char_t *tag, struct cc_place place)
{
    static const char standard[] = "tag:yaml.org,2002:";
    static const char *const refused[] = {"binary", "omap", "pairs", "set", "timestamp", NULL};
    const char *text = (const char *)tag;

    if (!text || strcmp(text, "!") == 0) {
        return;
    }
    const char *function = function_of(reading->lint->mem, text);
    if (function) {
        cc_tree_function(reading->tree, place, function);
    } else if (!cc_text_starts(text, standard) || one_of(text + strlen(standard), refused)) {
        cc_found_at(reading->lint, place, CC_T_UNKNOWN_TAG,
                    "the tag %.60s is not a short form of a function", text);
    }
}

/* "a.b" of !GetAtt is the list [a, b]. */
static void read_attribute(const struct reading *reading, struct cc_place place, const char *text)
{
    const char *dot = strchr(text, '.');
    struct cc_arena *mem = reading->lint->mem;

    if (!dot) {
        cc_tree_scalar(reading->tree, place, text, CC_SCALAR_TEXT);
        return;
    }
    cc_tree_open(reading->tree, place, CC_NODE_LIST);
    cc_tree_scalar(reading->tree, place, cc_text_dup(mem, text, (size_t)(dot - text)),
                   CC_SCALAR_TEXT);
    cc_tree_scalar(reading->tree, place, dot + 1, CC_SCALAR_TEXT);
    cc_tree_close(reading->tree);
}

/* --- events --- */

static void refuse_anchor(const struct reading *reading, struct cc_place place)
{
    cc_found_at(reading->lint, place, CC_T_YAML_ALIAS,
                "CloudFormation does not accept aliases and merge keys of YAML");
}

static void read_name(const struct reading *reading, const yaml_event_t *event, const char *text)
{
    const struct cc_place place = place_of(&event->start_mark);

    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, "<<") == 0) {
        refuse_anchor(reading, place);
    }
    cc_tree_name(reading->tree, place, text);
}

static void read_scalar(const struct reading *reading, const yaml_event_t *event)
{
    const struct cc_place place = place_of(&event->start_mark);
    const yaml_scalar_style_t style = event->data.scalar.style;
    const char *text = cc_text_dup(reading->lint->mem, (const char *)event->data.scalar.value,
                                   event->data.scalar.length);
    const bool tagged = event->data.scalar.tag != NULL;
    const bool plain = style == YAML_PLAIN_SCALAR_STYLE && !tagged;

    if (strlen(text) != event->data.scalar.length) {
        cc_found_at(reading->lint, place, CC_T_TEMPLATE_SYNTAX, "the text has a NUL character");
        reading->tree->failed = true;
        return;
    }
    cc_readable(reading->lint->mem, &text);
    if (cc_tree_wants_name(reading->tree)) {
        read_name(reading, event, text);
        return;
    }
    read_tag(reading, event->data.scalar.tag, place);
    if (tagged && strcmp((const char *)event->data.scalar.tag, "!GetAtt") == 0) {
        read_attribute(reading, place, text);
        return;
    }
    struct cc_node *node =
        cc_tree_scalar(reading->tree, place, text, plain ? scalar_of(text) : CC_SCALAR_TEXT);
    if (node) {
        node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    }
}

static void read_alias(const struct reading *reading, const yaml_event_t *event)
{
    const struct cc_place place = place_of(&event->start_mark);

    refuse_anchor(reading, place);
    if (cc_tree_wants_name(reading->tree)) {
        cc_tree_name(reading->tree, place, "*");
    } else {
        cc_tree_unknown(reading->tree, place, NULL);
    }
}

static void read_open(const struct reading *reading, const yaml_event_t *event)
{
    const struct cc_place place = place_of(&event->start_mark);
    const bool list = event->type == YAML_SEQUENCE_START_EVENT;

    if (cc_tree_wants_name(reading->tree)) {
        cc_found_at(reading->lint, place, CC_T_TEMPLATE_SYNTAX, "a key is not a text");
        cc_found_fix(reading->lint, "a function cannot be a key; {{...}} needs quotes");
        reading->tree->failed = true;
        return;
    }
    read_tag(reading, list ? event->data.sequence_start.tag : event->data.mapping_start.tag, place);
    cc_tree_open(reading->tree, place, list ? CC_NODE_LIST : CC_NODE_MAP);
}

/* A second document would be ignored. */
static void read_document(const struct reading *reading, const yaml_event_t *event)
{
    if (reading->tree->root) {
        cc_found_at(reading->lint, place_of(&event->start_mark), CC_T_TEMPLATE_SYNTAX,
                    "a second document begins here");
        cc_found_fix(reading->lint, "keep one document in a file");
        reading->tree->failed = true;
    }
}

static void read_event(const struct reading *reading, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: read_document(reading, event); break;
    case YAML_ALIAS_EVENT: read_alias(reading, event); break;
    case YAML_SCALAR_EVENT: read_scalar(reading, event); break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: read_open(reading, event); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: cc_tree_close(reading->tree); break;
    default: break;
    }
}

/* The parser's own words, with their place. */
static void syntax_error(const struct reading *reading, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "the document ends too early";
    const bool mark = parser->error == YAML_SCANNER_ERROR || parser->error == YAML_PARSER_ERROR;
    const struct cc_place place = mark ? place_of(&parser->problem_mark)
                                       : cc_place_in(reading->lint->text, parser->problem_offset);

    if (parser->context) {
        cc_found_at(reading->lint, place, CC_T_TEMPLATE_SYNTAX, "%s %s (line %zu)", problem,
                    parser->context, parser->context_mark.line + 1);
    } else {
        cc_found_at(reading->lint, place, CC_T_TEMPLATE_SYNTAX, "%s", problem);
    }
    if (strstr(problem, "cannot start any token") && cc_tab_before(reading->lint->text, place)) {
        cc_found_fix(reading->lint, "indent with blanks: YAML does not allow tabs here");
    }
    reading->tree->failed = true;
}

void cc_yaml_read(struct cc_tree *tree)
{
    const struct reading reading = {.tree = tree, .lint = tree->lint};
    yaml_parser_t parser;
    bool end = false;

    if (!yaml_parser_initialize(&parser)) {
        abort(); /* out of memory */
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)tree->lint->text, tree->lint->len);
    while (!end && !tree->failed) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event)) {
            syntax_error(&reading, &parser);
            break;
        }
        read_event(&reading, &event);
        end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}
