#include "credctl/mcp/desk.h"

#include "credctl/base/heap.h"
#include "credctl/base/text.h"
#include "credctl/mcp/command_tool.h"

#include "kept.h"

#include <stdlib.h>
#include <string.h>

#define PROGRESS_MS 1000 /* between two notifications of a call that counts nothing */
#define COUNTED_MS  20   /* ... of one that does */
#define REPLY_MAX   ((size_t)64 << 20)

struct cc_mcp_task {
    struct cc_mcp_talk *talk;
    struct cc_mcp_message *message;
    struct cc_mcp_outcome outcome;
    bool under_way;
    bool cancelled;
    int64_t began;
    int64_t told; /* the last progress, and when */
    double progress;
    bool counts;
};

struct cc_mcp_talk *cc_mcp_talk_new(struct cc_mcp_desk *desk, const struct cc_mcp_line *line,
                                    const struct cc_mcp_span *text, const char *version)
{
    struct cc_mcp_talk *talk = cc_heap_calloc(1, sizeof(*talk));

    if (!talk) {
        abort();
    }
    talk->desk = desk;
    talk->line = line;
    cc_mcp_hear(&talk->mem, desk->offer, cc_text_dup(&talk->mem, text->text, text->len), text->len,
                version, &talk->heard);
    return talk;
}

void cc_mcp_talk_free(struct cc_mcp_talk *talk)
{
    cc_arena_wipe(&talk->mem);
    cc_heap_free(talk);
}

/* --- the end of a talk --- */

/* All replies in one list; no text when there is none. */
static struct cc_mcp_reply joined(struct cc_mcp_talk *talk)
{
    struct cc_buf out = cc_buf_new(&talk->mem, REPLY_MAX);
    size_t count = 0;

    for (size_t i = 0; i < talk->heard.count; i++) {
        const struct cc_mcp_reply *reply = &talk->heard.messages[i].reply;

        if (reply->text) {
            cc_buf_text(&out, count++ ? "," : "[");
            cc_buf_add(&out, reply->text, reply->len);
        }
    }
    cc_buf_text(&out, "]");
    return (struct cc_mcp_reply){count ? out.text : NULL, out.len, 200};
}

static void finish(struct cc_mcp_talk *talk)
{
    const struct cc_mcp_reply reply =
        talk->heard.batch ? joined(talk) : talk->heard.messages[0].reply;

    talk->line->said(talk, &reply);
    cc_mcp_talk_free(talk);
}

static void forget(struct cc_mcp_talk *talk)
{
    struct cc_mcp_talk **link = &talk->desk->talks;

    while (*link != talk) {
        link = &(*link)->next;
    }
    *link = talk->next;
}

/* --- calls --- */

static void work(struct cc_run *run, void *about)
{
    struct cc_mcp_task *task = about;
    const struct cc_mcp_call *call = &task->message->call;

    run->deadline_ms = task->began + task->talk->desk->limits.call_ms;
    call->tool->call(run, call, &task->outcome);
}

static void done(struct cc_run *run, void *about)
{
    struct cc_mcp_task *task = about;
    struct cc_mcp_talk *talk = task->talk;
    struct cc_mcp_desk *desk = talk->desk;

    (void)run;
    task->under_way = false;
    desk->calls--;
    if (!task->cancelled) {
        cc_mcp_answer(&talk->mem, desk->offer, task->message, &task->outcome, 0,
                      &task->message->reply);
        cc_mcp_keep(desk, task->message, &task->outcome);
    }
    if (--talk->pending == 0) {
        forget(talk);
        finish(talk);
    }
}

/* Progress only ever increases: what would not is left out. */
static void tell_progress(struct cc_mcp_task *task, double progress, size_t total, const char *says)
{
    struct cc_mcp_talk *talk = task->talk;
    struct cc_arena mem = {0};

    if (!task->message->token || task->cancelled || progress <= task->progress) {
        return;
    }
    task->told = cc_ticks_ms(talk->desk->run);
    task->progress = progress;
    talk->line->noted(talk, cc_mcp_progress(&mem, task->message, progress, total, says));
    cc_arena_wipe(&mem);
}

/* A call that counts says how much is done ... */
static void noted(void *about, size_t counted, size_t total)
{
    struct cc_mcp_task *task = about;
    const bool edge = counted == 0 || counted >= total;

    if (edge || cc_ticks_ms(task->talk->desk->run) >= task->told + COUNTED_MS) {
        task->counts = true;
        tell_progress(task, (double)counted, total, "done");
    }
}

