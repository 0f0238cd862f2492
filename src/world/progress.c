#include "credctl/world/progress.h"

#include "credctl/base/time.h"

#include <stdio.h>
#include <string.h>

#define BAR_WIDTH 24
#define BAR_MS    200
#define PLAIN_MS  30000
#define TEXT_ROOM 256

void cc_progress_begin(struct cc_progress *progress, struct cc_run *run, size_t total)
{
    *progress = (struct cc_progress){
        .run = run,
        .terminal = run->world->is_terminal(run->world->self, 2),
        .began = cc_ticks_ms(run),
        .told = cc_ticks_ms(run),
        .total = total,
    };
}

static void say(const struct cc_progress *progress, const char *text)
{
    (void)progress->run->world->emit(progress->run->world->self, 2, text, strlen(text));
}

static void draw_bar(struct cc_progress *progress, size_t running, const char *since)
{
    char bar[BAR_WIDTH + 1];
    char text[TEXT_ROOM];
    size_t full = progress->total > 0 ? progress->done * BAR_WIDTH / progress->total : 0;

    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', full);
    bar[BAR_WIDTH] = '\0';
    (void)snprintf(text, sizeof(text), "\r[%s] %zu/%zu, %zu failed, %zu running, %s\x1b[K", bar,
                   progress->done, progress->total, progress->failed, running, since);
    say(progress, text);
    progress->shown = true;
}

static void tell_plainly(const struct cc_progress *progress, size_t running, const char *since)
{
    char text[TEXT_ROOM];

    (void)snprintf(text, sizeof(text),
                   "credctl: %zu of %zu done, %zu failed, %zu running, after %s\n", progress->done,
                   progress->total, progress->failed, running, since);
    say(progress, text);
}

void cc_progress_tick(struct cc_progress *progress, size_t running)
{
    int64_t now = cc_ticks_ms(progress->run);
    struct cc_arena mem = {0};

    if (progress->run->follower) {
        progress->run->follower->told(progress->run->follower->about, progress->done,
                                      progress->total);
        return;
    }
    if (now - progress->told < (progress->terminal ? BAR_MS : PLAIN_MS)) {
        return;
    }
    const char *since = cc_time_span(&mem, (now - progress->began) / 1000);
    progress->told = now;
    if (progress->terminal) {
        draw_bar(progress, running, since);
    } else {
        tell_plainly(progress, running, since);
    }
    cc_arena_wipe(&mem);
}

void cc_progress_clear(struct cc_progress *progress)
{
    if (progress->shown) {
        say(progress, "\r\x1b[K");
        progress->shown = false;
    }
}
