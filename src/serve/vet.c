#include "credctl/serve/vet.h"

#include "credctl/base/text.h"

#include <string.h>
#include <strings.h>

/* Headers of browsers and proxies, which SDKs never send. A name that ends with '-' is a prefix. */
static const char *const foreign[] = {
    "Origin",    "Referer",           "Cookie", "Sec-Fetch-", "X-Forwarded-For", "X-Forwarded-Host",
    "Forwarded", "X-Forwarded-Proto", "Via",
};

static void add(struct cc_vet *vet, const char *host)
{
    vet->hosts[vet->host_count++] = host;
}

void cc_vet_hosts(struct cc_arena *mem, const char *address, int port, bool wildcard,
                  struct cc_vet *vet)
{
    *vet = (struct cc_vet){.literal_port = wildcard ? port : 0};
    if (port == 0) { /* a Unix socket has no host name */
        add(vet, "localhost");
        return;
    }
    add(vet, address);
    add(vet, cc_textf(mem, "localhost:%d", port));
    if (port == 80) { /* the default port, which is not written */
        add(vet, cc_text_dup(mem, address, strlen(address) - strlen(":80")));
        add(vet, "localhost");
    }
}

/* Only digits, dots and colons, so that it cannot be a name in the DNS. */
static bool numeric_with_port(const char *host, int port)
{
    const char *colon = strrchr(host, ':');
    int64_t given = 80;

    if (colon && colon[1] != '\0' && !strchr(colon, ']') &&
        !cc_text_number(colon + 1, 1, 65535, &given)) {
        return false;
    }
    size_t len = colon && !strchr(colon, ']') ? (size_t)(colon - host) : strlen(host);
    bool six = len > 2 && host[0] == '[' && host[len - 1] == ']';
    const char *allowed = six ? "0123456789abcdefABCDEF:.[]" : "0123456789.";
    return given == port && len > 0 && strspn(host, allowed) >= len;
}

static bool known_host(const struct cc_vet *vet, const char *host)
{
    for (size_t i = 0; i < vet->host_count; i++) {
        if (cc_text_equal_nocase(host, vet->hosts[i])) {
            return true;
        }
    }
    return vet->literal_port != 0 && numeric_with_port(host, vet->literal_port);
}

static bool is_foreign(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(foreign); i++) {
        size_t len = strlen(foreign[i]);
        bool beginning = foreign[i][len - 1] == '-';

        if (strncasecmp(name, foreign[i], len) == 0 && (beginning || name[len] == '\0')) {
            return true;
        }
    }
    return false;
}

int cc_vet_request(const struct cc_vet *vet, const struct cc_head *head, const char **why)
{
    if (!known_host(vet, head->host)) {
        *why = "the Host header names another server";
        return 403;
    }
    for (size_t i = 0; i < head->count; i++) {
        if (is_foreign(head->fields[i].name)) {
            *why = "browsers and proxies are not served";
            return 403;
        }
    }
    return 0;
}
