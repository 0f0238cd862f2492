#!/usr/bin/env python3
"""session exec --targets against an STS that throttles, hangs and refuses, and against kill -9.

CREDCTL_TARGETS=500 runs it with so many accounts (default 80).
"""

import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
COUNT = int(os.environ.get("CREDCTL_TARGETS", "80"))
FOLDER = tempfile.mkdtemp(prefix="credctl-targets-")
BASE = {
    "PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache",
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY-secret", "AWS_SESSION_TOKEN": "t", "AWS_REGION": "eu-west-1",
}
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


def account(i):
    return f"{i:012d}"


def listed(name, rows):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as file:
        file.write("\n".join(rows) + "\n")
    return path


def command(targets, *args):
    return [CREDCTL, "session", "exec", "--targets", targets, "--role-name", "Audit", *args]


def run(sts, targets, *args, **more):
    env = {**BASE, "AWS_ENDPOINT_URL_STS": sts.url, "AWS_ENDPOINT_URL_ORGANIZATIONS": sts.url}
    return subprocess.run(command(targets, *args), env=env, capture_output=True, text=True, cwd=FOLDER, timeout=1200, **more)


def journal(path):
    rows = []
    for row in open(path):
        try:
            rows.append(json.loads(row))
        except ValueError:
            pass
    return [row for row in rows if "role_arn" in row]


def crowd():
    """5 % throttled, 2 % hang, 1 % refused: every outcome is the right one."""
    accounts = [account(i) for i in range(1, COUNT + 1)]
    with FakeSts() as sts:
        sts.throttled = {a: 1 + i % 4 for i, a in enumerate(accounts[::20])}
        sts.hang = set(accounts[7::50])
        sts.denied = set(accounts[11::100])
        path, folder = listed("crowd", accounts), FOLDER + "/crowd-out"
        got = run(sts, path, "--parallel", "16", "--output-dir", folder, "--output", "json", "--", "sh", "-c", "echo {account} $CREDCTL_TARGET_ACCOUNT; echo e >&2")
        check("3: some failed", got.returncode == 3, got.stderr[-2000:])
        result = json.loads(got.stdout)
        outcomes = {row["account"]: row for row in result["targets"]}
        for a in accounts:
            right = ("error", "access.denied") if a in sts.denied else ("ok", None)
            check("outcome of " + a, (outcomes[a]["outcome"], outcomes[a]["code"]) == right, outcomes[a])
        for a in set(accounts) - sts.denied:
            check("output of " + a, open(f"{folder}/{a}.out").read() == f"{a} {a}\n" and open(f"{folder}/{a}.err").read().endswith("e\n"))
        check("private files", stat.S_IMODE(os.stat(f"{folder}/{accounts[0]}.out").st_mode) == 0o600)
        check("private folder", stat.S_IMODE(os.stat(folder).st_mode) == 0o700)
        check("counts", (result["ok"], result["failed"]) == (COUNT - len(sts.denied), len(sts.denied)), result["ok"])
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"{COUNT} accounts: {sts.count} calls, largest process {memory} KiB")
        check("memory", memory < 64 * 1024, memory)


def killed():
    """After kill -9 nothing goes on, and --resume repeats nothing that had ended well."""
    accounts = [account(i) for i in range(1, COUNT + 1)]
    with FakeSts() as sts:
        path, marks, book = listed("killed", accounts), FOLDER + "/marks", FOLDER + "/killed.journal"
        args = ("--parallel", "8", "--journal", book, "--", "sh", "-c", f"sleep 0.1; echo {{account}} >> {marks}")
        env = {**BASE, "AWS_ENDPOINT_URL_STS": sts.url}
        one = subprocess.Popen(command(path, *args), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=FOLDER)
        while not os.path.exists(marks) or len(open(marks).read().split()) < COUNT // 3:
            time.sleep(0.02)
        one.kill()
        one.wait()
        time.sleep(0.5)
        before = open(marks).read().split()
        time.sleep(1)
        check("nothing goes on", open(marks).read().split() == before)
        finished = {row["target"] for row in journal(book) if row["outcome"] == "ok"}
        check("it was in the midst", 0 < len(finished) < COUNT, len(finished))
        with open(book, "a") as file:
            file.write('{"role_arn":"arn:aws:iam::0000')  # torn
        got = run(sts, path, *args)
        check("not without --resume", got.returncode == 252 and "--resume" in got.stderr, got)
        got = run(sts, path, "--resume", "--journal", book, "--", "true")
        check("not for another command", got.returncode == 252, got)
        got = run(sts, path, "--resume", *args)
        check("the rest ends well", got.returncode == 0, got.stderr[-2000:])
        again = open(marks).read().split()[len(before):]
        check("nothing that finished is repeated", not finished & set(again), finished & set(again))
        check("nothing is left out", set(before) | set(again) == set(accounts))
        got = run(sts, path, "--resume", *args)
        check("and then there is nothing to do", got.returncode == 0 and len(open(marks).read().split()) == len(before) + len(again))


