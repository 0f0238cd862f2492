#ifndef TESTS_SUPPORT_WEB_H
#define TESTS_SUPPORT_WEB_H

/* A web server of one test that does to its clients whatever its path says: see web.c. */

#include "peer.h"
#include "temp.h"

extern struct peer web_peer;

int web_start(void **state);
int web_stop(void **state);

const char *web_url(struct temp *temp, const char *path);
/* A request from beside it, for 3 s and 1000 bytes. */
struct cc_request web_get(struct temp *temp, const char *path);
/* Fails the test when there is none ... */
struct cc_response web_answer(struct temp *temp, const struct cc_request *request);
/* ... and when there is one, or another failure. */
struct cc_error web_no_answer(struct temp *temp, const struct cc_request *request,
                              enum cc_failure failure, enum cc_code code);

#define WITH_A_PEER(test) cmocka_unit_test_setup_teardown(test, web_start, web_stop)

#endif