/* ... and any other one, how many seconds have passed. */
static void tell_seconds(struct cc_mcp_task *task, int64_t now)
{
    if (task->under_way && !task->counts && now >= task->told + PROGRESS_MS) {
        tell_progress(task, (double)(now - task->began) / 1000, 0, "seconds");
    }
}

void cc_mcp_desk_tick(struct cc_mcp_desk *desk)
{
    const int64_t now = cc_ticks_ms(desk->run);

    for (struct cc_mcp_talk *talk = desk->talks; talk; talk = talk->next) {
        for (size_t i = 0; i < talk->task_count; i++) {
            tell_seconds(&talk->tasks[i], now);
        }
    }
}

static void refuse(struct cc_mcp_talk *talk, struct cc_mcp_message *message)
{
    struct cc_mcp_outcome outcome;
    struct cc_error err = {0};

    talk->busy = true;
    cc_fail(&err, CC_E_BUSY, "the call was not made");
    cc_why(&err, "too many calls are under way");
    cc_mcp_failed(&talk->mem, &err, &outcome);
    cc_mcp_answer(&talk->mem, talk->desk->offer, message, &outcome, 0, &message->reply);
}

static void call(struct cc_mcp_talk *talk, struct cc_mcp_message *message)
{
    struct cc_mcp_desk *desk = talk->desk;
    struct cc_mcp_task *task = &talk->tasks[talk->task_count];
    const struct cc_job job = {work, done, task, noted};

    message->call.max_output = desk->limits.max_output;
    if (cc_mcp_kept_reply(desk, &talk->mem, message)) {
        return;
    }
    *task = (struct cc_mcp_task){.talk = talk,
                                 .message = message,
                                 .under_way = true,
                                 .progress = -1,
                                 .began = cc_ticks_ms(desk->run)};
    task->told = task->began;
    if (desk->calls == desk->limits.calls || !cc_server_job(desk->server, &job)) {
        refuse(talk, message);
        return;
    }
    talk->task_count++;
    talk->pending++;
    desk->calls++;
}

void cc_mcp_talk_begin(struct cc_mcp_talk *talk)
{
    struct cc_mcp_desk *desk = talk->desk;

    talk->tasks = cc_alloc(&talk->mem, talk->heard.count * sizeof(*talk->tasks));
    talk->pending++; /* this function: a call can end before it returns */
    talk->next = desk->talks;
    desk->talks = talk;
    for (size_t i = 0; i < talk->heard.count; i++) {
        struct cc_mcp_message *message = &talk->heard.messages[i];

        if (message->to_do == CC_MCP_CALL) {
            call(talk, message);
        }
    }
    if (--talk->pending == 0) {
        forget(talk);
        finish(talk);
    }
}

static void cancel(struct cc_mcp_task *task)
{
    if (task->under_way && !task->cancelled) {
        task->cancelled = true;
        cc_server_abandon(task->talk->desk->server, task);
    }
}

void cc_mcp_talk_abandon(struct cc_mcp_talk *talk)
{
    for (size_t i = 0; i < talk->task_count; i++) {
        cancel(&talk->tasks[i]);
    }
}

static void cancel_in(struct cc_mcp_talk *talk, const char *id)
{
    for (size_t i = 0; i < talk->task_count; i++) {
        if (cc_text_equal(talk->tasks[i].message->id, id)) {
            cancel(&talk->tasks[i]);
        }
    }
}

void cc_mcp_cancel(struct cc_mcp_desk *desk, const char *id)
{
    for (struct cc_mcp_talk *talk = desk->talks; talk; talk = talk->next) {
        cancel_in(talk, id);
    }
}

void cc_mcp_abandon_all(struct cc_mcp_desk *desk)
{
    for (struct cc_mcp_talk *talk = desk->talks; talk; talk = talk->next) {
        cc_mcp_talk_abandon(talk);
    }
}

void cc_mcp_desk_wipe(struct cc_mcp_desk *desk)
{
    while (desk->talks) { /* their calls never began */
        struct cc_mcp_talk *talk = desk->talks;

        desk->talks = talk->next;
        cc_mcp_talk_free(talk);
    }
    cc_mcp_kept_wipe(desk);
}
