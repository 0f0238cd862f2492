#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define BUNDLE_MAX ((size_t)8 << 20)

/* A place that names certificates. */
struct bundle {
    const char *place;
    const char *path; /* NULL: it is not set */
    bool ours;        /* credctl uses it, and most programs do */
};

/* What is wrong with it; NULL: nothing. */
static const char *fault_of(struct cc_run *run, const char *path)
{
    const struct cc_file_facts facts = cc_file_facts(run, path);
    const char *text = NULL;
    struct cc_error err = {0};

    switch (facts.reading) {
    case CC_READ_NONE: return "does not exist";
    case CC_READ_FORBIDDEN: return "cannot be read by this user";
    case CC_READ_FOLDER: return NULL;
    default: break;
    }
    if (!cc_read_file(run, path, BUNDLE_MAX, &text, NULL, &err)) {
        return err.code == CC_E_TOO_BIG ? NULL : "cannot be read";
    }
    return strstr(text, "-----BEGIN ") && strstr(text, "CERTIFICATE-----")
               ? NULL
               : "has no certificate in PEM format";
}

static bool tell(struct cc_checkup *checkup, const struct bundle *one)
{
    const char *path = cc_path_expand(checkup->run, one->path);
    const char *fault = fault_of(checkup->run, path);
    struct cc_error err;

    if (!fault) {
        return false;
    }
    cc_fail(&err, CC_E_TLS, "the certificates of %s cannot be used", one->place);
    cc_why(&err, "%s %s", path, fault);
    cc_fix(&err, "correct the path in %s, or remove it to use the certificates of the system",
           one->place);
    if (one->ours) {
        cc_found_broken(checkup, CC_NOT_REACHED, &err);
    } else {
        cc_why(&err, "%s %s; boto3 and the AWS CLI read it", path, fault);
        cc_found_warning(checkup, &err);
    }
    return true;
}

/* The first place that is set is used, as in docs/providers.md. */
static void run(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_property *property = cc_section_property(settings->section, "ca_bundle");
    const struct bundle all[] = {
        {"--ca-bundle", settings->given.ca_bundle, true},
        {"AWS_CA_BUNDLE", cc_variable(checkup, "AWS_CA_BUNDLE"), true},
        {property ? cc_textf(&checkup->run->mem, "%s, line %d", property->file, property->line)
                  : "",
         property ? property->value : NULL, true},
        {"CURL_CA_BUNDLE", cc_variable(checkup, "CURL_CA_BUNDLE"), true},
        {"SSL_CERT_FILE", cc_variable(checkup, "SSL_CERT_FILE"), true},
    };
    const struct bundle of_python = {"REQUESTS_CA_BUNDLE",
                                     cc_variable(checkup, "REQUESTS_CA_BUNDLE"), false};
    size_t i = 0;

    while (i < CC_COUNT(all) && !all[i].path) {
        i++;
    }
    const bool bad = i < CC_COUNT(all) && tell(checkup, &all[i]);
    if (of_python.path && i > 2) {
        (void)tell(checkup, &of_python);
    }
    if (!bad && cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s%s", i < CC_COUNT(all) ? "those of " : "those of the system",
                    i < CC_COUNT(all) ? all[i].place : "");
    }
}

const struct cc_check cc_check_certificates = {
    .name = "certificates",
    .title = "Certificates",
    .about = "whether configured CA certificates exist",
    .run = run,
};
