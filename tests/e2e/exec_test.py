#!/usr/bin/env python3
"""session exec for one command: status, signals, environment, gates, and credentials that refresh."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
SECRET = "CANARY-secret-of-the-test"
FOLDER = tempfile.mkdtemp(prefix="credctl-exec-")
BASE = {
    "PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache",
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "session-token",
}
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


def run(*args, env=None, **more):
    return subprocess.run([CREDCTL, "session", "exec", *args], env={**BASE, **(env or {})}, capture_output=True, text=True, timeout=60, **more)


def statuses():
    check("0", run("true").returncode == 0)
    check("7", run("--", "sh", "-c", "exit 7").returncode == 7)
    check("253 of the command's own", run("--", "sh", "-c", "exit 253").returncode == 253)
    check("a signal is the caller's to see", run("--", "sh", "-c", "kill -9 $$").returncode == -9)
    for env in ((), ("--env",)):
        check("127", run(*env, "there-is-no-such-command").returncode == 127)
        check("126", run(*env, "/etc/passwd").returncode == 126)
        script = FOLDER + "/script"
        with open(script, "w") as file:
            file.write("exit $1\n")
        os.chmod(script, 0o700)
        check("a script without an interpreter is sh's", run(*env, script, "9").returncode == 9)
    check("no command", run().returncode == 252)
    check("options of targets need targets", run("--resume", "true").returncode == 252)
    got = run("--no-such-option", "true")
    check("an option of ours", got.returncode == 252, got)
    got = run("echo", "--debug", "--output")
    check("options of the command's", got.stdout == "--debug --output\n" and got.stderr == "", got)
    got = run("true", env={"CREDCTL_OUTPUT": "json"})
    check("nothing is added to its output", got.stdout == "", got)
    marker = FOLDER + "/started"
    got = run("touch", marker, env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    check("no credentials, no command", got.returncode == 253 and not os.path.exists(marker), got)


def environment():
    noise = {name: "noise" for name in (
        "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID",
        "AWS_DEFAULT_PROFILE")}
    got = run("env", env={**noise, "AWS_DEFAULT_PROFILE": "", "AWS_REGION": "eu-west-1", "KEPT": "yes"})
    rows = dict(row.split("=", 1) for row in got.stdout.splitlines() if "=" in row)
    for name in (*noise, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        check(name + " is gone", name not in rows, rows.get(name))
    check("the endpoint", rows["AWS_CONTAINER_CREDENTIALS_FULL_URI"].startswith("http://127.0.0.1:"))
    check("its token", len(rows["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) >= 43)
    check("both regions", rows["AWS_REGION"] == rows["AWS_DEFAULT_REGION"] == "eu-west-1")
    check("the rest stays", rows["KEPT"] == "yes")
    check("no secret in it", SECRET not in got.stdout)
    got = run("--set-region", "us-west-2", "sh", "-c", "echo $AWS_REGION $AWS_DEFAULT_REGION", env={"AWS_REGION": "eu-west-1"})
    check("--set-region", got.stdout.split() == ["us-west-2"] * 2, got)
    got = run("--env", "sh", "-c", "echo $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN $AWS_CONTAINER_CREDENTIALS_FULL_URI")
    check("--env", got.stdout.split() == ["AKIDEXAMPLE", SECRET, "session-token"], got)
    got = run("sh", "-c", "tr '\\0' ' ' </proc/$PPID/cmdline; cat /proc/$PPID/environ 2>&1 | head -c 0")
    check("no secret in argv", SECRET not in got.stdout, got)
    got = run("sh", "-c", "ulimit -c; grep SigBlk /proc/self/status; grep SigIgn /proc/self/status")
    limit = subprocess.run(["sh", "-c", "ulimit -c; grep SigBlk /proc/self/status"], capture_output=True, text=True).stdout
    check("limits and signals as they were", got.stdout.startswith(limit), (got.stdout, limit))
    got = run("cat", input="through\n")
    check("stdin", got.stdout == "through\n", got)
    got = run("sh", "-c", "cat <&7", pass_fds=(), preexec_fn=lambda: os.dup2(os.open("/etc/hostname", os.O_RDONLY), 7), close_fds=False)
    check("inherited files", got.stdout == open("/etc/hostname").read(), got)


def given(*args, env=None, **more):
    """What a command sees of the state it inherits, without credctl and with it."""
    plain = subprocess.run(args, env=BASE, capture_output=True, text=True, timeout=60, **more)
    ours = subprocess.run([CREDCTL, "session", "exec", "--", *args], env={**BASE, **(env or {})}, capture_output=True, text=True, timeout=60, **more)
    return plain, ours


def inheritance():
    """Whatever the caller's state is: it does not harm us, and the command has it as it was."""
    show = "grep -E 'Sig(Blk|Ign)' /proc/self/status; umask; ulimit -c"

    def strange():
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGTERM, signal.SIGUSR2):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM})
        os.umask(0o177)

    plain, ours = given("sh", "-c", show, preexec_fn=strange)
    check("signals, mask, umask and limits are given back", ours.stdout == plain.stdout, (plain, ours))
    with FakeSts() as sts:
        files = "ls /proc/self/fd"
        env = {"AWS_ENDPOINT_URL_STS": sts.url, "AWS_REGION": "eu-west-1"}
        got = run("--role-arn", "arn:aws:iam::444455556666:role/X", "sh", "-c", files, env=env)
        check("no descriptor of ours", got.stdout.split() == ["0", "1", "2", "3"], got)
        got = run("--env", "--role-arn", "arn:aws:iam::444455556666:role/X", "--no-cache", "sh", "-c", files, env=env)
        check("nor with --env", got.stdout.split() == ["0", "1", "2", "3"], got)
    plain, ours = given("sh", "-c", "readlink /proc/self/fd/0 || echo none", preexec_fn=lambda: os.close(0))
    check("a closed stdin stays closed", ours.stdout == plain.stdout, (plain, ours))
    got = run("sh", "-c", "env | grep BEARER", env={"AWS_BEARER_TOKEN_BEDROCK": "other"})
    check("no bearer token of another", got.stdout == "", got)


