#include "real.h"

void cc_real_inherit(struct inherited *inherited)
{
    (void)getrlimit(RLIMIT_CORE, &inherited->core);
    (void)pthread_sigmask(SIG_BLOCK, NULL, &inherited->mask);
    /* A reader that went away and a file that may not grow are errors of write(), not our end. */
    inherited->pipe_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
    inherited->size_ignored = signal(SIGXFSZ, SIG_IGN) == SIG_IGN;
}

void cc_real_give_signals_back(const struct inherited *inherited)
{
    (void)signal(SIGPIPE, inherited->pipe_ignored ? SIG_IGN : SIG_DFL);
    (void)signal(SIGXFSZ, inherited->size_ignored ? SIG_IGN : SIG_DFL);
}

void cc_real_restore(const struct real *real)
{
    (void)setrlimit(RLIMIT_CORE, &real->inherited.core);
    cc_real_give_signals_back(&real->inherited);
    (void)pthread_sigmask(SIG_SETMASK, &real->inherited.mask, NULL);
}
