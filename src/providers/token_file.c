#include "credctl/providers/token_file.h"

#include "credctl/base/digest.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

const char *cc_token_file_path(struct cc_run *run, const char *folder, enum cc_digest digest,
                               const char *name)
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];
    char hex[2 * SHA256_DIGEST_LENGTH + 1];
    struct cc_sum sum;

    if (digest == CC_SHA1) {
        cc_sha1(name, strlen(name), bytes);
    } else {
        cc_sum_begin(&sum);
        cc_sum_add(&sum, name, strlen(name));
        cc_sum_end(&sum, bytes);
    }
    cc_text_hex(hex, bytes, digest == CC_SHA1 ? SHA_DIGEST_LENGTH : SHA256_DIGEST_LENGTH);
    return cc_textf(&run->mem, "%s/%s.json", cc_path_expand(run, folder), hex);
}

static void release(void *doc)
{
    cJSON_Delete(doc);
}

bool cc_token_file_parse(struct cc_arena *mem, const char *path, const char *text, size_t len,
                         cJSON **doc, struct cc_error *err)
{
    const cJSON *read = NULL;

    if (!cc_json_parse(mem, text, len, path, &read, err)) {
        return false;
    }
    if (!cJSON_IsObject(read)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s is not usable JSON", path);
        return cc_why(err, "it is not an object");
    }
    cJSON *own = cJSON_Duplicate(read, true);
    if (!own) {
        abort();
    }
    cc_arena_adopt(mem, release, own);
    *doc = own;
    return true;
}

void cc_token_file_set(cJSON *doc, const char *name, const char *text)
{
    cJSON *value = cJSON_CreateString(text);

    if (!value || !(cJSON_GetObjectItemCaseSensitive(doc, name)
                        ? cJSON_ReplaceItemInObjectCaseSensitive(doc, name, value)
                        : cJSON_AddItemToObject(doc, name, value))) {
        abort();
    }
}
