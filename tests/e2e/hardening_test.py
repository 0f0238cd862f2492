#!/usr/bin/env python3
"""What the kernel says of a running credctl: which of its memory can be written.

Environment: CREDCTL. Only root may look at the memory of a process that cannot be traced.
"""

import os
import re
import struct
import subprocess
import sys
import unittest

CREDCTL = os.environ["CREDCTL"]
PT_GNU_RELRO = 0x6474E552
ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
       "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}

if os.geteuid() != 0:
    print("only root may read the maps of a process that cannot be traced")
    sys.exit(77)


def relro(path):
    """First and last address of what is constant after the start, in whole pages."""
    with open(path, "rb") as file:
        elf = file.read()
    table, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for i in range(count):
        kind, _, _, at, _, _, room = struct.unpack_from("<IIQQQQQ", elf, table + i * size)
        if kind == PT_GNU_RELRO:
            return at // 4096 * 4096, (at + room) // 4096 * 4096
    return None


class Hardening(unittest.TestCase):
    def mappings(self):
        """Of a credctl that serves its child; the child reads them."""
        argv = [CREDCTL, "session", "exec", "--", "sh", "-c", "cat /proc/$PPID/maps"]
        done = subprocess.run(argv, env=ENV, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ", done.stdout, re.M)
        return [(int(start, 16), int(end, 16), mode) for start, end, mode in rows]

    def test_what_is_constant_after_the_start_cannot_be_written(self):
        first, last = relro(CREDCTL)
        inside = [row for row in self.mappings() if row[0] < last and row[1] > first]
        self.assertTrue(inside)
        for _, _, mode in inside:
            self.assertEqual(mode[:3], "r--")

    def test_no_memory_can_be_written_and_executed(self):
        for _, _, mode in self.mappings():
            self.assertFalse("w" in mode and "x" in mode, mode)


if __name__ == "__main__":
    unittest.main()
