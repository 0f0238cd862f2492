#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/commands/shared.h"
#include "credctl/detectors/detector.h"

#include <string.h>

struct session_options {
    bool offline;
    struct cc_expect expect;
    struct cc_chain_options chain;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW_GROUP(struct session_options, expect, struct cc_expect, &cc_expect_shape),
    CC_ROW(FLAG, struct session_options, offline, NULL,
           "use no network: no STS call, and only providers that need none"),
    CC_ROW_GROUP(struct session_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
static const struct cc_shape options_shape = {"session", option_fields,
                                              sizeof(struct session_options)};

/* --- the answer --- */

/* Credentials from a cache. */
struct cached {
    const char *by;
    int64_t fetched;
    int64_t age_seconds;
};

/* The host, and whether its role is the one of the credentials. */
struct hosting {
    const char *environment;
    const char *role_name;
    struct cc_maybe_flag same;
    const char *says;
};

struct session {
    const char *account_id;
    const char *arn;
    const char *user_id;
    const char *role_name;
    const char *source;
    const char *source_detail;
    int64_t expires;
    const char *access_key_id;
    const char *profile;
    const char *region;
    const char *region_source;
    struct cc_maybe_number expires_in_seconds;
    bool verified;
    const struct cached *cached;
    const struct hosting *hosting;
    struct cc_story_told story;
    const struct cc_error *error;
    const struct cc_expectation *expectation;
};

static const char *const caches[] = {"credctl", "aws-cli", NULL};
static const struct cc_form hidden_form = {.pattern = "^[*]{4}"};

// clang-format off
static const struct cc_shape_field cached_fields[] = {
    CC_ROW(TEXT, struct cached, by, NULL, "the program that cached them", .words = caches),
    CC_ROW(TIME, struct cached, fetched, NULL, "when they were fetched"),
    CC_ROW(NUMBER, struct cached, age_seconds, NULL, "seconds since then"),
    {0},
};
static const struct cc_shape cached_shape = {"cached", cached_fields, sizeof(struct cached)};

static const struct cc_shape_field hosting_fields[] = {
    CC_ROW(TEXT, struct hosting, environment, NULL, "the environment, as detect names it"),
    CC_ROW(TEXT, struct hosting, role_name, NULL, "the role of the host", .rules = CC_NULL),
    CC_ROW(MAYBE_FLAG, struct hosting, same, NULL, "the credentials are of that role"),
    CC_ROW(TEXT, struct hosting, says, NULL, "the same as text"),
    {0},
};
static const struct cc_shape hosting_shape = {"hosting", hosting_fields, sizeof(struct hosting)};

#define ROW(kind, member, about_, ...) \
    CC_ROW(kind, struct session, member, NULL, about_, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    ROW(TEXT, account_id, "account of the credentials", .rules = CC_NULL),
    ROW(TEXT, arn, "ARN of the identity they belong to, from STS", .rules = CC_NULL),
    ROW(TEXT, user_id, "unique ID of that identity", .rules = CC_NULL),
    ROW(TEXT, role_name, "name of the role", .rules = CC_NULL),
    ROW(TEXT, source, "the provider they are from", .rules = CC_NULL),
    ROW(TEXT, source_detail, "what the provider says about them", .rules = CC_NULL),
    ROW(TIME, expires, "when they expire; null when they do not", .rules = CC_NULL),
    ROW(TEXT, access_key_id, "last four characters of the access key ID", .rules = CC_NULL,
        .form = &hidden_form),
    ROW(TEXT, profile, "the selected profile, when it exists", .rules = CC_NULL),
    ROW(TEXT, region, "the region", .rules = CC_NULL),
    ROW(TEXT, region_source, "where the region is set", .rules = CC_NULL),
    ROW(MAYBE_NUMBER, expires_in_seconds, "seconds until they expire"),
    ROW(FLAG, verified, "STS has confirmed them"),
    CC_ROW_OBJECT(struct session, cached, struct cached, &cached_shape, NULL,
                  "the cache they are from; null when they were fetched now", .rules = CC_NULL),
    CC_ROW_OBJECT(struct session, hosting, struct hosting, &hosting_shape, NULL,
                  "the host and its role; null outside AWS", .rules = CC_NULL),
    CC_ROW_GROUP(struct session, story, struct cc_story_told, &cc_story_shape),
    CC_ROW_OBJECT(struct session, error, struct cc_error, &cc_error_shape, NULL,
                  "why there are no credentials", .rules = CC_NULL),
    CC_ROW_OBJECT(struct session, expectation, struct cc_expectation, &cc_expectation_shape, NULL,
                  "result of --expect-account and --expect-role; null without them",
                  .rules = CC_NULL),
    {0},
};
// clang-format on
static const struct cc_shape answer_shape = {"session", answer_fields, sizeof(struct session)};

static void tell_keys(struct cc_run *run, const struct cc_resolve *resolve, struct session *session)
{
    const struct cc_keys *keys = &resolve->keys;
    const struct cc_attempt *end = resolve->story.ended_by;
    const bool lasts = keys->expires == CC_NEVER_EXPIRES;
    size_t len = strlen(keys->access_key_id);

    session->source = end->provider->name;
    session->source_detail = end->detail ? cc_text_printable(&run->mem, end->detail) : NULL;
    session->access_key_id =
        cc_textf(&run->mem, "****%s", keys->access_key_id + (len > 4 ? len - 4 : 0));
    session->account_id = keys->account_id;
    session->role_name = cc_role_of_arn(&run->mem, keys->role_arn);
    session->expires = lasts ? 0 : keys->expires;
    session->expires_in_seconds =
        (struct cc_maybe_number){!lasts, lasts ? 0 : keys->expires - cc_now_aws(run)};
}

static const struct cached *cached_of(struct cc_run *run, const struct cc_from_cache *from)
{
    if (!from->cache) {
        return NULL;
    }
    struct cached *cached = cc_alloc(&run->mem, sizeof(*cached));
    *cached = (struct cached){from->cache, from->fetched, cc_now_aws(run) - from->fetched};
    return cached;
}

/* The identity, from STS. */
static bool identify(struct cc_run *run, struct cc_resolve *resolve, struct session *session,
                     const char **arn, struct cc_error *err)
{
    struct cc_identity identity = {0};

    if (run->offline) {
        *arn = resolve->keys.role_arn;
        return true;
    }
    if (!cc_resolve_caller(run, resolve, &identity, err)) {
        return false;
    }
    tell_keys(run, resolve, session); /* the keys may be other ones now */
    session->account_id = identity.account_id;
    session->arn = identity.arn;
    session->user_id = identity.user_id;
    session->role_name = cc_role_of_arn(&run->mem, identity.arn);
    session->verified = true;
    *arn = identity.arn;
    return true;
}

static const char *hosting_says(struct cc_arena *mem, const struct hosting *hosting)
{
    const char *place = hosting->environment;
    const char *role = hosting->role_name;

    if (hosting->same.known && hosting->same.value) {
        return cc_textf(mem, "this is the role of the host (%s)", place);
    }
    if (hosting->same.known) {
        return cc_textf(mem, "not the role of the host (%s), which is %s", place, role);
    }
    return role ? cc_textf(mem, "%s with the role %s", place, role)
                : cc_textf(mem, "%s; its role is not known without asking STS", place);
}

/*
 * Whether this is the role of the host itself. With hops the identity is another one on purpose, so
 * this is not checked.
 */
static const struct hosting *hosting_of(struct cc_run *run, const struct cc_resolve *resolve,
                                        const char *mine)
{
    struct cc_scene *scene = cc_alloc(&run->mem, sizeof(*scene));
    struct hosting *hosting = cc_alloc(&run->mem, sizeof(*hosting));
    const int64_t deadline = run->deadline_ms;

    cc_detect(run, scene);
    run->deadline_ms = deadline;
    if (!scene->place.aws) {
        return NULL;
    }
    const char *hosts = scene->place.role_name;
    *hosting = (struct hosting){
        .environment = scene->place.environment,
        .role_name = hosts,
        .same = {hosts && mine && resolve->hop_count == 0, cc_text_equal(hosts, mine)},
    };
    hosting->says = hosting_says(&run->mem, hosting);
    return hosting;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct session_options *given = options;
    struct session *session = answer;
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    struct cc_error *why = cc_alloc(&run->mem, sizeof(*why));
    const char *arn = NULL;

    run->offline = run->offline || given->offline;
    if (!cc_resolve_prepare(run, &given->chain, resolve, err)) {
        return false;
    }
    session->profile = resolve->settings.section ? resolve->settings.profile : NULL;
    session->region = resolve->settings.region;
    session->region_source = resolve->settings.region_source;
    bool found = cc_resolve_told(run, resolve, why);
    if (found) {
        tell_keys(run, resolve, session);
        found = identify(run, resolve, session, &arn, why);
    }
    session->cached = cached_of(run, &resolve->story.from_cache);
    session->hosting = hosting_of(run, resolve, session->role_name);
    cc_story_tell(&run->mem, resolve, &session->story);
    if (!resolve->story.ended_by && resolve->story.count > 0) {
        why->why[0] = '\0'; /* each attempt shows its own */
    }
    session->error = found ? NULL : why;
    const struct cc_expect_of of = {.account = session->account_id, .arn = arn};
    session->expectation = cc_expect_judge(&run->mem, &given->expect, &of);
    if (!found) {
        run->exit_status = cc_code_exit_status(why->code);
    } else if (session->expectation && !session->expectation->met) {
        run->exit_status = cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
    return true;
}

/* --- for people --- */

static void print_who(const struct session *session, struct cc_buf *out)
{
    const char *detail = session->source_detail;
    const int64_t left = session->expires_in_seconds.value;

    cc_buf_addf(out, "%s\n",
                session->arn
                    ? session->arn
                    : "Credentials found. With --offline, STS is not asked who they belong to");
    cc_buf_addf(out, "  account  %s\n", session->account_id ? session->account_id : "not known");
    cc_buf_addf(out, "  source   %s%s%s, key %s\n", session->source, detail ? ": " : "",
                detail ? detail : "", session->access_key_id);
    if (session->expires_in_seconds.known) {
        cc_buf_addf(out, "  expires  %s (%s)\n", cc_time_iso(out->mem, session->expires),
                    left > 0 ? cc_textf(out->mem, "in %s", cc_time_span(out->mem, left))
                             : "expired");
    } else {
        cc_buf_text(out, "  expires  never\n");
    }
    if (session->region) {
        cc_buf_addf(out, "  region   %s (%s)\n", session->region, session->region_source);
    } else {
        cc_buf_text(out, "  region   not set\n");
    }
    if (session->cached) {
        cc_buf_addf(out, "  cached   by %s, fetched %s ago; --no-cache fetches new ones\n",
                    session->cached->by, cc_time_span(out->mem, session->cached->age_seconds));
    }
    if (session->hosting) {
        cc_buf_addf(out, "  host     %s\n", session->hosting->says);
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct session *session = answer;

    if (!session->error) {
        print_who(session, out);
    } else if (session->error->code == CC_E_NO_KEYS) { /* the chain below is the cause */
        cc_buf_addf(out, "%s [%s]\n  try:   %s\n", session->error->what,
                    cc_code_name(session->error->code), session->error->fix);
    } else {
        cc_error_print(session->error, "  ", out);
    }
    if (session->expectation && session->expectation->reason) {
        cc_buf_addf(out, "\nNot as expected: %s\n", session->expectation->reason);
    }
    cc_story_print(&session->story, out);
}

const struct cc_command cc_command_session = {
    .name = "session",
    .summary = "say who the credentials here belong to, where they come from, and until when",
    .details =
        "Asks the providers in the order of the chain, stops at the first that is configured,\n"
        "and shows what each of them answered. Prints no secret.",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
