#ifndef ASSESS_PROBES_H
#define ASSESS_PROBES_H

/* The services of each assessment, in the order of answers; all lists end with NULL. */

#include "survey.h"

extern const struct cc_probe *const cc_storage_probes[];
extern const struct cc_probe *const cc_network_probes[];

/* Their names, for options. */
const char *const *cc_storage_services(struct cc_arena *mem);
const char *const *cc_network_services(struct cc_arena *mem);

/* All operations that they may call, without repetition. */
const struct cc_operation *const *cc_probes_operations(struct cc_arena *mem,
                                                       const struct cc_probe *const *probes);

#endif
