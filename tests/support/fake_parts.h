#ifndef TESTS_SUPPORT_FAKE_PARTS_H
#define TESTS_SUPPORT_FAKE_PARTS_H

/* What the files of the fake world share with each other. */

#include "fake_world.h"

/* Tables end with a row without a name. */
struct fake_pair *fake_pair_of(struct fake_pair *pairs, const char *name);
const char *fake_pair_value(struct fake_pair *pairs, const char *name);
void fake_pair_set(struct fake_pair *pairs, size_t room, const char *name, const char *value);

void fake_pass(struct fake *fake, int ms); /* time goes by */

/* Each subject puts its functions into the world. */
void fake_files_install(struct cc_world *world);
void fake_http_install(struct cc_world *world);

#endif
