#ifndef TESTS_SUPPORT_ACCESS_H
#define TESTS_SUPPORT_ACCESS_H

/* Made-up answers of test-access. */

#include "credctl/access/access.h"
#include "credctl/base/buf.h"

#include "test.h"

#define HUB     "arn:aws:iam::111122223333:role/Hub"
#define HOSTILE "<script>alert(1)</script> & \"q\" 'q' ]]> \x1b[2J \xff \x01 -->"
/* What a reader may see of it. */
#define SHOWN "<script>alert(1)</script> & \"q\" 'q' ]]> ?[2J ? ? -->"

/* A target that was allowed. */
struct cc_access_result access_target(struct cc_arena *mem, const char *name, const char *account,
                                      const char *role);
/* The same target with another end. */
struct cc_access_result access_ended(struct cc_arena *mem, struct cc_access_result result,
                                     enum cc_access_outcome outcome, const char *cause);
/* Denied by its trust policy, with a statement. */
struct cc_access_result access_trust(struct cc_arena *mem, const char *name, const char *account);
struct cc_access_result access_with_id_check(struct cc_access_result result, const char *check);

const struct cc_access_answer *access_answered(struct cc_arena *mem,
                                               struct cc_access_result *results, size_t count);
/* One target of each kind, and two with the same remedy. */
const struct cc_access_answer *access_all_kinds(struct cc_arena *mem);
/* HOSTILE in every text. */
const struct cc_access_answer *access_hostile(struct cc_arena *mem);
/* Every tenth is denied by its trust policy, all with the same remedy; every 50th in its own way.
 */
const struct cc_access_answer *access_many(struct cc_arena *mem, size_t count);

/* The report as text. */
const char *access_written(struct cc_arena *mem,
                           void (*print)(const void *answer, struct cc_buf *out),
                           const struct cc_access_answer *answer);
/* Fails the test, and shows the text, when the part is not in it. */
void has(const char *text, const char *part);
size_t times(const char *text, const char *part);

#endif
