"""Runs the ```sh blocks of README.md and docs/*.md: each with sh -eu in an empty folder, with
credctl first in PATH, fake keys, no other variables, and no network.

In a block, `# needs: X Y` leaves it out where a command X or Y is missing, and `# status: N` says
what it ends with (0 otherwise). Blocks of other kinds are not run, except a ```console block below
`<!-- in: SCRIPT -->`: its command is run by that script, and must print what the block shows. Times
may differ. It is left out on a machine whose firmware (DMI) would change what it prints.

Environment: CREDCTL."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
CREDCTL = os.path.realpath(os.environ["CREDCTL"])
SET_UP = {"examples/quickstart.sh", "tests/run.sh"}  # they build and test all of this
ISOLATED = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]


def pages():
    yield os.path.join(ROOT, "README.md")
    folder = os.path.join(ROOT, "docs")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".md"):
            yield os.path.join(folder, name)


def blocks(path):
    with open(path, encoding="utf-8") as page:
        text = page.read()
    for found in re.finditer(r"^```sh\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 1, found.group(1)


def transcripts(path):
    with open(path, encoding="utf-8") as page:
        text = page.read()
    for found in re.finditer(r"^<!-- in: (\S+) -->\n```console\n\$ credctl (.*)\n((?s:.*?))^```$", text, re.M):
        yield text.count("\n", 0, found.start()) + 1, *found.groups()


def wanted(block, key, otherwise):
    found = re.search(rf"^# {key}: *(.+)$", block, re.M)
    return found.group(1) if found else otherwise


def run(block):
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as tools:
        os.symlink(CREDCTL, os.path.join(tools, "credctl"))
        env = {"HOME": home, "PATH": tools + os.pathsep + os.environ["PATH"],
               "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
               "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
        isolated = ISOLATED if subprocess.run(ISOLATED + ["true"], capture_output=True).returncode == 0 else []
        return subprocess.run(isolated + ["bash", "-eu", "-o", "pipefail", "-c", block], env=env, cwd=home, text=True,
                              timeout=60, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)


def check_transcripts(path):
    """How many ran, were left out, failed."""
    counts = [0, 0, 0]
    for line, script, arguments, shown in transcripts(path):
        name = f"{os.path.relpath(path, ROOT)}:{line}"
        namespaces = subprocess.run(ISOLATED + ["true"], capture_output=True).returncode == 0
        if not namespaces or os.path.exists("/sys/class/dmi/id/sys_vendor"):
            print(f"SKIP {name}: no network namespaces, or a firmware of its own")
            counts[1] += 1
            continue
        with tempfile.TemporaryDirectory() as home:
            ended = subprocess.run([sys.executable, os.path.join(ROOT, script), CREDCTL, *arguments.split()],
                                   env={"HOME": home, "PATH": os.environ["PATH"]}, cwd=home, text=True, timeout=60,
                                   stdin=subprocess.DEVNULL, capture_output=True)
        same = [re.sub(r" \(\d+ ms\)", "", text) for text in (ended.stdout, shown)]
        if same[0] != same[1]:
            print(f"FAIL {name}: it prints\n{ended.stdout}{ended.stderr}")
        counts[0 if same[0] == same[1] else 2] += 1
    return counts


def main():
    done = skipped = failed = 0
    for path in pages():
        more = check_transcripts(path)
        done, skipped, failed = done + more[0], skipped + more[1], failed + more[2]
        for line, block in blocks(path):
            name = f"{os.path.relpath(path, ROOT)}:{line}"
            commands = [c.strip() for c in block.splitlines() if c.strip() and not c.startswith("#")]
            missing = [x for x in wanted(block, "needs", "").split() if not shutil.which(x)]
            if missing or SET_UP.intersection(commands):
                print(f"SKIP {name}: " + (f"needs {' '.join(missing)}" if missing else "sets everything up"))
                skipped += 1
                continue
            ended = run(block)
            expected = int(wanted(block, "status", "0"))
            if ended.returncode == expected:
                done += 1
            else:
                failed += 1
                print(f"FAIL {name}: status {ended.returncode}, not {expected}\n{block}---\n{ended.stdout}")
    print(f"{done} examples ran, {skipped} left out, {failed} failed")
    return 1 if failed or not done else 0


if __name__ == "__main__":
    sys.exit(main())
