#include "credctl/base/text.h"

#include "child_env.h"
#include "many.h"

#include <string.h>

/*
 * Runs all targets in one process. A few threads fetch credentials shortly before the commands
 * start, so that no command waits for them. A target without credentials for a cause that may pass
 * is tried again.
 */

#define TRIES_MAX 4
#define GRACE_MS  5000
#define AHEAD_MAX 16
#define NOBODY    SIZE_MAX
#define LINE_ROOM 16384

static struct cc_many *many_of(void *about)
{
    return ((struct cc_endpoint *)about)->about;
}

static int64_t ticks(const struct cc_many *many)
{
    return cc_ticks_ms(many->run);
}

/* Errors that may have passed a moment later. */
static bool may_pass(enum cc_code code)
{
    static const enum cc_code passing[] = {CC_E_THROTTLED, CC_E_TIMEOUT, CC_E_UNREACHABLE, CC_E_DNS,
                                           CC_E_DEADLINE};

    for (size_t i = 0; i < CC_COUNT(passing); i++) {
        if (passing[i] == code) {
            return true;
        }
    }
    return false;
}

static void leave(struct cc_seat *seat)
{
    cc_kept_wipe(&seat->kept);
    cc_arena_wipe(&seat->mem);
    *seat = (struct cc_seat){.many = seat->many};
}

static void tell_line(struct cc_many *many, size_t target, int fd, const char *text, size_t len)
{
    struct cc_arena mem = {0};
    struct cc_buf whole = cc_buf_new(&mem, LINE_ROOM);

    cc_buf_addf(&whole, "%s | ", many->targets.rows[target].label);
    cc_buf_add(&whole, text, len);
    cc_buf_text(&whole, "\n");
    cc_progress_clear(&many->progress);
    (void)many->run->world->emit(many->run->world->self, many->structured ? 2 : fd, whole.text,
                                 whole.len);
    cc_arena_wipe(&mem);
}

static void tell_error(struct cc_many *many, size_t target, const struct cc_error *err)
{
    struct cc_arena mem = {0};
    const char *text =
        cc_textf(&mem, "credctl: %s%s%s", err->what, err->why[0] ? ": " : "", err->why);

    tell_line(many, target, 2, text, strlen(text));
    cc_arena_wipe(&mem);
}

static void ended_with(struct cc_many *many, size_t target, enum cc_target_outcome outcome,
                       int status)
{
    struct cc_work *work = &many->works[target];
    bool ok = outcome == CC_TARGET_OK;

    work->state = CC_WORK_ENDED;
    work->row.outcome = outcome;
    work->row.status = status;
    work->row.ended = cc_now(many->run);
    many->progress.done++;
    many->progress.failed += !ok;
    many->no_more = many->no_more || (many->options->fail_fast && !ok);
    cc_many_note(many, &work->row);
    cc_many_give(many, target);
}

static void took(struct cc_seat *seat)
{
    struct cc_many *many = seat->many;

    many->works[seat->target].row.seconds = (double)(ticks(many) - seat->began) / 1000;
}

static void try_after(struct cc_many *many, size_t target, int64_t ms)
{
    struct cc_work *work = &many->works[target];

    work->state = CC_WORK_WAITING;
    work->not_before = ticks(many) + ms;
    many->again[many->again_count++] = target;
}

/* It has no credentials, and its command is not started. */
static void no_credentials(struct cc_seat *seat, const struct cc_error *why)
{
    const struct cc_error trouble = *why; /* it is in the memory of the seat */
    struct cc_many *many = seat->many;
    struct cc_work *work = &many->works[seat->target];
    size_t target = seat->target;

    took(seat);
    leave(seat);
    if (work->row.attempts < TRIES_MAX && may_pass(trouble.code)) {
        try_after(many, target,
                  (1000LL << (work->row.attempts - 1)) + cc_random_below(many->run, 1000));
        return;
    }
    work->row.code = cc_code_name(trouble.code);
    tell_error(many, target, &trouble);
    ended_with(many, target, CC_TARGET_ERROR, cc_code_exit_status(trouble.code));
}

static void go_on(struct cc_many *many);

/* Called after each fetch of a target; later ones, while its command runs, are handled by the
 * endpoint. */
static void told(struct cc_kept *kept, const struct cc_error *trouble)
{
    struct cc_seat *seat = kept->about;
    struct cc_many *many = seat->many;

    if (seat->state == CC_SEAT_LEAVING) {
        many->leaving--;
        leave(seat);
        go_on(many);
        return;
    }
    if (seat->state != CC_SEAT_ASKING) {
        return;
    }
    many->asking--;
    if (trouble) {
        no_credentials(seat, trouble);
    } else {
        seat->state = CC_SEAT_READY;
        many->ready++;
    }
    go_on(many);
}

