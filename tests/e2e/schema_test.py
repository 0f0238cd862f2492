"""What the commands print is what `credctl schema` says, in JSON and in YAML; and no command with a
schema is left without a case here.

Environment: CREDCTL."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_security import CALLER, FakeSecurity  # noqa: E402
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ["222233334444", "AROAGONE0000000000001"]},
    "Condition": {"StringEquals": {"sts:ExternalId": "x-42"}}}]}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
ENDPOINT = {**KEYS, "AWS_ENDPOINT_URL": "@STS", "AWS_REGION": "eu-central-1"}  # @STS: a fake of STS that knows no IAM
SECURITY = {**ENDPOINT, "AWS_ENDPOINT_URL": "@SECURITY"}  # the security services; Macie denies everything in eu-west-1
ROLE = "arn:aws:iam::111122223333:role/Audit"
CASES_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "templates", "cases")
CASES = {  # command -> (arguments, variables, exit statuses)
    "gen-template trust-update": [
        (["--role-arn", ROLE, "--new", ROLE], {}, [0]), (["--role-arn", ROLE, "--new", ROLE + "2"], {}, [0]),
        (["--role-arn", "AROAGONE0000000000001", "--new", ROLE], {}, [0]),
    ],
    "gen-template": [
        (["--list"], {}, [0]), (["deploy-ec2", "--show-params"], {}, [0]),
        (["cross-account", "--source-role-arn", ROLE, "--target-account", "222233334444",
          "--external-id", "x-42"], {}, [0]),
        (["stackset", "--external-id", "x-42", "--trust", "org", "--org-id", "o-abcdef1234", "--format", "json"], {}, [0]),
    ],
    "version": [([], {}, [0])],
    "detect": [
        (["--offline"], {}, [0]),
        (["--offline"], {"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
                         "LAMBDA_TASK_ROOT": "/var/task", "AWS_REGION": "eu-central-1"}, [0]),
        (["--offline"], {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x"}, [0]),
        (["--offline", "--expect", "lambda"], {}, [0, 1]),
    ],
    "session": [
        (["--offline"], KEYS, [0]),
        (["--offline"], {**KEYS, "AWS_SESSION_TOKEN": "t", "AWS_REGION": "eu-central-1"}, [0]),
        (["--offline"], {}, [253]),
        (["--offline"], {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, [253]),
        (["--offline", "--profile", "none"], {}, [253]),
        (["--offline", "--expect-account", "111122223333"], KEYS, [1]),
        (["--offline", "--role-arn", "arn:aws:iam::111122223333:role/x"], KEYS, [253, 255]),
    ],
    "validate": [
        (["--offline"], {}, [1]),
        (["--offline"], {**KEYS, "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-west-1"}, [0]),
        (["--offline"], {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, [1]),
        (["--offline", "--profile", "none"], {}, [1]),
    ],
    "validate template": [([os.path.join(CASES_FOLDER, "error", "unknown-property.yaml")], {}, [1]),
                          ([os.path.join(CASES_FOLDER, "ok")], {}, [0])],
    "validate policy": [
        (["--principal", ROLE, "--action", "s3:ListAllMyBuckets"], {}, [1]),
        (["--principal", ROLE, "--action", "sts:GetCallerIdentity", "--context", "aws:SourceIp=203.0.113.1"], {}, [0]),
    ],
    "validate role": [(["--role-arn", ROLE, "--actions", "CheckStorageEncryption"], ENDPOINT, [3])],
    "validate trust": [
        (["--role-arn", ROLE, "--principal", "arn:aws:iam::222233334444:role/hub", "--trust-policy", "@TRUST"], {}, [0]),
        (["--role-arn", ROLE, "--principal", "arn:aws:iam::222233334444:role/hub", "--trust-policy", "@TRUST",
          "--external-id", "other"], {}, [1]),
    ],
    "test-access": [
        (["--role-arn", ROLE, "--role-arn", "arn:aws:iam::444444444444:role/Audit"], ENDPOINT, [3]),
        (["--role-arn", ROLE], {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"}, [1]),
    ],
    "assess services": [
        ([], SECURITY, [0]),
        (["--region", "eu-west-1,eu-central-1"], SECURITY, [3]),
        (["--services", "macie", "--region", "eu-west-1", "--targets", "@TARGETS", "--role-name", "Audit"], SECURITY, [3]),
    ],
    "assess findings": [
        ([], SECURITY, [0]),
        (["--service", "guardduty", "--fail-on", "high"], SECURITY, [1]),
        (["--region", "eu-west-1,eu-central-1"], SECURITY, [3]),
    ],
    "assess storage": [([], SECURITY, [3]), (["--region", "eu-west-1,eu-central-1"], SECURITY, [3])],
    "assess network": [([], SECURITY, [3]), (["--region", "eu-west-1,eu-central-1"], SECURITY, [3])],
    "assess inventory": [([], SECURITY, [0]), (["--region", "all"], SECURITY, [0])],
    "session show": [([], {}, [0])],
    "session clear": [([], {}, [0]), (["--all"], {}, [0, 252])],
    "error": [],
}
CHANGES_NOTHING = {"session exec", "session serve"}  # these answer with another program's output


def credctl(words, env=None, home=None):
    env = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": home or "/nonexistent", "PATH": os.environ["PATH"], **(env or {})}
    return subprocess.run([CREDCTL, *words], env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def schemas():
    return json.loads(credctl(["schema"]).stdout)


class Schemas(unittest.TestCase):
    maxDiff = None

    def test_every_schema_is_a_schema(self):
        for name, schema in schemas().items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)
                self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
                self.assertEqual(json.loads(credctl(["schema", *name.split()]).stdout), schema)

    def test_every_command_with_a_schema_has_a_case(self):
        self.assertEqual(set(schemas()) - set(CASES) - CHANGES_NOTHING, set())
        for name, cases in CASES.items():
            self.assertIn(name, schemas())
            self.assertTrue(cases or name == "error", name)

    def test_every_member_that_an_object_names_is_said_to_be_there_or_not(self):
        def walk(schema, path):
            if isinstance(schema, dict):
                if "properties" in schema and "required" in schema:
                    self.assertLessEqual(set(schema["required"]), set(schema["properties"]), path)
                for key, value in schema.items():
                    walk(value, f"{path}/{key}")
        for name, schema in schemas().items():
            walk(schema, name)

    def test_what_is_printed_is_what_the_schema_says(self):
        for name, cases in CASES.items():
            validator = jsonschema.Draft202012Validator(schemas()[name])
            for words, env, statuses in cases:
                with self.subTest(name, words=words, env=env), tempfile.TemporaryDirectory() as home, FakeSts() as sts, \
                        FakeSecurity() as security:
                    sts.denied = security.no_role = {"444444444444"}
                    security.state[(CALLER, "eu-west-1", "macie2")] = "denied"
                    urls = {"@STS": sts.url, "@SECURITY": security.url}
                    targets = os.path.join(home, "targets")
                    with open(targets, "w", encoding="utf-8") as file:
                        file.write("111111111111\n444444444444\n")
                    trust = os.path.join(home, "trust.json")
                    with open(trust, "w", encoding="utf-8") as file:
                        json.dump(TRUST, file)
                    words = [{"@TRUST": trust, "@TARGETS": targets}.get(word, word) for word in words]
                    env = {key: urls.get(value, value) for key, value in env.items()}
                    json_run = credctl([*name.split(), *words, "--output", "json"], env, home)
                    self.assertIn(json_run.returncode, statuses, json_run.stderr)
                    answer = json.loads(json_run.stdout)
                    self.assertEqual([e.message for e in validator.iter_errors(answer)], [])
                    yaml_run = credctl([*name.split(), *words, "--output", "yaml"], env, home)
                    validator.validate(yaml.safe_load(yaml_run.stdout))
                    self.assertEqual(shape(yaml.safe_load(yaml_run.stdout)), shape(answer))

    def test_an_error_is_what_its_schema_says(self):
        validator = jsonschema.Draft202012Validator(schemas()["error"])
        for words in (["nope"], ["version", "--nope"], ["session", "export", "--profile", "none", "--format", "env"],
                      ["session", "exprt"], ["session", "--offline", "--role-arn", "x"]):
            for output in ("json", "yaml"):
                with self.subTest(words=words, output=output):
                    run = credctl(["--output", output, *words])
                    self.assertIn(run.returncode, [252, 253])
                    self.assertEqual(run.stdout, "")
                    validator.validate(yaml.safe_load(run.stderr))
                    if output == "json":
                        json.loads(run.stderr)


def shape(value):
    """Names and types; numbers such as milliseconds differ from run to run, and 0.0 seconds are written as 0."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"
    return value if isinstance(value, str) and not value[:4].isdigit() else type(value).__name__


if __name__ == "__main__":
    unittest.main()
