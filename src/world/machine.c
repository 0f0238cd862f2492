#include "credctl/world/machine.h"

static const struct cc_machine *of(const struct cc_run *run)
{
    return run->world->machine;
}

bool cc_server_open(struct cc_run *run, const struct cc_server_plan *plan,
                    struct cc_server **server, struct cc_error *err)
{
    return of(run)->open(run->world->self, run, plan, server, err);
}

int cc_server_run(struct cc_server *server)
{
    return server->kind->run(server);
}

void cc_server_stop(struct cc_server *server)
{
    server->kind->stop(server);
}

bool cc_server_close(struct cc_server *server)
{
    return server->kind->close(server);
}

void cc_server_answer(struct cc_server *server, struct cc_ticket ticket,
                      const struct cc_reply *reply)
{
    server->kind->answer(server, ticket, reply);
}

void cc_server_answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len)
{
    server->kind->answer_raw(server, ticket, text, len);
}

void cc_server_stream_begin(struct cc_server *server, struct cc_ticket ticket, const char *type,
                            const char *fields)
{
    server->kind->stream_begin(server, ticket, type, fields);
}

void cc_server_stream_add(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len)
{
    server->kind->stream_add(server, ticket, text, len);
}

void cc_server_stream_end(struct cc_server *server, struct cc_ticket ticket)
{
    server->kind->stream_end(server, ticket);
}

void cc_server_say(struct cc_server *server, const char *text, size_t len)
{
    server->kind->say(server, text, len);
}

void cc_server_abandon(struct cc_server *server, const void *about)
{
    server->kind->abandon(server, about);
}

bool cc_server_job(struct cc_server *server, const struct cc_job *job)
{
    return server->kind->job(server, job);
}

bool cc_server_start(struct cc_server *server, const struct cc_child *child, int *status,
                     struct cc_error *err)
{
    return server->kind->start(server, child, status, err);
}

void cc_server_nudge(struct cc_server *server, size_t id, enum cc_nudge nudge)
{
    server->kind->nudge(server, id, nudge);
}

void cc_server_pass_on(struct cc_server *server, size_t id, const struct cc_signal *signal)
{
    server->kind->pass_on(server, id, signal);
}

void cc_server_pause(struct cc_server *server)
{
    server->kind->pause(server);
}

bool cc_become(struct cc_run *run, const struct cc_child *child, int *status, struct cc_error *err)
{
    return of(run)->become(run->world->self, child, status, err);
}

void cc_tell_supervisor(const struct cc_run *run, const char *state)
{
    of(run)->tell(run->world->self, state);
}

void cc_die_of(const struct cc_run *run, int signal)
{
    of(run)->die_of(run->world->self, signal);
}

void cc_leave(const struct cc_run *run, int status)
{
    of(run)->leave(run->world->self, status);
}

int64_t cc_process_id(const struct cc_run *run)
{
    return of(run)->process_id(run->world->self);
}

bool cc_input_read(struct cc_run *run, size_t max, const char **text, size_t *len,
                   struct cc_error *err)
{
    struct cc_bytes read = {0};

    if (!of(run)->read_input(run->world->self, &run->mem, max, &read, err)) {
        return false;
    }
    *text = read.text;
    *len = read.len;
    return true;
}

bool cc_private_folder(struct cc_run *run, const char **path, struct cc_error *err)
{
    return of(run)->private_folder(run->world->self, &run->mem, path, err);
}

void cc_private_folder_drop(const struct cc_run *run, const char *path)
{
    of(run)->drop_folder(run->world->self, path);
}
