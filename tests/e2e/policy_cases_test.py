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
        if value in ([], None):
            return  # an option cannot say that a key has no value
        for one in value if isinstance(value, list) else [value]:
            words += ["--context", f"{key}={one if isinstance(one, str) else json.dumps(one)}"]

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


def refusals():
    rows = [
        ("a file that is not there", 253, "/nonexistent", None, ["--identity-policy", "/nonexistent"]),
        ("no action", 252, "there is no request", None, ["--identity-policy", "x"]),
        ("a principal that is none", 252, "neither an ARN nor a service", None, ["--action", "s3:x", "--principal", "me"]),
        ("a document without a request", 252, "no principal, action or resource", {"request": {}}, []),
        ("a document and options", 252, "cannot be combined", {}, ["--action", "s3:x"]),
        ("a member of the request", 252, "request.nope", {"request": {"principal": "*", "action": "b:c", "nope": 1}}, []),
        ("no JSON", 252, "standard input", "{", []),
    ]
    for name, status, says, document, words in rows:
        if document is None:
            who = [] if "--principal" in words or status == 252 else ["--principal", "*", "--action", "s3:x"]
            ended = credctl(*who, *words)
        else:
            text = document if isinstance(document, str) else json.dumps(document)
            ended = credctl("--request", "-", *words, input=text)
        check(name, ended.returncode == status and says in ended.stderr and not ended.stdout, ended)


def files_of_policies():
    """What only files can show: names in messages, lists of policies, levels, standard input."""
    allow = {"Version": "2012-10-17", "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}]}
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
    who = ["--principal", "arn:aws:iam::111122223333:user/a", "--action", "s3:GetObject"]
    with tempfile.TemporaryDirectory() as folder:
        def file(name, content):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(content if isinstance(content, str) else json.dumps(content))
            return path
        every, none = file("every.json", allow), file("none.json", other)
        many = file("many.json", [other, allow])
        broken = file("broken.json", {"Statement": [{"Sid": "Typo", "Effect": "allow", "Action": "*", "Resource": "*"}]})
        named = file("named.json", {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
        rows = [
            ("a list of policies", 0, "many.json[1], Sid All", ["--identity-policy", many]),
            ("several files", 0, "every.json, Sid All", ["--identity-policy", none, "--identity-policy", every]),
            ("levels", 1, "service control policies", ["--identity-policy", every, "--scp", every, "--scp", none]),
            ("a level of two policies", 0, "scp, ", ["--identity-policy", every, "--scp", many, "--scp", every]),
            ("an Effect", 252, "broken.json is not a valid policy", ["--identity-policy", broken]),
            ("its statement", 252, "Sid Typo: its Effect", ["--identity-policy", every, "--scp", broken]),
            ("a Principal", 252, "statement 1: it has a Principal", ["--identity-policy", named]),
            ("no Principal", 252, "Sid All: it has no Principal", ["--trust-policy", every]),
        ]
        for name, status, says, words in rows:
            ended = credctl(*who, *words)
            check(name, ended.returncode == status and says in ended.stdout + ended.stderr, ended)
        ended = subprocess.run([CREDCTL, "validate", "trust", "--trust-policy", every, "--principal", who[1], "--role-arn",
                                "arn:aws:iam::111122223333:role/x"], env=ENV, capture_output=True, text=True, timeout=60)
        check("trust without Principal", ended.returncode == 252 and "it has no Principal" in ended.stderr, ended)
        ended = credctl(*who, "--identity-policy", "-", input="\ufeff" + json.dumps(allow))
        check("standard input", ended.returncode == 0 and "standard input, Sid All" in ended.stdout, ended)
        ended = credctl(*who, "--identity-policy", every, "--output", "yaml")
        check("yaml", ended.returncode == 0 and "decision: Allowed" in ended.stdout, ended)
        ended = credctl(*who, "--identity-policy", broken, "--output", "json")
        check("an error as JSON", json.loads(ended.stderr)["error"]["code"] == "policy.invalid" and ended.returncode == 252, ended)


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
    refusals()
    files_of_policies()
    print(f"{done} checks")


main()
