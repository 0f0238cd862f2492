#include "xml.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "test.h"

#include <expat.h>

#define ELEMENTS_MAX 200000
#define DEPTH_MAX    64

struct reader {
    struct cc_arena *mem;
    struct xml_element *elements;
    size_t count;
    size_t open[DEPTH_MAX];
    size_t depth;
    struct cc_buf text;
};

static void XMLCALL on_begin(void *about, const XML_Char *name, const XML_Char **values)
{
    struct reader *reader = about;
    size_t count = 0;

    while (values[count]) {
        count++;
    }
    const char **copies = cc_alloc(reader->mem, (count + 1) * sizeof(*copies));
    for (size_t i = 0; i < count; i++) {
        copies[i] = cc_text_dup(reader->mem, values[i], strlen(values[i]));
    }
    assert_true(reader->count < ELEMENTS_MAX && reader->depth < DEPTH_MAX);
    reader->open[reader->depth++] = reader->count;
    reader->elements[reader->count++] =
        (struct xml_element){.name = cc_text_dup(reader->mem, name, strlen(name)),
                             .values = (const char *const *)copies,
                             .from = reader->text.len};
}

static void XMLCALL on_end(void *about, const XML_Char *name)
{
    struct reader *reader = about;

    (void)name;
    reader->elements[reader->open[--reader->depth]].to = reader->text.len;
}

static void XMLCALL on_text(void *about, const XML_Char *text, int len)
{
    cc_buf_add(&((struct reader *)about)->text, text, (size_t)len);
}

const struct xml *xml_read(struct cc_arena *mem, const char *document)
{
    struct reader *reader = cc_alloc(mem, sizeof(*reader));
    struct xml *xml = cc_alloc(mem, sizeof(*xml));
    XML_Parser parser = XML_ParserCreate(NULL);

    reader->mem = mem;
    reader->text = cc_buf_new(mem, (size_t)64 << 20);
    reader->elements = cc_alloc(mem, (strlen(document) / 4 + 1) * sizeof(*reader->elements));
    XML_SetUserData(parser, reader);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    const bool fine = XML_Parse(parser, document, (int)strlen(document), XML_TRUE) == XML_STATUS_OK;
    if (!fine) {
        print_message("line %lu: %s\n", (unsigned long)XML_GetCurrentLineNumber(parser),
                      XML_ErrorString(XML_GetErrorCode(parser)));
    }
    XML_ParserFree(parser);
    *xml = (struct xml){reader->elements, reader->count, reader->text.text};
    return fine ? xml : NULL;
}

size_t xml_count(const struct xml *xml, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < xml->count; i++) {
        count += cc_text_equal(xml->elements[i].name, name);
    }
    return count;
}

const struct xml_element *xml_find(const struct xml *xml, const char *name, size_t nth)
{
    for (size_t i = 0; i < xml->count; i++) {
        if (cc_text_equal(xml->elements[i].name, name) && nth-- == 0) {
            return &xml->elements[i];
        }
    }
    fail_msg("there is no such <%s>", name);
    return NULL;
}

const char *xml_value(const struct xml_element *element, const char *name)
{
    for (size_t i = 0; element->values[i]; i += 2) {
        if (cc_text_equal(element->values[i], name)) {
            return element->values[i + 1];
        }
    }
    return NULL;
}

const char *xml_text(struct cc_arena *mem, const struct xml *xml, const struct xml_element *element)
{
    return cc_text_dup(mem, xml->text + element->from, element->to - element->from);
}
