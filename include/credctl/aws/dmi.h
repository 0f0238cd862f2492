#ifndef CREDCTL_AWS_DMI_H
#define CREDCTL_AWS_DMI_H

/*
 * The hardware that the firmware reports (SMBIOS through /sys, and Xen's UUID). Only the owner of
 * the hypervisor can change it; containers see that of the host.
 */

#include "credctl/world/world.h"

struct cc_dmi {
    const char *vendor; /* sys_vendor; NULL when it cannot be read */
    const char *cloud;  /* "aws", the name of another cloud, or NULL: not a known cloud */
    const char *sign;   /* the field that shows it, "sys_vendor Amazon EC2"; NULL without a cloud */
    const char *instance_id; /* of EC2, on Nitro only; NULL when not known */
    bool weak;               /* aws by a UUID alone, which is wrong once in some thousand cases */
};

void cc_dmi_read(struct cc_run *run, struct cc_dmi *dmi);

/* ^i-([0-9a-f]{8}|[0-9a-f]{17})$ */
bool cc_instance_id_valid(const char *text);

#endif
