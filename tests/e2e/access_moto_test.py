#!/usr/bin/env python3
"""test-access and validate role against moto_server in auth mode: what the caller's own policies allow.

moto checks signatures and identity policies; its trust check knows a user by its ARN. So the caller is a
user, and the trust policies name it.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

import boto3

CREDCTL = os.environ["CREDCTL"]
HOME = tempfile.mkdtemp(prefix="credctl-moto-")
ACCOUNT = "123456789012"
READ = {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"}
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Moto:
    def __init__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        # Nothing is checked until `guard` says so.
        env = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "1000000"}
        self.server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], env=env,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        self.iam = boto3.client("iam", endpoint_url=self.url, region_name="us-east-1",
                                aws_access_key_id="setup", aws_secret_access_key="setup")

    def user(self, name, *statements):
        """A user with these statements; its environment."""
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"PATH": os.environ["PATH"], "HOME": HOME, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def guard(self):
        """From now on every action is checked."""
        import urllib.request
        urllib.request.urlopen(urllib.request.Request(self.url + "/moto-api/reset-auth", data=b"0", method="POST",
                                                      headers={"Content-Type": "text/plain"})).read()

    def stop(self):
        self.server.terminate()
        self.server.wait()


def test_access(env, role):
    ended = subprocess.run([CREDCTL, "test-access", "--role-arn", role, "--output", "jsonl", "--no-verify"], env=env,
                           capture_output=True, text=True, timeout=60)
    check("no secret is shown", env["AWS_SECRET_ACCESS_KEY"] not in ended.stdout + ended.stderr)
    lines = ended.stdout.splitlines()
    check("one result", len(lines) == 1, ended)
    return ended.returncode, json.loads(lines[0])


def main():
    moto = Moto()
    try:
        names = ["none", "deny", "right"]
        trust = document({"Effect": "Allow", "Action": "sts:AssumeRole",
                          "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/{name}" for name in names]}})
        role = moto.iam.create_role(RoleName="Audit", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
        none = moto.user("none", READ)
        deny = moto.user("deny", READ, allow, {"Sid": "NoHop", "Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"})
        right = moto.user("right", READ, allow)
        moto.guard()

        status, told = test_access(right, role)
        check("an allowed role is allowed", (status, told["outcome"]) == (0, "allowed"), told)

        status, told = test_access(deny, role)
        check("an explicit deny is found", (status, told["cause"], told["certainty"]) == (1, "identity.explicit_deny", "certain"), told)
        check("and its statement named", "NoHop" in told["why"] and told["replaces"] == "NoHop", told)
        check("the exception is for this role", told["statement"]["NotResource"] == role, told)

        # In one account a trust policy that names the caller is enough for IAM, but not for moto.
        status, told = test_access(none, role)
        check("what is missing is denied", (status, told["outcome"]) == (1, "denied"), told)

        ended = subprocess.run([CREDCTL, "validate", "role", "--role-arn", role, "--output", "json"], env=none,
                               capture_output=True, text=True, timeout=60)
        told = json.loads(ended.stdout)
        check("validate role reads the policies", told["by"] == "policies", told)
        check("and finds what is missing", ended.returncode == 1 and told["missing"] == ["sts:AssumeRole"], told)
        check("and says what to add", told["policy"]["Statement"][0]["Resource"] == [role], told)
        ended = subprocess.run([CREDCTL, "validate", "role", "--role-arn", role], env=right, capture_output=True, timeout=60)
        check("and what is there", ended.returncode == 0, ended)
    finally:
        moto.stop()
    print(f"{done} checks")


main()
