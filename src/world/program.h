#ifndef WORLD_PROGRAM_H
#define WORLD_PROGRAM_H

/*
 * Becomes another program, looked up in our PATH; `env` NULL: with our variables. As execvp of
 * POSIX and every shell do it, a script without "#!" is run by sh, whichever C library this is
 * built with. Gives back the number of the error when that could not be done.
 */
int cc_program_become(const char *const *argv, const char *const *env);

#endif
