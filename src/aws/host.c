#include "credctl/aws/host.h"

#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include <arpa/inet.h>
#include <string.h>

static const char *const agents[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};

/* Both families as 16 bytes, so that all spellings of an address are equal. */
static bool as_bytes(const char *text, unsigned char bytes[16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    memcpy(bytes, mapped, sizeof(mapped));
    return inet_pton(AF_INET, text, bytes + 12) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool loopback_bytes(const unsigned char bytes[16])
{
    unsigned char first[16];
    unsigned char one[16];

    (void)as_bytes("127.0.0.0", first);
    (void)as_bytes("::1", one);
    return memcmp(bytes, first, 13) == 0 || memcmp(bytes, one, 16) == 0;
}

static bool allowed_address(const char *text)
{
    unsigned char bytes[16];
    unsigned char agent[16];

    if (!as_bytes(text, bytes)) {
        return false;
    }
    for (size_t i = 0; i < CC_COUNT(agents); i++) {
        if (as_bytes(agents[i], agent) && memcmp(bytes, agent, 16) == 0) {
            return true;
        }
    }
    return loopback_bytes(bytes);
}

static bool is_number(const char *host)
{
    unsigned char bytes[16];

    return as_bytes(host, bytes);
}

bool cc_host_near(const char *host)
{
    return strcmp(host, "localhost") == 0 || allowed_address(host);
}

bool cc_host_loopback(const char *host)
{
    unsigned char bytes[16];

    return strcmp(host, "localhost") == 0 || (as_bytes(host, bytes) && loopback_bytes(bytes));
}

static bool unsafe(struct cc_error *err, const char *source, const char *host, const char *why)
{
    cc_fail(err, CC_E_UNSAFE_HOST, "%s would send a token over plain http to %s", source, host);
    return cc_why(err, "%s", why);
}

static bool judge_name(struct cc_run *run, const char *host, const char *source,
                       const char **address, struct cc_error *err)
{
    const char *const *list = NULL;

    if (run->offline) {
        return unsafe(err, source, host, "--offline forbids looking up its address");
    }
    if (!run->world->resolve(run->world->self, &run->mem, host, &list, err)) {
        return false;
    }
    if (!list[0]) {
        return unsafe(err, source, host, "the name has no address");
    }
    for (size_t i = 0; list[i]; i++) {
        if (!allowed_address(list[i])) {
            return unsafe(err, source, host,
                          "one of its addresses is neither loopback nor that of an AWS agent");
        }
    }
    *address = list[0];
    return true;
}

bool cc_host_judge(struct cc_run *run, const char *url, const char *source, const char **address,
                   struct cc_error *err)
{
    struct cc_url parts;

    if (!cc_url_parse(&run->mem, url, source, &parts, err)) {
        return false;
    }
    if (parts.https) {
        *address = NULL;
        return true;
    }
    if (strcmp(parts.host, "localhost") == 0) {
        *address = "127.0.0.1";
        return true;
    }
    if (!is_number(parts.host)) {
        return judge_name(run, parts.host, source, address, err);
    }
    if (!allowed_address(parts.host)) {
        return unsafe(err, source, parts.host,
                      "it is neither a loopback address nor that of an AWS agent");
    }
    *address = parts.host;
    return true;
}
