#include "credctl/mcp/stdio.h"

#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include <string.h>

#define LAST_MS 2000 /* for calls under way, when the input has ended ... */
#define END_MS  1000 /* ... and for them to notice that they are cancelled */

struct stdio {
    struct cc_mcp_desk desk; /* first, so that it has the same address */
    const char *version;     /* of the last initialize: only for batches, which one revision has */
    int64_t ended;           /* when the input ended; 0: it has not */
    bool abandoned;
};

static void write_line(struct cc_mcp_desk *desk, struct cc_arena *mem, const char *text, size_t len)
{
    char *line = cc_text_dup(mem, text, len + 1);

    line[len] = '\n'; /* in one piece, so that nothing can come between */
    cc_server_say(desk->server, line, len + 1);
}

static void end_when_done(struct stdio *stdio)
{
    if (stdio->ended && stdio->desk.calls == 0) {
        cc_server_stop(stdio->desk.server);
    }
}

static void said(struct cc_mcp_talk *talk, const struct cc_mcp_reply *reply)
{
    if (reply->text) {
        write_line(talk->desk, &talk->mem, reply->text, reply->len);
    }
    end_when_done((struct stdio *)talk->desk);
}

static void noted(struct cc_mcp_talk *talk, const char *text)
{
    write_line(talk->desk, &talk->mem, text, strlen(text));
}

static const struct cc_mcp_line line = {said, noted};

static void cancellations(struct stdio *stdio, const struct cc_mcp_heard *heard)
{
    for (size_t i = 0; i < heard->count; i++) {
        const struct cc_mcp_message *message = &heard->messages[i];

        if (message->to_do == CC_MCP_CANCEL) {
            cc_mcp_cancel(&stdio->desk, message->cancels);
        } else if (message->version) {
            stdio->version = message->version;
        }
    }
}

static void hear_line(struct stdio *stdio, const struct cc_heard *heard)
{
    const struct cc_mcp_span text = {heard->text, heard->len};

    if (strspn(heard->text, " \t\r") >= heard->len) {
        return;
    }
    struct cc_mcp_talk *talk = cc_mcp_talk_new(&stdio->desk, &line, &text, stdio->version);
    cancellations(stdio, &talk->heard);
    cc_mcp_talk_begin(talk);
}

static void too_long(struct stdio *stdio)
{
    static const struct cc_mcp_error error = {
        CC_MCP_INVALID_REQUEST, 413,
        "the message is longer than 16 MiB, which this server does not read", NULL};
    struct cc_arena mem = {0};
    struct cc_mcp_reply reply;

    cc_mcp_refuse(&mem, NULL, &error, &reply);
    write_line(&stdio->desk, &mem, reply.text, reply.len);
    cc_arena_wipe(&mem);
}

static void heard(void *about, struct cc_server *server, const struct cc_heard *heard)
{
    struct stdio *stdio = about;

    switch (heard->what) {
    case CC_HEARD_LINE: hear_line(stdio, heard); break;
    case CC_HEARD_TOO_LONG: too_long(stdio); break;
    case CC_HEARD_END:
        stdio->ended = cc_ticks_ms(stdio->desk.run);
        end_when_done(stdio);
        break;
    case CC_HEARD_BROKEN:
        cc_mcp_abandon_all(&stdio->desk);
        cc_server_stop(server);
        break;
    }
}

static void tick(void *about, struct cc_server *server)
{
    struct stdio *stdio = about;
    const int64_t since = cc_ticks_ms(stdio->desk.run) - stdio->ended;

    cc_mcp_desk_tick(&stdio->desk);
    if (stdio->ended && since > LAST_MS && !stdio->abandoned) {
        stdio->abandoned = true;
        cc_mcp_abandon_all(&stdio->desk);
    }
    if (stdio->ended && since > LAST_MS + END_MS) {
        cc_server_stop(server);
    }
    end_when_done(stdio);
}

static void signalled(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    struct stdio *stdio = about;

    (void)signal;
    cc_mcp_abandon_all(&stdio->desk);
    cc_server_stop(server);
}

/* Who types it in a terminal would wait for something to happen. */
static void hint(const struct cc_run *run)
{
    static const char text[] =
        "credctl: waiting for MCP messages on standard input; clients start this program themselves\n";

    if (run->world->is_terminal(run->world->self, 0)) {
        (void)run->world->emit(run->world->self, 2, text, sizeof(text) - 1);
    }
}

bool cc_mcp_stdio(struct cc_run *run, const struct cc_mcp_offer *offer,
                  const struct cc_mcp_limits *limits, struct cc_error *err)
{
    struct stdio *stdio = cc_alloc(&run->mem, sizeof(*stdio));
    const struct cc_server_plan plan = {
        .deaf = true,
        .threads = CC_THREADS_MAX,
        .about = stdio,
        .signalled = signalled,
        .heard = heard,
        .max_line = CC_MCP_LINE_MAX,
        .tick = tick,
    };

    stdio->desk = (struct cc_mcp_desk){.run = run, .offer = offer, .limits = *limits};
    if (!cc_server_open(run, &plan, &stdio->desk.server, err)) {
        return false;
    }
    hint(run);
    (void)cc_server_run(stdio->desk.server);
    if (!cc_server_close(stdio->desk.server)) {
        cc_leave(run, 0);
    }
    cc_mcp_desk_wipe(&stdio->desk);
    return true;
}
