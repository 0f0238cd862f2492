#ifndef COMMANDS_TEMPLATE_FILES_H
#define COMMANDS_TEMPLATE_FILES_H

#include "credctl/world/world.h"

struct cc_template_file {
    const char *path;
    bool listed; /* found in a folder, by its name: it may be no template */
};

/*
 * The files that the words of the command line stand for, with those of folders and the folders in
 * them: *.yaml, *.yml, *.json and *.template, sorted. Hidden files and links are left out. Fails
 * with CC_E_TOO_BIG after 10,000 files or 16 levels.
 */
CC_MUST_USE bool cc_template_files(struct cc_run *run, const char *const *given,
                                   struct cc_template_file **files, size_t *count,
                                   struct cc_error *err);

#endif
