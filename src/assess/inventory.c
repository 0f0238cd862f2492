#include "credctl/assess/inventory.h"

#include "credctl/aws/operations.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "round.h"

#include <stdlib.h>
#include <string.h>

/*
 * AWS Resource Explorer API Reference. ListResources has no limit of 1,000 as Search has; both tell
 * only what their view tells. A view of an aggregator index has resources of all regions, so the
 * region is part of the question.
 */

struct counting {
    const struct cc_place *place;
    struct cc_inquiry *inquiry;
    const struct cc_inventory_options *options;
    const char *view;
    bool answered;
    enum cc_service_state status;
    const char *message;
    cJSON *services;
    cJSON *types;
    int64_t total;
    bool truncated;
    const struct cc_unread *error;
};

static const char *const setup[] = {
    "Turn on Resource Explorer in this region: run `aws resource-explorer-2 create-index`, then create-view and associate-default-view",
    "Or run the quick setup of Resource Explorer, which makes an index in every region",
    NULL,
};

/* --- resources */

static void count_resource(struct cc_arena *mem, struct counting *counting, const cJSON *resource)
{
    const char *service = cc_tree_text(mem, resource, "Service");
    const char *type = cc_tree_text(mem, resource, "ResourceType");

    counting->total++;
    cc_tree_count(counting->services, service ? service : "unknown");
    cc_tree_count(counting->types, type ? type : "unknown");
}

static bool take_resources(struct cc_run *run, const struct cc_ask *ask,
                           const struct cc_page_of_answer *page, struct cc_error *err)
{
    struct cc_run part = cc_run_part(run);
    struct counting *counting = ask->about;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(page->json, "Resources");
    cJSON *copy = cJSON_IsArray(list) ? cc_tree_list(&part.mem) : NULL;

    if (!copy) {
        return cc_page_lacks(ask, "Resources", err);
    }
    for (const cJSON *item = list->child; item; item = item->next) {
        cJSON *resource = cc_tree_copy(&part, ask, page, item);

        cJSON_AddItemToArray(copy, resource);
        count_resource(&part.mem, counting, resource);
    }
    cc_arena_wipe(&part.mem);
    return true;
}

static void failed(struct counting *counting, const struct cc_asked *asked)
{
    if (asked->failure.outcome == CC_OUT_OFF) {
        counting->answered = true;
        counting->status = CC_SERVICE_DISABLED;
        counting->message = "Resource Explorer has no index in this region";
        return;
    }
    counting->error = cc_asked_unread(asked);
}

static void resources_done(struct cc_asked *asked)
{
    struct counting *counting = asked->about;

    counting->truncated = asked->end.more;
    if (!asked->ok) {
        failed(counting, asked);
    }
}

static void ask_resources(struct counting *counting, const char *view)
{
    struct cc_arena *mem = &counting->place->run->mem;
    const char *filters =
        cc_textf(mem, "{\"FilterString\":\"region:%s\"}", counting->place->region);
    const struct cc_param params[] = {{"Filters", filters, true}, {"ViewArn", view}, {0}};
    struct cc_asked *asked = cc_inquire(counting->inquiry, &cc_op_explorer_list_resources, params);

    counting->answered = true;
    counting->status = CC_SERVICE_ENABLED;
    counting->view = view;
    counting->message = "Resource Explorer is enabled";
    asked->ask.take = take_resources;
    asked->ask.about = counting;
    asked->ask.limit = (size_t)counting->options->max_resources;
    asked->about = counting;
    asked->done = resources_done;
}

/* --- the view */

struct view_name {
    const char *arn;
};

struct views {
    const struct view_name *rows;
    size_t count;
};

static const struct cc_shape_field default_fields[] = {
    CC_ROW_AS("ViewArn", TEXT, struct view_name, arn, NULL, NULL, .rules = CC_OMITTED), {0}};
static const struct cc_shape default_shape = {"view", default_fields, sizeof(struct view_name)};
static const struct cc_shape_field view_fields[] = {
    CC_ROW_AS(".", TEXT, struct view_name, arn, NULL, NULL), {0}};
static const struct cc_shape view_shape = {"view", view_fields, sizeof(struct view_name)};
static const struct cc_shape_field views_fields[] = {
    CC_ROW_LIST_AS("Views", struct views, rows, count, struct view_name, &view_shape, NULL, NULL),
    {0}};
static const struct cc_shape views_shape = {"views", views_fields, sizeof(struct views)};

/* A question about views, with the place of its answer. */
struct seeking {
    struct counting *counting;
    struct view_name found;
    struct views views;
};

