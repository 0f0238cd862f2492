#ifndef CREDCTL_PROVIDERS_LOGIN_H
#define CREDCTL_PROVIDERS_LOGIN_H

/*
 * The token that a login left in a file, and its refresh. The token serves once, other processes
 * refresh it too, and people log in and out meanwhile. So it is refreshed under a lock on the file
 * itself; only when the file can be written; and afterwards what stands in it counts: if it is not
 * what was there before, somebody has logged in or out, and nothing is written over it.
 */

#include "credctl/providers/provider.h"

struct cc_login;

/* One sort of login: what its file holds, and how its token is refreshed. */
struct cc_login_kind {
    const char *const *replaced; /* as in struct cc_login_file */
    /* What the file says, for `about`: when the token expires. Fails when it is not usable. */
    bool (*take)(struct cc_login *login, struct cc_error *why);
    /* Why the token cannot be refreshed; NULL when it can. */
    const char *(*hindrance)(const struct cc_login *login);
    /* Asks the service, and puts what it answers into `doc`, a copy of login->file.doc. */
    bool (*refresh)(struct cc_login *login, cJSON *doc, struct cc_error *why);
    /* Fails, with the command that logs in. */
    bool (*need_login)(const struct cc_login *login, struct cc_error *why, const char *cause);
};

struct cc_login {
    struct cc_search *search;
    const struct cc_login_kind *kind;
    void *about; /* the kind's own */
    struct cc_login_file file;
    int64_t expires; /* on AWS's clock; set by `take` */
};

/* Reads the file: for `plan`. Fails with what need_login says. */
CC_MUST_USE bool cc_login_read(struct cc_login *login, struct cc_error *why);

/* Afterwards the token is good for five minutes, or for what is left when it cannot be refreshed,
 * which is worth a warning: for `fetch`. */
CC_MUST_USE bool cc_login_renew(struct cc_login *login, struct cc_error *why);

#endif
