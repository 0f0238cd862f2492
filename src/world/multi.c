#include "transfer.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define WINDOW 64

/* The open descriptors from `first` on. */
static void look(int first, struct pollfd window[WINDOW])
{
    for (int i = 0; i < WINDOW; i++) {
        window[i] = (struct pollfd){.fd = first + i};
    }
    (void)poll(window, WINDOW, 0);
}

/*
 * A multi handle opens a pair of sockets without the close-on-exec flag, to wake itself. They are
 * the descriptors that did not exist before; no other thread forks in between.
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
