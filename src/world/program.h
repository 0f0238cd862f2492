#ifndef WORLD_PROGRAM_H
#define WORLD_PROGRAM_H

/*
 * Becomes another program, found in the PATH of this process; `env` NULL: with its variables. As
 * with execvp and in shells, a script without "#!" is run by sh, with any C library. Returns errno
 * when that fails.
 */
int cc_program_become(const char *const *argv, const char *const *env);

#endif
