#include "credctl/aws/dmi.h"

#include "credctl/base/text.h"

#include <string.h>

#define FIELD_MAX 256

static const char *const folders[] = {"/sys/class/dmi/id", "/sys/devices/virtual/dmi/id"};

static const char *read_line(struct cc_run *run, const char *path)
{
    const char *text = NULL;
    struct cc_error ignored;

    if (!cc_read_file(run, path, FIELD_MAX, &text, NULL, &ignored)) {
        return NULL;
    }
    text = cc_text_trim(&run->mem, cc_text_printable(&run->mem, cc_text_trim(&run->mem, text)));
    return text[0] ? text : NULL;
}

static const char *field(struct cc_run *run, const char *name)
{
    const char *text = NULL;

    for (size_t i = 0; !text && i < CC_COUNT(folders); i++) {
        text = read_line(run, cc_textf(&run->mem, "%s/%s", folders[i], name));
    }
    return text;
}

/* As in cloud-init's ds-identify. Look-alikes of EC2 come before EC2: the first match wins. */
static const struct {
    const char *cloud;
    const char *field;
    const char *pattern;
} signs[] = {
    {"brightbox", "product_serial", "*.brightbox.com"},
    {"zstack", "chassis_asset_tag", "*.zstack.io"},
    {"e24cloud", "sys_vendor", "e24cloud"},
    {"outscale", "sys_vendor", "3DS Outscale*"},
    {"outscale", "product_name", "3DS Outscale*"},
    {"tilaa", "sys_vendor", "Tilaa*"},
    {"tilaa", "product_name", "Tilaa*"},
    {"aws", "sys_vendor", "Amazon EC2"},
    {"aws", "bios_vendor", "Amazon EC2"},
    {"aws", "board_vendor", "Amazon EC2"},
    {"aws", "chassis_asset_tag", "Amazon EC2"},
    {"aws", "chassis_vendor", "Amazon EC2"},
    {"aws", "bios_version", "*.amazon"},
    {"aws", "product_version", "*.amazon"}, /* Xen, when the BIOS does not show it */
    {"gcp", "product_name", "Google Compute Engine"},
    {"gcp", "product_serial", "GoogleCloud-*"},
    {"azure", "chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77"},
    {"alibaba", "product_name", "Alibaba Cloud ECS"},
    {"alibaba", "sys_vendor", "Alibaba Cloud*"},
    {"oracle", "chassis_asset_tag", "OracleCloud.com"},
    {"digitalocean", "sys_vendor", "DigitalOcean"},
    {"hetzner", "sys_vendor", "Hetzner"},
    {"vultr", "sys_vendor", "Vultr"},
    {"akamai", "sys_vendor", "Akamai*"},
    {"akamai", "sys_vendor", "Linode"},
    {"scaleway", "sys_vendor", "Scaleway"},
    {"upcloud", "sys_vendor", "UpCloud"},
    {"exoscale", "product_name", "Exoscale*"},
    {"tencent", "sys_vendor", "Tencent Cloud"},
    {"huawei", "chassis_asset_tag", "HUAWEICLOUD"},
    {"huawei", "sys_vendor", "Huawei Cloud*"},
    {"yandex", "sys_vendor", "Yandex*"},
    {"ibm", "chassis_asset_tag", "ibmcloud"},
    {"ibm", "sys_vendor", "IBM:Cloud*"},
    {"nifcloud", "sys_vendor", "NIFCLOUD*"},
    {"cloudstack", "product_name", "CloudStack*"},
    {"openstack", "product_name", "OpenStack Nova"},
    {"openstack", "product_name", "OpenStack Compute"},
    {"openstack", "sys_vendor", "OpenStack Foundation"},
    {"openstack", "chassis_asset_tag", "OpenStack Nova"},
    {"openstack", "chassis_asset_tag", "OpenTelekomCloud"},
};

#define FIELDS_MAX 16

/* Each file is read once for all rows. */
struct fields {
    const char *name[FIELDS_MAX];
    const char *text[FIELDS_MAX];
    size_t count;
};

static const char *once(struct cc_run *run, struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->name[i], name) == 0) {
            return fields->text[i];
        }
    }
    const char *text = field(run, name);
    if (fields->count < FIELDS_MAX) {
        fields->name[fields->count] = name;
        fields->text[fields->count++] = text;
    }
    return text;
}

static void match_signs(struct cc_run *run, struct fields *fields, struct cc_dmi *dmi)
{
    for (size_t i = 0; i < CC_COUNT(signs); i++) {
        const char *text = once(run, fields, signs[i].field);

        if (text && cc_text_matches(signs[i].pattern, text)) {
            dmi->cloud = signs[i].cloud;
            dmi->sign = cc_textf(&run->mem, "%s is \"%s\"", signs[i].field, text);
            return;
        }
    }
}

static bool uuid_shaped(const char *text)
{
    return text && strlen(text) == 36 && text[8] == '-' && text[13] == '-' &&
           strspn(text, "0123456789abcdefABCDEF-") == 36;
}

/* "EC2...", or the same with its first group's bytes reversed (SMBIOS 2.4). */
static bool uuid_of_ec2(const char *text)
{
    return strncasecmp(text, "ec2", 3) == 0 ||
           ((text[4] == '2') && strncasecmp(text + 6, "ec", 2) == 0);
}

/*
 * The last resort, for Xen: a prefix of three digits matches by chance once in 4096, so it is used
 * only when the vendor is not another one (cloud-init #6880: a Hyper-V UUID).
 */
static void match_uuids(struct cc_run *run, struct fields *fields, struct cc_dmi *dmi)
{
    const char *xen = read_line(run, "/sys/hypervisor/uuid");
    const char *product = once(run, fields, "product_uuid");

    if (dmi->vendor && strcmp(dmi->vendor, "Xen") != 0) {
        return;
    }
    if (uuid_shaped(xen) && strncasecmp(xen, "ec2", 3) == 0) {
        dmi->sign = "/sys/hypervisor/uuid begins with ec2";
    } else if (uuid_shaped(product) &&
               (dmi->vendor ? uuid_of_ec2(product) : strncasecmp(product, "ec2", 3) == 0)) {
        dmi->sign = "product_uuid begins with EC2";
    } else {
        return;
    }
    dmi->cloud = "aws";
    dmi->weak = true;
}

bool cc_instance_id_valid(const char *text)
{
    size_t len = text ? strlen(text) : 0;

    return (len == 10 || len == 19) && text[0] == 'i' && text[1] == '-' &&
           strspn(text + 2, "0123456789abcdef") == len - 2;
}

void cc_dmi_read(struct cc_run *run, struct cc_dmi *dmi)
{
    struct fields fields = {0};

    *dmi = (struct cc_dmi){.vendor = once(run, &fields, "sys_vendor")};
    match_signs(run, &fields, dmi);
    if (!dmi->cloud) {
        match_uuids(run, &fields, dmi);
    }
    const char *tag = once(run, &fields, "board_asset_tag");
    if (cc_text_equal(dmi->cloud, "aws") && !dmi->weak && cc_instance_id_valid(tag)) {
        dmi->instance_id = tag;
    }
    if (!dmi->cloud && !dmi->vendor && cc_instance_id_valid(tag)) {
        dmi->cloud = "aws"; /* a sandbox can hide the vendor and show the tag */
        dmi->sign = cc_textf(&run->mem, "board_asset_tag is \"%s\"", tag);
        dmi->instance_id = tag;
    }
}
