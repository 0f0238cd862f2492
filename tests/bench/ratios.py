#!/usr/bin/env python3
"""What credctl costs beside a peer in the same run; judges nothing.

    tests/bench/ratios.py CREDCTL [PEER] [TARGETS]

First what it costs beside itself: `session export` that is served from the cache, and one that
assumes the role, beside one from environment keys. Then `session exec --targets`: TARGETS accounts
(default 200), 16 at once, an STS that takes 20 ms, the command `true`; PEER is another credctl, an
older release for example. Commands take turns, figures are medians. The STS is a small Python server
on this machine and speaks plain HTTP, so its time is in what depends on it, and TLS is not."""
import os
import re
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
from fake_sts import FakeSts, Handler  # noqa: E402

CREDCTL = os.path.abspath(sys.argv[1])
PEER = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
TARGETS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
FOLDER = tempfile.mkdtemp(prefix="credctl-ratios-")
KEYS = {"HOME": FOLDER, "PATH": os.environ["PATH"], "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "s", "AWS_EC2_METADATA_DISABLED": "true"}


class Slow(Handler):
    def do_POST(self):
        time.sleep(0.02)
        super().do_POST()


def once(argv, env):
    """Wall and CPU milliseconds."""
    null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=null)
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(argv)}: status {status}")
    return (time.perf_counter() - begin) * 1000, (used.ru_utime + used.ru_stime) * 1000


def beside(rows, rounds, before=lambda: None):
    """Prints each row beside the first one."""
    got = {name: [] for name, _, _ in rows}
    for i in range(rounds):
        for name, argv, env in rows[i % len(rows):] + rows[: i % len(rows)]:
            before()
            got[name].append(once(argv, env))
    first = None
    print(f"{'':<28}{'wall ms':>10}{'CPU ms':>10}{'x wall':>8}{'x CPU':>8}")
    for name, _, _ in rows:
        wall, cpu = (statistics.median(column) for column in zip(*got[name]))
        first = first or (wall, cpu)
        print(f"{name:<28}{wall:>10.2f}{cpu:>10.2f}{wall / first[0]:>8.2f}{cpu / first[1]:>8.2f}")


def one_export(sts):
    role = dict(KEYS, AWS_ENDPOINT_URL_STS=sts.url, AWS_ASSUME_ROLE_ARN="arn:aws:iam::111122223333:role/r")
    export = [CREDCTL, "session", "export", "--format", "process"]
    once(export, role)
    beside([("environment keys", export, KEYS), ("a role, from the cache", export, role),
            ("a role, from STS over HTTP", export + ["--no-cache"], role)], 300)


def many_targets(sts):
    sts.server.RequestHandlerClass = Slow
    targets, journal = os.path.join(FOLDER, "targets"), os.path.join(FOLDER, "journal")
    with open(targets, "w") as file:
        file.writelines(f"{100000000000 + i}\n" for i in range(TARGETS))
    words = ["session", "exec", "--targets", targets, "--role-name", "r", "--parallel", "16", "--journal", journal,
             "--", "true"]
    env = dict(KEYS, AWS_ENDPOINT_URL_STS=sts.url)

    def forget():
        shutil.rmtree(os.path.join(FOLDER, ".cache"), ignore_errors=True)
        if os.path.exists(journal):
            os.remove(journal)

    rows = [(f"{TARGETS} targets", [CREDCTL, *words], env)]
    if PEER:
        rows.append(("the peer", [PEER, *words], env))
    beside(rows, 3, forget)


def main():
    load = re.match(r"\S+", open("/proc/loadavg").read()).group()
    print(f"load {load}, {os.cpu_count()} processors")
    with FakeSts() as sts:
        one_export(sts)
        many_targets(sts)


try:
    main()
finally:
    shutil.rmtree(FOLDER)
