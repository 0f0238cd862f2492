#include "credctl/base/url.h"

#include "credctl/base/text.h"

#include <arpa/inet.h>
#include <string.h>

#define URL_MAX 4096

static bool refuse(struct cc_error *err, const char *source, const char *why)
{
    cc_fail(err, CC_E_CONFIG, "%s is not a usable URL", source);
    return cc_why(err, "%s", why);
}

static bool clean(const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte <= ' ' || byte >= 0x7f || strchr("\\\"<>^`{|}", *text)) {
            return false;
        }
    }
    return true;
}

static bool split_port(const char *at, const char *end, struct cc_url *url)
{
    int64_t port = 0;
    char digits[8] = "";

    if (at == end) {
        return true;
    }
    size_t len = (size_t)(end - at) - 1;
    if (*at != ':' || len == 0 || len > 5) {
        return false;
    }
    memcpy(digits, at + 1, len);
    if (strspn(digits, "0123456789") != len || !cc_text_number(digits, 1, 65535, &port)) {
        return false;
    }
    url->port = (int)port;
    url->port_given = true;
    return true;
}

/* The shortest form, so that "::1" is the only spelling of the loopback address. */
static bool ipv6_host(struct cc_arena *mem, const char *text, const char **host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char shortest[INET6_ADDRSTRLEN] = "";

    if (inet_pton(AF_INET6, text, bytes) != 1 ||
        !inet_ntop(AF_INET6, bytes, shortest, sizeof(shortest))) {
        return false;
    }
    *host = cc_text_dup(mem, shortest, strlen(shortest));
    return true;
}

static bool dotted_quad(const char *host)
{
    unsigned char bytes[sizeof(struct in_addr)];
    char plain[INET_ADDRSTRLEN] = "";

    return inet_pton(AF_INET, host, bytes) == 1 &&
           inet_ntop(AF_INET, bytes, plain, sizeof(plain)) && strcmp(plain, host) == 0;
}

/* A last label that is a number makes the host an IPv4 address (WHATWG URL, "ends in a number"). */
static bool ends_in_number(const char *host)
{
    size_t end = strlen(host);

    end -= end > 0 && host[end - 1] == '.';
    size_t start = end;
    while (start > 0 && host[start - 1] != '.') {
        start--;
    }
    const char *label = host + start;
    size_t len = end - start;
    size_t prefix = len >= 2 && strncmp(label, "0x", 2) == 0 ? 2 : 0;
    return len > 0 &&
           strspn(label + prefix, prefix ? "0123456789abcdef" : "0123456789") >= len - prefix;
}

static bool named_host(struct cc_url *url)
{
    if (!cc_text_consists(url->host, "-._", 253) || url->host[0] == '.' ||
        strstr(url->host, "..")) {
        return false;
    }
    url->ipv4 = dotted_quad(url->host);
    return url->ipv4 || !ends_in_number(url->host);
}

static bool split_host(struct cc_arena *mem, const char *at, const char *end, struct cc_url *url)
{
    const char *stop = at;

    if (*at == '[') {
        stop = memchr(at, ']', (size_t)(end - at));
        if (!stop) {
            return false;
        }
        url->ipv6 = true;
        return ipv6_host(mem, cc_text_dup(mem, at + 1, (size_t)(stop - at) - 1), &url->host) &&
               split_port(stop + 1, end, url);
    }
    while (stop < end && *stop != ':') {
        stop++;
    }
    url->host = cc_text_lower(mem, cc_text_dup(mem, at, (size_t)(stop - at)));
    return named_host(url) && split_port(stop, end, url);
}

bool cc_url_parse(struct cc_arena *mem, const char *text, const char *source, struct cc_url *url,
                  struct cc_error *err)
{
    struct cc_url made = {0};

    if (strlen(text) > URL_MAX || !clean(text)) {
        return refuse(err, source,
                      "it is too long, or contains a character that a URL cannot contain");
    }
    if (strncasecmp(text, "https://", 8) == 0) {
        made.https = true;
        text += 8;
    } else if (strncasecmp(text, "http://", 7) == 0) {
        text += 7;
    } else {
        return refuse(err, source, "it begins with neither http:// nor https://");
    }
    made.port = made.https ? 443 : 80;
    const char *end = text + strcspn(text, "/?#");
    if (memchr(text, '@', (size_t)(end - text))) {
        return refuse(err, source, "a user name before the host can hide which host it is");
    }
    if (!split_host(mem, text, end, &made)) {
        return refuse(err, source, "its host or port is malformed");
    }
    size_t path = strcspn(end, "?#");
    made.path = path ? cc_text_dup(mem, end, path) : "/";
    if (end[path] == '?') {
        made.query = cc_text_dup(mem, end + path + 1, strcspn(end + path + 1, "#"));
    }
    made.origin = cc_textf(mem, made.ipv6 ? "%s://[%s]" : "%s://%s", made.https ? "https" : "http",
                           made.host);
    if (made.port_given) {
        made.origin = cc_textf(mem, "%s:%d", made.origin, made.port);
    }
    *url = made;
    return true;
}
