/*
 * The yardstick of tests/bench/serve.sh: libevent's evhttp answering a fixed document to everybody,
 * with no checks at all. Usage: serve_bare PORT FILE
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>

static char document[65536];
static size_t document_len;

static void answer(struct evhttp_request *request, void *about)
{
    struct evbuffer *body = evbuffer_new();

    (void)about;
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    evbuffer_add(body, document, document_len);
    evhttp_send_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[2], "re") : NULL;
    struct event_base *base = event_base_new();
    struct evhttp *http = evhttp_new(base);

    if (!file || !http) {
        return 2;
    }
    document_len = fread(document, 1, sizeof(document), file);
    (void)fclose(file);
    evhttp_set_gencb(http, answer, NULL);
    if (evhttp_bind_socket(http, "127.0.0.1", (unsigned short)strtoul(argv[1], NULL, 10)) != 0) {
        return 1;
    }
    return event_base_dispatch(base) == 0 ? 0 : 1;
}