def copies():
    """Files whose default profile would win are copied without its credentials, and only then."""
    config, keys = FOLDER + "/c", FOLDER + "/k"
    with open(config, "w") as file:
        file.write("[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\ncredential_process = false\n[profile b]\nregion = x\n")
    with open(keys, "w") as file:
        file.write("[b]\naws_access_key_id = B\n")
    env = {"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": keys}
    got = run("sh", "-c", 'echo $AWS_CONFIG_FILE $AWS_SHARED_CREDENTIALS_FILE; stat -c %a $AWS_CONFIG_FILE $(dirname $AWS_CONFIG_FILE); cat $AWS_CONFIG_FILE', env=env)
    rows = got.stdout.splitlines()
    copy = rows[0].split()[0]
    check("one copy", copy != config and rows[0].split()[1] == keys, got)
    check("it is private", rows[1:3] == ["600", "700"], got)
    check("all but the credentials", "endpoint_url" in got.stdout and "[profile b]" in got.stdout and "credential_process" not in got.stdout, got)
    check("it is gone", not os.path.exists(os.path.dirname(copy)), copy)
    one = subprocess.Popen([CREDCTL, "session", "exec", "sh", "-c", "echo $AWS_CONFIG_FILE; exec sleep 30"], env={**BASE, **env}, stdout=subprocess.PIPE, text=True)
    copy = one.stdout.readline().strip()
    check("it is there", os.path.exists(copy), copy)
    one.terminate()
    check("and gone after a signal", one.wait(10) == -signal.SIGTERM and not os.path.exists(os.path.dirname(copy)), copy)


def nesting():
    got = run(CREDCTL, "session", "exec", "true")
    check("no accidental nesting", got.returncode == 252 and "--nested" in got.stderr, got)
    got = run(CREDCTL, "session", "exec", "--nested", "sh", "-c", "echo in")
    check("--nested", got.stdout == "in\n", got)


def gates():
    with FakeSts() as sts:
        env = {"AWS_ENDPOINT_URL_STS": sts.url, "AWS_REGION": "eu-west-1"}
        marker = FOLDER + "/gate"
        got = run("--expect-account", "999999999999", "touch", marker, env=env)
        check("another account", got.returncode == 1 and not os.path.exists(marker), got)
        check("another role", run("--expect-role", "Other*", "touch", marker, env=env).returncode == 1 and not os.path.exists(marker))
        got = run("--expect-account", "111122223333", "--expect-role", "Hub", "true", env=env)
        check("as expected", got.returncode == 0, got)
        sts.denied.add("444455556666")
        got = run("--role-arn", "arn:aws:iam::444455556666:role/X", "touch", marker, env=env)
        check("a refused role", got.returncode == 254 and not os.path.exists(marker), got)


FETCH = 'curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" $AWS_CONTAINER_CREDENTIALS_FULL_URI; echo'


