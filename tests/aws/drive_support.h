#ifndef TESTS_AWS_DRIVE_SUPPORT_H
#define TESTS_AWS_DRIVE_SUPPORT_H

/* A simple call, for the tests of the driver. */

#include "credctl/aws/drive.h"
#include "credctl/base/text.h"

#include "../support/test.h"

#define URL "http://service/"

/* A call that is judged by its status alone: 2xx is done, 503 and 429 are worth another try. */
struct trial {
    struct cc_errand errand;
    const char *path;
    int tries;
    bool refuses; /* nothing can be prepared */
};

static inline bool prepare(struct cc_errand *errand, struct cc_request *request,
                           struct cc_error *err)
{
    struct trial *trial = errand->about;

    if (trial->refuses) {
        return cc_fail(err, CC_E_CONFIG, "cannot ask");
    }
    *request = (struct cc_request){.method = "GET",
                                   .url = cc_textf(&errand->run->mem, URL "%s", trial->path),
                                   .timeout_ms = 10000,
                                   .max_body = 1000};
    return true;
}

static inline enum cc_verdict judge(struct cc_errand *errand)
{
    struct trial *trial = errand->about;
    int status = errand->exchange.response.status;

    trial->tries++;
    if (status == 200) {
        return CC_DONE;
    }
    errand->wait_ms = 1000;
    errand->throttled = status == 429;
    if ((status == 503 || status == 429) && trial->tries < 5) {
        return CC_AGAIN;
    }
    if (!errand->exchange.ok) {
        errand->err = errand->exchange.err;
    } else {
        cc_fail(&errand->err, CC_E_AWS, "it answered %d", status);
    }
    return CC_FAILED;
}

static inline void begin(struct trial *trial, struct cc_run *run, const char *path)
{
    *trial = (struct trial){
        .errand = {.run = run, .about = trial, .prepare = prepare, .judge = judge}, .path = path};
}

static inline void add(struct fake *fake, const char *path, int status, int takes_ms, bool forever)
{
    fake_http_row(fake, (struct fake_exchange){.url = cc_textf(&fake->mem, URL "%s", path),
                                               .status = status,
                                               .takes_ms = takes_ms,
                                               .forever = forever});
}

#endif
