"""What `credctl session export` prints serves the AWS CLI, boto3 and the JavaScript SDK: each of them
calls moto_server, which verifies signatures, with nothing else to take credentials from.

Environment: CREDCTL (the binary), NODE_PATH (where @aws-sdk lies)."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

CREDCTL = os.environ["CREDCTL"]
SETUP_CALLS = 4  # those of setUpClass: moto lets so many through unsigned
ROLE = "arn:aws:iam::123456789012:role/Audit"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import boto3
        cls.home = tempfile.mkdtemp(prefix="credctl-clients-")
        port = free_port()
        cls.url = f"http://127.0.0.1:{port}"
        cls.moto = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env=dict(os.environ, INITIAL_NO_AUTH_ACTION_COUNT=str(SETUP_CALLS)),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(cls.url + "/moto-api/data.json", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        iam = boto3.client("iam", endpoint_url=cls.url, region_name="us-east-1",
                           aws_access_key_id="x", aws_secret_access_key="x")
        iam.create_user(UserName="operator")
        iam.put_user_policy(UserName="operator", PolicyName="all", PolicyDocument=ALLOW)
        iam.create_role(RoleName="Audit", AssumeRolePolicyDocument=TRUST)
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        cls.keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                    "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        os.makedirs(cls.home + "/.aws")
        with open(cls.home + "/.aws/credentials", "w") as f:
            f.write(f"[base]\naws_access_key_id = {key['AccessKeyId']}\n"
                    f"aws_secret_access_key = {key['SecretAccessKey']}\n")
        with open(cls.home + "/.aws/config", "w") as f:
            f.write(f"[profile base]\nregion = us-east-1\n"
                    f"[profile plain]\nregion = us-east-1\n"
                    f"credential_process = {CREDCTL} session export --profile base\n"
                    f"[profile hop]\nregion = us-east-1\n"
                    f"credential_process = {CREDCTL} session export --profile base"
                    f" --role-arn {ROLE} --role-session-name clients\n")

    @classmethod
    def tearDownClass(cls):
        cls.moto.terminate()
        cls.moto.wait()
        shutil.rmtree(cls.home, ignore_errors=True)

    def env(self, **more):
        kept = {k: os.environ[k] for k in ("PATH", "NODE_PATH", "PYENV_ROOT", "PYENV_VERSION", "PYTHONPATH")
                if k in os.environ}
        return dict(kept, HOME=self.home, AWS_ENDPOINT_URL=self.url, AWS_EC2_METADATA_DISABLED="true",
                    AWS_PAGER="", **more)

    def run_ok(self, argv, env):
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def caller_by_cli(self, env, *options):
        out = self.run_ok(["aws", "sts", "get-caller-identity", "--output", "json", *options], env)
        return json.loads(out)["Arn"]

    def test_the_aws_cli_takes_it_as_a_credential_process(self):
        self.assertEqual(self.caller_by_cli(self.env(), "--profile", "plain"),
                         "arn:aws:iam::123456789012:user/operator")
        self.assertEqual(self.caller_by_cli(self.env(), "--profile", "hop"),
                         "arn:aws:sts::123456789012:assumed-role/Audit/clients")

    def test_the_aws_cli_takes_the_variables_of_a_shell(self):
        script = f'eval "$({CREDCTL} session export --profile base --role-arn {ROLE} ' \
                 '--role-session-name shell --format env)" && aws sts get-caller-identity --output json'
        out = self.run_ok(["bash", "-c", script], self.env())
        self.assertEqual(json.loads(out)["Arn"], "arn:aws:sts::123456789012:assumed-role/Audit/shell")

    def test_moto_refuses_another_secret(self):
        env = self.env(AWS_ACCESS_KEY_ID=self.keys["AWS_ACCESS_KEY_ID"], AWS_SECRET_ACCESS_KEY="wrong",
                       AWS_DEFAULT_REGION="us-east-1")
        done = subprocess.run(["aws", "sts", "get-caller-identity"], env=env, capture_output=True, timeout=120)
        self.assertNotEqual(done.returncode, 0)
        done = subprocess.run([CREDCTL, "session", "--output", "json"], env=env, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 254, done.stdout + done.stderr)
        self.assertIn("SignatureDoesNotMatch", done.stdout)

    def test_boto3_takes_it_as_a_credential_process_and_as_variables(self):
        ask = ("import boto3, json; s = boto3.Session(profile_name={0});"
               "print(s.client('sts').get_caller_identity()['Arn'], s.region_name)")
        out = self.run_ok([sys.executable, "-c", ask.format("'hop'")], self.env())
        self.assertEqual(out.split(), ["arn:aws:sts::123456789012:assumed-role/Audit/clients", "us-east-1"])
        lines = self.run_ok([CREDCTL, "session", "export", "--profile", "base", "--format", "json"], self.env())
        keys = json.loads(lines)
        env = self.env(AWS_ACCESS_KEY_ID=keys["access_key_id"], AWS_SECRET_ACCESS_KEY=keys["secret_access_key"],
                       AWS_DEFAULT_REGION=keys["region"])
        out = self.run_ok([sys.executable, "-c", ask.format("None")], env)
        self.assertEqual(out.split(), ["arn:aws:iam::123456789012:user/operator", "us-east-1"])

    def test_the_javascript_sdk_takes_it_as_a_credential_process(self):
        script = ("const {fromProcess} = require('@aws-sdk/credential-providers');"
                  "const {STSClient, GetCallerIdentityCommand} = require('@aws-sdk/client-sts');"
                  "new STSClient({region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL,"
                  " credentials: fromProcess({profile: 'hop'})})"
                  ".send(new GetCallerIdentityCommand({})).then(r => console.log(r.Arn));")
        out = self.run_ok(["node", "-e", script], self.env())
        self.assertEqual(out.strip(), "arn:aws:sts::123456789012:assumed-role/Audit/clients")

    def test_the_session_command_names_account_arn_and_source(self):
        out = self.run_ok([CREDCTL, "session", "--profile", "base", "--output", "json"], self.env())
        told = json.loads(out)
        self.assertEqual(told["arn"], "arn:aws:iam::123456789012:user/operator")
        self.assertTrue(told["verified"])
        self.assertNotIn(self.keys["AWS_SECRET_ACCESS_KEY"], out)
        self.assertNotIn(self.keys["AWS_ACCESS_KEY_ID"], out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
