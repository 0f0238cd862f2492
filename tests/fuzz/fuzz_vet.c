#include "credctl/base/arena.h"
#include "credctl/serve/vet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The head of a request, then whether it is let in: what is let in has one known Host. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static char room[CC_HEAD_MAX + 1];
    static struct cc_head head;
    struct cc_arena mem = {0};
    const struct cc_head_rules rules = {.max_body = 65536};
    struct cc_vet vet;
    const char *why = NULL;
    struct cc_head_end end = cc_head_read((const char *)data, size, &rules, room, &head);

    if (end.state == CC_HEAD_BAD && (end.status < 400 || !end.why)) {
        abort();
    }
    if (end.state == CC_HEAD_WHOLE) {
        if (end.len > size || head.path[0] != '/' || !head.host[0] || head.body_len > 65536) {
            abort();
        }
        cc_vet_hosts(&mem, "127.0.0.1:80", 80, false, &vet);
        if (cc_vet_request(&vet, &head, &why) == 0 && strncmp(head.host, "127.0.0.1", 9) != 0 &&
            (head.host[0] | 0x20) != 'l') {
            abort();
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
