#!/usr/bin/env python3
"""gen-template: every kind in every partition with many options. cfn-lint has nothing to say, with all rules;
YAML and JSON are the same document; and `credctl validate policy` says who may assume what, and that no role
reads data.

Environment: CREDCTL. Needs cfn-lint and moto (for its copies of AWS's managed policies).
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

import cfnlint.api
from cfnlint.config import ConfigMixIn
from cfnlint.core import get_rules
from cfnlint.decode import decode_str

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from template_stack import ISSUER, REGIONS, Stack, plain  # noqa: E402

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
HOST, TARGET, OTHER = "111122223333", "222233334444", "333344445555"
ORG = "o-abcdef1234"
HOSTS = ["ec2", "ecs", "fargate", "eks-irsa", "eks-pod-identity", "lambda", "bedrock-agentcore", "github-oidc"]
DEPLOYS = ["deploy-ec2", "deploy-ecs", "deploy-fargate", "deploy-eks", "deploy-lambda", "deploy-bedrock-agentcore"]
TARGETS = ["cross-account", "stackset"]
NOWHERE = {("bedrock-agentcore", "aws-cn"), ("deploy-bedrock-agentcore", "aws-cn")}
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Sid": "Own", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::it-s",
     "Condition": {"StringLike": {"s3:prefix": ["it's # \"${aws:username}\": x\n", "- 'yes'", "0x1f"]}}}]}
SETTINGS = {
    "deploy-ec2": ["VpcId=vpc-0a1b2c3d", "SubnetId=subnet-0a1b2c3d", "ArtifactUrl=https://example.com/credctl",
                   "ArtifactSha256=" + "0" * 64, "Port=9000"],
    "deploy-ecs": ["VpcId=vpc-0a1b2c3d", "ServiceSubnets=subnet-0a1b2c3d", "ImageTag=1",
                   "LoadBalancerSubnets=subnet-0a1b2c3d,subnet-1a1b2c3d", "DesiredCount=3"],
    "deploy-fargate": ["VpcId=vpc-0a1b2c3d", "ServiceSubnets=subnet-0a1b2c3d", "RepositoryName=a/b",
                       "LoadBalancerSubnets=subnet-0a1b2c3d,subnet-1a1b2c3d"],
    "deploy-eks": ["SubnetIds=subnet-0a1b2c3d,subnet-1a1b2c3d", "KubernetesVersion=1.33"],
    "deploy-lambda": ["VpcId=vpc-0a1b2c3d", "SubnetIds=subnet-0a1b2c3d", "ArtifactBucket=bucket", "Architecture=x86_64"],
    "deploy-bedrock-agentcore": ["RuntimeName=r1", "ImageTag=2"],
}


def options_of(kind, partition, policy):
    """Name of the set -> arguments."""
    source = f"arn:{partition}:iam::{HOST}:role/app/host"
    named = ["--role-name", "audit+1@x", "--role-path", "/a/b/", "--max-session-duration", "7200",
             "--permissions-boundary", f"arn:{partition}:iam::{HOST}:policy/limits/b",
             "--managed-policy-arn", f"arn:{partition}:iam::aws:policy/SecurityAudit",
             "--tags", "cost center=0042", "--tags", "owner=a@b.c/d=e", "--tags", "managed-by=yes"]
    if kind in TARGETS:
        sets = {
            "plain": [], "source": ["--source-role-arn", source],
            "pinned": ["--source-role-arn", source, "--trust", "pinned", "--revision", "3", "--session-tags"],
            "org": ["--trust", "org", "--org-id", ORG], "org-tags": ["--trust", "org", "--org-id", ORG, "--session-tags"],
            "org-source": ["--trust", "org", "--org-id", ORG, "--source-role-arn", source, "--external-id", "none"],
            "none": ["--source-role-arn", source, "--external-id", "none", "--session-tags"],
            "tools": ["--source-role-arn", source, "--tools", "CheckStorageEncryption,CheckNetworkSecurity"],
            "policy": ["--source-role-arn", source, "--policy", policy, "--org-id", ORG],
            "named": ["--source-role-arn", source, "--external-id", "x-42/+=,.@:_0123456789abcdef", *named],
        }
        if kind == "stackset":
            sets["units"] = ["--set", "OrganizationalUnitIds=r-ab12,ou-ab12-cd34ef56"]
        else:
            sets["account"] = ["--source-role-arn", source, "--target-account", TARGET]
        return sets
    sets = {
        "plain": [], "named": named, "target": ["--target-account", TARGET],
        "targets": ["--target-account", TARGET, "--target-account", OTHER, "--target-role", "x/audit"],
        "org": ["--org-id", ORG], "policy": ["--policy", policy],
    }
    if kind == "eks-irsa":
        sets["issuer"] = ["--oidc-issuer", "https://" + ISSUER]
        sets["pod"] = ["--oidc-issuer", ISSUER, "--namespace", "ns", "--service-account", "sa.x", *named]
    if kind == "eks-pod-identity":
        sets["pod"] = ["--cluster", "c1", "--namespace", "ns", "--service-account", "sa", *named]
    if kind == "lambda":
        sets["vpc"] = ["--vpc"]
    if kind == "github-oidc":
        sets["existing"] = ["--existing-provider", "--set", "Repository=o/r"]
    if kind in DEPLOYS:
        sets["settings"] = [word for row in SETTINGS[kind] for word in ("--set", row)]
    if kind in DEPLOYS and kind != "deploy-eks":
        sets["no-id"] = ["--external-id", "none"]
        sets["id"] = ["--external-id", "0123456789abcdef" * 2, "--target-account", TARGET, *named]
    return sets


def gen(*words):
    run = subprocess.run([CREDCTL, "gen-template", *words], capture_output=True, text=True, timeout=30)
    if run.returncode != 0:
        raise AssertionError(f"{words}: {run.stderr}")
    return run.stdout


class Linted(unittest.TestCase):
    """What a platform team sees when it checks the template before it deploys it unread."""

    @classmethod
    def setUpClass(cls):
        cls.rules = get_rules([], [], ["I", "E", "W"], {}, True, [])
        handle, cls.policy = tempfile.mkstemp(suffix=".json")
        with os.fdopen(handle, "w") as file:
            json.dump(POLICY, file)

    @classmethod
    def tearDownClass(cls):
        os.unlink(cls.policy)

    def lint(self, text, partition, name):
        config = ConfigMixIn(regions=[REGIONS[partition]], include_checks=["I"], include_experimental=True)
        template, errors = decode_str(text)
        self.assertFalse(errors, name)
        matches = cfnlint.api.run_template_by_data(template, config, self.rules)
        wrong = [f"{m.rule.id} line {m.linenumber}: {m.message}" for m in matches]
        self.assertFalse(wrong, f"{name}: {wrong}\n{text}")
        return template

    def validate(self, text, name, strictly):
        """Our own opinion; it may be a security finding that there is no external ID, or what the user's policy allows."""
        run = subprocess.run([CREDCTL, "validate", "template", "-", "--fail-on", "note" if strictly else "error"],
                             input=text, capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 0, name + run.stdout + run.stderr)

    def test_the_tool_finds_what_is_wrong(self):
        for good, bad in ("Path: !Ref RolePath", "Path: !Ref Nothing"), ("'arn:${AWS::Partition}", "'arn:aws"), \
                ("Action: sts:AssumeRole", "Action: AssumeRole"):
            text = gen("bedrock-agentcore")
            self.assertIn(good, text)
            with self.assertRaises(AssertionError):
                self.lint(text.replace(good, bad), "aws", "mutant")

    def test_every_kind_in_every_partition(self):
        done, begun = 0, time.monotonic()
        for kind, partition in itertools.product(HOSTS + TARGETS + DEPLOYS, REGIONS):
            if (kind, partition) in NOWHERE:
                run = subprocess.run([CREDCTL, "gen-template", kind, "--partition", partition], capture_output=True, text=True)
                self.assertEqual(run.returncode, 252)
                self.assertIn("does not exist there", run.stderr)
                continue
            for name, words in options_of(kind, partition, self.policy).items():
                if "--external-id" not in words and kind in TARGETS:
                    words = [*words, "--external-id", "0123456789abcdef" * 2]
                words = [kind, *words, "--partition", partition]
                name = " ".join(words)
                with self.subTest(name):
                    text = gen(*words)
                    template = self.lint(text, partition, name)
                    self.validate(text, name, strictly="none" not in words and "--policy" not in words)
                    same, errors = decode_str(gen(*words, "--format", "json"))
                    self.assertFalse(errors)
                    self.assertEqual(plain(template), plain(same), name)
                    if kind == "stackset":
                        self.lint(str(template["Resources"]["TargetRoles"]["Properties"]["TemplateBody"]), partition, name)
                    done += 1
        print(f"{done} templates, {time.monotonic() - begun:.0f} s", file=sys.stderr)
        self.assertGreaterEqual(done, 300)


