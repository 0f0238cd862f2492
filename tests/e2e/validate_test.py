"""`credctl validate` as a program: a clean laptop, credentials that work, and mistakes of many kinds, each
of which must be one line with its remedy. In a network namespace without a way out, so that what answers
at link-local addresses of this machine does not matter; STS is a fake on loopback.

Environment: CREDCTL. Needs root or unprivileged user namespaces."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
KEY, CANARY = "AKIAIOSFODNN7EXAMPLE", "CANARYdoNotShow"

if os.environ.get("CREDCTL_IN_NAMESPACE") != "1":
    os.environ["CREDCTL_IN_NAMESPACE"] = "1"
    flags = "-n" if os.getuid() == 0 else "-rn"
    if subprocess.run(["unshare", flags, "true"], capture_output=True).returncode != 0:
        print("no network namespace can be made here")
        sys.exit(77)
    os.execvp("unshare", ["unshare", flags, sys.executable, os.path.abspath(__file__)])

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

KEYS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": CANARY, "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1"}
OWN = f"aws_access_key_id = {KEY}\naws_secret_access_key = {CANARY}\n"

# name: variables in addition to KEYS (None: not set), files in ~/.aws with their modes -> check, status, remedy
MISTAKES = {
    "half a pair": ({"AWS_SECRET_ACCESS_KEY": None}, {}, "keys", "failed", "unset AWS_ACCESS_KEY_ID"),
    "a token alone": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_SESSION_TOKEN": CANARY}, {},
                      "keys", "failed", "unset AWS_SESSION_TOKEN"),
    "two tokens": ({"AWS_ACCESS_KEY_ID": "ASIA" + "Q" * 16, "AWS_SESSION_TOKEN": CANARY, "AWS_SECURITY_TOKEN": "x" + CANARY},
                   {}, "keys", "warning", "unset AWS_SECURITY_TOKEN"),
    "no such profile": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_PROFILE": "prdo"},
                        {"config": ("[profile prod]\nregion = us-east-1\n", 0o600)}, "profile", "failed", "did you mean prod"),
    "a section without its word": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_PROFILE": "prod"},
                                   {"config": (f"[prod]\n{OWN}", 0o600)}, "files", "failed", "write [profile prod]"),
    "a syntax error": ({}, {"config": ("[default\n", 0o600)}, "files", "failed", "]"),
    "a missing file": ({"AWS_CONFIG_FILE": "/nonexistent/config"}, {}, "files", "warning", "unset AWS_CONFIG_FILE"),
    "a readable file with keys": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
                                  {"credentials": (f"[default]\n{OWN}", 0o644)}, "permissions", "warning", "chmod go="),
    "hidden profile": ({"AWS_PROFILE": "prod"}, {"credentials": (f"[prod]\n{OWN}", 0o600)}, "precedence", "warning",
                       "unset AWS_ACCESS_KEY_ID"),
    "two regions": ({"AWS_DEFAULT_REGION": "eu-west-1"}, {}, "region", "warning", "export AWS_DEFAULT_REGION=us-east-1"),
    "a role alone": ({"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/x"}, {}, "web_identity", "warning", "unset AWS_ROLE_ARN"),
    "a missing bundle": ({"AWS_CA_BUNDLE": "/nonexistent.pem"}, {}, "certificates", "failed", "AWS_CA_BUNDLE"),
    "container variables": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None,
                             "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"}, {},
                            "container", "failed", "unset AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    "no role": ({"AWS_ASSUME_ROLE_ARN": "arn:aws:iam::111122223333:user/x"}, {}, "assume_role", "failed", "role/NAME"),
    "a denied role": ({"AWS_ASSUME_ROLE_ARN": "arn:aws:iam::999999999999:role/x"}, {}, "credentials", "failed", "trust policy"),
    "an old variable": ({"AWS_SDK_LOAD_CONFIG": "1"}, {}, "leftovers", "warning", "unset AWS_SDK_LOAD_CONFIG"),
    "attempts": ({"AWS_MAX_ATTEMPTS": "many"}, {}, "settings", "failed", "AWS_MAX_ATTEMPTS"),
}


class Validate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        cls.sts = FakeSts()
        cls.sts.denied = {"999999999999"}
        cls.sts.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sts.__exit__()

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = home.name

    def run_it(self, env, *args):
        env = {k: v for k, v in env.items() if v is not None}
        run = subprocess.run([CREDCTL, "validate", *args], env={"HOME": self.home, "PATH": os.environ["PATH"], **env},
                             capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertNotIn(CANARY, run.stdout + run.stderr)
        self.assertEqual(run.stderr, "")
        return run

    def answer(self, env, status, *args):
        run = self.run_it(env, "--output", "json", *args)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def wrong(self, answer):
        return [f for f in answer["details"]["checks"] if f["status"] in ("warning", "failed")]

    def write(self, name, text, mode):
        os.makedirs(f"{self.home}/.aws", mode=0o700, exist_ok=True)
        with open(f"{self.home}/.aws/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{self.home}/.aws/{name}", mode)

    def test_a_clean_laptop_is_told_that_it_has_no_credentials_and_how_to_get_some(self):
        answer = self.answer({}, 1)
        self.assertFalse(answer["is_valid"])
        self.assertEqual([f["check"] for f in self.wrong(answer)], ["credentials"])
        self.assertIn("no credentials are configured", answer["errors"][0])
        self.assertIn("aws configure", answer["recommendations"][0])
        text = self.run_it({})
        self.assertEqual(text.returncode, 1)
        self.assertRegex(text.stdout, r"(?m)^failed +Credentials +no credentials are configured\n +try: run `aws configure")
        self.assertRegex(text.stdout.splitlines()[-1], r"^not valid: 1 failed, 0 warnings, \d+ ok, \d+ not checked$")

    def test_credentials_that_work_are_valid(self):
        answer = self.answer({**KEYS, "AWS_ENDPOINT_URL_STS": self.sts.url}, 0)
        self.assertEqual((answer["is_valid"], answer["errors"], answer["warnings"]), (True, [], []))
        self.assertEqual(answer["details"]["arn"], "arn:aws:sts::111122223333:assumed-role/Hub/s")
        self.assertEqual(answer["details"]["source"], "environment")
        self.assertTrue(self.run_it({**KEYS, "AWS_ENDPOINT_URL_STS": self.sts.url}).stdout.splitlines()[-1].startswith("valid: "))

    def test_a_role_on_top_is_assumed(self):
        role = "arn:aws:iam::222233334444:role/Target"
        answer = self.answer({**KEYS, "AWS_ENDPOINT_URL_STS": self.sts.url}, 0, "--role-arn", role)
        self.assertEqual(answer["details"]["role_arn"], role)

    def test_each_mistake_is_one_line_with_its_remedy(self):
        for name, (env, files, check, status, remedy) in MISTAKES.items():
            with self.subTest(name):
                self.setUp()
                for file, (text, mode) in files.items():
                    self.write(file, text, mode)
                answer = self.answer({**KEYS, "AWS_ENDPOINT_URL_STS": self.sts.url, **env}, int(status == "failed"))
                wrong = self.wrong(answer)
                self.assertEqual([(f["check"], f["status"]) for f in wrong], [(check, status)], wrong)
                self.assertIn(remedy, wrong[0]["fix"])

    def test_offline_no_request_is_made(self):
        before = self.sts.count
        answer = self.answer({**KEYS, "AWS_ENDPOINT_URL_STS": self.sts.url}, 0, "--offline")
        self.assertEqual(self.sts.count, before)
        identity = [f for f in answer["details"]["checks"] if f["check"] == "identity"][0]
        self.assertEqual(identity["status"], "not_checked")
        self.assertIn("--offline", identity["why_not"])

    def test_a_remedy_that_is_a_command_works(self):
        self.write("credentials", f"[default]\n{OWN}", 0o666)
        env = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL_STS": self.sts.url}
        fix = self.wrong(self.answer(env, 0))[0]["fix"]
        subprocess.run(["sh", "-c", fix], check=True)
        self.assertEqual(self.wrong(self.answer(env, 0)), [])

    def test_an_endpoint_that_is_gone_is_the_cause(self):
        answer = self.answer({**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, 1)
        self.assertEqual([(f["check"], f["status"]) for f in self.wrong(answer)], [("endpoints", "failed")])


if __name__ == "__main__":
    unittest.main()
