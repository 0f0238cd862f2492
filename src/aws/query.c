#include "query.h"

#include "credctl/base/text.h"

#include <string.h>

#define FORM_MAX ((size_t)128 << 10)

const struct cc_header cc_query_headers[] = {
    {.name = "Content-Type", .value = "application/x-www-form-urlencoded; charset=utf-8"}, {0}};

/* A blank is '+', as in forms: STS accepts %20 too, but some substitutes do not. */
static void add_value(struct cc_buf *form, const char *value)
{
    while (*value) {
        size_t word = strcspn(value, " ");

        cc_buf_text(form, cc_text_percent(form->mem, cc_text_dup(form->mem, value, word), false));
        cc_buf_text(form, value[word] ? "+" : "");
        value += word + (value[word] != '\0');
    }
}

void cc_query_add(struct cc_buf *form, const char *name, const char *value)
{
    cc_buf_text(form, form->len ? "&" : "");
    cc_buf_text(form, name);
    cc_buf_text(form, "=");
    add_value(form, value);
}

struct cc_buf cc_query_begin(struct cc_arena *mem, const char *action, const char *version)
{
    struct cc_buf form = cc_buf_new(mem, FORM_MAX);

    cc_query_add(&form, "Action", action);
    cc_query_add(&form, "Version", version);
    return form;
}
