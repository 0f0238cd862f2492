#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/report/access.h"
#include "credctl/report/markup.h"

#include "access_words.h"

/* A failure is what a person has to mend, an error what could not be tested. */

static void write_line(struct cc_buf *out, const char *label, const char *text)
{
    if (text && text[0]) {
        cc_markup_text(out, label);
        cc_buf_text(out, ": ");
        cc_markup_text(out, text);
        cc_buf_text(out, "\n");
    }
}

static const char *candidates_of(struct cc_arena *mem, const struct cc_access_result *result)
{
    struct cc_buf out = cc_buf_new(mem, 65536);

    for (size_t i = 0; result->candidates && result->candidates[i]; i++) {
        cc_buf_addf(&out, "%s%s", i ? ", " : "", result->candidates[i]);
    }
    return out.text;
}

/* What is known of a target, a line for each fact. */
static void write_facts(struct cc_buf *out, const struct cc_access_result *result)
{
    static const char *const decisions[] = {"allowed", "denied", "unknown"};
    const struct cc_remedy remedy = cc_remedy_of(out->mem, result);

    write_line(out, "role", result->role_arn);
    write_line(out, "session", result->assumed_role_arn);
    write_line(out, "certainty", result->certainty);
    write_line(out, "side", result->side);
    write_line(out, "candidates", candidates_of(out->mem, result));
    write_line(out, "why", remedy.evidence);
    write_line(out, "AWS", remedy.said);
    write_line(out, "fix", remedy.fix);
    if (remedy.statement) {
        cc_markup_text(out, cc_textf(out->mem, "%s:\n%s\n", remedy.place, remedy.statement));
    }
    write_line(out, "external ID", result->external_id_check);
    for (size_t i = 0; i < CC_COUNT(decisions); i++) {
        write_line(out, cc_textf(out->mem, "actions %s", decisions[i]),
                   cc_access_actions(out->mem, result, decisions[i]));
    }
}

static void write_problem(struct cc_buf *out, const char *element,
                          const struct cc_access_result *result)
{
    cc_markup(out, "<%s type=\"%s\" message=\"%s\">", element,
              result->cause ? result->cause : "unknown",
              result->why && result->why[0] ? cc_remedy_of(out->mem, result).evidence
                                            : cc_access_outcome_words(result->outcome));
    write_facts(out, result);
    cc_markup(out, "</%s>\n", element);
}

/* Readers expect at most one failure: with two findings, the first gives it its type. */
static void write_findings(struct cc_buf *out, const struct cc_access_result *result)
{
    const struct cc_finding_words *first = NULL;

    for (int i = 0; i < CC_FOUND_COUNT; i++) {
        const struct cc_finding_words *words = &cc_access_finding_words[i];

        if (!cc_access_has(result, (enum cc_access_finding)i)) {
            continue;
        }
        if (!first) {
            cc_markup(out, "<failure type=\"%s\" message=\"%s\">", words->name, words->why);
            first = words;
        }
        write_line(out, "finding", words->name);
        write_line(out, "why", words->why);
        write_line(out, "fix", words->fix);
    }
    write_facts(out, result);
    cc_buf_text(out, "</failure>\n");
}

static void write_allowed(struct cc_buf *out, const struct cc_access_result *result)
{
    if (cc_access_has_any(result)) {
        write_findings(out, result);
        return;
    }
    cc_buf_text(out, "<system-out>");
    write_facts(out, result);
    cc_buf_text(out, "</system-out>\n");
}

static void write_case(struct cc_buf *out, const struct cc_access_result *result)
{
    cc_markup(out, "<testcase classname=\"%s\" name=\"%s\" time=\"%s\">\n",
              result->account_id ? result->account_id : "no account", result->target,
              cc_textf(out->mem, "%.3f", result->seconds));
    switch (result->outcome) {
    case CC_ACCESS_ALLOWED: write_allowed(out, result); break;
    case CC_ACCESS_DENIED: write_problem(out, "failure", result); break;
    case CC_ACCESS_ERROR: write_problem(out, "error", result); break;
    default: cc_buf_text(out, "<skipped message=\"the time was over before its turn\"/>\n"); break;
    }
    cc_buf_text(out, "</testcase>\n");
}

/* Without its zone, which the schema of most readers does not have: it is UTC. */
static const char *timestamp(struct cc_arena *mem, int64_t seconds)
{
    const char *iso = cc_time_iso(mem, seconds);

    return cc_textf(mem, "%.19s", iso);
}

void cc_access_junit(const void *answer, struct cc_buf *out)
{
    const struct cc_access_answer *all = answer;
    int64_t failures = all->denied;

    for (size_t i = 0; i < all->target_count; i++) {
        failures += cc_access_has_any(&all->targets[i]);
    }
    const char *counts =
        cc_textf(out->mem,
                 "name=\"credctl test-access\" tests=\"%lld\" failures=\"%lld\" errors=\"%lld\" "
                 "skipped=\"%lld\" time=\"%.3f\"",
                 (long long)all->total, (long long)failures, (long long)all->errors,
                 (long long)all->not_run, all->seconds);
    cc_buf_addf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n"
                "<testsuite %s timestamp=\"%s\">\n",
                counts, counts, timestamp(out->mem, all->started));
    if (all->caller) {
        cc_markup(out, "<properties>\n<property name=\"caller\" value=\"%s\"/>\n</properties>\n",
                  all->caller->arn);
    }
    for (size_t i = 0; i < all->target_count; i++) {
        write_case(out, &all->targets[i]);
    }
    cc_buf_text(out, "</testsuite>\n</testsuites>\n");
}
