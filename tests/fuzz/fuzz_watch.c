#include "credctl/assess/findings.h"
#include "credctl/assess/inventory.h"
#include "credctl/assess/services.h"
#include "credctl/base/text.h"
#include "credctl/commands/command.h"
#include "credctl/report/assess.h"

#include "alike.h"

#include <stdint.h>

/*
 * An assessment of one account and region, all of whose calls are answered alike. The first byte
 * says which; the second is the status; the rest is the body. A body that has all members that the
 * services look for leads from one call to the next.
 */

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CALLS_MAX 400

/* One place, as the driver of assessments has it. */
struct going {
    const struct cc_assessment *assessment;
    void *work;
};

static struct cc_errand *next(void *about, struct cc_run *part)
{
    const struct going *going = about;

    (void)part;
    return going->assessment->next(going->work);
}

static void done(void *about, struct cc_errand *errand)
{
    const struct going *going = about;

    going->assessment->done(going->work, errand);
}

static void show(struct cc_arena *mem, const struct cc_shape *shape, const void *answer,
                 const struct cc_report *report)
{
    struct cc_buf json = cc_buf_new(mem, (size_t)64 << 20);

    cc_shape_json(shape, answer, false, &json);
    must(json.too_big || cc_text_is_utf8(json.text));
    for (; report->print; report++) {
        struct cc_buf out = cc_buf_new(mem, (size_t)64 << 20);

        report->print(answer, &out);
        must(out.too_big || cc_text_is_utf8(out.text));
    }
}

static const struct cc_services_options services = {.assess = {.concurrency = 4}};
static const struct cc_findings_options findings = {
    .assess = {.concurrency = 4}, .max_findings = 60, .check_enabled = true};
static const struct cc_inventory_options inventory = {.assess = {.concurrency = 4},
                                                      .max_resources = 50};
static const struct cc_report of_services[] = {
    {"text", cc_services_text}, {"csv", cc_services_csv}, {"html", cc_services_html}, {0}};
static const struct cc_report of_findings[] = {{"text", cc_findings_text},
                                               {"csv", cc_findings_csv},
                                               {"html", cc_findings_html},
                                               {"sarif", cc_findings_sarif},
                                               {0}};
static const struct cc_report of_inventory[] = {
    {"text", cc_inventory_text}, {"csv", cc_inventory_csv}, {0}};

/* An assessment, with the options and the outputs of its command. */
static const struct kind {
    const struct cc_assessment *assessment;
    const void *options;
    const struct cc_shape *answer;
    const struct cc_report *reports;
} kinds[] = {
    {&cc_assess_services, &services, &cc_services_answer_shape, of_services},
    {&cc_assess_findings, &findings, &cc_findings_answer_shape, of_findings},
    {&cc_assess_inventory, &inventory, &cc_inventory_answer_shape, of_inventory},
};

static void assess(struct cc_run *run, size_t which)
{
    static const struct cc_keys keys = {.access_key_id = "AKID", .secret_key = {"a secret key"}};
    static const struct cc_settings settings = {.max_attempts = 1};
    const struct kind *kind = &kinds[which % CC_COUNT(kinds)];
    const struct cc_place place = {.run = run,
                                   .settings = &settings,
                                   .keys = &keys,
                                   .partition = "aws",
                                   .region = "eu-west-1",
                                   .account_id = "111122223333",
                                   .first = true,
                                   .options = kind->options};
    struct going going = {kind->assessment, kind->assessment->begin(&place)};
    const struct cc_source source = {4, next, done, &going};
    /* The result is the first member of every answer. */
    char *answer = cc_alloc(&run->mem, kind->answer->size);

    cc_drive_source(run, &source);
    *(struct cc_assess_head *)answer = (struct cc_assess_head){.account_id = "111122223333",
                                                               .region = "eu-west-1",
                                                               .region_source = "",
                                                               .credential_source = ""};
    kind->assessment->end(going.work, answer);
    show(&run->mem, kind->answer, answer, kind->reports);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 200, 200, 403, 404, 500};
    struct alike alike = {.head = "", .most_calls = CALLS_MAX};
    struct cc_run run = {.world = &alike.world};

    if (size < 2) {
        return 0;
    }
    alike.world = alike_world(&alike);
    alike.status = statuses[data[1] % CC_COUNT(statuses)];
    alike.body = cc_text_dup(&run.mem, (const char *)data + 2, size - 2);
    assess(&run, data[0]);
    cc_arena_wipe(&run.mem);
    return 0;
}
