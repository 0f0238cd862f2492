#ifndef CREDCTL_ASSESS_INQUIRY_H
#define CREDCTL_ASSESS_INQUIRY_H

/*
 * Questions about one account and region. All that is known to be wanted is asked at once; what
 * depends on an answer is asked when that answer comes.
 */

#include "credctl/aws/outcome.h"
#include "credctl/aws/wanted.h"

struct cc_inquiry;

/* One call of an operation, with all its pages; it lives as long as the run of the inquiry. */
struct cc_asked {
    struct cc_inquiry *inquiry;
    struct cc_ask ask; /* take, limit and so on can be set after cc_inquire */
    struct cc_ask_end end;
    struct cc_answer answer;
    bool ok;
    struct cc_error err; /* !ok */
    struct cc_ask_failure failure;
    /* It has ended, well or not; can ask more. NULL: nothing is to be done. */
    void (*done)(struct cc_asked *asked);
    void *about;
    struct cc_errand *errand; /* internal: NULL while it waits */
    struct cc_asked *next;    /* internal */
};

struct cc_inquiry {
    struct cc_run *run; /* its memory, its deadline */
    const struct cc_settings *settings;
    const struct cc_keys *keys;
    const char *region;
    /* Internal. */
    struct cc_asked *waiting;
    struct cc_asked **last;
    struct cc_asked *under_way;
};

struct cc_inquiry *cc_inquiry_new(struct cc_run *run, const struct cc_settings *settings,
                                  const struct cc_keys *keys, const char *region);

/* The rows of `params` are copied, their texts are not; NULL: there are none. */
struct cc_asked *cc_inquire(struct cc_inquiry *inquiry, const struct cc_operation *operation,
                            const struct cc_param *params);

/*
 * For whoever drives it: the next call; NULL: none until one of those that were given out has
 * ended, and when all have, the inquiry has ended too.
 */
struct cc_errand *cc_inquiry_next(struct cc_inquiry *inquiry);
void cc_inquiry_done(struct cc_inquiry *inquiry, struct cc_errand *errand);

#define CC_ASSESS_MORE_TIME "give more time with --deadline, or assess less at once"

/* What could not be read, for answers. */
struct cc_unread {
    const char *code; /* of cc_ask_outcome_words */
    const char *operation;
    const char *why;
    const char *fix;
    const char *missing_permission; /* denied: what a policy must allow; or NULL */
    const char *resource;           /* on this ARN, when AWS says so; or NULL */
};

extern const struct cc_shape cc_unread_shape;

/* Of a failed one. */
const struct cc_unread *cc_asked_unread(const struct cc_asked *asked);

#endif
