#include "credctl/aws/iam.h"
#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

/* What was read is complete and in the limits. */
static void check_role(const struct cc_iam_entity *role)
{
    must(role->arn[0] && role->name[0] && role->max_session >= 0);
    must(strlen(role->trust) <= CC_DOCUMENT_MAX && cc_text_is_utf8(role->trust));
}

static void check_verdicts(const struct cc_iam_verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct cc_iam_verdict *verdict = &verdicts->rows[i];

        must(verdict->action[0] && verdict->resource[0] && verdict->missing);
        must(verdict->decision <= CC_IAM_ALLOWED);
        for (size_t at = 0; verdict->missing[at]; at++) {
            must(verdict->missing[at][0] != '\0');
        }
    }
}

/* Two pages with the same text: lists grow. */
static bool read(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    if (ask->take(run, ask, page, err) && ask->take(run, ask, page, err)) {
        return true;
    }
    must((err->code == CC_E_BAD_ANSWER || err->code == CC_E_TOO_BIG) && err->why[0]);
    return false;
}

static void read_all(struct cc_run *run, const struct cc_page_of_answer *page)
{
    static const struct cc_keys keys = {.secret_key = {"a secret key"}};
    static const struct cc_iam_owner owner = {CC_IAM_ROLE, "r"};
    static const struct cc_iam_question question = {.source = "s"};
    struct cc_ask ask = {.by = &keys};
    struct cc_iam_entity role;
    struct cc_iam_entities roles;
    struct cc_iam_verdicts verdicts;
    struct cc_error err;

    cc_iam_entity(run, &ask, &owner, &role);
    if (read(run, &ask, page, &err)) {
        check_role(&role);
    }
    cc_iam_roles(run, &ask, NULL, &roles);
    if (read(run, &ask, page, &err)) {
        must(roles.count % 2 == 0);
        for (size_t i = 0; i < roles.count; i++) {
            check_role(&roles.rows[i]);
        }
    }
    cc_iam_simulate(run, &ask, &question, &verdicts);
    if (read(run, &ask, page, &err)) {
        check_verdicts(&verdicts);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_run run = {0};
    struct cc_page_of_answer page = {0};
    struct cc_error err;
    const char *text = cc_text_dup(&run.mem, (const char *)data, size);
    const bool json = text[0] == '{' || text[0] == '[';

    page.repeats = size % 2 == 1;
    if (json ? cc_json_parse(&run.mem, text, size, "the input", &page.json, &err)
             : cc_xml_parse(&run.mem, text, size, "the input", &page.xml, &err)) {
        read_all(&run, &page);
    }
    cc_arena_wipe(&run.mem);
    return 0;
}
