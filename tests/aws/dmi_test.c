#include "credctl/aws/dmi.h"

#include "../support/test.h"

#define DMI "/sys/class/dmi/id/"

static struct cc_dmi read_dmi(struct fake *fake)
{
    struct cc_dmi dmi;

    cc_dmi_read(&fake->run, &dmi);
    return dmi;
}

static void no_firmware_is_no_cloud(void **state)
{
    struct cc_dmi dmi = read_dmi(*state);

    assert_null(dmi.cloud);
    assert_null(dmi.vendor);
}

static void nitro_tells_its_instance_id(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n");
    fake_file(fake, "/sys/devices/virtual/dmi/id/board_asset_tag", "i-0abc1234def567890\n");
    struct cc_dmi dmi = read_dmi(fake);
    assert_string_equal(dmi.cloud, "aws");
    assert_string_equal(dmi.instance_id, "i-0abc1234def567890");
    assert_false(dmi.weak);
}

static void xen_is_told_by_its_firmware_and_weakly_by_its_uuid(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DMI "sys_vendor", "Xen\n");
    fake_file(fake, "/sys/hypervisor/uuid", "ec2ae145-1111-2222-3333-444455556666\n");
    assert_true(read_dmi(fake).weak);
    fake_file(fake, "/sys/hypervisor/uuid", "EC2AE145-1111-2222-3333-444455556666\n");
    assert_true(read_dmi(fake).weak);
    fake_file(fake, DMI "product_version", "4.11.amazon\n");
    assert_string_equal(read_dmi(fake).cloud, "aws");
    assert_false(read_dmi(fake).weak);
    fake_file(fake, DMI "product_version", NULL);
    fake_file(fake, DMI "bios_version", "4.11.amazon\n");
    assert_string_equal(read_dmi(fake).cloud, "aws");
    assert_false(read_dmi(fake).weak);
}

static void a_uuid_means_nothing_beside_another_vendor(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DMI "sys_vendor", "Microsoft Corporation\n");
    fake_file(fake, DMI "product_uuid", "a83f26ec-1111-2222-3333-444455556666\n");
    assert_null(read_dmi(fake).cloud);
    fake_file(fake, DMI "sys_vendor", "VMware, Inc.\n");
    fake_file(fake, DMI "product_uuid", "EC2E1916-9099-7CAF-FD21-012345ABCDEF\n");
    assert_null(read_dmi(fake).cloud);
}

static void a_little_endian_uuid_counts_under_xen(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DMI "sys_vendor", "Xen\n");
    fake_file(fake, DMI "product_uuid", "45E12AEC-DCD1-B213-94ED-012345ABCDEF\n");
    assert_string_equal(read_dmi(fake).cloud, "aws");
}

static void a_look_alike_of_ec2_is_another_cloud(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DMI "product_uuid", "EC2E1916-9099-7CAF-FD21-012345ABCDEF\n");
    fake_file(fake, DMI "product_serial", "srv-abc.gb1.brightbox.com\n");
    assert_string_equal(read_dmi(fake).cloud, "brightbox");
}

static void an_instance_id_has_8_or_17_digits(void **state)
{
    (void)state;
    assert_true(cc_instance_id_valid("i-12345678"));
    assert_true(cc_instance_id_valid("i-1234567890abcdef0"));
    assert_false(cc_instance_id_valid("i-123456789"));
    assert_false(cc_instance_id_valid("i-1234567890ABCDEF0"));
    assert_false(cc_instance_id_valid("aws-vault"));
    assert_false(cc_instance_id_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(no_firmware_is_no_cloud),
        IN_FAKE_WORLD(nitro_tells_its_instance_id),
        IN_FAKE_WORLD(xen_is_told_by_its_firmware_and_weakly_by_its_uuid),
        IN_FAKE_WORLD(a_uuid_means_nothing_beside_another_vendor),
        IN_FAKE_WORLD(a_little_endian_uuid_counts_under_xen),
        IN_FAKE_WORLD(a_look_alike_of_ec2_is_another_cloud),
        IN_FAKE_WORLD(an_instance_id_has_8_or_17_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
