#include "fake_machine.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "fake_parts.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWERS_MAX 4096
#define STEPS_MAX   1000000

struct fake_job {
    struct cc_job job;
    struct cc_run run;
    struct cc_stop stop;
    struct cc_follower follower;
    struct fake_job *next;
};

struct fake_child {
    size_t id;
    struct fake_act act;
    int64_t ends;
    struct fake_child *next;
};

struct fake_server {
    struct cc_server server;
    struct fake_machine *machine;
    struct cc_run *run;
    struct fake_job *jobs;
    size_t job_count;
    struct fake_child *children;
    size_t running;
    int64_t tick;
    bool stopped;
    uint32_t turn;
    struct fake_answer answers[ANSWERS_MAX];
};

static struct fake_server *server_of(struct cc_server *server)
{
    return (struct fake_server *)server;
}

static struct cc_arena *mem_of(struct fake_machine *machine)
{
    return &machine->fake->mem;
}

void fake_jobs(struct fake_machine *machine)
{
    struct fake_server *server = machine->server;

    while (server->jobs) {
        struct fake_job *one = server->jobs;

        server->jobs = one->next;
        server->job_count--;
        one->run.deadline_ms = cc_ticks_ms(&one->run) + 60000;
        one->job.work(&one->run, one->job.about);
        one->job.done(&one->run, one->job.about);
        cc_arena_wipe(&one->run.mem);
        free(one);
    }
}

static void told(void *about, size_t done, size_t total)
{
    const struct fake_job *one = about;

    one->job.noted(one->job.about, done, total);
}

static void abandon(struct cc_server *base, const void *about)
{
    for (struct fake_job *one = server_of(base)->jobs; one; one = one->next) {
        if (one->job.about == about) {
            atomic_store(&one->stop.set, true);
        }
    }
}

static bool job(struct cc_server *base, const struct cc_job *job)
{
    struct fake_server *server = server_of(base);
    struct fake_job **at = &server->jobs;
    struct fake_job *one = calloc(1, sizeof(*one));

    assert_non_null(one);
    if (server->machine->job_room > 0 && server->job_count == server->machine->job_room) {
        free(one);
        return false;
    }
    while (*at) {
        at = &(*at)->next;
    }
    one->job = *job;
    one->run = *server->run;
    one->run.mem = (struct cc_arena){0};
    one->run.deadline_ms = 0;
    one->run.stop = &one->stop;
    one->follower = (struct cc_follower){told, one};
    one->run.follower = job->noted ? &one->follower : NULL;
    *at = one;
    server->job_count++;
    return true;
}

static void answer_raw(struct cc_server *base, struct cc_ticket ticket, const char *text,
                       size_t len)
{
    struct fake_server *server = server_of(base);
    struct fake_answer *answer = &server->answers[ticket.turn];
    const char *copy = cc_text_dup(mem_of(server->machine), text, len);
    const char *end = strstr(copy, "\r\n\r\n");

    assert_int_equal(answer->status, 0);
    assert_non_null(end);
    *answer = (struct fake_answer){atoi(copy + strlen("HTTP/1.1 ")), copy, end + 4};
}

static void stream_begin(struct cc_server *base, struct cc_ticket ticket, const char *type,
                         const char *fields)
{
    struct fake_server *server = server_of(base);
    const char *head =
        cc_textf(mem_of(server->machine), "Content-Type: %s\r\n%s\r\n", type, fields);

    assert_int_equal(server->answers[ticket.turn].status, 0);
    server->answers[ticket.turn] =
        (struct fake_answer){.status = 200, .text = head, .body = "", .open = true};
}

static void stream_add(struct cc_server *base, struct cc_ticket ticket, const char *text,
                       size_t len)
{
    struct fake_server *server = server_of(base);
    struct fake_answer *answer = &server->answers[ticket.turn];

    assert_true(answer->open);
    answer->body = cc_textf(mem_of(server->machine), "%s%.*s", answer->body, (int)len, text);
}

static void stream_end(struct cc_server *base, struct cc_ticket ticket)
{
    struct fake_answer *answer = &server_of(base)->answers[ticket.turn];

    assert_true(answer->open);
    answer->open = false;
}

static void answer(struct cc_server *base, struct cc_ticket ticket, const struct cc_reply *reply)
{
    struct cc_arena mem = {0};
    struct cc_buf text = cc_buf_new(&mem, (size_t)16 << 20);

    cc_reply_text(reply, true, &text);
    answer_raw(base, ticket, text.text, text.len);
    cc_arena_wipe(&mem);
}

