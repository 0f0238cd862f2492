#!/usr/bin/env python3
"""credctl detect from outside: whole environments, each in a network namespace and a root of its own.

Environment: CREDCTL, the static program. Needs root (or unprivileged user namespaces) and iproute2;
exits 77 with a message where these are missing.
"""
import base64
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

IMDS = ("169.254.169.254", 80)
TMDS = ("169.254.170.2", 80)
TOKEN = "CANARY-imds-token=="
SECRET = "CANARY-secret"

DMI = {
    "/sys/class/dmi/id/sys_vendor": "Amazon EC2\n",
    "/sys/class/dmi/id/board_asset_tag": "i-00112233445566778\n",
}
DOCUMENT = json.dumps({
    "instanceId": "i-00112233445566778", "accountId": "210987654321", "region": "eu-north-1",
    "availabilityZone": "eu-north-1a", "instanceType": "c7g.large"})
TASK_ARN = "arn:aws:ecs:sa-east-1:210987654321:task/blue/0123456789abcdef0123456789abcdef"
ISSUER = "https://oidc.eks.eu-west-3.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
ROLES = "/latest/meta-data/iam/security-credentials/"


class Answer:
    def __init__(self, status, body="", headers=None, drip=0.0, repeat=1, needs_token=False):
        self.status, self.headers, self.drip = status, headers or {}, drip
        self.body, self.repeat, self.needs_token = body.encode(), repeat, needs_token


def metadata(document, role="hosting-role"):
    told = {"/latest/dynamic/instance-identity/document": document,
            "/latest/meta-data/iam/info": Answer(404),
            ROLES: Answer(200, role)}
    for answer in told.values():
        answer.needs_token = True
    return {("PUT", "/latest/api/token"): Answer(200, TOKEN),
            **{("GET", path): answer for path, answer in told.items()}}


def pod_token():
    claims = {"iss": ISSUER, "aud": ["sts.amazonaws.com"], "exp": 4000000000,
              "sub": "system:serviceaccount:payments:worker",
              "kubernetes.io": {"namespace": "payments", "pod": {"name": "worker-7d9"},
                                "serviceaccount": {"name": "worker"},
                                "node": {"name": "fargate-ip-10-1-2-3.compute.internal"}}}
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


def hostile(document):
    return {"files": DMI, "served": {IMDS: metadata(document)},
            "want": {"environment": "ec2", "account_id": None, "role_name": "hosting-role"}}


CASES = {
    "ec2": {
        "files": DMI, "served": {IMDS: metadata(Answer(200, DOCUMENT))},
        "want": {"environment": "ec2", "confidence": "high", "account_id": "210987654321",
                 "region": "eu-north-1", "role_name": "hosting-role", "role_arn": None},
        "never": [ROLES + "hosting-role"],
    },
    "fargate": {
        "env": {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/a-1",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/c"},
        "served": {TMDS: {
            ("GET", "/v4/a-1/task"): Answer(200, json.dumps(
                {"Cluster": "blue", "TaskARN": TASK_ARN, "LaunchType": "FARGATE"})),
            ("GET", "/v2/credentials/c"): Answer(200, json.dumps(
                {"RoleArn": "arn:aws:iam::210987654321:role/apps/shop", "AccessKeyId": "ASIAX",
                 "SecretAccessKey": SECRET, "Token": SECRET}))}},
        "want": {"environment": "fargate", "confidence": "high", "task_arn": TASK_ARN,
                 "role_arn": "arn:aws:iam::210987654321:role/apps/shop"},
    },
    "eks-irsa": {
        "env": {"AWS_ROLE_ARN": "arn:aws:iam::210987654321:role/pay",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"},
        "files": {"/token": pod_token()}, "served": {IMDS: metadata(Answer(200, DOCUMENT))},
        "want": {"environment": "eks", "compute": "fargate", "region": "eu-west-3",
                 "pod": "worker-7d9", "role_arn": "arn:aws:iam::210987654321:role/pay"},
        "requests": 0,
    },
    "lambda": {
        "env": {"AWS_LAMBDA_FUNCTION_NAME": "resize", "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
                "AWS_LAMBDA_FUNCTION_VERSION": "3", "AWS_REGION": "eu-west-1",
                "AWS_SECRET_ACCESS_KEY": SECRET},
        "served": {("127.0.0.1", 9001): {}, IMDS: metadata(Answer(200, DOCUMENT))},
        "want": {"environment": "lambda", "function_name": "resize", "account_id": None},
        "requests": 0,
    },
    "local-without-a-route": {"want": {"environment": "local", "aws": False}, "requests": 0},
    "hostile-huge": hostile(Answer(200, '{"a":"bbbb"}', repeat=1_000_000)),
    "hostile-drip": hostile(Answer(200, DOCUMENT, drip=0.05)),
    "hostile-redirect": hostile(Answer(302, "", {"Location": "http://127.0.0.1:9999/"})),
    "hostile-deep": hostile(Answer(200, "[" * 50_000)),
    "hostile-twice": hostile(Answer(
        200, '{"instanceId":"i-00112233445566778","accountId":"210987654321",'
             '"accountId":"999999999999"}')),
    "hostile-control-characters": hostile(Answer(
        200, '{"instanceId":"i-00112233445566778\\u001b[31m","accountId":"210987654321"}')),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.server.asked.append(self.path)
        found = self.server.table.get((self.command, self.path), Answer(404))
        if found.needs_token and self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            found = Answer(401)
        body = found.body
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) * found.repeat))
        self.end_headers()
        try:
            for i in range(len(body) if found.drip else 0):
                self.wfile.write(body[i:i + 1])
                time.sleep(found.drip)
            for _ in range(0 if found.drip else found.repeat):
                self.wfile.write(body)
        except OSError:
            pass  # the client has had enough, which is right

    do_GET = do_PUT = do_POST = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve(place, table, asked):
    if not place[0].startswith("127."):
        subprocess.run(["ip", "addr", "add", place[0] + "/32", "dev", "lo"], check=True)
    server = Server(place, Handler)
    server.table, server.asked = table, asked
    threading.Thread(target=server.serve_forever, daemon=True).start()


