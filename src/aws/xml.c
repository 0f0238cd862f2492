#include "credctl/aws/xml.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <expat.h>
#include <string.h>

#include <openssl/crypto.h>

#define XML_SIZE_MAX  ((size_t)4 << 20)
#define XML_DEPTH_MAX 32

struct open_element {
    struct cc_xml *element;
    struct cc_xml *last_child;
    struct cc_buf text;
};

struct reading {
    struct cc_arena *mem;
    XML_Parser parser;
    const struct cc_xml *root;
    struct open_element open[XML_DEPTH_MAX];
    size_t depth;
    const char *refused; /* the reason, when this code stopped the parser */
};

/* Answers contain secret keys, and this heap wipes what it frees (credctl/world/heap.h). */
static void *take(size_t size)
{
    return OPENSSL_malloc(size);
}

static void *resize(void *old, size_t size)
{
    return OPENSSL_realloc(old, size);
}

static void give_back(void *old)
{
    OPENSSL_free(old);
}

static void stop(struct reading *reading, const char *why)
{
    reading->refused = why;
    (void)XML_StopParser(reading->parser, XML_FALSE);
}

static const char *local_name(struct cc_arena *mem, const char *name)
{
    const char *colon = strrchr(name, ':');

    name = colon ? colon + 1 : name;
    return cc_text_dup(mem, name, strlen(name));
}

static void XMLCALL on_start(void *about, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = about;
    struct cc_xml *element = NULL;

    (void)attributes;
    if (reading->depth == XML_DEPTH_MAX) {
        stop(reading, "it is nested too deeply");
        return;
    }
    element = cc_alloc(reading->mem, sizeof(*element));
    *element = (struct cc_xml){.name = local_name(reading->mem, name), .text = ""};
    if (reading->depth == 0) {
        reading->root = element;
    } else {
        struct open_element *parent = &reading->open[reading->depth - 1];

        if (parent->last_child) {
            parent->last_child->next = element;
        } else {
            parent->element->child = element;
        }
        parent->last_child = element;
    }
    reading->open[reading->depth++] =
        (struct open_element){.element = element, .text = cc_buf_new(reading->mem, XML_SIZE_MAX)};
}

static void XMLCALL on_end(void *about, const XML_Char *name)
{
    struct reading *reading = about;
    struct open_element *closed = &reading->open[--reading->depth];

    (void)name;
    if (!closed->element->child) {
        closed->element->text = cc_text_trim(reading->mem, closed->text.text);
    }
}

static void XMLCALL on_text(void *about, const XML_Char *text, int len)
{
    struct reading *reading = about;

    if (reading->depth > 0) {
        cc_buf_add(&reading->open[reading->depth - 1].text, text, (size_t)len);
    }
}

static void XMLCALL on_doctype(void *about, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(about, "it declares a document type, which no AWS service does");
}

static void free_parser(XML_Parser *parser)
{
    XML_ParserFree(*parser);
}

static bool refuse(struct cc_error *err, const char *source, const char *why)
{
    cc_fail(err, CC_E_BAD_ANSWER, "%s is not usable XML", source);
    return cc_why(err, "%s", why);
}

bool cc_xml_parse(struct cc_arena *mem, const char *text, size_t len, const char *source,
                  const struct cc_xml **root, struct cc_error *err)
{
    static const XML_Memory_Handling_Suite heap = {take, resize, give_back};

    if (len > XML_SIZE_MAX) {
        return refuse(err, source, "it is larger than 4 MiB");
    }
    if (memchr(text, '\0', len)) { /* expat would accept UTF-16, whatever encoding it was given */
        return refuse(err, source, "it holds a NUL byte");
    }
    CC_CLEANUP(free_parser) XML_Parser parser = XML_ParserCreate_MM("UTF-8", &heap, NULL);
    struct reading *reading = cc_alloc(mem, sizeof(*reading));
    *reading = (struct reading){.mem = mem, .parser = parser};
    if (!parser) {
        return cc_fail(err, CC_E_INTERNAL, "cannot read XML");
    }
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    enum XML_Status status = XML_Parse(parser, text, (int)len, XML_TRUE);
    if (reading->refused) {
        return refuse(err, source, reading->refused);
    }
    if (status != XML_STATUS_OK) {
        return refuse(err, source, len == 0 ? "it is empty" : "it is cut off or malformed");
    }
    *root = reading->root;
    return true;
}

static const struct cc_xml *named(const struct cc_xml *row, const char *name, size_t len)
{
    while (row && (strncmp(row->name, name, len) != 0 || row->name[len] != '\0')) {
        row = row->next;
    }
    return row;
}

const struct cc_xml *cc_xml_find(const struct cc_xml *root, const char *path)
{
    const struct cc_xml *at = NULL;
    const struct cc_xml *row = root;

    while (*path) {
        size_t len = strcspn(path, "/");

        at = named(row, path, len);
        if (!at) {
            return NULL;
        }
        row = at->child;
        path += len + (path[len] == '/');
    }
    return at;
}

const char *cc_xml_text(const struct cc_xml *root, const char *path)
{
    const struct cc_xml *found = cc_xml_find(root, path);

    return found && found->text[0] ? found->text : NULL;
}