/* The next target: one that is due for another attempt, else a new one; or NOBODY. */
static size_t next_target(struct cc_many *many)
{
    int64_t now = ticks(many);

    for (size_t i = 0; i < many->again_count; i++) {
        size_t target = many->again[i];

        if (now >= many->works[target].not_before) {
            many->again[i] = many->again[--many->again_count];
            return target;
        }
    }
    while (many->next < many->targets.count && many->works[many->next].state != CC_WORK_WAITING) {
        many->next++;
    }
    return many->next < many->targets.count ? many->next++ : NOBODY;
}

static struct cc_seat *free_seat(struct cc_many *many)
{
    size_t i = 0;

    while (i < many->seat_count && many->seats[i].state != CC_SEAT_FREE) {
        i++;
    }
    return i < many->seat_count ? &many->seats[i] : NULL;
}

/* Fetches the credentials of a target. False when the pool is full: the target is put back. */
static bool begin(struct cc_many *many, struct cc_seat *seat, size_t target)
{
    struct cc_error trouble = {0};

    *seat = (struct cc_seat){
        .state = CC_SEAT_ASKING, .many = many, .target = target, .began = ticks(many)};
    seat->kept = (struct cc_kept){
        .endpoint = many->endpoint,
        .name = many->targets.rows[target].label,
        .base = &many->endpoint->kept[0],
        .about = seat,
        .fetch_ms = many->options->timeout_ms,
        .fetch = cc_many_fetch,
        .told = told,
    };
    many->works[target].state = CC_WORK_UNDER_WAY;
    many->works[target].row.attempts++;
    many->asking++;
    if (!cc_endpoint_token(many->run, &seat->mem, &seat->token, &trouble)) {
        many->asking--;
        no_credentials(seat, &trouble);
        return true;
    }
    if (!cc_kept_fetch(&seat->kept)) {
        many->asking--;
        many->works[target].row.attempts--;
        leave(seat);
        try_after(many, target, 0);
        return false;
    }
    return true;
}

static void ask_ahead(struct cc_many *many)
{
    while (!many->no_more && many->asking < AHEAD_MAX) {
        struct cc_seat *seat = free_seat(many);
        size_t target = seat ? next_target(many) : NOBODY;

        if (target == NOBODY || !begin(many, seat, target)) {
            return;
        }
    }
}

static void could_not_start(struct cc_seat *seat, const struct cc_error *err, int status)
{
    struct cc_many *many = seat->many;
    size_t target = seat->target;

    tell_error(many, target, err);
    took(seat);
    leave(seat);
    ended_with(many, target, CC_TARGET_FAILED, status);
}

static void start(struct cc_many *many, struct cc_seat *seat)
{
    const struct cc_child child = cc_many_child(seat);
    struct cc_error err = {0};
    int status = 0;

    many->ready--;
    if (!cc_server_start(many->endpoint->server, &child, &status, &err)) {
        could_not_start(seat, &err, status);
        return;
    }
    seat->state = CC_SEAT_RUNNING;
    seat->ask_at = many->options->timeout_ms > 0 ? ticks(many) + many->options->timeout_ms : 0;
    many->running++;
}

static void start_ready(struct cc_many *many)
{
    for (size_t i = 0; i < many->seat_count && many->running < many->parallel; i++) {
        if (many->seats[i].state == CC_SEAT_READY && !many->no_more) {
            start(many, &many->seats[i]);
        }
    }
}

/* True when nothing runs and nothing is left to run. Fetches are waited for, unless the run is to
 * end. */
static bool all_done(struct cc_many *many)
{
    bool left = many->again_count > 0 || many->ready > 0 || many->next < many->targets.count;
    bool busy = many->asking > 0 || many->leaving > 0 || many->endpoint->kept[0].fetching;

    return many->running == 0 && (many->no_more || !left) && cc_many_noted(many) &&
           (many->ended_by.number != 0 || !busy);
}

/* Callbacks that come back here during this call only set a flag. */
static void go_on(struct cc_many *many)
{
    many->changed = true;
    if (many->going) {
        return;
    }
    many->going = true;
    while (many->changed) {
        many->changed = false;
        start_ready(many);
        ask_ahead(many);
    }
    many->going = false;
    if (all_done(many)) {
        cc_server_stop(many->endpoint->server);
    }
}

static void line(void *about, size_t id, int fd, const char *text, size_t len)
{
    struct cc_many *many = many_of(about);

    tell_line(many, many->seats[id].target, fd, text, len);
}

static void ended(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end)
{
    struct cc_many *many = many_of(about);
    struct cc_seat *seat = &many->seats[id];
    size_t target = seat->target;
    enum cc_target_outcome outcome = end->status == 0 ? CC_TARGET_OK : CC_TARGET_FAILED;

    (void)server;
    outcome = seat->timed_out ? CC_TARGET_TIMEOUT : outcome;
    took(seat);
    many->running--;
    if (seat->kept.fetching || seat->kept.waits) {
        seat->state = CC_SEAT_LEAVING;
        many->leaving++;
    } else {
        leave(seat);
    }
    ended_with(many, target, outcome, end->status);
    go_on(many);
}

