#ifndef TESTS_SUPPORT_SEARCH_H
#define TESTS_SUPPORT_SEARCH_H

/* One provider, or the whole chain, asked in a fake world as the commands ask it. */

#include "credctl/providers/provider.h"

#include "test.h"

struct searched {
    struct cc_settings settings;
    struct cc_search search;
    struct cc_keys keys;
    struct cc_error why;
    struct cc_story story;
};

#define CONFIG      "/home/u/.aws/config"
#define CREDENTIALS "/home/u/.aws/credentials"
#define STS         "https://sts.us-east-1.amazonaws.com/"
#define ROLE        "arn:aws:iam::123456789012:role/r"

/* While there is a file of this name, the search is made as with --use-aws-cli-cache. */
#define ASK_THE_CLI "/use-aws-cli-cache"

/* HOME is /home/u; AWS_REGION is us-east-1. */
void search_begin(struct fake *fake, struct searched *to);
enum cc_outcome search_one(struct fake *fake, const char *provider, struct searched *to);
bool search_chain(struct fake *fake, const char *profile, struct searched *to);
/* The answer of STS to an action, with keys ASIAROLE, CANARY and a token. */
const char *sts_answer(struct fake *fake, const char *action);

/* What a message must hold, and what it must not: the canary. */
void assert_told(const struct cc_error *why, enum cc_code code, const char *cause, const char *fix);

#endif
