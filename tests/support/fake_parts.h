#ifndef TESTS_SUPPORT_FAKE_PARTS_H
#define TESTS_SUPPORT_FAKE_PARTS_H

/* What the files of the fake world share with each other. */

#include "credctl/world/machine.h"

#include "fake_world.h"

/* Tables end with a row without a name. */
struct fake_pair *fake_pair_of(struct fake_pair *pairs, const char *name);
const char *fake_pair_value(struct fake_pair *pairs, const char *name);
void fake_pair_set(struct fake_pair *pairs, size_t room, const char *name, const char *value);

void fake_pass(struct fake *fake, int ms); /* time goes by */

/* Of the machine. */
bool fake_become(void *self, const struct cc_child *child, int *status, struct cc_error *err);
bool fake_server_open(void *self, struct cc_run *run, const struct cc_server_plan *plan,
                      struct cc_server **server, struct cc_error *err);

/* Each line to the plan that started child `id`. */
void fake_say_lines(struct fake_machine *machine, size_t id, int fd, const char *text);

/* Each subject puts its functions into the world. */
void fake_files_install(struct cc_world *world);
void fake_http_install(struct cc_world *world);

#endif
