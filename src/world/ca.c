#include "credctl/base/text.h"

#include "real.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The bundles of the distributions: Debian, Fedora, SUSE, RHEL, Alpine. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

static const char *const folders[] = {
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted/pem/directory-hash",
};

static bool is_folder(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* 5a2b3c4d.0: links that `openssl rehash` makes, and that OpenSSL opens one by one when it needs
 * them. */
static bool is_hash_link(const char *name)
{
    return strlen(name) == 10 && strspn(name, "0123456789abcdef") == 8 &&
           strcmp(name + 8, ".0") == 0;
}

static bool hashed(const char *path)
{
    DIR *folder = opendir(path);
    bool found = false;

    if (!folder) {
        return false;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): each stream has one reader
    for (struct dirent *entry = readdir(folder); entry && !found; entry = readdir(folder)) {
        found = is_hash_link(entry->d_name);
    }
    (void)closedir(folder);
    return found;
}

static struct cc_ca either(const char *path)
{
    return is_folder(path) ? (struct cc_ca){.folder = path} : (struct cc_ca){.file = path};
}

static const char *variable(const char *name)
{
    const char *value = getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets variables

    return value && value[0] ? value : NULL;
}

struct cc_ca cc_real_ca(const char *given)
{
    static const char *const names[] = {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE"};

    if (given) {
        return either(given);
    }
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (variable(names[i])) {
            return either(variable(names[i]));
        }
    }
    if (variable("SSL_CERT_FILE") || variable("SSL_CERT_DIR")) { /* OpenSSL uses both */
        return (struct cc_ca){variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR")};
    }
    /* A folder of hash links costs 10 us; parsing a whole bundle costs 50 ms of CPU. */
    for (size_t i = 0; i < CC_COUNT(folders); i++) {
        if (hashed(folders[i])) {
            return (struct cc_ca){.folder = folders[i]};
        }
    }
    for (size_t i = 0; i < CC_COUNT(bundles); i++) {
        if (access(bundles[i], R_OK) == 0) {
            return (struct cc_ca){.file = bundles[i]};
        }
    }
    return (struct cc_ca){0};
}
