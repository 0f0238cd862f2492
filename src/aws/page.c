#include "page.h"

#include "credctl/aws/hide.h"
#include "credctl/base/text.h"

#include <string.h>

bool cc_protocol_is_xml(enum cc_protocol protocol)
{
    return protocol == CC_QUERY || protocol == CC_EC2 || protocol == CC_REST_XML;
}

bool cc_page_lacks(const struct cc_ask *ask, const char *member, struct cc_error *err)
{
    cc_fail(err, CC_E_BAD_ANSWER, "the answer of %s to %s is incomplete",
            ask->operation->service->id, ask->operation->name);
    return cc_why(err, "it has no usable %s", member);
}

/* --- texts */

static const char *without_secrets(struct cc_run *run, const struct cc_ask *ask,
                                   const struct cc_page_of_answer *page, const char *text)
{
    const struct cc_secret secrets[] = {ask->by->secret_key, ask->by->session_token};

    return page->repeats ? cc_hide(&run->mem, text, secrets, CC_COUNT(secrets)) : text;
}

const char *cc_page_text(struct cc_run *run, const struct cc_ask *ask,
                         const struct cc_page_of_answer *page, const char *text)
{
    text = without_secrets(run, ask, page, text);
    return text ? cc_text_printable(&run->mem, text) : NULL;
}

const char *cc_page_lines(struct cc_run *run, const struct cc_ask *ask,
                          const struct cc_page_of_answer *page, const char *text)
{
    text = without_secrets(run, ask, page, text);
    return text ? cc_text_dup(&run->mem, text, strlen(text)) : NULL;
}

/* --- documents */

static bool parse_xml(struct cc_run *run, const struct cc_ask *ask, const struct cc_answer *answer,
                      const char *source, struct cc_page_of_answer *page, struct cc_error *err)
{
    const char *name = ask->operation->name;

    if (!cc_xml_parse(&run->mem, answer->body, answer->body_len, source, &page->xml, err)) {
        return false;
    }
    if (ask->operation->service->protocol == CC_EC2) {
        return cc_text_equal(page->xml->name, cc_textf(&run->mem, "%sResponse", name)) ||
               cc_page_lacks(ask, cc_textf(&run->mem, "%sResponse", name), err);
    }
    if (ask->operation->service->protocol == CC_QUERY) {
        page->xml = cc_xml_find(page->xml, cc_textf(&run->mem, "%sResponse/%sResult", name, name));
        return page->xml || cc_page_lacks(ask, cc_textf(&run->mem, "%sResult", name), err);
    }
    return !cc_text_equal_nocase(page->xml->name, "html") || cc_page_lacks(ask, "element", err);
}

bool cc_page_parse(struct cc_run *run, const struct cc_ask *ask, const struct cc_answer *answer,
                   struct cc_page_of_answer *page, struct cc_error *err)
{
    const struct cc_secret secrets[] = {ask->by->secret_key, ask->by->session_token};
    const char *source = cc_textf(&run->mem, "the answer of %s to %s", ask->operation->service->id,
                                  ask->operation->name);

    *page = (struct cc_page_of_answer){
        .repeats = cc_hide(&run->mem, answer->body, secrets, CC_COUNT(secrets)) != answer->body};
    if (cc_protocol_is_xml(ask->operation->service->protocol)) {
        return parse_xml(run, ask, answer, source, page, err);
    }
    return cc_json_parse(&run->mem, answer->body, answer->body_len, source, &page->json, err) &&
           (cJSON_IsObject(page->json) || cc_page_lacks(ask, "object", err));
}

/* --- members */

static const cJSON *json_at(struct cc_arena *mem, const cJSON *json, const char *path)
{
    while (json && strchr(path, '/')) {
        const size_t len = strcspn(path, "/");

        json = cJSON_GetObjectItemCaseSensitive(json, cc_text_dup(mem, path, len));
        path += len + 1;
    }
    return cJSON_GetObjectItemCaseSensitive(json, path);
}

const char *cc_page_member(struct cc_arena *mem, const struct cc_page_of_answer *page,
                           const char *path)
{
    if (page->xml) {
        return cc_xml_text(page->xml->child, path);
    }
    const char *text = cJSON_GetStringValue(json_at(mem, page->json, path));
    return text && text[0] ? text : NULL;
}

bool cc_page_member_true(struct cc_arena *mem, const struct cc_page_of_answer *page,
                         const char *path)
{
    return page->xml ? cc_text_is_true(cc_xml_text(page->xml->child, path))
                     : cJSON_IsTrue(json_at(mem, page->json, path));
}

size_t cc_page_list_length(struct cc_arena *mem, const struct cc_page_of_answer *page,
                           const char *path)
{
    const struct cc_xml *list = page->xml ? cc_xml_find(page->xml->child, path) : NULL;
    size_t count = 0;

    if (!page->xml) {
        return (size_t)cJSON_GetArraySize(json_at(mem, page->json, path));
    }
    for (const struct cc_xml *item = list ? list->child : NULL; item; item = item->next) {
        count++;
    }
    return count;
}
