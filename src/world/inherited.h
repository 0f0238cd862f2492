#ifndef WORLD_INHERITED_H
#define WORLD_INHERITED_H

/*
 * State that a process inherits and that can have any value: signal actions, signal mask, umask,
 * limits, closed standard streams. credctl sets what it needs; a child gets the inherited values
 * back.
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { CC_ACTIONS = 4, CC_INHERITED_FILES = 64 };

struct cc_inherited {
    struct rlimit core;
    sigset_t mask;
    mode_t umask;
    struct sigaction actions[CC_ACTIONS];
    bool files_known;
    int files[CC_INHERITED_FILES]; /* descriptors above the standard ones, ascending */
    size_t file_count;
};

/* Before anything else, and before cc_harden changes the limits. */
void cc_inherited_take(struct cc_inherited *inherited);
/*
 * Notes the descriptors that a child is to have, while no other thread runs. Libraries open files
 * without O_CLOEXEC for a moment: a child that is forked then must not have them.
 */
void cc_inherited_note_files(struct cc_inherited *inherited);
/* For a child between fork and exec, or for this process before exec. Async-signal-safe. */
void cc_inherited_give_back(const struct cc_inherited *inherited);
/* Ends this process by a signal with its default action. Returns when that is impossible: for
 * process 1 of a container. */
void cc_die_by(int number);

#endif