def lines():
    with FakeSts() as sts:
        path = listed("few", ["# ours", "account,role_name,external_id", "", "000000000001", " 000000000002 , Path/Other , ext-2 # two",
                              "arn:aws-us-gov:iam::000000000003:role/p/Gov", "000000000001", "000000000004,,ext-4"])
        got = run(sts, path, "--external-id", "ext-1", "--role-session-name", "audit", "--", "sh", "-c", "echo {account} {role_arn} {index}; printf no-end; echo to-err >&2")
        check("0", got.returncode == 0, got)
        check("prefixed", "000000000001 | 000000000001 arn:aws:iam::000000000001:role/Audit 0\n" in got.stdout and "000000000001 | no-end\n" in got.stdout, got.stdout)
        check("stderr too", "000000000002 | to-err\n" in got.stderr, got.stderr)
        check("its own role", "000000000003 | 000000000003 arn:aws-us-gov:iam::000000000003:role/p/Gov 2\n" in got.stdout, got.stdout)
        asked = {row["RoleArn"]: row for row in sts.asked}
        check("a repeated line counts once", len(sts.asked) == 4, sts.asked)
        check("the line's external ID", asked["arn:aws:iam::000000000002:role/Path/Other"]["ExternalId"] == "ext-2", asked)
        check("the common one", asked["arn:aws:iam::000000000001:role/Audit"]["ExternalId"] == "ext-1", asked)
        check("the session's name", all(row["RoleSessionName"] == "audit" for row in sts.asked), asked)
        check("a table", re.search(r"4 targets: 4 ok, 0 failed", got.stderr), got.stderr)
        for bad in ("12345", "000000000001,a,b,c", "000000000001,x y", "arn:aws:iam::1:role/x", "000000000001,arn:aws:iam::000000000002:role/x", "\x00"):
            got = run(sts, listed("bad", ["000000000009", bad]), "true")
            check("a bad line: " + repr(bad), got.returncode == 252 and "line 2" in got.stderr, got)
        check("none", run(sts, listed("none", ["# nothing"]), "true").returncode == 252)
        check("no such file", run(sts, FOLDER + "/nowhere", "true").returncode == 253)
        got = run(sts, "-", "--journal", FOLDER + "/stdin", "--", "sh", "-c", "echo from $CREDCTL_TARGET_INDEX; cat", input="000000000001\n")
        check("from stdin", got.stdout == "000000000001 | from 0\n", got)


