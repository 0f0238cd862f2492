#ifndef CREDCTL_AWS_STS_H
#define CREDCTL_AWS_STS_H

/* AWS Security Token Service API Reference: AssumeRole, AssumeRoleWithWebIdentity,
 * GetCallerIdentity. */

#include "credctl/aws/call.h"
#include "credctl/base/shape.h"

/*
 * A hop: a role to assume, and how. Texts and lists may be NULL; duration 0 means "not given". Each
 * member above `region` is a row of cc_assume_shape.
 */
struct cc_assume {
    const char *role_arn;
    const char *session_name;
    const char *external_id;
    int duration_seconds;
    const char *policy;
    const char *const *policy_arns;         /* ends with NULL */
    const char *const *tags;                /* "key=value", ends with NULL */
    const char *const *transitive_tag_keys; /* ends with NULL */
    const char *source_identity;
    const char *serial_number;
    struct cc_secret token_code;
    const char *region; /* NULL: that of the settings */
    const struct cc_section
        *section; /* the profile that makes the call, for its endpoint; or NULL */
};

/*
 * The parameters of a hop, as API Reference: AssumeRole has them. A row has the option, the
 * parameter of the API (field->wire), its place in the struct and its allowed values. The parser,
 * the STS request, the cache key and the help walk these rows, and no other code names a parameter.
 */
extern const struct cc_shape cc_assume_shape;

/* The ARN of a role, with its path. */
extern const struct cc_form cc_role_arn_form;

/* Fills the members of a hop that are not set. Lists are joined, those of `from` first. */
void cc_assume_fill(struct cc_arena *mem, struct cc_assume *hop, const struct cc_assume *from);
/* A parameter that both have, with different values; NULL: there is none. */
const struct cc_shape_field *cc_assume_clash(struct cc_arena *mem, const struct cc_assume *hop,
                                             const struct cc_assume *from);
/* The first parameter that is set, for messages; NULL when none is. */
const struct cc_shape_field *cc_assume_first(const struct cc_assume *hop);

/*
 * keys->account_id is that of the assumed role as STS answers; keys->role_arn is the requested one.
 */
CC_MUST_USE bool cc_sts_assume_role(struct cc_run *run, const struct cc_settings *settings,
                                    const struct cc_keys *by, const struct cc_assume *assume,
                                    struct cc_keys *keys, struct cc_error *err);

/*
 * The same for the driver, one of many: `settings`, `by`, `assume` and what it points to live until
 * it has ended; *keys lies in the arena of `run`. NULL, and err: the parameters are not valid.
 * cc_call_answer has its answer.
 */
struct cc_errand *cc_sts_assume_errand(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_keys *by, const struct cc_assume *assume,
                                       struct cc_keys *keys, struct cc_error *err);

/* Not signed. */
CC_MUST_USE bool cc_sts_web_identity(struct cc_run *run, const struct cc_settings *settings,
                                     const struct cc_assume *assume, struct cc_secret token,
                                     struct cc_keys *keys, struct cc_error *err);

struct cc_identity {
    const char *account_id;
    const char *arn;
    const char *user_id;
};

/*
 * `region`: NULL for that of the settings; without any, the global endpoint is used. An endpoint
 * accepts only keys of its own partition: pass cc_region_for_call (credctl/providers/provider.h).
 */
CC_MUST_USE bool cc_sts_caller(struct cc_run *run, const struct cc_settings *settings,
                               const struct cc_keys *by, const char *region,
                               struct cc_identity *identity, struct cc_error *err);

/* The same for the driver, as cc_sts_assume_errand. */
struct cc_errand *cc_sts_caller_errand(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_keys *by, const char *region,
                                       struct cc_identity *identity, struct cc_error *err);

#endif
