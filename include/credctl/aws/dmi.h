#ifndef CREDCTL_AWS_DMI_H
#define CREDCTL_AWS_DMI_H

/*
 * What the firmware says it runs on (SMBIOS through /sys, and Xen's own uuid). Only the owner of
 * the hypervisor can write it; inside containers it is the host's.
 */

#include "credctl/world/world.h"

struct cc_dmi {
    const char *vendor;      /* sys_vendor; NULL when there is none to read */
    const char *cloud;       /* "aws", another cloud's name, or NULL: no cloud we know */
    const char *sign;        /* what said so, "sys_vendor Amazon EC2"; NULL without a cloud */
    const char *instance_id; /* of EC2, Nitro only; NULL when not told */
    bool weak;               /* aws by a uuid alone, which is wrong once in thousands */
};

void cc_dmi_read(struct cc_run *run, struct cc_dmi *dmi);

/* ^i-([0-9a-f]{8}|[0-9a-f]{17})$ */
bool cc_instance_id_valid(const char *text);

#endif