def play(program, case, root):
    for path, text in case.get("files", {}).items():
        os.makedirs(os.path.dirname(root + path), exist_ok=True)
        with open(root + path, "w", encoding="utf-8") as file:
            file.write(text)
    shutil.copy(program, root + "/credctl")
    done = subprocess.run(["/credctl", "detect", "--output", "json"], executable="/credctl",
                          env=case.get("env", {}), capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL, check=False,
                          preexec_fn=lambda: (os.chroot(root), os.chdir("/")))
    return done


def judge(case, done, asked):
    wrong = []
    if done.returncode != 0:
        wrong.append(f"status {done.returncode}: {done.stderr[:300]}")
        return wrong
    result = json.loads(done.stdout)
    for name, value in case["want"].items():
        if result[name] != value:
            wrong.append(f"{name} is {result[name]!r}, not {value!r}")
    if "CANARY" in done.stdout + done.stderr or "\x1b" in done.stdout + done.stderr:
        wrong.append("a secret or a control character was shown")
    if "requests" in case and len(asked) != case["requests"]:
        wrong.append(f"requests were made: {asked}")
    for path in case.get("never", []):
        if path in asked:
            wrong.append(f"{path} was asked for")
    return wrong


def inside(name):
    """In the case's own namespaces."""
    case, asked = CASES[name], []
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for place, table in case.get("served", {}).items():
        serve(place, table, asked)
    with tempfile.TemporaryDirectory() as root:
        wrong = judge(case, play(os.environ["CREDCTL"], case, root), asked)
    print(f"{'not ok' if wrong else 'ok'} {name}", *wrong, sep="\n  ", flush=True)
    os._exit(1 if wrong else 0)


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def main():
    program = os.environ.get("CREDCTL") or skip("CREDCTL names no program")
    if not shutil.which("ip") or not shutil.which("unshare"):
        skip("iproute2 or unshare is not installed")
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    if subprocess.run(enter + ["true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        skip("no network namespaces here: run it as root")
    if subprocess.run(["ldd", program], capture_output=True, check=False).returncode == 0:
        skip(f"{program} is not static: it cannot run in an empty root")
    failed = [name for name in CASES if subprocess.run(
        enter + [sys.executable, os.path.abspath(__file__), name], check=False).returncode != 0]
    print(f"{len(CASES) - len(failed)} of {len(CASES)} environments are told rightly")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    inside(sys.argv[1]) if len(sys.argv) > 1 else main()
