#!/usr/bin/env python3
"""validate policy: every case of tests/policy/cases.json, and those of fixtures/policy where SHARED names
their folder, as a document; and the same policies as options."""
import json
import os
import subprocess
import sys
import tempfile

CREDCTL = os.environ["CREDCTL"]
OWN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "policy", "cases.json")
ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
STATUS = {"Allowed": 0, "ImplicitlyDenied": 1, "ExplicitlyDenied": 1}
OPTIONS = {"permissions_boundary": "--boundary", "session_policy": "--session-policy", "resource_policy": "--trust-policy",
           "vpc_endpoint_policy": "--endpoint-policy"}
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


def credctl(*words, **more):
    return subprocess.run([CREDCTL, "validate", "policy", *words], env=ENV, capture_output=True, text=True, timeout=60, **more)


def as_document(case):
    ended = credctl("--request", "-", "--output", "json", input=json.dumps(case))
    told = json.loads(ended.stdout or "{}")
    check(case["id"], told.get("decision") == case["expect"] and ended.returncode == STATUS[case["expect"]], ended)
    check(case["id"] + " has a reason", bool(told["why"]) and all(s["applies"] or s["why_not"] for s in told["statements"]), told)


def as_options(case, folder):
    """The same through --identity-policy FILE and its like."""
    request = case["request"]
    words = ["--principal", request["principal"], "--action", request["action"], "--resource", request["resource"],
             "--resource-account", request["resource_account"]]
    for key, value in request["context"].items():
        if value == []:
            return  # an empty list cannot be given as an option
        for one in value if isinstance(value, list) else [value]:
            words += ["--context", f"{key}={one}"]

    def file(policy, option, name=[0]):
        name[0] += 1
        path = os.path.join(folder, f"{name[0]}.json")
        with open(path, "w", encoding="utf-8") as out:
            json.dump(policy, out)
        words.extend([option, path])
    for policy in case["identity_policies"]:
        file(policy, "--identity-policy")
    for member, option in OPTIONS.items():
        if case.get(member) is not None:
            file(case[member], option)
    for member in ("scp", "rcp"):
        for level in case.get(member + "s") or []:
            file(level, "--" + member)
    ended = credctl(*words)
    check(case["id"] + " as options", ended.stdout.startswith(case["expect"] + ":") and ended.returncode == STATUS[case["expect"]],
          (words, ended))


def main():
    files = [OWN]
    shared = os.path.join(os.environ.get("SHARED", ""), "fixtures", "policy", "cases.json")
    if os.path.exists(shared):
        files.append(shared)
    else:
        print("SHARED does not name the folder with fixtures/policy: only the own cases are run")
    for path in files:
        with open(path, encoding="utf-8") as file:
            cases = json.load(file)["cases"]
        with tempfile.TemporaryDirectory() as folder:
            for case in cases:
                as_document(case)
                as_options(case, folder)
    ended = credctl("--principal", "x", "--action", "s3:x", "--identity-policy", "/nonexistent")
    check("a file that is not there", ended.returncode == 253 and "/nonexistent" in ended.stderr, ended)
    ended = credctl("--request", "-", input='{"request": {}}')
    check("a request without an action", ended.returncode == 252 and "no principal, action or resource" in ended.stderr, ended)
    ended = credctl("--request", "-", "--action", "s3:x", input="{}")
    check("a document and options", ended.returncode == 252, ended)
    ended = credctl("--request", "-", input='{"request": {"principal": "a", "action": "b:c", "resource": "d", "nope": 1}}')
    check("an unknown member", ended.returncode == 252 and "request.nope" in ended.stderr, ended)
    print(f"{done} checks")


main()
