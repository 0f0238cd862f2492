#!/usr/bin/env python3
"""What `credctl mcp` costs: cold start to the answer of initialize, memory, and processor time of calls.

    tests/bench/mcp.py CREDCTL [CALLS]

Prints figures and judges nothing. The processor time is the server's own, so a busy machine changes it
little; the cold start is wall time."""
import json
import os
import re
import statistics
import subprocess
import sys
import time

CREDCTL = os.path.abspath(sys.argv[1])
CALLS = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
ENV = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true"}


def line(method, params=None):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}).encode() + b"\n"


INITIALIZE = line("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}})


class Server:
    def __init__(self):
        self.began = time.monotonic()
        self.process = subprocess.Popen([CREDCTL, "mcp"], env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask(INITIALIZE)
        self.started_ms = (time.monotonic() - self.began) * 1000

    def ask(self, message):
        self.process.stdin.write(message)
        self.process.stdin.flush()
        self.process.stdout.readline()

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def main():
    starts = []
    for _ in range(20):
        server = Server()
        starts.append(server.started_ms)
        server.end()
    print(f"cold start to the answer of initialize: median {statistics.median(starts):.1f} ms, least {min(starts):.1f} ms")
    server = Server()
    print(f"memory: {server.resident_mib():.1f} MiB idle")
    for name, message, count in (("ping", line("ping"), CALLS), ("tools/list", line("tools/list"), CALLS // 50),
                                 ("GetEnvironmentInfo", line("tools/call", {"name": "GetEnvironmentInfo"}), CALLS),
                                 ("ValidateHostingEnvironment",
                                  line("tools/call", {"name": "ValidateHostingEnvironment", "arguments": {"offline": True}}),
                                  CALLS // 100)):
        before = server.seconds()
        for _ in range(count):
            server.ask(message)
        spent = (server.seconds() - before) / count * 1e6
        print(f"{name}: {spent:.0f} us of processor time each, {server.resident_mib():.1f} MiB after {count}")
    server.end()


main()
