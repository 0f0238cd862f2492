#include "credctl/assess/resource.h"

#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"

#include <string.h>

const char *const cc_compliance_words[] = {"compliant", "non_compliant", "unknown", NULL};

const char *const cc_resource_type_words[] = {
#define X(symbol, word, key) word,
    CC_RESOURCE_TYPES(X)
#undef X
        NULL,
};

const char *cc_resource_key(enum cc_resource_type type)
{
    static const char *const keys[] = {
#define X(symbol, word, key) key,
        CC_RESOURCE_TYPES(X)
#undef X
    };

    return keys[type];
}

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_resource, member, __VA_ARGS__)
static const struct cc_shape_field resource_fields[] = {
    ROW(WORD, type, "Type", "the type of the resource", .words = cc_resource_type_words),
    ROW(TEXT, id, "Id", "its ID; null when it has only a name", .rules = CC_NULL),
    ROW(TEXT, name, "Name", "its name; null when it has only an ID", .rules = CC_NULL),
    ROW(TEXT, arn, NULL, "its ARN; null when it is not known", .rules = CC_NULL),
    ROW(TEXT, region, "Region", "its region; global for CloudFront"),
    ROW(WORD, status, "Status", "unknown when no issue was found and something could not be read",
        .words = cc_compliance_words),
    ROW(MAYBE_FLAG, compliant, NULL, "the same as a flag; null when it is unknown"),
    ROW(WORD, severity, "Severity", "of its worst issue", .words = cc_severity_words),
    ROW(TEXTS, issues, "Issues", "what is wrong with it"),
    ROW(TEXTS, rules, NULL, "a stable code for each issue"),
    ROW(TEXTS, remediation, NULL, "what to do about the issues"),
    ROW(TEXTS, notes, NULL, "what is worth knowing and is not an issue"),
    ROW(TEXTS, unknowns, NULL, "what could not be decided, and why"),
    CC_ROW_JSON(struct cc_resource, checks, NULL, "what was looked at, by type", .rules = CC_NULL),
    ROW(TEXT, engine, NULL, "rds, elasticache: its engine", .rules = CC_NULL),
    ROW(TEXT, vpc_id, NULL, "security_group, vpc_endpoint: its VPC", .rules = CC_NULL),
    ROW(TEXT, service, NULL, "vpc_endpoint: the service that it leads to", .rules = CC_NULL),
    ROW(TEXT, endpoint_type, NULL, "vpc_endpoint: its type", .rules = CC_NULL),
    ROW(TEXT, domain_name, NULL, "cloudfront_distribution: its domain name", .rules = CC_NULL),
    {0},
};
#undef ROW
const struct cc_shape cc_resource_shape = {"resource", resource_fields, sizeof(struct cc_resource)};

struct cc_resource cc_resource_new(enum cc_resource_type type, const char *region)
{
    return (struct cc_resource){.type = type, .region = region, .compliant = {true, true}};
}

/* The room is the next power of two, and the list is walked for its length. */
void cc_texts_add(struct cc_arena *mem, const char *const **list, const char *text)
{
    const size_t least = 4;
    size_t count = 0;

    while (*list && (*list)[count]) {
        count++;
    }
    const bool full = !*list || (count + 1 >= least && ((count + 1) & count) == 0);
    const char **rows = (const char **)*list;
    if (full) {
        rows = cc_alloc(mem, (count + 1 < least ? least : 2 * (count + 1)) * sizeof(*rows));
        memcpy(rows, *list ? (const void *)*list : "", count * sizeof(*rows));
    }
    rows[count] = text;
    rows[count + 1] = NULL;
    *list = rows;
}

const char *cc_texts_joined(struct cc_arena *mem, const char *const *list)
{
    size_t size = 1;

    for (size_t i = 0; list && list[i]; i++) {
        size += strlen(list[i]) + 2;
    }
    struct cc_buf text = cc_buf_new(mem, size);
    for (size_t i = 0; list && list[i]; i++) {
        cc_buf_text(&text, i > 0 ? ", " : "");
        cc_buf_text(&text, list[i]);
    }
    return text.text;
}

static bool has_text(const char *const *list, const char *text)
{
    while (list && *list && strcmp(*list, text) != 0) {
        list++;
    }
    return list && *list;
}

void cc_resource_issue(struct cc_arena *mem, struct cc_resource *resource, enum cc_rule rule,
                       const char *detail)
{
    const struct cc_rule_row *row = &cc_rule_rows[rule];

    cc_texts_add(mem, &resource->issues,
                 detail ? cc_textf(mem, "%s: %s", row->says, detail) : row->says);
    cc_texts_add(mem, &resource->rules, row->code);
    if (!has_text(resource->remediation, row->fix)) {
        cc_texts_add(mem, &resource->remediation, row->fix);
    }
    if ((int)row->severity > resource->severity) {
        resource->severity = (int)row->severity;
    }
    resource->status = CC_NON_COMPLIANT;
    resource->compliant = (struct cc_maybe_flag){true, false};
}

void cc_resource_note(struct cc_arena *mem, struct cc_resource *resource, const char *note)
{
    if (!has_text(resource->notes, note)) {
        cc_texts_add(mem, &resource->notes, note);
    }
}

void cc_resource_unknown(struct cc_arena *mem, struct cc_resource *resource, const char *what)
{
    if (!has_text(resource->unknowns, what)) {
        cc_texts_add(mem, &resource->unknowns, what);
    }
    if (resource->status == CC_COMPLIANT) {
        resource->status = CC_COMPLIANCE_UNKNOWN;
        resource->compliant = (struct cc_maybe_flag){0};
    }
}

/* The members that are not null, in their order. */
static void drop_nulls(cJSON *object)
{
    for (cJSON *item = object->child, *next = NULL; item; item = next) {
        next = item->next;
        if (cJSON_IsNull(item)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(object, item));
        }
    }
}

static void free_checks(void *checks)
{
    cJSON_Delete(checks);
}

void cc_resource_checks(struct cc_arena *mem, struct cc_resource *resource,
                        const struct cc_shape *shape, const void *checks)
{
    struct cc_buf text = cc_buf_new(mem, (size_t)1 << 20);

    cc_shape_json(shape, checks, false, &text);
    if (text.too_big) {
        cc_resource_unknown(mem, resource, "what was looked at exceeds 1 MiB and is not shown");
        return;
    }
    cJSON *object = cJSON_Parse(text.text);
    drop_nulls(object);
    cc_arena_adopt(mem, free_checks, object);
    resource->checks = object;
}