static void views_done(struct cc_asked *asked)
{
    struct seeking *seeking = asked->about;

    if (!asked->ok) {
        failed(seeking->counting, asked);
    } else if (seeking->views.count > 0) {
        ask_resources(seeking->counting, seeking->views.rows[0].arn);
    } else {
        seeking->counting->answered = true;
        seeking->counting->status = CC_SERVICE_DISABLED;
        seeking->counting->message = "Resource Explorer has no view in this region";
    }
}

static void ask_views(struct seeking *seeking)
{
    struct counting *counting = seeking->counting;
    struct cc_asked *asked = cc_inquire(counting->inquiry, &cc_op_explorer_list_views, NULL);

    cc_ask_want(counting->place->run, &asked->ask, ".", &views_shape, &seeking->views);
    asked->about = seeking;
    asked->done = views_done;
}

/* Without a default view, or the permission to ask for it, any view will do. */
static void default_done(struct cc_asked *asked)
{
    struct seeking *seeking = asked->about;

    if (!asked->ok && asked->failure.outcome == CC_OUT_OFF) {
        failed(seeking->counting, asked);
    } else if (asked->ok && seeking->found.arn) {
        ask_resources(seeking->counting, seeking->found.arn);
    } else {
        ask_views(seeking);
    }
}

static void *begin(const struct cc_place *place)
{
    struct cc_arena *mem = &place->run->mem;
    struct counting *counting = cc_alloc(mem, sizeof(*counting));
    struct seeking *seeking = cc_alloc(mem, sizeof(*seeking));

    *counting = (struct counting){
        .place = place,
        .inquiry = cc_inquiry_new(place->run, place->settings, place->keys, place->region),
        .options = place->options,
        .status = CC_SERVICE_UNKNOWN,
        .services = cc_tree_object(mem),
        .types = cc_tree_object(mem),
    };
    seeking->counting = counting;
    struct cc_asked *asked = cc_inquire(counting->inquiry, &cc_op_explorer_get_default_view, NULL);
    cc_ask_want(place->run, &asked->ask, ".", &default_shape, &seeking->found);
    asked->about = seeking;
    asked->done = default_done;
    return counting;
}

static struct cc_errand *next(void *work)
{
    return cc_inquiry_next(((struct counting *)work)->inquiry);
}

static void done(void *work, struct cc_errand *errand)
{
    cc_inquiry_done(((struct counting *)work)->inquiry, errand);
}

/* --- of one account and region */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *const *names_of(struct cc_arena *mem, const cJSON *counts)
{
    const char **names = cc_alloc(mem, ((size_t)cJSON_GetArraySize(counts) + 1) * sizeof(*names));
    size_t count = 0;

    for (const cJSON *item = counts->child; item; item = item->next) {
        names[count++] = item->string;
    }
    qsort(names, count, sizeof(*names), by_name);
    return (const char *const *)names;
}

static void tell_error(struct cc_arena *mem, const struct counting *counting,
                       struct cc_inventory_result *result)
{
    struct cc_service_error *error = cc_alloc(mem, sizeof(*error));

    *error = (struct cc_service_error){"resource-explorer-2", *counting->error};
    result->errors = error;
    result->error_count = 1;
    result->head.partial = true;
}

static void end(void *work, void *to)
{
    const struct counting *counting = work;
    struct cc_arena *mem = &counting->place->run->mem;
    struct cc_inventory_result *result = to;

    result->status = counting->status;
    result->message = counting->message ? counting->message : "Resource Explorer could not be read";
    result->setup_instructions = counting->status == CC_SERVICE_DISABLED ? setup : NULL;
    result->view_arn = counting->view;
    result->services = names_of(mem, counting->services);
    result->service_counts = counting->services;
    result->resource_type_counts = counting->types;
    result->total_resources = counting->total;
    result->truncated = counting->truncated;
    if (counting->error) {
        tell_error(mem, counting, result);
    }
}

static const struct cc_operation *const *operations(struct cc_arena *mem)
{
    static const struct cc_operation *const rows[] = {&cc_op_explorer_get_default_view,
                                                      &cc_op_explorer_list_views,
                                                      &cc_op_explorer_list_resources, NULL};

    (void)mem;
    return rows;
}

const struct cc_assessment cc_assess_inventory = {
    .tool = "ListServicesInRegion",
    .operations = operations,
    .result = &cc_inventory_result_shape,
    .begin = begin,
    .next = next,
    .done = done,
    .end = end,
};

/* --- of all together */

