#ifndef EXEC_DEFAULT_PROFILE_H
#define EXEC_DEFAULT_PROFILE_H

#include "credctl/base/buf.h"

/*
 * In every SDK, credentials of the default profile win over a container endpoint. This removes them
 * from a shared file and keeps every other line: region, endpoint_url, services, ca_bundle, retry
 * settings and the other profiles still have their effect.
 *
 * The parsers differ (grammar of the SDKs, configparser of botocore, JavaScript SDK): what any of
 * them reads as a credential of the default profile is removed. Pure.
 */

enum cc_shared_file {
    CC_FILE_CONFIG,      /* [default], [profile default] */
    CC_FILE_CREDENTIALS, /* [default] */
    CC_FILE_BOTO,        /* [Credentials], which botocore still reads */
};

/* `text` is terminated. False when there was nothing to remove; then `to` is the unchanged text. */
bool cc_without_default(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to);

/*
 * Other profiles may build on the default one (`source_profile = default`). For them its
 * credentials are moved instead to a profile that nobody selects, and those lines name that one.
 */
#define CC_DEFAULT_MOVED "credctl-default"

struct cc_default_facts {
    bool credentials; /* the default profile has some */
    bool needed;      /* another profile builds on it */
};

struct cc_default_facts cc_default_look(const char *text, size_t len, enum cc_shared_file file);
/* False when nothing changed. A property that occurs several times is kept once, as it stands last.
 */
bool cc_move_default(const char *text, size_t len, enum cc_shared_file file, struct cc_buf *to);

#endif
