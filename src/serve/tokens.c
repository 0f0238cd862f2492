#include "credctl/serve/tokens.h"

#include "credctl/base/text.h"

#include <string.h>

static struct cc_imds_session *place(struct cc_tokens *tokens)
{
    struct cc_imds_session *soonest = &tokens->rows[0];

    for (size_t i = 1; i < CC_TOKENS_MAX; i++) {
        if (tokens->rows[i].until < soonest->until) { /* an empty row counts as expired */
            soonest = &tokens->rows[i];
        }
    }
    return soonest;
}

struct cc_secret cc_tokens_issue(struct cc_tokens *tokens,
                                 const unsigned char random[CC_TOKEN_RANDOM], int64_t uid,
                                 int64_t seconds, int64_t now)
{
    struct cc_arena mem = {0};
    struct cc_imds_session *row = place(tokens);
    const char *text = cc_text_base64url(&mem, random, CC_TOKEN_RANDOM);

    *row = (struct cc_imds_session){.uid = uid, .until = now + seconds};
    memcpy(row->text, text, strlen(text));
    cc_arena_wipe(&mem);
    return (struct cc_secret){row->text};
}

bool cc_tokens_valid(const struct cc_tokens *tokens, struct cc_secret given, int64_t uid,
                     int64_t now)
{
    bool valid = false;

    for (size_t i = 0; i < CC_TOKENS_MAX; i++) { /* all of them, so that the time reveals nothing */
        const struct cc_imds_session *row = &tokens->rows[i];
        bool same = cc_secret_same((struct cc_secret){row->text}, given);

        valid = valid || (same && row->uid == uid && now < row->until);
    }
    return valid;
}