static void ask_to_end(struct cc_many *many, struct cc_seat *seat)
{
    seat->make_at = ticks(many) + GRACE_MS;
    cc_server_nudge(many->endpoint->server, (size_t)(seat - many->seats), CC_NUDGE_ASK);
}

static void watch_time(struct cc_many *many, struct cc_seat *seat)
{
    int64_t now = ticks(many);

    if (seat->make_at != 0 && now >= seat->make_at) {
        cc_server_nudge(many->endpoint->server, (size_t)(seat - many->seats), CC_NUDGE_KILL);
    } else if (seat->make_at == 0 && seat->ask_at != 0 && now >= seat->ask_at) {
        seat->timed_out = true;
        ask_to_end(many, seat);
    }
}

static void tick(void *about, struct cc_server *server)
{
    struct cc_many *many = many_of(about);

    (void)server;
    for (size_t i = 0; i < many->seat_count; i++) {
        if (many->seats[i].state == CC_SEAT_RUNNING) {
            watch_time(many, &many->seats[i]);
        }
    }
    cc_progress_tick(&many->progress, many->running);
    go_on(many);
}

/* The second signal kills the commands. */
static void signalled(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    struct cc_many *many = many_of(about);
    bool again = many->ended_by.number != 0;

    many->ended_by = again ? many->ended_by : *signal;
    many->no_more = true;
    for (size_t i = 0; i < many->seat_count; i++) {
        struct cc_seat *seat = &many->seats[i];

        if (seat->state == CC_SEAT_RUNNING && again) {
            cc_server_nudge(server, i, CC_NUDGE_KILL);
        } else if (seat->state == CC_SEAT_RUNNING) {
            ask_to_end(many, seat);
        }
    }
    go_on(many);
}

static struct cc_kept *other(struct cc_endpoint *endpoint, const char *name, struct cc_secret token)
{
    struct cc_many *many = endpoint->about;
    int64_t index = 0;

    if (!cc_text_number(name, 0, INT64_MAX, &index)) {
        return NULL;
    }
    for (size_t i = 0; i < many->seat_count; i++) {
        struct cc_seat *seat = &many->seats[i];

        if (seat->state == CC_SEAT_RUNNING && seat->target == (size_t)index) {
            return cc_secret_same(token, seat->token) ? &seat->kept : NULL;
        }
    }
    return NULL;
}

/* With the run's memory. */
static void forget(void *about)
{
    struct cc_many *many = about;

    for (size_t i = 0; i < many->seat_count; i++) {
        leave(&many->seats[i]);
    }
    cc_arena_wipe(&many->pages[0].mem);
    cc_arena_wipe(&many->pages[1].mem);
}

static void set_seats(struct cc_many *many)
{
    size_t ahead = many->parallel < AHEAD_MAX ? many->parallel : AHEAD_MAX;

    many->seat_count = many->parallel + ahead;
    many->seats = cc_alloc(&many->run->mem, many->seat_count * sizeof(*many->seats));
    for (size_t i = 0; i < many->seat_count; i++) {
        many->seats[i].many = many;
    }
    many->written = go_on;
    cc_arena_adopt(&many->run->mem, forget, many);
}

static bool open_up(struct cc_many *many, struct cc_error *err)
{
    struct cc_server_plan plan = {
        .deaf = many->options->env,
        .address = "127.0.0.1:0",
        .own_socket = true,
        .hop_limit = 1,
        .threads = many->seat_count - many->parallel + 2,
        .signalled = signalled,
        .line = line,
        .ended = ended,
        .tick = tick,
    };

    many->endpoint->about = many;
    many->endpoint->other = other;
    return cc_endpoint_open(many->endpoint, &plan, err);
}

static bool work_through(struct cc_many *many, struct cc_error *err)
{
    if (!many->options->env &&
        !cc_copies_make(many->run, &many->settings, &many->shared, &many->copies, err)) {
        return false;
    }
    go_on(many);
    (void)cc_server_run(many->endpoint->server);
    cc_copies_drop(many->run, &many->copies);
    cc_progress_clear(&many->progress);
    return true;
}

static bool anything_to_do(struct cc_many *many)
{
    size_t left = 0;

    for (size_t i = 0; i < many->targets.count; i++) {
        left += many->works[i].state == CC_WORK_WAITING;
    }
    many->progress.done = many->targets.count - left;
    return left > 0;
}

static bool run_them(struct cc_many *many, struct cc_error *err)
{
    set_seats(many);
    return open_up(many, err) && work_through(many, err);
}

bool cc_many_run(struct cc_many *many, struct cc_error *err)
{
    cc_progress_begin(&many->progress, many->run, many->targets.count);
    if (anything_to_do(many) && !run_them(many, err)) {
        if (!many->options->resume) { /* nothing was started that --resume could continue */
            cc_many_end_journal(many);
        }
        return false;
    }
    if (many->ended_by.number == 0) { /* otherwise --resume has something to do */
        cc_many_end_journal(many);
    }
    return true;
}
