#!/usr/bin/env python3
"""What gen-template makes is deployed to moto_server by the commands of its own instructions, and what is then
in IAM is what the template says. Only kinds whose resources moto has: it knows no PodIdentityAssociation, StackSet,
function URL, AgentCore runtime, EKS cluster or launch template.

Environment: CREDCTL. Needs moto, boto3 and the AWS CLI.
"""
import ast
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import boto3
import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from template_stack import ISSUER, Stack  # noqa: E402

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
ACCOUNT, HOST = "123456789012", "111122223333"
SOURCE = f"arn:aws:iam::{HOST}:role/app/host"
KINDS = {
    "ec2": ["--target-account", HOST], "ecs": ["--target-account", HOST, "--role-path", "/x/"],
    "fargate": ["--target-account", HOST, "--tags", "owner=a b"],
    "eks-irsa": ["--oidc-issuer", ISSUER, "--target-account", HOST],
    "lambda": ["--target-account", HOST],
    "bedrock-agentcore": ["--target-account", HOST], "github-oidc": ["--target-account", HOST, "--set", "Repository=o/r", "--existing-provider"],
    "cross-account": ["--source-role-arn", SOURCE, "--external-id", "x-42", "--org-id", "o-abcdef1234",
                      "--permissions-boundary", f"arn:aws:iam::{ACCOUNT}:policy/b"],
}


class Moto:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        self.iam = self.client("iam")

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="k",
                            aws_secret_access_key="s")

    def stop(self):
        self.server.terminate()
        self.server.wait()


def gen(*words):
    run = subprocess.run([CREDCTL, "gen-template", *words], capture_output=True, text=True, timeout=30)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return run.stdout


def document(found):
    """moto keeps the inline policies of a stack as Python would print them."""
    return ast.literal_eval(found) if isinstance(found, str) else found


def blocks(markdown, language="sh"):
    return re.findall(rf"```{language}\n(.*?)```", markdown, re.S)


