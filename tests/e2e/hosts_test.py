"""Every kind of host, at its real addresses: a network namespace in which IMDS, the ECS agent and the
EKS Pod Identity agent answer at their link-local addresses and moto is STS. On each, credctl must find
the host's role and then assume a role of a second account.

Environment: CREDCTL. Needs root or unprivileged user namespaces."""
import base64
import http.server
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

CREDCTL = os.environ["CREDCTL"]
HOST_ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
TARGET = f"arn:aws:iam::{OTHER_ACCOUNT}:role/Target"

if os.environ.get("CREDCTL_IN_NAMESPACE") != "1":
    os.environ["CREDCTL_IN_NAMESPACE"] = "1"
    flags = "-n" if os.getuid() == 0 else "-rn"
    if subprocess.run(["unshare", flags, "true"], capture_output=True).returncode != 0:
        print("no network namespace can be made here")
        sys.exit(77)
    os.execvp("unshare", ["unshare", flags, sys.executable, os.path.abspath(__file__)])


def jwt(**claims):
    def part(d):
        return base64.urlsafe_b64encode(json.dumps(d).encode()).decode().rstrip("=")
    return f"{part({'alg': 'RS256', 'typ': 'JWT'})}.{part(claims)}.c2lnbmF0dXJl"


class Answers(http.server.BaseHTTPRequestHandler):
    """Metadata: (address, method, path) -> a function of the request, or text."""
    routes = {}

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        made = self.routes.get((self.server.server_address[0], self.command, self.path))
        made = made(self) if callable(made) else made
        status, body = made if isinstance(made, tuple) else ((404, "not found") if made is None else (200, made))
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = answer

    def log_message(self, *_):
        pass


