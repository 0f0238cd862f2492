#!/usr/bin/env python3
"""validate template: verdicts of tests/templates/cases and, where SHARED names them, of fixtures/templates; the
templates of the program; hostile texts; what it costs in memory.

Environment: CREDCTL, SHARED (may be missing).
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import unittest

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "templates", "cases")
OURS = os.path.join(HERE, "..", "..", "templates")
SHARED = os.path.join(os.environ.get("SHARED", ""), "fixtures", "templates")


def validate(*words, text=None):
    run = subprocess.run([CREDCTL, "validate", "template", "--output", "json", *words], input=text,
                         capture_output=True, timeout=60)
    return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr.decode()


def verdict(path):
    status, answer, error = validate(path)
    if status == 1:
        return "error"
    if status != 0:
        return f"{status} {error}"
    return "security" if answer["security"] else "ok"


class Verdicts(unittest.TestCase):
    def test_own_cases(self):
        count = 0
        for wanted in ("error", "security", "ok"):
            folder = os.path.join(CASES, wanted)
            for name in sorted(os.listdir(folder)):
                with self.subTest(name):
                    self.assertEqual(verdict(os.path.join(folder, name)), wanted)
                count += 1
        self.assertGreater(count, 50)

    @unittest.skipUnless(os.path.isdir(SHARED), "SHARED does not name the folder with fixtures/templates")
    def test_shared_cases(self):
        with open(os.path.join(SHARED, "verdicts.json")) as file:
            rows = json.load(file)["files"]
        for row in rows:
            with self.subTest(row["file"]):
                self.assertEqual(verdict(os.path.join(SHARED, row["file"])), row["verdict"])

    def test_our_own_templates_leave_nothing_to_say(self):
        status, answer, _ = validate(OURS, "--fail-on", "note")
        self.assertEqual((status, answer["findings"]), (0, []))
        self.assertEqual(len(answer["files"]), len(os.listdir(OURS)))

    def test_sarif_has_the_places(self):
        path = os.path.join(CASES, "error", "unknown-property.yaml")
        run = subprocess.run([CREDCTL, "validate", "template", "--output", "sarif", path], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        sarif = json.loads(run.stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        (one,) = sarif["runs"]
        rules = {rule["id"] for rule in one["tool"]["driver"]["rules"]}
        _, answer, _ = validate(path)
        self.assertEqual(len(one["results"]), len(answer["findings"]))
        for result, finding in zip(one["results"], answer["findings"]):
            self.assertIn(result["ruleId"], rules)
            self.assertEqual(result["ruleId"], finding["code"])
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["region"]["startLine"], finding["line"])


class Hostile(unittest.TestCase):
    """An answer or a finding, quickly, and never more than that."""

    def check(self, text, code=None):
        status, answer, error = validate("-", text=text)
        self.assertIn(status, (0, 1, 255), error)
        if code:
            self.assertIn(code, [row["code"] for row in answer["findings"]])

    def test_deep(self):
        for text in (b"[" * 100000, b"{" * 100000, b"a:\n" + b"".join(b" " * i + b"a:\n" for i in range(1, 400)),
                     b"- " * 100000, b"? " * 100000, b'{"a":' * 100000, b"[{" * 50000):
            self.check(text)
        self.check(b'{"Resources": ' + b'{"a": ' * 70 + b"1" + b"}" * 71, "TEMPLATE_DEPTH")

    def test_wide(self):
        self.check(b"Resources:\n" + b"".join(b" R%d: {Type: 'AWS::SQS::Queue'}\n" % i for i in range(20000)))
        self.check(b"Resources: {R: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Sub '" + b"${A}" * 50000 + b"'}}}\n")
        self.check(b"x" * ((1 << 20) + 1), None)
        self.check(b"a: &a [" + b"1," * 1000 + b"]\nb: [" + b"*a," * 1000 + b"]\n", "YAML_ALIAS")

    def test_broken(self):
        for text in (b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"Resources: \x80", b"%YAML 9.9\n---\n", b"!!binary x",
                     b"--- a\n--- b\n", b"\t", b"{", b"}", b"'", b'"', b"|", b"&", b"*", b"!", b"%", b"@", b"`", b"? ? ?",
                     b'{"a": 1e999}', b'{"a": "\\ud800"}', b"Resources: [" + b"\n" * 100000, b"null", b"42"):
            with self.subTest(text[:40]):
                status, answer, _ = validate("-", text=text)
                self.assertEqual(status, 1)
                self.assertTrue(answer["findings"])
                self.assertTrue(all(row["line"] > 0 and row["fix"] for row in answer["findings"]))

    def test_patterns_cannot_take_forever(self):
        for pattern in ("(a+)+$", "(a|aa)*b", "((a*)*)*c", "(.*)*(.*)*x", "a{1,5000}b", "(" * 500):
            self.check(("Parameters: {P: {Type: String, AllowedPattern: '%s', Default: '%s'}}\n"
                        "Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref P}}}\n"
                        % (pattern, "a" * 4000)).encode())

    def test_links_out_of_a_folder_are_not_followed(self):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink("/", os.path.join(folder, "root"))
            os.symlink(folder, os.path.join(folder, "circle"))
            os.symlink("/etc/hostname", os.path.join(folder, "x.yaml"))
            with open(os.path.join(folder, "a.yaml"), "w") as file:
                file.write("Resources: {Q: {Type: AWS::SQS::Queue}}\n")
            status, answer, _ = validate(folder)
            self.assertEqual((status, len(answer["files"])), (0, 1))


class Cost(unittest.TestCase):
    def test_memory_of_one_role_template(self):
        """All of the program, what it maps and allocates, in less than 10 MiB of addresses."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (10 << 20, 10 << 20))

        for name in ("cross-account", "deploy-eks"):
            run = subprocess.run([CREDCTL, "validate", "template", os.path.join(OURS, name + ".yaml")],
                                 capture_output=True, text=True, preexec_fn=limit)
            self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    program = unittest.main(exit=False, verbosity=1)
    sys.exit(not program.result.wasSuccessful())