static void add_counts(cJSON *to, const cJSON *from)
{
    for (const cJSON *item = from ? from->child : NULL; item; item = item->next) {
        cJSON *sum = cJSON_GetObjectItemCaseSensitive(to, item->string);

        if (sum) {
            cJSON_SetNumberValue(sum, sum->valuedouble + item->valuedouble);
        } else {
            (void)cJSON_AddNumberToObject(to, item->string, item->valuedouble);
        }
    }
}

static void sum_up(struct cc_run *run, const struct cc_assess_results *results,
                   struct cc_inventory_result *whole)
{
    cJSON *services = cc_tree_object(&run->mem);
    cJSON *types = cc_tree_object(&run->mem);

    *whole =
        (struct cc_inventory_result){.head = cc_head_of_all(results), .status = CC_SERVICE_UNKNOWN};
    for (size_t i = 0; i < results->count; i++) {
        const struct cc_inventory_result *result = results->rows[i];

        add_counts(services, result->service_counts);
        add_counts(types, result->resource_type_counts);
        whole->total_resources += result->total_resources;
        whole->truncated = whole->truncated || result->truncated;
    }
    whole->services = names_of(&run->mem, services);
    whole->service_counts = services;
    whole->resource_type_counts = types;
}

bool cc_inventory(struct cc_run *run, const struct cc_inventory_options *options,
                  struct cc_inventory_answer *answer, struct cc_error *err)
{
    struct cc_assess_results results;

    if (!cc_assess_run(run, &cc_assess_inventory, &options->assess, options, &results, err)) {
        return false;
    }
    answer->counts = results.counts;
    if (results.single && results.count == 1) {
        answer->whole = *(struct cc_inventory_result *)results.rows[0];
        return true;
    }
    struct cc_inventory_result *rows = cc_alloc(&run->mem, (results.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < results.count; i++) {
        rows[i] = *(struct cc_inventory_result *)results.rows[i];
    }
    answer->results = rows;
    answer->result_count = results.count;
    sum_up(run, &results, &answer->whole);
    return true;
}

/* --- shapes */

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_inventory_result, member, __VA_ARGS__)
static const struct cc_shape_field result_fields[] = {
    CC_ROW_GROUP(struct cc_inventory_result, head, struct cc_assess_head, &cc_assess_head_shape),
    ROW(WORD, status, "Resource Explorer", "whether Resource Explorer is on; unknown for several accounts and regions together", .words = cc_service_states),
    ROW(TEXT, message, NULL, "the same in a sentence", .rules = CC_NULL),
    ROW(TEXTS, setup_instructions, NULL, "how to turn it on; none unless it is disabled"),
    ROW(TEXT, view_arn, NULL, "the view that was read: it decides what is seen", .rules = CC_NULL),
    ROW(TEXTS, services, NULL, "the services that have resources"),
    CC_ROW_JSON(struct cc_inventory_result, service_counts, NULL, "by service: the number of its resources", .rules = CC_NULL),
    CC_ROW_JSON(struct cc_inventory_result, resource_type_counts, NULL, "by resource type: their number", .rules = CC_NULL),
    ROW(NUMBER, total_resources, "resources", "their number"),
    ROW(FLAG, truncated, "truncated", "there are more resources than were counted"),
    CC_ROW_LIST(struct cc_inventory_result, errors, error_count, struct cc_service_error, &cc_service_error_shape, NULL,
        "what could not be read"),
    {0},
};
const struct cc_shape cc_inventory_result_shape = {"inventory", result_fields, sizeof(struct cc_inventory_result)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_GROUP(struct cc_inventory_answer, whole, struct cc_inventory_result, &cc_inventory_result_shape),
    CC_ROW_GROUP(struct cc_inventory_answer, counts, struct cc_assess_counts, &cc_assess_counts_shape),
    CC_ROW_LIST(struct cc_inventory_answer, results, result_count, struct cc_inventory_result, &cc_inventory_result_shape, NULL,
        "the same for each account and region, when there are several"),
    {0},
};
const struct cc_shape cc_inventory_answer_shape = {"inventory", answer_fields, sizeof(struct cc_inventory_answer)};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(NUMBER, struct cc_inventory_options, max_resources, "N", "count at most N resources of each account and region",
        .least = 1, .most = 1000000, .usual = "100000"),
    CC_ROW_GROUP(struct cc_inventory_options, assess, struct cc_assess_options, &cc_assess_options_shape),
    {0},
};
// clang-format on
const struct cc_shape cc_inventory_options_shape = {"inventory", option_fields,
                                                    sizeof(struct cc_inventory_options)};
