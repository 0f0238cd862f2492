#ifndef CREDCTL_PROVIDERS_LOGIN_H
#define CREDCTL_PROVIDERS_LOGIN_H

/*
 * The token file of a login, and its refresh. A refresh token can be used only once, other
 * processes refresh it too, and people log in and out in the meantime. So the refresh holds a lock
 * on the file itself, and is made only when the file can be written. Afterwards the file is read
 * again: when it has changed, somebody has logged in or out, and it is not overwritten.
 */

#include "credctl/providers/provider.h"

struct cc_login;

/* A kind of login: the content of its file, and how its token is refreshed. */
struct cc_login_kind {
    const char *const *replaced; /* as in struct cc_login_file */
    /* Reads the file into `about`, and the expiry of the token. Fails when it is not usable. */
    bool (*take)(struct cc_login *login, struct cc_error *why);
    /* Why the token cannot be refreshed; NULL when it can. */
    const char *(*hindrance)(const struct cc_login *login);
    /* Asks the service, and stores the answer in `doc`, a copy of login->file.doc. */
    bool (*refresh)(struct cc_login *login, cJSON *doc, struct cc_error *why);
    /* Always fails, and names the command that logs in. */
    bool (*need_login)(const struct cc_login *login, struct cc_error *why, const char *cause);
};

struct cc_login {
    struct cc_search *search;
    const struct cc_login_kind *kind;
    void *about; /* belongs to the kind */
    struct cc_login_file file;
    int64_t expires; /* on AWS's clock; set by `take` */
};

/* For `plan`: reads the file. Fails with the error of need_login. */
CC_MUST_USE bool cc_login_read(struct cc_login *login, struct cc_error *why);

/* For `fetch`: afterwards the token is valid for at least five minutes, or as long as it lasts when
 * it cannot be refreshed, which causes a warning. */
CC_MUST_USE bool cc_login_renew(struct cc_login *login, struct cc_error *why);

#endif
