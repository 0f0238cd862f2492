#include "credctl/base/time.h"
#include "credctl/checks/check.h"

#define SOON_S  60  /* a clock that is so wrong is not being set */
#define LIMIT_S 300 /* AWS accepts five minutes (IAM User Guide, "Signature Version 4") */

static void run(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    struct cc_error err;

    (void)cc_checkup_caller(checkup);
    if (!run->clock_seen) {
        cc_found_unchecked(checkup, "%s",
                           run->offline ? "AWS was not asked (--offline)"
                                        : "there is no answer of AWS to compare it "
                                          "with");
        return;
    }
    const int64_t ahead = run->clock_ahead;
    const int64_t off = ahead < 0 ? -ahead : ahead;
    if (off <= SOON_S) {
        cc_found_ok(checkup, "within %s of AWS's clock",
                    cc_time_span(&run->mem, off > 1 ? off : 1));
        return;
    }
    cc_fail(&err, CC_E_CLOCK, "this host's clock is %s %s AWS's", cc_time_span(&run->mem, off),
            ahead > 0 ? "behind" : "ahead of");
    cc_why(&err, off > LIMIT_S ? "AWS refuses requests that are more than 5 minutes off; credctl "
                                 "corrects its own, most other programs do not"
                               : "from 5 minutes on, AWS refuses requests");
    cc_fix(&err, "sudo chronyc makestep, or `sudo timedatectl set-ntp true` where chrony is not "
                 "used");
    if (off > LIMIT_S) {
        cc_found_failure(checkup, &err);
    } else {
        cc_found_warning(checkup, &err);
    }
}

const struct cc_check cc_check_clock = {
    .name = "clock",
    .title = "Clock",
    .about = "this host's clock against the time in AWS's answer",
    .run = run,
};
