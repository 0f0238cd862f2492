#ifndef TESTS_SUPPORT_TEMP_H
#define TESTS_SUPPORT_TEMP_H

/* The real world, and a folder that goes away with the test. */

#include "credctl/world/world.h"

struct temp {
    struct cc_setup setup;
    struct cc_run run;
    char folder[64];
};

int temp_setup(void **state);
int temp_teardown(void **state);
/* A path in the folder; lives as long as the run. */
const char *temp_path(struct temp *temp, const char *name);
void temp_file(struct temp *temp, const char *name, const char *text, unsigned mode);
/* How many entries the folder has. */
size_t temp_count(struct temp *temp);

/* Ends a child of a test: what it ran counts for the coverage, and nothing of its parent is undone.
 */
_Noreturn void temp_leave(int status);

#define IN_REAL_WORLD(test) cmocka_unit_test_setup_teardown(test, temp_setup, temp_teardown)

#endif
