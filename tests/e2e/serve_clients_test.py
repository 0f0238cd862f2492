"""Both shapes of `session serve` serve boto3, the AWS CLI and the JavaScript SDK, and each of them gets
the next credentials when the first are about to end.

The fake STS gives sessions of 62 seconds, which credctl renews after two. Environment: CREDCTL,
NODE_PATH."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
ROLE = "arn:aws:iam::444455556666:role/Kept"
BOTO3 = """
import boto3, time
session = boto3.Session()
credentials = session.get_credentials()
for pause in (3, 0):
    print(credentials.get_frozen_credentials().access_key, flush=True)
    time.sleep(pause)
"""
# botocore stretches an expiry that IMDS tells as near and would not ask again within the test: a second
# session asks anew.
BOTO3_IMDS = """
import boto3, time
for pause in (3, 0):
    print(boto3.Session().get_credentials().get_frozen_credentials().access_key, flush=True)
    time.sleep(pause)
"""
NODE = """
const {%s: provider} = require('@aws-sdk/credential-providers');
const {STSClient, GetCallerIdentityCommand} = require('@aws-sdk/client-sts');
(async () => {
    const client = new STSClient({region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL_STS,
                                  credentials: provider()});
    for (const pause of [3000, 0]) {
        await client.send(new GetCallerIdentityCommand({}));
        console.log((await client.config.credentials()).accessKeyId);
        await new Promise(r => setTimeout(r, pause));
    }
})();
"""


class Shapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="credctl-shapes-")
        cls.sts = FakeSts(lifetime=62).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sts.__exit__()
        shutil.rmtree(cls.home, ignore_errors=True)

    def serve(self, *options):
        """The variables for a client of a server that ends with the test."""
        token_file = tempfile.mktemp(dir=self.home)
        env = {"PATH": os.environ["PATH"], "HOME": self.home, "AWS_ACCESS_KEY_ID": "AKIABASE",
               "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_STS": self.sts.url}
        server = subprocess.Popen([CREDCTL, "session", "serve", "--no-cache", "--role-arn", ROLE, "--token-file",
                                   token_file, *options], env=env, stderr=subprocess.PIPE, text=True)
        self.addCleanup(server.stderr.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for line in server.stderr:
            found = re.search(r"serving credentials on (\S+)", line)
            if found:
                break
        kept = {k: os.environ[k] for k in ("PATH", "NODE_PATH", "PYENV_ROOT", "PYENV_VERSION", "PYTHONPATH")
                if k in os.environ}
        client = dict(kept, HOME=self.home, AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1",
                      AWS_ENDPOINT_URL_STS=self.sts.url)
        url = "http://" + found.group(1).removeprefix("http://")
        if "--imds" in options:
            return dict(client, AWS_EC2_METADATA_SERVICE_ENDPOINT=url)
        with open(token_file) as f:
            return dict(client, AWS_CONTAINER_CREDENTIALS_FULL_URI=url + "/", AWS_CONTAINER_AUTHORIZATION_TOKEN=f.read())

    def two_keys(self, argv, env):
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        keys = done.stdout.split()
        self.assertEqual(len(keys), 2, done.stdout)
        self.assertTrue(all(k.startswith("ASIA") for k in keys), keys)
        self.assertNotEqual(keys[0], keys[1], "they were not renewed")

    def cli(self, env):
        done = subprocess.run(["aws", "sts", "get-caller-identity"], env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        time.sleep(3)
        before = self.sts.count
        done = subprocess.run(["aws", "sts", "get-caller-identity"], env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(self.sts.count, before, "the server did not renew what the CLI asked for")

    def test_boto3_by_the_shape_of_the_ecs_agent(self):
        self.two_keys([sys.executable, "-c", BOTO3], self.serve())

    def test_boto3_by_the_shape_of_imds(self):
        self.two_keys([sys.executable, "-c", BOTO3_IMDS], self.serve("--imds"))

    def test_javascript_by_the_shape_of_the_ecs_agent(self):
        self.two_keys(["node", "-e", NODE % "fromContainerMetadata"], self.serve())

    def test_javascript_by_the_shape_of_imds(self):
        self.two_keys(["node", "-e", NODE % "fromInstanceMetadata"], self.serve("--imds"))

    def test_the_aws_cli_by_both_shapes(self):
        self.cli(self.serve())
        self.cli(self.serve("--imds"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