uint32_t fake_send(struct fake_machine *machine, const char *method, const char *path,
                   const char *fields, const char *body)
{
    struct fake_server *server = machine->server;
    const struct cc_head_rules rules = {machine->plan.max_body, machine->plan.max_head,
                                        machine->plan.chunks};
    char room[CC_HEAD_ROOM + 1];
    struct cc_head head;
    bool own_host = strstr(fields, "Host:") != NULL;
    const char *length =
        body[0] ? cc_textf(mem_of(machine), "Content-Length: %zu\r\n", strlen(body)) : "";
    const char *text = cc_textf(mem_of(machine), "%s %s HTTP/1.1\r\n%s%s%s%s%s\r\n", method, path,
                                own_host ? "" : "Host: ", own_host ? "" : server->server.address,
                                own_host ? "" : "\r\n", fields, length);
    struct cc_head_end end = cc_head_read(text, strlen(text), &rules, room, &head);

    assert_int_equal(end.state, CC_HEAD_WHOLE);
    assert_true(server->turn < ANSWERS_MAX);
    const struct cc_visit visit = {.ticket = {0, server->turn++},
                                   .head = &head,
                                   .body = body,
                                   .body_len = strlen(body),
                                   .uid = 1000};
    machine->plan.visit(machine->plan.about, &server->server, &visit);
    return visit.ticket.turn;
}

uint32_t fake_ask_only(struct fake_machine *machine, const char *method, const char *path,
                       const char *fields)
{
    return fake_send(machine, method, path, fields, "");
}

void fake_leave(struct fake_machine *machine, uint32_t turn)
{
    struct fake_server *server = machine->server;

    machine->plan.left(machine->plan.about, &server->server, (struct cc_ticket){0, turn});
}

struct fake_answer fake_answer_of(struct fake_machine *machine, uint32_t turn)
{
    return machine->server->answers[turn];
}

struct fake_answer fake_ask(struct fake_machine *machine, const char *method, const char *path,
                            const char *fields)
{
    uint32_t turn = fake_ask_only(machine, method, path, fields);

    if (!machine->hold_jobs) {
        fake_jobs(machine);
    }
    return fake_answer_of(machine, turn);
}

void fake_hear(struct fake_machine *machine, const char *line)
{
    struct fake_server *server = machine->server;
    const struct cc_heard heard = {CC_HEARD_LINE, line, line ? strlen(line) : 0};
    const struct cc_heard end = {.what = CC_HEARD_END};

    machine->plan.heard(machine->plan.about, &server->server, line ? &heard : &end);
    if (!machine->hold_jobs) {
        fake_jobs(machine);
    }
}

static void say(struct cc_server *base, const char *text, size_t len)
{
    struct fake_machine *machine = server_of(base)->machine;
    const char *before = machine->said ? machine->said : "";

    machine->said = cc_textf(mem_of(machine), "%s%.*s", before, (int)len, text);
}

static void stop(struct cc_server *base)
{
    server_of(base)->stopped = true;
}

void fake_signal(struct fake_machine *machine, int number, bool from_process)
{
    struct cc_server *server = &machine->server->server;
    const struct cc_signal signal = {number, from_process, number == SIGTSTP};

    if (machine->plan.signalled) {
        machine->plan.signalled(machine->plan.about, server, &signal);
    } else {
        stop(server);
    }
}

static void note_start(struct fake_machine *machine, const struct cc_child *child)
{
    struct cc_buf line = cc_buf_new(mem_of(machine), 1 << 20);
    size_t count = 0;

    for (const char *const *word = child->argv; *word; word++) {
        cc_buf_addf(&line, "%s%s", line.len ? " " : "", *word);
    }
    machine->started = cc_textf(mem_of(machine), "%s%s\n", machine->started, line.text);
    while (child->env[count]) {
        count++;
    }
    const char **env = cc_alloc(mem_of(machine), (count + 1) * sizeof(*env));
    for (size_t i = 0; i < count; i++) {
        env[i] = cc_text_dup(mem_of(machine), child->env[i], strlen(child->env[i]));
    }
    machine->env = (const char *const *)env;
}

static bool cannot(const struct cc_child *child, int why, int *status, struct cc_error *err)
{
    *status = why;
    cc_fail(err, CC_E_PROCESS, "cannot run %s", child->argv[0]);
    return cc_why(err, "No such file or directory");
}

static bool start(struct cc_server *base, const struct cc_child *child, int *status,
                  struct cc_error *err)
{
    struct fake_server *server = server_of(base);
    struct fake_machine *machine = server->machine;
    struct fake_act act = machine->act ? machine->act(machine, child) : (struct fake_act){0};

    note_start(machine, child);
    if (act.cannot != 0) {
        return cannot(child, act.cannot, status, err);
    }
    struct fake_child *one = calloc(1, sizeof(*one));
    assert_non_null(one);
    *one =
        (struct fake_child){child->id, act, machine->fake->ticks + act.lasts_ms, server->children};
    server->children = one;
    server->running++;
    if (server->running > machine->most_at_once) {
        machine->most_at_once = server->running;
    }
    if (child->apart && !child->out_path) {
        fake_say_lines(machine, child->id, 1, act.out);
        fake_say_lines(machine, child->id, 2, act.err);
    }
    return true;
}

static struct fake_child *child_of(struct fake_server *server, size_t id)
{
    struct fake_child *one = server->children;

    while (one && one->id != id) {
        one = one->next;
    }
    return one;
}

