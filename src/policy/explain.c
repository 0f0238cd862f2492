#include "credctl/policy/explain.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#define LIST_MAX  ((size_t)400)
#define SHOWN_MAX 5 /* of a list */

const char *cc_explain_list(struct cc_arena *mem, const char *const *values)
{
    struct cc_buf out = cc_buf_new(mem, LIST_MAX);
    size_t i = 0;

    for (; values[i] && i < SHOWN_MAX; i++) {
        const char *between = i == 0 ? "" : values[i + 1] ? ", " : " or ";

        cc_buf_addf(&out, "%s\"%.100s\"", between, values[i]);
    }
    cc_buf_text(&out, values[i] ? ", ..." : "");
    return cc_text_printable(mem, out.text);
}

const char *cc_explain_condition(struct cc_arena *mem, const struct cc_condition *condition,
                                 const struct cc_context *context)
{
    const struct cc_key key = cc_context_key(context, condition->key);
    const char *wants = cc_textf(mem, "%s %s wants %s", condition->operator_text, condition->key,
                                 cc_explain_list(mem, condition->values));

    if (key.unknown) {
        return cc_textf(mem, "%s; the value of the request is not known here", wants);
    }
    if (!key.values || !key.values[0]) {
        return cc_textf(mem, "%s; the request does not have this key", wants);
    }
    return cc_textf(mem, "%s; the request has %s", wants, cc_explain_list(mem, key.values));
}

static const char *element(struct cc_arena *mem, const char *name, const struct cc_element *element,
                           const char *value)
{
    return cc_textf(mem, "%s%s %s %s %s", element->negated ? "Not" : "", name,
                    cc_explain_list(mem, element->values),
                    element->negated ? "contains" : "does not match", value);
}

const char *cc_explain_statement(struct cc_arena *mem, const struct cc_statement_verdict *verdict,
                                 const struct cc_access_request *request)
{
    const struct cc_statement *statement = verdict->statement;

    if (verdict->applies == CC_YES) {
        return NULL;
    }
    if (!verdict->action) {
        return element(mem, "Action", &statement->action, request->action);
    }
    if (!verdict->resource) {
        return element(mem, "Resource", &statement->resource, request->resource);
    }
    if (!verdict->principal) {
        return cc_textf(mem, "%sPrincipal %s %s", statement->principal.negated ? "Not" : "",
                        statement->principal.negated ? "names" : "does not name",
                        request->caller->session_arn ? request->caller->session_arn
                                                     : request->caller->arn);
    }
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (verdict->conditions[i].holds != CC_YES) {
            return cc_explain_condition(mem, verdict->conditions[i].condition, request->context);
        }
    }
    return "a policy variable has no value that is known here";
}
