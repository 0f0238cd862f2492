#ifndef CREDCTL_MCP_DESK_H
#define CREDCTL_MCP_DESK_H

/*
 * Where texts from clients become calls on the threads of a server, and results become replies.
 * Both transports use it. Everything here runs on the server's thread, except the calls.
 */

#include "credctl/mcp/core.h"
#include "credctl/world/server.h"

#define CC_MCP_KEPT_MAX 16

struct cc_mcp_desk;
struct cc_mcp_talk;
struct cc_mcp_task;

/* How a transport hears of what becomes of a text. */
struct cc_mcp_line {
    /* Once, at the end; afterwards the talk is gone. No text: there is nothing to reply. */
    void (*said)(struct cc_mcp_talk *talk, const struct cc_mcp_reply *reply);
    /* A notification, before that. */
    void (*noted)(struct cc_mcp_talk *talk, const char *text);
};

/* One text of a client, until it is replied to. */
struct cc_mcp_talk {
    struct cc_arena mem;
    struct cc_mcp_desk *desk;
    const struct cc_mcp_line *line;
    void *about;             /* belongs to the transport */
    struct cc_ticket ticket; /* so does this */
    struct cc_mcp_heard heard;
    struct cc_mcp_task *tasks; /* of the messages that are calls */
    size_t task_count;
    size_t pending;
    bool busy; /* a call was refused, because too many are under way */
    struct cc_mcp_talk *next;
};

struct cc_mcp_limits {
    int64_t call_ms;
    size_t max_output;
    size_t calls; /* under way or waiting at the same time */
};

/* A result that may be given again for a while. */
struct cc_mcp_kept {
    const struct cc_mcp_tool *tool;
    const char *arguments;
    struct cc_mcp_outcome outcome;
    int64_t since;
    struct cc_arena mem;
};

struct cc_mcp_desk {
    struct cc_run *run; /* lives longer; calls have runs of their own */
    struct cc_server *server;
    const struct cc_mcp_offer *offer;
    struct cc_mcp_limits limits;
    struct cc_mcp_talk *talks; /* with calls under way */
    size_t calls;
    struct cc_mcp_kept kept[CC_MCP_KEPT_MAX];
};

/* A new talk, with a copy of the text already heard. `version` is as in cc_mcp_hear. */
struct cc_mcp_talk *cc_mcp_talk_new(struct cc_mcp_desk *desk, const struct cc_mcp_line *line,
                                    const struct cc_mcp_span *text, const char *version);
/* Does what the messages ask for. line->said is called now or later. */
void cc_mcp_talk_begin(struct cc_mcp_talk *talk);
/* Forgets a talk that was not begun. */
void cc_mcp_talk_free(struct cc_mcp_talk *talk);
/* Ends its calls early, and nothing more is said. */
void cc_mcp_talk_abandon(struct cc_mcp_talk *talk);
/* Cancels the request with this id, as it is written. */
void cc_mcp_cancel(struct cc_mcp_desk *desk, const char *id);
void cc_mcp_abandon_all(struct cc_mcp_desk *desk);
/* On every tick of the server: progress of calls that report none themselves. */
void cc_mcp_desk_tick(struct cc_mcp_desk *desk);
/* After the server was closed. */
void cc_mcp_desk_wipe(struct cc_mcp_desk *desk);

#endif