static void nudge(struct cc_server *base, size_t id, enum cc_nudge nudge)
{
    struct fake_server *server = server_of(base);
    struct fake_child *one = child_of(server, id);

    server->machine->nudges++;
    if (one && (nudge == CC_NUDGE_KILL || !one->act.deaf)) {
        one->act.signal = nudge == CC_NUDGE_KILL ? SIGKILL : SIGTERM;
        one->ends = server->machine->fake->ticks;
    }
}

static void pass_on(struct cc_server *base, size_t id, const struct cc_signal *signal)
{
    assert_non_null(child_of(server_of(base), id));
    server_of(base)->machine->passed_on = signal->number;
}

static void pause_all(struct cc_server *base)
{
    server_of(base)->machine->pauses++;
}

static struct fake_child *first_to_end(struct fake_server *server)
{
    struct fake_child *first = server->children;

    for (struct fake_child *one = server->children; one; one = one->next) {
        first = one->ends < first->ends ? one : first;
    }
    return first;
}

static void let_end(struct fake_server *server, struct fake_child *child)
{
    struct fake_machine *machine = server->machine;
    struct fake_child **at = &server->children;
    int number = child->act.signal;
    const struct cc_child_end end = {number ? 128 + number : child->act.status, number};
    size_t id = child->id;

    while (*at != child) {
        at = &(*at)->next;
    }
    *at = child->next;
    server->running--;
    free(child);
    machine->plan.ended(machine->plan.about, &server->server, id, &end);
}

static void pass_until(struct fake *fake, int64_t until)
{
    if (until > fake->ticks) {
        fake_pass(fake, (int)(until - fake->ticks));
    }
}

static void step(struct fake_server *server)
{
    struct fake_machine *machine = server->machine;
    struct fake_child *child = first_to_end(server);

    if (child && (!machine->plan.tick || child->ends <= server->tick)) {
        pass_until(machine->fake, child->ends);
        let_end(server, child);
        return;
    }
    if (!machine->plan.tick) {
        fail_msg("nothing would ever happen");
    }
    pass_until(machine->fake, server->tick);
    server->tick = machine->fake->ticks + CC_TICK_MS;
    if (machine->each_tick) {
        machine->each_tick(machine);
    }
    if (!server->stopped) {
        machine->plan.tick(machine->plan.about, &server->server);
    }
}

static int run_loop(struct cc_server *base)
{
    struct fake_server *server = server_of(base);
    struct fake_machine *machine = server->machine;

    server->tick = machine->fake->ticks + CC_TICK_MS;
    if (machine->script) {
        machine->script(machine);
    }
    for (size_t steps = 0; !server->stopped; steps++) {
        assert_true(steps < STEPS_MAX);
        if (!machine->hold_jobs) {
            fake_jobs(machine);
        }
        if (!server->stopped) {
            step(server);
        }
    }
    return 0;
}

static bool close_all(struct cc_server *base)
{
    struct fake_server *server = server_of(base);
    struct fake_machine *machine = server->machine;

    while (server->jobs) {
        struct fake_job *one = server->jobs;

        server->jobs = one->next;
        cc_arena_wipe(&one->run.mem);
        free(one);
    }
    while (server->children) {
        struct fake_child *one = server->children;

        server->children = one->next;
        free(one);
    }
    machine->server = NULL;
    free(server);
    return !machine->stuck;
}

static const struct cc_server_kind kind = {
    .run = run_loop,
    .stop = stop,
    .close = close_all,
    .answer = answer,
    .answer_raw = answer_raw,
    .job = job,
    .abandon = abandon,
    .say = say,
    .stream_begin = stream_begin,
    .stream_add = stream_add,
    .stream_end = stream_end,
    .start = start,
    .nudge = nudge,
    .pass_on = pass_on,
    .pause = pause_all,
};

bool fake_server_open(void *self, struct cc_run *run, const struct cc_server_plan *plan,
                      struct cc_server **server, struct cc_error *err)
{
    struct fake_machine *machine = ((struct fake *)self)->machine;
    struct fake_server *made = calloc(1, sizeof(*made));

    assert_non_null(made);
    if (machine->cannot_open) {
        free(made);
        return cc_fail(err, CC_E_CONFIG, "cannot listen on %s", plan->address);
    }
    made->server =
        (struct cc_server){.kind = &kind,
                           .address = plan->unix_path ? plan->unix_path : "127.0.0.1:4711",
                           .port = plan->unix_path ? 0 : 4711};
    made->machine = machine;
    made->run = run;
    machine->plan = *plan;
    machine->server = made;
    *server = &made->server;
    return true;
}

bool fake_become(void *self, const struct cc_child *child, int *status, struct cc_error *err)
{
    struct fake_machine *machine = ((struct fake *)self)->machine;
    struct fake_act act = machine->act ? machine->act(machine, child) : (struct fake_act){0};

    note_start(machine, child);
    return act.cannot == 0 || cannot(child, act.cannot, status, err);
}