def refreshing():
    with FakeSts(lifetime=63) as sts:
        env = {"AWS_ENDPOINT_URL_STS": sts.url, "AWS_REGION": "eu-west-1"}
        got = run("--role-arn", "arn:aws:iam::444455556666:role/X", "sh", "-c", f"{FETCH}; sleep 4; {FETCH}", env=env)
        first, second = (json.loads(row) for row in got.stdout.splitlines())
        check("it outlasts its first credentials", first["Token"] != second["Token"] and first["Expiration"] < second["Expiration"], got)
    config = FOLDER + "/config"
    with open(config, "w") as file:
        file.write("[default]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = other\n")
    try:
        import boto3  # noqa: F401
    except ImportError:
        print("boto3 is missing: it was not asked")
        return
    script = "import boto3; print(boto3.Session().get_credentials().access_key)"
    got = run(sys.executable, "-c", script, env={"AWS_CONFIG_FILE": config})
    check("keys of the default profile do not get in the way", got.stdout.strip() == "AKIDEXAMPLE", got)


def start(*args, **more):
    return subprocess.Popen([CREDCTL, "session", "exec", *args], env=BASE, stdout=subprocess.PIPE, text=True, **more)


def wait_for(process, text):
    line = process.stdout.readline()
    check("it says " + text, line.strip() == text, line)


def signals():
    for name in ("INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "WINCH"):
        one = start("sh", "-c", f'trap "echo got; exit 5" {name}; echo ready; while :; do sleep 0.05; done')
        wait_for(one, "ready")
        one.send_signal(getattr(signal, "SIG" + name))
        check(name + " is passed on", one.wait(10) == 5 and one.stdout.read() == "got\n")
    one = start("sh", "-c", "echo ready; exec sleep 30")
    wait_for(one, "ready")
    one.terminate()
    check("its end by a signal", one.wait(10) == -signal.SIGTERM)
    terminal()


def orphans():
    """Who is given orphans waits for them, also for those that ended before the command began."""
    source, config = FOLDER + "/source", FOLDER + "/orphans"
    with open(source, "w") as file:  # its pipe stays open until the orphan has ended
        file.write("#!/bin/sh\nsh -c 'sleep 0.1 &'\nprintf '{\"Version\":1,\"AccessKeyId\":\"AKIDOTHER\",\"SecretAccessKey\":\"x\"}'\n")
    os.chmod(source, 0o700)
    with open(config, "w") as file:
        file.write(f"[profile p]\ncredential_process = {source}\n")
    adopt = "import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])"
    look = "for i in $(seq 100); do grep -l '^State:.Z' $(sed 's|[0-9]*|/proc/&/status|g' /proc/$PPID/task/$PPID/children) || exit 0; sleep 0.05; done; exit 1"
    got = subprocess.run([sys.executable, "-c", adopt, CREDCTL, "session", "exec", "--profile", "p", "--", "sh", "-c", look],
                         env={**BASE, "AWS_CONFIG_FILE": config}, capture_output=True, text=True, timeout=60)
    check("no zombie is left", got.returncode == 0, got)


def terminal():
    """Ctrl-C and Ctrl-Z at a real terminal."""
    pid, master = pty.fork()
    if pid == 0:
        script = f'{CREDCTL} session exec sh -c \'trap "echo got once; exit 5" INT; echo ready; while :; do sleep 0.05; done\'; echo status $?'
        os.execve("/bin/sh", ["sh", "-c", script], BASE)
    said = read_until(master, b"ready")
    time.sleep(0.2)
    os.write(master, b"\x03")
    said = read_until(master, b"status 5")
    check("Ctrl-C reaches the command once", said.count(b"got once") == 1, said)
    os.waitpid(pid, 0)
    pid, master = pty.fork()
    if pid == 0:
        os.execve("/bin/bash", ["bash", "--norc", "-i"], {**BASE, "PS1": "$ "})
    read_until(master, b"$ ")
    os.write(master, f"{CREDCTL} session exec sh -c 'echo re''ady; while :; do sleep 0.05; done'\n".encode())
    read_until(master, b"ready\r\n")
    time.sleep(0.2)
    os.write(master, b"\x1a")
    read_until(master, b"Stopped")
    os.write(master, b"fg\n")
    time.sleep(0.5)
    os.write(master, b"\x03")
    read_until(master, b"$ ")
    os.write(master, b"echo back with $?\n")
    said = read_until(master, b"with 130")
    check("Ctrl-Z stops, fg goes on", b"with 130" in said, said)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def read_until(master, text):
    os.set_blocking(master, False)
    said, until = b"", time.monotonic() + 10
    while text not in said:
        if time.monotonic() > until:
            sys.exit(f"FAIL the terminal never said {text!r}: {said!r}")
        try:
            said += os.read(master, 4096)
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:
            break
    return said


try:
    statuses()
    environment()
    inheritance()
    copies()
    nesting()
    gates()
    refreshing()
    signals()
    orphans()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
print(f"{done} checks")
