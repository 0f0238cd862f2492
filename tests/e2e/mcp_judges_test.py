#!/usr/bin/env python3
"""Judges of other people: the official conformance suite, the official Inspector, and the SDK clients,
where the shared tools are at hand. Environment: CREDCTL, BUILD, SHARED; MCP_SCHEMA_DIR with the
official JSON Schemas (<revision>.json) switches the schema checks on."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

CREDCTL = os.environ["CREDCTL"]
BUILD = os.environ.get("BUILD", os.path.dirname(CREDCTL))
TOOLS = os.path.join(os.environ.get("SHARED", "/nonexistent"), "tools", "mcp")
HERE = os.path.dirname(os.path.abspath(__file__))
ENV = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent",
       "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "XDG_CACHE_HOME": tempfile.mkdtemp()}

if not os.path.isdir(TOOLS) or not shutil.which("npm"):
    print("the judges of ../shared, or npm, are not here")
    sys.exit(77)
if subprocess.run(["bash", os.path.join(TOOLS, "setup.sh")], env=ENV, capture_output=True, check=False).returncode:
    print("the judges cannot be installed: no registry is reached")
    sys.exit(77)


class Served:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        self.url = re.search(r"(http://\S+)", self.process.stderr.readline()).group(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
        assert self.process.returncode == 0


def judge(name, *arguments, **env):
    command = (["node"] if name.endswith(".mjs") else ["bash"]) + [os.path.join(TOOLS, name), *arguments]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:  # node loses lines in a pipe that is full
        done = subprocess.run(command, env={**ENV, **env}, stdout=out, stderr=subprocess.DEVNULL, text=True, check=False)
        out.seek(0)
        done.stdout = out.read()
    return done


def expected():
    with open(os.path.join(HERE, "..", "mcp", "conformance_expected.txt"), encoding="utf-8") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


class Judges(unittest.TestCase):
    def test_the_conformance_suite_finds_nothing(self):
        with Served(CREDCTL, "mcp", "--listen", "127.0.0.1:0") as server:
            done = judge("conformance.sh", server.url, "real")
        self.assertRegex(done.stdout.splitlines()[-1], r"^1\d\d passed, 0 failed", done.stdout)

    def test_the_fixtures_fail_only_where_it_is_expected(self):
        with Served(os.path.join(BUILD, "mcp_fixtures"), "127.0.0.1:0") as server:
            done = judge("conformance.sh", server.url, "full")
        failed = re.findall(r"^FAIL \S+ (\S+) (\S+):", done.stdout, re.M)
        self.assertGreater(int(done.stdout.splitlines()[-1].split()[0]), 230, done.stdout)
        self.assertEqual([x for x in failed if x[0] not in expected() and " ".join(x) not in expected()], [])

    def test_the_inspector_is_content(self):
        for arguments in ((CREDCTL, "mcp"), None):
            with Served(CREDCTL, "mcp", "--listen", "127.0.0.1:0") as server:
                done = judge("inspector.sh", *(arguments or (server.url,)), FAST_TOOL="GetEnvironmentInfo",
                             PROMPT="wa-sec-check-storage", PROMPT_ARGS="region=eu-west-1")
            self.assertRegex(done.stdout.splitlines()[-1], r", 0 failed$", done.stdout)

    def test_the_stdio_client_finds_nothing(self):
        arguments = ('{"TestCrossAccountAccess":{"role_arns":["arn:aws:iam::111122223333:role/x"]},'
                     '"GetStoredSecurityContext":{"context_id":"0123"}}')
        done = judge("client_stdio.mjs", CREDCTL, "mcp", TOOL_ARGS=arguments, FAST_TOOL="GetEnvironmentInfo")
        self.assertRegex(done.stdout.splitlines()[-1], r", 0 failed,", done.stdout)
        # The fixtures are made for another suite: here only what the core does about slow calls counts.
        done = judge("client_stdio.mjs", os.path.join(BUILD, "mcp_fixtures"), SKIP_TOOLS="test_slow",
                     SLOW_TOOL="test_slow", FAST_TOOL="test_simple_text")
        self.assertIn("cancelled call gets no response", done.stdout)
        self.assertEqual([x for x in done.stdout.splitlines() if x.startswith("FAIL ROBUST")], [])
        self.assertEqual([x for x in done.stdout.splitlines() if re.match(r"(FAIL|WARN) \S+ +robust", x)], [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
