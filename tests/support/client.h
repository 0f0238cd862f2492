#ifndef TESTS_SUPPORT_CLIENT_H
#define TESTS_SUPPORT_CLIENT_H

/* The other end of a real server's connections, for a test that speaks HTTP byte by byte. */

#include "credctl/world/server.h"

/* A connection to where the server listens; -1 when it could not be made. */
int client_connect(const struct cc_server *server);
void client_say(int fd, const char *text);
/* All that comes until the other end closes; true when it closed in order, false when it was cut
 * off. `heard` is terminated, what exceeds the room is left out. */
bool client_hear(int fd, char *heard, size_t room);
/* What comes until it holds `part`, or until the other end closes: then false. */
bool client_hear_until(int fd, const char *part, char *heard, size_t room);

#endif