class Deployed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()

    def setUp(self):
        """moto cannot update a role of a stack, attach a policy of AWS, or remove a role with a managed policy: each deployment
        is the first."""
        urllib.request.urlopen(urllib.request.Request(f"{self.moto.url}/moto-api/reset", method="POST")).read()
        self.moto.iam.create_policy(PolicyName="b", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))

    def shell(self, script, folder):
        env = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_ENDPOINT_URL": self.moto.url, "AWS_PAGER": "", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
        run = subprocess.run(["bash", "-euc", script], env=env, cwd=folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, script + run.stdout + run.stderr)
        return run.stdout

    def test_what_is_in_iam_is_what_the_template_says(self):
        for kind, words in KINDS.items():
            for form in "yaml", "json":
                with self.subTest(f"{kind} {form}"), tempfile.TemporaryDirectory() as folder:
                    self.round_trip(kind, [*words, "--format", form], folder)

    def round_trip(self, kind, words, folder):
        self.setUp()
        steps = gen(kind, *words, "--instructions", "--output-file", f"{folder}/template")
        deploy = [text for text in blocks(steps) if "cloudformation deploy" in text]
        remove = [text for text in blocks(steps) if "delete-stack" in text]
        self.assertEqual((len(deploy), len(remove)), (1, 1))
        self.shell(deploy[0], folder)
        with open(f"{folder}/template") as file:
            stack = Stack(file.read(), "aws", ACCOUNT)
        for name in stack.named("AWS::IAM::Role"):
            self.compare(stack, name)
        if kind == "cross-account":
            return
        self.shell(remove[0], folder)
        with self.assertRaises(self.moto.iam.exceptions.NoSuchEntityException):
            self.moto.iam.get_role(RoleName=stack.resource(stack.named("AWS::IAM::Role")[0])["RoleName"])

    def compare(self, stack, name):
        iam, said = self.moto.iam, stack.resource(name)
        role = iam.get_role(RoleName=said["RoleName"])["Role"]
        trust = stack.trust(name)
        self.assertEqual(role["AssumeRolePolicyDocument"], trust)
        self.assertEqual(role["Path"], said["Path"])
        self.assertEqual(role["Arn"], stack.role_arn(name))
        if "PermissionsBoundary" in said:
            self.assertEqual(role["PermissionsBoundary"]["PermissionsBoundaryArn"], said["PermissionsBoundary"])
        tags = {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=role["RoleName"])["Tags"]}
        self.assertEqual(tags, {tag["Key"]: tag["Value"] for tag in said["Tags"]})
        self.assertEqual(sorted(map(json.dumps, self.documents(role["RoleName"]))),
                         sorted(map(json.dumps, stack.permissions(name))))

    def documents(self, role):
        """All permissions of a role, as IAM has them."""
        iam = self.moto.iam
        found = [document(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
                 for name in iam.list_role_policies(RoleName=role)["PolicyNames"]]
        for row in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            version = iam.get_policy(PolicyArn=row["PolicyArn"])["Policy"]["DefaultVersionId"]
            found.append(iam.get_policy_version(PolicyArn=row["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"])
        return found

    def test_a_parameter_that_is_left_is_given_to_the_stack(self):
        with tempfile.TemporaryDirectory() as folder:
            steps = gen("cross-account", "--external-id", "x-42", "--instructions", "--output-file", f"{folder}/t.yaml")
            deploy = [text for text in blocks(steps) if "cloudformation deploy" in text][0]
            self.assertIn("HostingRoleArn=VALUE", deploy)
            self.shell(deploy.replace("VALUE", SOURCE), folder)
            with open(f"{folder}/t.yaml") as file:
                stack = Stack(file.read(), "aws", ACCOUNT, HostingRoleArn=SOURCE)
            self.compare(stack, "TargetRole")
            # The role of the host is another one from now on: case one of trust-update.
            update = gen("trust-update", "--role-arn", SOURCE, "--new", SOURCE + "2")
            change = [text for text in blocks(update) if "credctl-cross-account" in text][0]
            self.setUp()
            self.shell(change.replace("cross-account.yaml", "t.yaml"), folder)
            with open(f"{folder}/t.yaml") as file:
                self.compare(Stack(file.read(), "aws", ACCOUNT, HostingRoleArn=SOURCE + "2"), "TargetRole")

    def test_a_pinned_trust_changes_with_its_revision(self):
        pinned = ["cross-account", "--source-role-arn", SOURCE, "--external-id", "x-42", "--trust", "pinned"]
        with tempfile.TemporaryDirectory() as folder:
            for words in ([], ["--revision", "2"]):
                self.setUp()
                with open(f"{folder}/t.yaml", "w") as file:
                    file.write(gen(*pinned, *words))
                self.shell("aws cloudformation deploy --stack-name pinned --template-file t.yaml --region us-east-1 "
                           "--capabilities CAPABILITY_NAMED_IAM", folder)
                with open(f"{folder}/t.yaml") as file:
                    self.compare(Stack(file.read(), "aws", ACCOUNT), "TargetRole")

    def test_scripts_of_the_instructions_are_ones(self):
        for kind in [line.split()[0] for line in gen("--list").splitlines()]:
            steps = gen(kind, "--instructions")
            for script in blocks(steps):
                run = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
                self.assertEqual((run.returncode, run.stderr), (0, ""), f"{kind}: {script}")
            for text in blocks(steps, "yaml"):
                if not text.startswith("AWSTemplate"):
                    yaml.safe_load(text)
        manifests = re.search(r"kubectl apply -f - <<END\n(.*?)\nEND\n", gen("deploy-eks", "--instructions"), re.S).group(1)
        kinds = [document["kind"] for document in yaml.safe_load_all(manifests)]
        self.assertEqual(kinds, ["Namespace", "ServiceAccount", "Deployment", "Service"])


if __name__ == "__main__":
    unittest.main()
