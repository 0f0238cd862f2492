#!/usr/bin/env python3
"""The reports of test-access: JUnit XML as a CI reads it, and the page as a browser shows it."""

import html.parser
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
HOSTILE = "<script>document.title = 'CANARY'</script> & \"quotes\" ]]>"
DENIED = "User: arn:aws:sts::111122223333:assumed-role/Hub/s is not authorized to perform: sts:AssumeRole on resource: {role}"
IDENTITY = (403, "AccessDenied", DENIED + " because no identity-based policy allows the sts:AssumeRole action")
SCP = (403, "AccessDenied", DENIED + " with an explicit deny in a service control policy")
DURATION = (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
VOID = {"meta", "input", "br"}


def arn(account):
    return f"arn:aws:iam::{account}:role/Audit"


def a(i):
    return f"{i:012d}"


class Page(html.parser.HTMLParser):
    """What is on a page: whether its elements are closed, its text, and every attribute."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.attributes, self.count = [], "", [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.attributes += [(tag, *attribute) for attribute in attributes]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes something else")

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for tool, package in (("chromium", "chromium"), ("pdftotext", "poppler-utils")):
            if not shutil.which(tool):
                raise RuntimeError(f"{tool} is missing: tests/run.sh installs {package}")
        cls.folder = tempfile.mkdtemp(prefix="credctl-report-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.sts = FakeSts()
        cls.sts.__enter__()
        cls.addClassCleanup(cls.sts.__exit__)
        cls.sts.refused = {a(3): IDENTITY, a(4): IDENTITY, a(5): SCP, a(6): DURATION}
        cls.sts.denied = {a(7)}
        trust = cls.write("trust.json", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "sts:AssumeRole"}]})
        cls.targets = [
            {"name": "fine", "role_arn": arn(a(1))},
            {"name": HOSTILE, "role_arn": arn(a(2)), "external_id": "an-id"},
            {"name": "first", "role_arn": arn(a(3))},
            {"name": "second", "role_arn": arn(a(4))},
            {"name": "guarded", "role_arn": arn(a(5))},
            {"name": "long", "role_arn": arn(a(6))},
            {"name": "stranger", "role_arn": arn(a(7)), "trust_policy": trust},
        ]
        cls.list = cls.write("targets.json", cls.targets)

    @classmethod
    def write(cls, name, content):
        path = os.path.join(cls.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def report(self, output, *more, targets=None):
        env = {"PATH": os.environ["PATH"], "HOME": self.folder, "XDG_CACHE_HOME": self.folder + "/cache",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY-secret",
               "AWS_SESSION_TOKEN": "CANARY-token", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": self.sts.url}
        done = subprocess.run([CREDCTL, "test-access", "--targets", targets or self.list, "--output", output, *more], env=env,
                              capture_output=True, text=True, timeout=120)
        for secret in ("CANARY-", "secret-of-", "token-of-"):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def browse(self, page, *args):
        """Runs the browser on a page, without a network; its log, and its answer."""
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
                 "--enable-logging=stderr", "--user-data-dir=" + home, *args, "file://" + page],
                env={"PATH": os.environ["PATH"], "HOME": home}, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("CONSOLE", done.stderr)  # nothing that its policy forbids
        return done.stdout

    def printed(self, text, name="page"):
        """The text of the page on paper, in one line; scripts do not run."""
        page = self.write(name + ".html", re.sub(r"<script>.*?</script>", "", text, flags=re.S))
        self.browse(page, "--no-pdf-header-footer", f"--print-to-pdf={self.folder}/{name}.pdf")
        return " ".join(subprocess.run(["pdftotext", "-layout", f"{self.folder}/{name}.pdf", "-"], capture_output=True, text=True,
                                       check=True).stdout.split())

    def test_junit(self):
        done = self.report("junit", "--check-external-id")
        self.assertEqual(done.returncode, 3, done.stderr)
        root = xml.etree.ElementTree.fromstring(done.stdout)
        suite = root.find("testsuite")
        counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
        self.assertEqual(counts, {"tests": 7, "failures": 6, "errors": 1, "skipped": 0})
        self.assertGreaterEqual(float(suite.get("time")), 0)
        cases = {case.get("name"): case for case in suite.findall("testcase")}
        self.assertEqual(list(cases), [target["name"] for target in self.targets])
        self.assertEqual(cases["first"].get("classname"), a(3))
        types = {name: case.find("failure").get("type") for name, case in cases.items() if case.find("failure") is not None}
        self.assertEqual(types, {"fine": "external_id.not_enforced", HOSTILE: "external_id.not_enforced", "first": "identity.no_allow",
                                 "second": "identity.no_allow", "guarded": "scp.explicit_deny", "stranger": "trust.no_allow"})
        self.assertEqual(cases["long"].find("error").get("type"), "role.duration")
        text = cases["stranger"].find("failure").text
        for part in ("candidates: trust.no_allow", "certainty: ", "why: ", "fix: ", f"add to {arn(a(7))} (trust policy):"):
            self.assertIn(part, text)
        statement = json.loads(text[text.index("{"):text.rindex("}") + 1])
        self.assertEqual((statement["Effect"], statement["Action"]), ("Allow", "sts:AssumeRole"))

    def test_a_target_without_a_turn_is_skipped(self):
        self.sts.hang = {a(8)}
        targets = self.write("slow", "\n".join(arn(a(i)) for i in (8, 1, 2)))
        done = self.report("junit", "--timeout", "2", "--concurrency", "1", targets=targets)
        suite = xml.etree.ElementTree.fromstring(done.stdout).find("testsuite")
        self.assertEqual((suite.get("errors"), suite.get("skipped")), ("1", "2"), done.stdout)
        self.assertEqual(len(suite.findall("testcase/skipped")), 2)

    def test_the_page_asks_for_nothing(self):
        page = Page(self.report("html").stdout)
        self.assertEqual(page.open, [])
        for tag, name, value in page.attributes:
            self.assertFalse(name.startswith("on") or name in ("src", "style", "action", "data", "srcset"), (tag, name, value))
            self.assertTrue(name != "href" or value.startswith("#"), (tag, name, value))
        self.assertEqual((page.count["script"], page.count["style"], page.count.get("link", 0)), (1, 1, 0))
        self.assertIn(HOSTILE, page.text)

    def test_the_page_in_a_browser(self):
        page = self.write("live.html", self.report("html", "--check-external-id").stdout)
        live = self.browse(page, "--dump-dom")
        self.assertIn("<title>Access to roles", live)  # what the hostile name would have changed
        self.assertRegex(live, r'<label class="find">')  # its own script may run
        self.browse(page, "--window-size=1280,2400", f"--screenshot={self.folder}/page.png")
        with open(self.folder + "/page.png", "rb") as picture:
            picture = picture.read()
        self.assertEqual(struct.unpack(">II", picture[16:24]), (1280, 2400))
        self.assertGreater(len(picture), 50000)

    def test_the_page_on_paper(self):
        text = self.report("html", "--check-external-id").stdout
        paper = self.printed(text)
        for part in ("arn:aws:sts::111122223333:assumed-role/Hub/s", "7 2 4 1 2 targets allowed denied", "identity.no_allow: 2 targets",
                     "scp.explicit_deny", "role.duration", "trust.no_allow", "external_id.not_enforced", "Why", "Do", "AWS says",
                     '"Action": "sts:AssumeRole"', "(trust policy):", "first", "second", "stranger", "document.title = 'CANARY'"):
            self.assertIn(part, paper)
        self.assertNotIn("Show", paper)  # the style, which its policy must allow, hides it on paper

    def test_a_filter_works_without_scripts(self):
        text = self.report("html").stdout
        only = self.printed(text.replace(' checked="checked"', "").replace('id="f2"', 'id="f2" checked="checked"'), "filtered")
        self.assertIn("scp.explicit_deny", only)
        self.assertNotIn("role.duration", only)
        self.assertNotIn("Sessions of roles", only)

    def test_thousands_of_targets(self):
        count = 2000
        self.sts.refused.update({a(i): IDENTITY for i in range(10000, 10000 + count, 10)})
        targets = self.write("many", "\n".join(arn(a(i)) for i in range(10000, 10000 + count)))
        done = self.report("html", targets=targets)
        self.assertEqual(done.returncode, 3, done.stderr)
        page = Page(done.stdout)
        self.assertEqual(page.count["tr"], 1 + count + 1 + count // 10)  # the matrix, and those of the one cause
        self.assertEqual(page.count["article"], 1)
        self.assertLess(len(done.stdout), 2_000_000)
        live = self.browse(self.write("many.html", done.stdout), "--dump-dom")
        self.assertIn(a(10000 + count - 1), live)
        text = self.report("text", targets=targets).stdout
        self.assertIn(f"[1] identity.no_allow: {count // 10} targets\n", text)
        self.assertTrue(text.endswith(f"\n{count} targets: {count - count // 10} allowed, {count // 10} denied\n"), text[-200:])
        self.assertEqual(text.count("\n  denied "), count // 10)

    def test_a_resumed_run_shows_earlier_results(self):
        journal = self.folder + "/journal"
        whole = self.report("text", "--journal", journal).stdout
        with open(journal, encoding="utf-8") as file:
            lines = file.readlines()
        self.write("journal", "".join(lines[:4]))
        before = self.sts.count
        again = self.report("text", "--journal", journal, "--resume").stdout
        self.assertLess(self.sts.count - before, len(self.targets) * 2)
        self.assertEqual(re.sub(r"request [^)]*", "", again), re.sub(r"request [^)]*", "", whole))


if __name__ == "__main__":
    unittest.main()
