#include "credctl/base/text.h"
#include "credctl/mcp/http.h"

#include <string.h>
#include <strings.h>

/*
 * Requests that are refused before their body is looked at. A web page can send requests to
 * loopback, also under its own name (DNS rebinding): such requests have another Host, or an Origin.
 */

/* The length of a host without its port; an IPv6 address keeps its brackets. */
static size_t name_len(const char *host)
{
    const char *bracket = host[0] == '[' ? strchr(host, ']') : NULL;

    return bracket ? (size_t)(bracket - host) + 1 : strcspn(host, ":");
}

static bool named(const char *host, const char *name)
{
    const size_t len = name_len(host);

    return len == strlen(name) && strncasecmp(host, name, len) == 0;
}

static bool is_loopback(const char *host)
{
    return named(host, "localhost") || named(host, "127.0.0.1") || named(host, "[::1]");
}

/* The port that is listened on. */
static bool own_port(const struct cc_server *own, const char *host)
{
    const char *port = host + name_len(host);
    int64_t number = 80;

    return (port[0] == '\0' || (port[0] == ':' && cc_text_number(port + 1, 1, 65535, &number))) &&
           number == own->port;
}

/* A name of --allow-host without a port counts with every port. */
static bool host_allowed(const struct cc_mcp_gate *gate, const char *host)
{
    for (const char *const *one = gate->hosts; one && *one; one++) {
        if (cc_text_equal_nocase(*one, host) || cc_text_equal(*one, "*") || named(host, *one)) {
            return true;
        }
    }
    return false;
}

static bool origin_allowed(const struct cc_mcp_gate *gate, const struct cc_server *own,
                           const char *origin)
{
    const char *host = cc_text_starts(origin, "http://") ? origin + strlen("http://") : NULL;

    for (const char *const *one = gate->origins; one && *one; one++) {
        if (cc_text_equal_nocase(*one, origin)) {
            return true;
        }
    }
    /* A page of this host, for a server of this host alone. */
    return host && is_loopback(host) && is_loopback(own->address) &&
           host[name_len(host) + strspn(host + name_len(host), ":0123456789")] == '\0';
}

int cc_mcp_gate_host(const struct cc_mcp_gate *gate, const struct cc_server *own,
                     const struct cc_head *head, const char **why)
{
    const char *origin = cc_head_field(head, "Origin");
    const bool own_name =
        (cc_text_equal_nocase(head->host, own->address) || is_loopback(head->host)) &&
        own_port(own, head->host);

    if (origin && !origin_allowed(gate, own, origin)) {
        *why = "this Origin is not allowed";
        return 403;
    }
    if (!own_name && !host_allowed(gate, head->host)) {
        *why = "the Host header names another server";
        return 403;
    }
    return 0;
}

int cc_mcp_gate_token(const struct cc_mcp_gate *gate, const struct cc_head *head)
{
    static const char scheme[] = "Bearer ";
    const char *given = cc_head_field(head, "Authorization");

    if (!cc_secret_present(gate->token)) {
        return 0;
    }
    if (!given || strncasecmp(given, scheme, sizeof(scheme) - 1) != 0) {
        return 401;
    }
    const struct cc_secret token = {given + sizeof(scheme) - 1};
    return cc_secret_same(gate->token, token) ? 0 : 401;
}