class Hosts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from moto.server import ThreadedMotoServer
        import boto3
        logging.disable(logging.CRITICAL)
        for args in (["link", "set", "lo", "up"],
                     *(["addr", "add", a + "/32", "dev", "lo"]
                       for a in ("169.254.169.254", "169.254.170.2", "169.254.170.23"))):
            subprocess.run(["ip", *args], check=True)
        cls.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=5000, verbose=False)
        cls.moto.start()
        cls.sts = boto3.client("sts", endpoint_url="http://127.0.0.1:5000", region_name="us-east-1",
                               aws_access_key_id="x", aws_secret_access_key="x")
        cls.home = tempfile.mkdtemp(prefix="credctl-hosts-")
        for address in ("169.254.169.254", "169.254.170.2", "169.254.170.23"):
            server = http.server.ThreadingHTTPServer((address, 80), Answers)
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()
        shutil.rmtree(cls.home, ignore_errors=True)

    def setUp(self):
        Answers.routes = {}

    def host_keys(self, role, session):
        made = self.sts.assume_role(RoleArn=f"arn:aws:iam::{HOST_ACCOUNT}:role/{role}", RoleSessionName=session)
        return made["Credentials"]

    def container_answer(self, role, session, **more):
        keys = self.host_keys(role, session)
        return json.dumps(dict({"AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
                                "Token": keys["SessionToken"], "Expiration": "2099-01-01T00:00:00Z"}, **more))

    def credctl(self, env, *args):
        env = dict(env, HOME=self.home, PATH=os.environ["PATH"], AWS_REGION="us-east-1",
                   AWS_ENDPOINT_URL_STS="http://127.0.0.1:5000", XDG_CACHE_HOME=tempfile.mkdtemp(dir=self.home))
        done = subprocess.run([CREDCTL, *args, "--output", "json"], env=env, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, f"{args}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def expect(self, env, environment, role, session, provider):
        place = self.credctl(env, "detect")
        self.assertEqual(place["environment"], environment)
        own = self.credctl(env, "session")
        self.assertEqual(own["arn"], f"arn:aws:sts::{HOST_ACCOUNT}:assumed-role/{role}/{session}")
        self.assertEqual(own["source"], provider)
        self.assertEqual(own["account_id"], HOST_ACCOUNT)
        checked = self.credctl(env, "validate")
        self.assertEqual((checked["details"]["environment"], checked["errors"], checked["warnings"]), (environment, [], []))
        hop = self.credctl(env, "session", "--role-arn", TARGET, "--role-session-name", "hop")
        self.assertEqual(hop["arn"], f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/Target/hop")
        by_variable = self.credctl(dict(env, AWS_ASSUME_ROLE_ARN=TARGET, AWS_ASSUME_ROLE_SESSION_NAME="var"),
                                   "session")
        self.assertEqual(by_variable["arn"], f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/Target/var")
        return own

    def ecs(self, launch_type, variable):
        task = json.dumps({"Cluster": "prod", "TaskARN": f"arn:aws:ecs:us-east-1:{HOST_ACCOUNT}:task/prod/abc",
                           "Family": "job", "Revision": "1", "LaunchType": launch_type, "Containers": []})
        Answers.routes = {
            ("169.254.170.2", "GET", "/v4/abc/task"): task,
            ("169.254.170.2", "GET", "/v4/abc"): "{}",
            ("169.254.170.2", "GET", "/v2/credentials/c1"): self.container_answer(
                "TaskRole", "abc", RoleArn=f"arn:aws:iam::{HOST_ACCOUNT}:role/TaskRole"),
        }
        return {"AWS_EXECUTION_ENV": variable, "ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/abc",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/c1"}

    def test_an_ecs_task_on_ec2(self):
        env = self.ecs("EC2", "AWS_ECS_EC2")
        own = self.expect(env, "ecs", "TaskRole", "abc", "container")
        self.assertTrue(own["hosting"]["same"])

    def test_a_fargate_task(self):
        env = self.ecs("FARGATE", "AWS_ECS_FARGATE")
        self.expect(env, "fargate", "TaskRole", "abc", "container")

    def test_an_eks_pod_with_irsa(self):
        path = self.home + "/token"
        with open(path, "w") as f:
            f.write(jwt(iss="https://oidc.eks.us-east-1.amazonaws.com/id/" + "A" * 32, aud=["sts.amazonaws.com"],
                        sub="system:serviceaccount:jobs:audit",
                        **{"kubernetes.io": {"namespace": "jobs", "serviceaccount": {"name": "audit"}}}))
        env = {"AWS_ROLE_ARN": f"arn:aws:iam::{HOST_ACCOUNT}:role/PodRole", "AWS_WEB_IDENTITY_TOKEN_FILE": path,
               "AWS_ROLE_SESSION_NAME": "pod", "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
        own = self.expect(env, "eks", "PodRole", "pod", "web-identity")
        self.assertTrue(own["hosting"]["same"])

    def test_an_eks_pod_with_pod_identity(self):
        path = self.home + "/agent-token"
        with open(path, "w") as f:
            f.write(jwt(iss="https://oidc.eks.us-east-1.amazonaws.com/id/" + "B" * 32,
                        aud=["pods.eks.amazonaws.com"],
                        **{"kubernetes.io": {"namespace": "jobs", "serviceaccount": {"name": "audit"}}}))
        with open(path) as f:
            token = f.read()
        keys = self.container_answer("PodRole", "eks-prod-audit", AccountId=HOST_ACCOUNT)
        Answers.routes = {("169.254.170.23", "GET", "/v1/credentials"): lambda request: (
            keys if request.headers.get("Authorization") == token else (400, "no token"))}
        env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
               "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path, "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
        self.expect(env, "eks", "PodRole", "eks-prod-audit", "container")

    def test_an_ec2_instance(self):
        keys = self.host_keys("NodeRole", "i-0123456789abcdef0")
        document = json.dumps({"instanceId": "i-0123456789abcdef0", "accountId": HOST_ACCOUNT,
                               "region": "us-east-1", "instanceType": "t3.micro"})
        profile = json.dumps({"Code": "Success", "InstanceProfileArn":
                              f"arn:aws:iam::{HOST_ACCOUNT}:instance-profile/NodeProfile"})
        role = json.dumps({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": keys["AccessKeyId"],
                           "SecretAccessKey": keys["SecretAccessKey"], "Token": keys["SessionToken"],
                           "Expiration": "2099-01-01T00:00:00Z"})

        def guarded(body):
            return lambda r: body if r.headers.get("X-aws-ec2-metadata-token") == "TOKEN==" else (401, "")
        here = "169.254.169.254"
        Answers.routes = {
            (here, "PUT", "/latest/api/token"): "TOKEN==",
            (here, "GET", "/latest/dynamic/instance-identity/document"): guarded(document),
            (here, "GET", "/latest/meta-data/iam/info"): guarded(profile),
            (here, "GET", "/latest/meta-data/iam/security-credentials/"): guarded("NodeRole"),
            (here, "GET", "/latest/meta-data/iam/security-credentials/NodeRole"): guarded(role),
            (here, "GET", "/latest/meta-data/placement/region"): guarded("us-east-1"),
        }
        own = self.expect({}, "ec2", "NodeRole", "i-0123456789abcdef0", "imds")
        self.assertTrue(own["hosting"]["same"])

    def test_a_lambda_function(self):
        keys = self.host_keys("FunctionRole", "fn")
        env = {"AWS_LAMBDA_FUNCTION_NAME": "fn", "AWS_LAMBDA_RUNTIME_API": "169.254.100.1:9001",
               "LAMBDA_TASK_ROOT": "/var/task", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
               "AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
               "AWS_SESSION_TOKEN": keys["SessionToken"]}
        self.expect(env, "lambda", "FunctionRole", "fn", "environment")


if __name__ == "__main__":
    unittest.main(verbosity=2)
