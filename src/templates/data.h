#ifndef TEMPLATES_DATA_H
#define TEMPLATES_DATA_H

/* Text files that are part of the program. */

#include <stddef.h>

struct cc_data {
    const char *text; /* not terminated; ends with a line break */
    size_t len;
};

struct cc_data cc_data_schemas(void);
struct cc_data cc_data_types(void);
struct cc_data cc_data_actions(void);
struct cc_data cc_data_ended(void);

#endif