def one_process():
    """All targets are served by one process, which asks STS once for the credentials above them."""
    with FakeSts() as sts:
        path = listed("one", [account(i) for i in range(1, 9)])
        got = run(sts, path, "--role-arn", "arn:aws:iam::999999999999:role/Hub", "--journal", FOLDER + "/one.journal", "--", "sh", "-c", "echo $PPID")
        check("one parent", got.returncode == 0 and len({row.split(" | ")[1] for row in got.stdout.splitlines()}) == 1, got)
        check("the hub once", [row["RoleArn"] for row in sts.asked].count("arn:aws:iam::999999999999:role/Hub") == 1, sts.asked)
        fetch = 'curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" $AWS_CONTAINER_CREDENTIALS_FULL_URI'
        got = run(sts, path, "--journal", FOLDER + "/own.journal", "--", "sh", "-c", f"{fetch}; echo; ls /proc/self/fd | tr '\\n' ' '")
        rows = [row.split(" | ", 1)[1] for row in got.stdout.splitlines()]
        arns = {json.loads(row)["RoleArn"] for row in rows if row.startswith("{")}
        check("each its own role", arns == {f"arn:aws:iam::{account(i)}:role/Audit" for i in range(1, 9)}, got)
        check("no descriptor of ours", {row for row in rows if not row.startswith("{")} == {"0 1 2 3 "}, rows)
        other = 'curl -s -o /dev/null -w "%{{http_code}}" -H "Authorization: x$AWS_CONTAINER_AUTHORIZATION_TOKEN" $AWS_CONTAINER_CREDENTIALS_FULL_URI'.replace("{{", "{").replace("}}", "}")
        got = run(sts, path, "--journal", FOLDER + "/other.journal", "--", "sh", "-c", other)
        check("another token", {row.split(" | ", 1)[1] for row in got.stdout.splitlines()} == {"401"}, got)


def hub():
    with FakeSts() as sts:
        got = run(sts, listed("hub", ["000000000001"]), "--role-arn", "arn:aws:iam::999999999999:role/Hub", "--external-id", "of-the-hub", "true")
        check("over a hub", got.returncode == 0, got)
        check("each its own external ID", [row.get("ExternalId") for row in sts.asked] == ["of-the-hub", None], sts.asked)


def organization():
    with FakeSts() as sts:
        sts.accounts = [(account(i), "SUSPENDED" if i == 5 else "ACTIVE") for i in range(1, 46)]
        got = run(sts, "org", "--journal", FOLDER + "/org", "--output", "json", "true")
        check("org", got.returncode == 0, got)
        check("the active ones, of all pages", {row["account"] for row in json.loads(got.stdout)["targets"]} == {account(i) for i in range(1, 46)} - {account(5)})


def ends():
    with FakeSts() as sts:
        path = listed("ends", [account(1), account(2)])
        got = run(sts, path, "--timeout", "1", "--output", "json", "--", "sh", "-c", "[ {index} = 0 ] || sleep 60")
        rows = json.loads(got.stdout)["targets"]
        check("a time-out", [row["outcome"] for row in rows] == ["ok", "timeout"] and got.returncode == 3, rows)
        got = run(sts, path, "--timeout", "1", "--output", "json", "--", "sh", "-c", "trap '' TERM; [ {index} = 0 ] || while :; do sleep 1; done")
        check("whoever does not listen is made to end", [row["outcome"] for row in json.loads(got.stdout)["targets"]] == ["ok", "timeout"], got)
        many = listed("many", [account(i) for i in range(1, 31)])
        got = run(sts, many, "--fail-fast", "--parallel", "2", "--output", "json", "--", "sh", "-c", "[ {index} != 3 ]")
        result = json.loads(got.stdout)
        check("--fail-fast", got.returncode == 3 and result["not_run"] >= 20 and result["failed"] == 1, result)
        got = run(sts, listed("one-by-one", [account(i) for i in range(1, 9)]), "--journal", FOLDER + "/one-by-one.journal", "--output", "jsonl", "--", "sh", "-c", "echo noise; [ {index} != 3 ]")
        rows = [json.loads(row) for row in got.stdout.splitlines()]
        check("a line for each target", sorted(row["account"] for row in rows) == [account(i) for i in range(1, 9)], got)
        check("with its outcome", [row["account"] for row in rows if row["outcome"] == "failed"] == [account(4)] and got.returncode == 3, rows)
        check("and the rest on stderr", got.stderr.count("noise") == 8, got.stderr)
        env = {**BASE, "AWS_ENDPOINT_URL_STS": sts.url}
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            one = subprocess.Popen(command(many, "--journal", FOLDER + f"/s{status}", "--", "sh", "-c", "sleep 20"), env=env, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.7)
            one.send_signal(number)
            check(f"a signal: {status}", one.wait(10) == status)


try:
    lines()
    one_process()
    hub()
    organization()
    ends()
    killed()
    crowd()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
print(f"{done} checks")
