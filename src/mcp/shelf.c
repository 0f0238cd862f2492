#include "shelf.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/cache/cache.h"

#include <string.h>

/* A file of a private folder has at most 64 KiB, so a result has several: NAME.0, NAME.1, ... */

#define PIECE       ((size_t)60000)
#define PIECES_MAX  100
#define RESULTS_MAX 200

static bool open_folder(struct cc_run *run, bool make, struct cc_folder **folder,
                        struct cc_error *err)
{
    const char *cache = cc_cache_folder(run);
    struct cc_folder *above = NULL;

    if (!cache) {
        cc_fail(err, CC_E_NOT_HERE, "results cannot be stored");
        cc_why(err, "this host has no home and no cache folder");
        return cc_fix(err, "set XDG_CACHE_HOME to a folder of the server's user");
    }
    return (!make || cc_folder_open(run, cache, true, &above, err)) &&
           cc_folder_open(run, cc_textf(&run->mem, "%s/mcp", cache), make, folder, err);
}

static const char *piece_name(struct cc_run *run, const char *name, size_t i)
{
    return cc_textf(&run->mem, "%s.%zu", name, i);
}

static bool is_name(const char *text, size_t len)
{
    return len == CC_MCP_NAME_LEN && strspn(text, "0123456789abcdef") >= len;
}

static void drop(struct cc_run *run, struct cc_folder *folder, const char *name)
{
    struct cc_error ignored;

    for (size_t i = 0; i < PIECES_MAX; i++) {
        if (!cc_folder_facts(run, folder, piece_name(run, name, i)).exists ||
            !cc_folder_remove(run, folder, piece_name(run, name, i), &ignored)) {
            return;
        }
    }
}

static bool too_old(struct cc_run *run, struct cc_folder *folder, const char *piece)
{
    const int64_t age = cc_now(run) - cc_folder_facts(run, folder, piece).changed;

    return age > CC_MCP_SHELF_S || age < -60;
}

/* Removes results that nobody may ask for any more; how many are left. */
static size_t tidy(struct cc_run *run, struct cc_folder *folder)
{
    const char *const *files = cc_folder_names(run, folder);
    size_t left = 0;

    for (; *files; files++) {
        const size_t len = strcspn(*files, ".");

        if (!is_name(*files, len) || !cc_text_equal(*files + len, ".0")) {
            continue;
        }
        if (too_old(run, folder, *files)) {
            drop(run, folder, cc_text_dup(&run->mem, *files, len));
        } else {
            left++;
        }
    }
    return left;
}

static bool write_all(struct cc_run *run, struct cc_folder *folder, const char *name,
                      const char *text, struct cc_error *err)
{
    const size_t len = strlen(text);

    for (size_t i = 0, at = 0; at < len; i++, at += PIECE) {
        const size_t size = len - at < PIECE ? len - at : PIECE;
        const char *piece = cc_text_dup(&run->mem, text + at, size);

        if (!cc_folder_write(run, folder, piece_name(run, name, i), (struct cc_bytes){piece, size},
                             err)) {
            drop(run, folder, name);
            return false;
        }
    }
    return true;
}

bool cc_mcp_shelf_put(struct cc_run *run, const char *text, const char **name, struct cc_error *err)
{
    unsigned char random[CC_MCP_NAME_LEN / 2];
    char *made = cc_alloc(&run->mem, CC_MCP_NAME_LEN + 1);
    struct cc_folder *folder = NULL;

    if (strlen(text) > PIECE * PIECES_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "the result is too large to be stored");
        return cc_fix(err, "ask for fewer regions, services or targets");
    }
    if (!open_folder(run, true, &folder, err) || !cc_random(run, random, sizeof(random), err)) {
        return false;
    }
    if (tidy(run, folder) >= RESULTS_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "too many results are stored");
        return cc_fix(err, "wait; each is removed after an hour");
    }
    cc_text_hex(made, random, sizeof(random));
    if (!write_all(run, folder, made, text, err)) {
        return false;
    }
    *name = made;
    return true;
}

static bool gone(struct cc_error *err)
{
    cc_fail(err, CC_E_NOT_EXPECTED, "there is no stored result with this handle");
    cc_why(err, "it has expired, or it never existed; results are kept for an hour");
    return cc_fix(err, "make the call again that gave the handle");
}

bool cc_mcp_shelf_get(struct cc_run *run, const char *name, const char **text, struct cc_error *err)
{
    struct cc_buf all = cc_buf_new(&run->mem, PIECE * PIECES_MAX);
    struct cc_folder *folder = NULL;
    struct cc_error ignored;

    if (!is_name(name, strlen(name)) || !open_folder(run, false, &folder, &ignored) ||
        !cc_folder_facts(run, folder, piece_name(run, name, 0)).exists ||
        too_old(run, folder, piece_name(run, name, 0))) {
        return gone(err);
    }
    for (size_t i = 0; i < PIECES_MAX; i++) {
        struct cc_bytes piece = {0};

        if (!cc_folder_read(run, folder, piece_name(run, name, i), &piece, &ignored)) {
            break;
        }
        cc_buf_add(&all, piece.text, piece.len);
    }
    *text = all.text;
    return true;
}
