#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* Policy variables: ${key}, ${key, 'default'}, and ${*}, ${?}, ${$} for the characters. */

/* What the variables of a text come to. */
struct expansion {
    struct cc_arena *mem;
    const struct cc_context *context;
    struct cc_buf out;
    bool absent;  /* one of them has no single value and no default */
    bool unknown; /* one of them has a value that is not known */
};

/* A value from the request, in which nothing is special. */
static void add_literal(struct cc_buf *out, const char *value)
{
    static const char special[] = "*?$";
    static const char literal[] = {CC_LITERAL_STAR, CC_LITERAL_QUESTION, CC_LITERAL_DOLLAR};

    for (; *value; value++) {
        const char *at = strchr(special, *value);

        cc_buf_add(out, at ? &literal[at - special] : value, 1);
    }
}

static const char *default_of(struct cc_arena *mem, const char *text)
{
    const char *quoted = cc_text_trim(mem, text);
    const size_t len = strlen(quoted);

    return len >= 2 && quoted[0] == '\'' && quoted[len - 1] == '\''
               ? cc_text_dup(mem, quoted + 1, len - 2)
               : NULL;
}

/* What a variable stands for; NULL: nothing. `body` is `key` or `key, 'default'`. */
static const char *value_of(struct expansion *expansion, const char *body)
{
    struct cc_arena *mem = expansion->mem;
    const char *comma = strchr(body, ',');
    const char *name = comma ? cc_text_dup(mem, body, (size_t)(comma - body)) : body;
    const struct cc_key key = cc_context_key(expansion->context, cc_text_trim(mem, name));

    if (key.unknown) {
        expansion->unknown = true;
        return NULL;
    }
    if (key.values && key.values[0] && !key.values[1]) {
        return key.values[0];
    }
    const char *otherwise = comma ? default_of(mem, comma + 1) : NULL;

    expansion->absent = expansion->absent || !otherwise;
    return otherwise;
}

static bool is_escape(const char *body)
{
    return (body[0] == '*' || body[0] == '?' || body[0] == '$') && body[1] == '\0';
}

/* One variable: the text before it, and what it stands for. Returns what is behind it. */
static const char *add_variable(struct expansion *expansion, const char *from, const char *open,
                                const char *close)
{
    struct cc_arena *mem = expansion->mem;
    const char *body = cc_text_trim(mem, cc_text_dup(mem, open + 2, (size_t)(close - open) - 2));
    const char *means = is_escape(body) ? body : value_of(expansion, body);

    cc_buf_add(&expansion->out, from, (size_t)(open - from));
    if (means && cc_work_take(expansion->context->work, strlen(means))) {
        add_literal(&expansion->out, means);
    }
    return close + 1;
}

const char *cc_pattern_expand(struct cc_arena *mem, const char *value,
                              const struct cc_context *context, bool *unknown)
{
    struct expansion expansion = {
        .mem = mem, .context = context, .out = cc_buf_new(mem, CC_POLICY_MAX)};
    const char *from = value;
    const char *open = strstr(value, "${");
    const char *close = open ? strchr(open, '}') : NULL;

    while (close && cc_work_take(context->work, (size_t)(close - from))) {
        from = add_variable(&expansion, from, open, close);
        open = strstr(from, "${");
        close = open ? strchr(open, '}') : NULL;
    }
    if (from == value) {
        return value;
    }
    cc_buf_text(&expansion.out, from);
    if (expansion.out.too_big) {
        (void)cc_work_take(context->work, SIZE_MAX);
        expansion.unknown = true;
    }
    *unknown = *unknown || (expansion.unknown && !expansion.absent);
    return expansion.unknown || expansion.absent ? NULL : expansion.out.text;
}

const char *cc_pattern_expand_arn(struct cc_arena *mem, const char *value,
                                  const struct cc_context *context, bool *unknown)
{
    const char *rest = value;

    for (int i = 0; rest && i < 5; i++) {
        rest = strchr(rest, ':');
        rest = rest ? rest + 1 : NULL;
    }
    const char *expanded = rest ? cc_pattern_expand(mem, rest, context, unknown) : value;

    return !rest || expanded == rest ? value
           : expanded                ? cc_textf(mem, "%.*s%s", (int)(rest - value), value, expanded)
                                     : NULL;
}
