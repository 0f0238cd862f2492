#include "transfer.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define WINDOW 64

/* Which of the descriptors from `first` on are open. */
static void look(int first, struct pollfd window[WINDOW])
{
    for (int i = 0; i < WINDOW; i++) {
        window[i] = (struct pollfd){.fd = first + i};
    }
    (void)poll(window, WINDOW, 0);
}

/*
 * A multi handle wakes itself by a pair of sockets that it opens without the flag. They are those
 * that were not there before; nobody forks meanwhile.
 */
CURLM *cc_transfer_multi(struct real *real)
{
    struct pollfd before[WINDOW];
    struct pollfd after[WINDOW];

    (void)pthread_mutex_lock(&real->forked.lock);
    int first = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (first >= 0) {
        (void)close(first);
        look(first, before);
    }
    CURLM *multi = curl_multi_init();
    if (first >= 0) {
        look(first, after);
    }
    for (int i = 0; first >= 0 && i < WINDOW; i++) {
        if ((before[i].revents & POLLNVAL) != 0 && (after[i].revents & POLLNVAL) == 0) {
            (void)fcntl(first + i, F_SETFD, FD_CLOEXEC);
        }
    }
    (void)pthread_mutex_unlock(&real->forked.lock);
    return multi;
}