class Meaning(unittest.TestCase):
    """The round trip: what was generated, judged by the evaluator."""

    def decision(self, principal, action, resource, identity=(), trust=None, **context):
        request = {"request": {"principal": principal, "action": action, "resource": resource,
                               "resource_account": resource.split(":")[4] or HOST, "context": {key.replace("__", ":"): value for key, value in context.items()}},
                   "identity_policies": list(identity)}
        if trust:
            request["resource_policy"] = trust
        run = subprocess.run([CREDCTL, "validate", "policy", "--request", "-", "--output", "json"], text=True,
                             input=json.dumps(request), capture_output=True, timeout=30)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return run.returncode == 0

    def test_this_host_may_assume_its_target_and_nobody_else_may(self):
        for kind, partition in itertools.product(HOSTS + DEPLOYS, REGIONS):
            if (kind, partition) in NOWHERE:
                continue
            host = Stack(gen(kind, "--target-account", TARGET, "--partition", partition), partition, HOST, ClusterName="c")
            role = "TaskRole" if "TaskRole" in host.template["Resources"] else "HostingRole"
            arn = host.role_arn(role)
            for words in ([], ["--trust", "pinned"], ["--trust", "org", "--org-id", ORG]):
                target = Stack(gen("cross-account", "--source-role-arn", arn, "--external-id", "x-42", "--target-account",
                                   TARGET, *words), partition, TARGET)
                self.judge(host.permissions(role), target, arn, partition)

    def judge(self, identity, target, arn, partition):
        resource, trust = target.role_arn("TargetRole"), target.trust("TargetRole")
        elsewhere = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
        mine = {"sts__ExternalId": "x-42", "aws__PrincipalOrgID": ORG, "aws__ResourceOrgID": ORG}
        ask = lambda who, policies, **context: self.decision(  # noqa: E731
            who, "sts:AssumeRole", resource, policies, trust, **context)
        self.assertTrue(ask(arn, identity, **mine))
        self.assertFalse(ask(arn, identity, **{**mine, "sts__ExternalId": "x-43"}))
        self.assertFalse(ask(arn, identity, aws__PrincipalOrgID=ORG))
        self.assertFalse(ask(f"arn:{partition}:iam::{HOST}:role/another", [elsewhere], **mine))
        self.assertFalse(ask(arn.replace(HOST, OTHER), [elsewhere], **mine))
        self.assertFalse(ask(f"arn:{partition}:iam::{HOST}:user/u", [elsewhere], **mine))
        if "PrincipalOrgID" in json.dumps(trust):
            self.assertFalse(ask(arn, identity, **{**mine, "aws__PrincipalOrgID": "o-zzzzzzzzzz"}))
        # And the host may assume nothing else.
        other = resource.replace(TARGET, OTHER)
        self.assertFalse(self.decision(arn, "sts:AssumeRole", other, identity, {
            "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": arn}}}))

    def test_a_whole_organization_may_be_trusted_but_never_without_a_second_condition(self):
        target = Stack(gen("cross-account", "--trust", "org", "--org-id", ORG, "--external-id", "x-42"), "aws", TARGET)
        allow = [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}]
        who, role, trust = f"arn:aws:iam::{OTHER}:role/any", target.role_arn("TargetRole"), target.trust("TargetRole")
        ask = lambda **context: self.decision(who, "sts:AssumeRole", role, allow, trust, **context)  # noqa: E731
        self.assertTrue(ask(sts__ExternalId="x-42", aws__PrincipalOrgID=ORG))
        self.assertFalse(ask(sts__ExternalId="x-42", aws__PrincipalOrgID="o-zzzzzzzzzz"))
        self.assertFalse(ask(sts__ExternalId="x-42"))
        self.assertFalse(ask(aws__PrincipalOrgID=ORG))

    def test_session_tags_are_allowed_to_the_same_role_only(self):
        arn = f"arn:aws:iam::{HOST}:role/pod"
        target = Stack(gen("cross-account", "--source-role-arn", arn, "--session-tags"), "aws", TARGET)
        host = Stack(gen("eks-pod-identity", "--cluster", "c", "--target-account", TARGET), "aws", HOST)
        role, trust = target.role_arn("TargetRole"), target.trust("TargetRole")
        self.assertTrue(self.decision(arn, "sts:TagSession", role, host.permissions("HostingRole"), trust))
        self.assertFalse(self.decision(arn + "x", "sts:TagSession", role, host.permissions("HostingRole"), trust))

    def test_no_role_reads_data(self):
        count = 0
        for kind, partition in itertools.product(HOSTS + ["cross-account"] + DEPLOYS, REGIONS):
            if (kind, partition) in NOWHERE:
                continue
            role = f"arn:{partition}:iam::{TARGET}:role/x"
            stack = Stack(gen(kind, "--partition", partition), partition, HOST, ClusterName="c", TargetRoleArns=role,
                          HostingRoleArn=role)
            reads = {
                "s3:GetObject": f"arn:{partition}:s3:::bucket/key",
                "secretsmanager:GetSecretValue": f"arn:{partition}:secretsmanager:us-east-1:{HOST}:secret:s",
                "ssm:GetParameter": f"arn:{partition}:ssm:us-east-1:{HOST}:parameter/p",
                "ssm:GetParameters": f"arn:{partition}:ssm:us-east-1:{HOST}:parameter/p",
                "kms:Decrypt": f"arn:{partition}:kms:us-east-1:{HOST}:key/k",
                "dynamodb:GetItem": f"arn:{partition}:dynamodb:us-east-1:{HOST}:table/t",
                "dynamodb:Query": f"arn:{partition}:dynamodb:us-east-1:{HOST}:table/t",
                "lambda:GetFunction": f"arn:{partition}:lambda:us-east-1:{HOST}:function:f",
            }
            for role in stack.named("AWS::IAM::Role"):
                for action, resource in reads.items():
                    allowed = self.decision(stack.role_arn(role), action, resource, stack.permissions(role))
                    self.assertFalse(allowed, f"{kind} {role}: {action}")
                    count += 1
        self.assertGreater(count, 400)

    def test_each_host_can_have_its_role(self):
        """The service of the host may assume the role; another service, account or pod may not."""
        where = f"arn:aws:%s:us-east-1:{HOST}:x"
        sources = {"aws__SourceAccount": HOST}
        rows = {
            "ec2": ("ec2.amazonaws.com", {}, None),
            "ecs": ("ecs-tasks.amazonaws.com", {**sources, "aws__SourceArn": where % "ecs"}, "aws__SourceArn"),
            "fargate": ("ecs-tasks.amazonaws.com", {**sources, "aws__SourceArn": where % "ecs"}, "aws__SourceAccount"),
            "lambda": ("lambda.amazonaws.com", {}, None),
            "bedrock-agentcore": ("bedrock-agentcore.amazonaws.com",
                                  {**sources, "aws__SourceArn": where % "bedrock-agentcore"}, "aws__SourceArn"),
            "eks-pod-identity": ("pods.eks.amazonaws.com", {
                **sources, "aws__RequestTag/eks-cluster-arn": f"arn:aws:eks:us-east-1:{HOST}:cluster/c",
                "aws__RequestTag/kubernetes-namespace": "credctl",
                "aws__RequestTag/kubernetes-service-account": "credctl-mcp"}, "aws__RequestTag/kubernetes-namespace"),
        }
        for kind, (service, context, needed) in rows.items():
            stack = Stack(gen(kind), "aws", HOST, ClusterName="c")
            role = stack.named("AWS::IAM::Role")[0]
            ask = lambda who, **keys: self.decision(  # noqa: E731
                who, "sts:AssumeRole", stack.role_arn(role), (), stack.trust(role), **keys)
            self.assertTrue(ask(service, **context), kind)
            self.assertFalse(ask("glue.amazonaws.com", **context), kind)
            if needed:
                self.assertFalse(ask(service, **{**context, needed: "other"}), kind)

    def test_a_token_of_another_service_account_is_of_no_use(self):
        for words in (["eks-irsa"], ["eks-irsa", "--oidc-issuer", ISSUER], ["deploy-eks"], ["github-oidc"]):
            stack = Stack(gen(*words), "aws", HOST, OidcIssuer=ISSUER, Repository="o/r",
                          GitHubProvider=f"arn:aws:iam::{HOST}:oidc-provider/token.actions.githubusercontent.com")
            statement, = stack.trust("HostingRole")["Statement"]
            self.assertEqual(statement["Action"], "sts:AssumeRoleWithWebIdentity")
            conditions = statement["Condition"]["StringEquals"]
            issuer = "token.actions.githubusercontent.com" if words == ["github-oidc"] else ISSUER
            sub = "repo:o/r:ref:refs/heads/main" if words == ["github-oidc"] else "system:serviceaccount:credctl:credctl-mcp"
            self.assertEqual(conditions, {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": sub})

    def test_the_list_of_targets_is_one_and_each_has_its_own_id(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/accounts", "w") as file:
                file.writelines(f"{100000000000 + i}\n" for i in range(500))
            begun = time.monotonic()
            gen("cross-account", "--source-role-arn", f"arn:aws:iam::{HOST}:role/h", "--targets", f"{folder}/accounts",
                "--output-dir", f"{folder}/out")
            print(f"500 accounts: {time.monotonic() - begun:.2f} s", file=sys.stderr)
            with open(f"{folder}/out/targets.json") as file:
                rows = json.load(file)
            self.assertEqual(len({row["external_id"] for row in rows}), 500)
            with open(f"{folder}/out/cross-account-{rows[7]['account_id']}.yaml") as file:
                self.assertIn(rows[7]["external_id"], file.read())
            run = subprocess.run([CREDCTL, "test-access", "--targets", f"{folder}/out/targets.json", "--output", "json"],
                                 capture_output=True, text=True, timeout=60, env={"PATH": os.environ["PATH"], "HOME": folder,
                                                                           "AWS_EC2_METADATA_DISABLED": "true"})
            self.assertIn("credentials.absent", run.stderr + run.stdout)


if __name__ == "__main__":
    unittest.main()
