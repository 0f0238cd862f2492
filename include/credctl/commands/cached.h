#ifndef CREDCTL_COMMANDS_CACHED_H
#define CREDCTL_COMMANDS_CACHED_H

/* Entries of the cache as results, without their secrets: for the commands that list and clear. */

#include "credctl/base/buf.h"
#include "credctl/base/json.h"
#include "credctl/cache/cache.h"

/* Adds the array. */
void cc_cached_json(struct cc_run *run, const struct cc_cache_row *rows, const char *name,
                    cJSON *result);
void cc_cached_print(const cJSON *rows, struct cc_buf *out);

/* Schema of one of its rows. */
#define CC_CACHED_TEXT   "{\"type\":[\"string\",\"null\"]}"
#define CC_CACHED_NUMBER "{\"type\":[\"number\",\"null\"]}"
#define CC_CACHED_SCHEMA                                                                    \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"file\",\"holds\"," \
    "\"source\",\"detail\",\"account_id\",\"role_arn\",\"role_name\",\"fetched\","          \
    "\"age_seconds\",\"expires\",\"expires_in_seconds\",\"retry_at\"],\"properties\":{"     \
    "\"file\":{\"type\":\"string\"},\"holds\":{\"enum\":[\"credentials\",\"failure\","      \
    "\"garbage\"]},\"source\":" CC_CACHED_TEXT ",\"detail\":" CC_CACHED_TEXT                \
    ",\"account_id\":" CC_CACHED_TEXT ",\"role_arn\":" CC_CACHED_TEXT                       \
    ",\"role_name\":" CC_CACHED_TEXT ",\"fetched\":" CC_CACHED_TEXT                         \
    ",\"age_seconds\":" CC_CACHED_NUMBER ",\"expires\":" CC_CACHED_TEXT                     \
    ",\"expires_in_seconds\":" CC_CACHED_NUMBER ",\"retry_at\":" CC_CACHED_TEXT "}}"

#endif
