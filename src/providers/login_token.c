#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/providers/login.h"
#include "credctl/world/replace.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_S     300 /* with less time left, the token is refreshed */
#define WAIT_MS      30000
#define PAUSE_MS     20
#define PAUSE_MAX_MS 200
#define SPARE        4096 /* room for a new token that is longer */

bool cc_login_read(struct cc_login *login, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    struct cc_error cause;

    if (cc_input_login(login->search, &login->file, &cause)) {
        return login->kind->take(login, why);
    }
    return login->kind->need_login(
        login, why,
        cause.code == CC_E_UNREADABLE
            ? cc_textf(&run->mem, "no token can be read: %s: %s", login->file.path, cause.why)
            : cc_textf(&run->mem, "%s: %s", cause.what, cause.why));
}

static bool fresh(const struct cc_login *login)
{
    return login->expires > cc_now_aws(login->search->run) + WINDOW_S;
}

static bool valid(const struct cc_login *login)
{
    return login->expires > cc_now_aws(login->search->run);
}

static const char *until(const struct cc_login *login)
{
    return cc_time_iso(&login->search->run->mem, login->expires);
}

/* The refresh failed, and the token is used as long as it is valid. */
static bool make_do(const struct cc_login *login, const struct cc_error *cause)
{
    struct cc_search *search = login->search;
    struct cc_error advice;

    login->kind->need_login(login, &advice, "");
    cc_search_warn(search, cc_textf(&search->run->mem,
                                    "the login could not be refreshed (%s: %s) and is valid "
                                    "until %s; if that does not change, %s",
                                    cause->what, cause->why, until(login), advice.fix));
    return true;
}

static bool go_on(const struct cc_login *login, const struct cc_error *cause, struct cc_error *why)
{
    const struct cc_error told = *cause;

    /* An expired session or a changed password is an error at once. */
    if (valid(login) && told.code != CC_E_LOGIN) {
        return make_do(login, &told);
    }
    if (cc_error_passes(&told) || told.code == CC_E_LOGIN || told.code == CC_E_UNWRITABLE) {
        *why = told;
        return false;
    }
    return login->kind->need_login(
        login, why,
        cc_textf(&login->search->run->mem,
                 "the token expired at %s, and its refresh failed: %s: %s", until(login), told.what,
                 told.why));
}

static void release(void *doc)
{
    cJSON_Delete(doc);
}

static void write_down(struct cc_login *login)
{
    struct cc_search *search = login->search;
    const char *text = cc_login_text(&search->run->mem, &login->file);
    struct cc_error err;

    if (!cc_replace_file(search->run, login->file.path, text, strlen(text), &err)) {
        cc_search_warn(search, cc_textf(&search->run->mem,
                                        "the refreshed login could not be saved: %s (%s)", err.what,
                                        err.why));
    }
}

/* With the lock held. Afterwards the content of the file is used: as before the refresh, or as
 * changed by a login or log-out in the meantime. */
static bool refresh(struct cc_login *login, struct cc_error *why)
{
    struct cc_arena *mem = &login->search->run->mem;
    const char *before = login->file.text;
    const char *chain = cc_login_chain(mem, &login->file);
    cJSON *doc = cJSON_Duplicate(login->file.doc, true);
    struct cc_error cause = {0};

    if (!doc) {
        abort();
    }
    cc_arena_adopt(mem, release, doc);
    bool made = login->kind->refresh(login, doc, &cause);
    if (!cc_login_read(login, why)) {
        return false;
    }
    if (strcmp(login->file.text, before) != 0) {
        return valid(login) ||
               login->kind->need_login(login, why,
                                       "another login took place during the refresh, and its "
                                       "token has expired");
    }
    if (!made) {
        return go_on(login, &cause, why);
    }
    login->file.doc = doc;
    cc_login_chain_on(mem, &login->file, chain);
    write_down(login);
    return login->kind->take(login, why);
}

static bool refresh_if_possible(struct cc_login *login, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    const char *obstacle = login->kind->hindrance(login);
    struct cc_error cause;

    if (obstacle) {
        return valid(login) ||
               login->kind->need_login(
                   login, why,
                   cc_textf(&run->mem, "the token expired at %s, and %s", until(login), obstacle));
    }
    /* The refresh token can be used only once, so the next one must be writable. */
    if (!cc_may_replace(run, login->file.path, strlen(login->file.text) + SPARE, &cause)) {
        cc_fix(&cause, "make the file and its folder writable, then run it again");
        return go_on(login, &cause, why);
    }
    return refresh(login, why);
}

/* Waits until this process has the lock, locks turn out to be impossible, or the time is over. */
static enum cc_lock wait_for_turn(const struct cc_login *login, struct cc_file_lock **lock)
{
    struct cc_run *run = login->search->run;
    const int64_t end = cc_ticks_ms(run) + WAIT_MS;
    enum cc_lock got = cc_file_lock(run, login->file.path, lock);

    for (int pause = PAUSE_MS;
         got == CC_LOCK_BUSY && cc_ticks_ms(run) < end && cc_time_left_ms(run, 1) > 0;) {
        cc_sleep_ms(run, pause + (int)cc_random_below(run, (uint32_t)pause));
        pause = pause < PAUSE_MAX_MS ? 2 * pause : pause;
        got = cc_file_lock(run, login->file.path, lock);
    }
    return got;
}

bool cc_login_renew(struct cc_login *login, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    struct cc_file_lock *lock = NULL;

    if (fresh(login)) {
        return true;
    }
    enum cc_lock got = wait_for_turn(login, &lock);
    if (got == CC_LOCK_BUSY) {
        struct cc_error cause;

        cc_fail(&cause, CC_E_TIMEOUT, "the login was not refreshed");
        cc_why(&cause, "another process holds the lock of %s", login->file.path);
        return go_on(login, &cause, why);
    }
    bool ok = cc_login_read(login, why) && (fresh(login) || refresh_if_possible(login, why));
    if (got == CC_LOCK_GOT) {
        cc_file_unlock(run, lock);
    }
    return ok;
}
