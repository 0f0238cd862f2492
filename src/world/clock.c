#include "real.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

int64_t cc_real_now(void *self)
{
    (void)self;
    return (int64_t)time(NULL);
}

int64_t cc_real_ticks_ms(void *self)
{
    struct timespec at = {0};

    (void)self;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

void cc_real_sleep_ms(void *self, int ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};

    (void)self;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
        /* interrupted: sleep for the rest */
    }
}

bool cc_real_random(void *self, void *to, size_t size)
{
    char *at = to;

    (void)self;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);

        if (got <= 0) {
            return false;
        }
        at += got;
        size -= (size_t)got;
    }
    return true;
}
