#ifndef ASSESS_ROUND_H
#define ASSESS_ROUND_H

/* The security services of one account and region, asked together. */

#include "watch.h"

struct cc_round {
    const struct cc_place *place;
    struct cc_inquiry *inquiry;
    struct cc_findings_wish wish;
    struct cc_watching **watches;
    size_t count;
};

/* What came of it. */
struct cc_round_told {
    const struct cc_service_told *rows;
    size_t count;
    const char *const *names;
    const struct cc_service_error *errors;
    size_t error_count;
    const struct cJSON *debug_info;
};

/* Names of an option, each with commas; NULL: all. Global ones only in the first region. */
struct cc_round *cc_round_begin(const struct cc_place *place, const char *const *services,
                                const struct cc_findings_wish *wish);
struct cc_errand *cc_round_next(void *round);
void cc_round_done(void *round, struct cc_errand *errand);
/* Also notes in the head what could not be read. */
struct cc_round_told cc_round_end(struct cc_round *round, struct cc_assess_head *head);

/* All operations of one kind of all services, without repetition; ends with NULL. */
const struct cc_operation *const *cc_round_operations(struct cc_arena *mem, bool findings);

/* The head of all results together. */
struct cc_assess_head cc_head_of_all(const struct cc_assess_results *results);

#endif
