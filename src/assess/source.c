#include "source.h"

#include "credctl/base/text.h"

#include <arpa/inet.h>
#include <string.h>

/* RFC 1918 has one range of that size, RFC 1122 the other. */
static enum cc_reach reach4(const unsigned char *address, int64_t bits)
{
    const bool is_private = bits == 8 && (address[0] == 10 || address[0] == 127);

    return bits == 0 ? CC_REACH_ANY : bits <= 8 && !is_private ? CC_REACH_WIDE : CC_REACH_LIMITED;
}

/* fc00::/7 (RFC 4193), fe80::/10 (RFC 4291). */
static enum cc_reach reach6(const unsigned char *address, int64_t bits)
{
    const bool is_private = (bits >= 7 && (address[0] & 0xfe) == 0xfc) ||
                            (bits >= 10 && address[0] == 0xfe && (address[1] & 0xc0) == 0x80);

    return bits == 0 ? CC_REACH_ANY : bits <= 16 && !is_private ? CC_REACH_WIDE : CC_REACH_LIMITED;
}

enum cc_reach cc_source_reach(const char *cidr)
{
    char text[INET6_ADDRSTRLEN] = "";
    unsigned char address[sizeof(struct in6_addr)];
    const char *slash = strchr(cidr, '/');
    const size_t len = slash ? (size_t)(slash - cidr) : 0;
    int64_t bits = 0;

    if (!slash || len >= sizeof(text)) {
        return CC_REACH_BAD;
    }
    memcpy(text, cidr, len);
    if (strchr(text, ':')) {
        return inet_pton(AF_INET6, text, address) == 1 && cc_text_number(slash + 1, 0, 128, &bits)
                   ? reach6(address, bits)
                   : CC_REACH_BAD;
    }
    return inet_pton(AF_INET, text, address) == 1 && cc_text_number(slash + 1, 0, 32, &bits)
               ? reach4(address, bits)
               : CC_REACH_BAD;
}
