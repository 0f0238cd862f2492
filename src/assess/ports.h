#ifndef CREDCTL_ASSESS_PORTS_H
#define CREDCTL_ASSESS_PORTS_H

/* Ports that should not be open to everybody: administration, databases, and protocols in clear
 * text. */

#include <stdbool.h>

struct cc_port {
    int port;
    bool udp; /* else TCP */
    const char *service;
};

extern const struct cc_port cc_ports[]; /* in ascending order; ends with a row without a service */

#endif
