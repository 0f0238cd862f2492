#!/usr/bin/env python3
"""assess services, findings and inventory against a fake of the security services, over sockets."""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_security import CALLER, FakeSecurity  # noqa: E402

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
ALL = ["guardduty", "inspector", "accessanalyzer", "securityhub", "trustedadvisor", "macie"]
SIGNED_AS = {"guardduty": "guardduty", "inspector": "inspector2", "accessanalyzer": "access-analyzer",
             "securityhub": "securityhub", "trustedadvisor": "support", "macie": "macie2"}
FIRST = {"guardduty": "guardduty:ListDetectors", "inspector": "inspector2:BatchGetAccountStatus",
         "accessanalyzer": "access-analyzer:ListAnalyzers", "securityhub": "securityhub:DescribeHub",
         "trustedadvisor": "support:DescribeTrustedAdvisorChecks", "macie": "macie2:GetMacieSession"}
PAGE = ["--max-findings", "1000"]


class Assess(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="credctl-assess-")
        self.addCleanup(self.folder.cleanup)
        self.aws = FakeSecurity()
        self.aws.__enter__()
        self.addCleanup(self.aws.__exit__)

    def run_it(self, *words, status=0, **env):
        done = subprocess.run([CREDCTL, "assess", *words], capture_output=True, text=True, timeout=120, check=False, env={
            "PATH": os.environ["PATH"], "HOME": self.folder.name, "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY-own", "AWS_REGION": "eu-west-1",
            "AWS_MAX_ATTEMPTS": "1", **env})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("CANARY", done.stdout + done.stderr)
        return done

    def json(self, *words, **more):
        return json.loads(self.run_it(*words, "--output", "json", **more).stdout)

    def every(self, state, account=CALLER, region="eu-west-1"):
        for service in SIGNED_AS.values():
            where = "us-east-1" if service == "support" else region
            self.aws.state[(account, where, service)] = state

    def targets(self, *accounts):
        path = os.path.join(self.folder.name, "targets")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"arn:aws:iam::{account}:role/Audit\n" for account in accounts)
        return path

    # --- services

    def test_enabled(self):
        told = self.json("services")
        self.assertEqual(told["services_checked"], ALL)
        self.assertTrue(told["all_enabled"])
        self.assertEqual((told["account_id"], told["region"], told["region_source"], told["caller_arn"], told["credential_source"]),
                         (CALLER, "eu-west-1", "AWS_REGION", f"arn:aws:iam::{CALLER}:user/ci", "environment"))
        statuses = told["service_statuses"]
        self.assertEqual({name: s["status"] for name, s in statuses.items()}, dict.fromkeys(ALL, "enabled"))
        self.assertEqual(statuses["inspector"]["scan_status"]["ec2_status"], "ENABLED")
        self.assertEqual(statuses["inspector"]["scan_status"]["ecr_status"], "DISABLED")
        self.assertEqual(statuses["guardduty"]["detector_details"]["status"], "ENABLED")
        self.assertEqual([a["findings_count"] for a in statuses["accessanalyzer"]["analyzers"]], ["3", "1"])
        self.assertEqual(statuses["securityhub"]["standards"][0]["name"], "aws-foundational-security-best-practices v1.0.0")
        self.assertEqual(statuses["trustedadvisor"]["security_checks"], 12)
        self.assertEqual(set(told["debug_info"]["service_details"]), set(ALL))

    def test_disabled_is_not_unknown(self):
        self.every("off")
        told = self.json("services")
        for name, status in told["service_statuses"].items():
            self.assertEqual((name, status["enabled"], status["status"]), (name, False, "disabled"))
            self.assertTrue(status["setup_instructions"], name)
            self.assertNotIn("error", status, name)
        self.assertFalse(told["all_enabled"])
        self.assertFalse(told["partial"])
        self.run_it("services", "--fail-on", "high", status=1)
        self.run_it("services", "--fail-on", "critical")

    def test_denied_is_unknown_and_names_the_permission(self):
        self.every("denied")
        told = self.json("services", status=3)
        for name, status in told["service_statuses"].items():
            self.assertEqual((name, status["enabled"], status["status"]), (name, None, "unknown"))
            self.assertEqual(status["error"]["code"], "denied")
            self.assertEqual(status["error"]["missing_permission"], FIRST[name])
            self.assertTrue(status["error"]["resource"].startswith("arn:aws:"))
        self.assertTrue(told["partial"])
        text = self.run_it("services", status=3).stdout
        for action in FIRST.values():
            self.assertIn(action, text)

    def test_a_suspended_detector_is_not_enabled(self):
        self.aws.state[(CALLER, "eu-west-1", "guardduty")] = "suspended"
        self.assertEqual(self.json("services", "--services", "guardduty")["service_statuses"]["guardduty"]["status"], "disabled")

    def test_html_and_half_an_answer_are_unknown(self):
        for state in ("html", "cut", "throttled"):
            self.every(state)
            told = self.json("services", status=3)
            for name, status in told["service_statuses"].items():
                self.assertEqual((state, name, status["status"]), (state, name, "unknown"))
                self.assertTrue(status["error"]["why"])
                self.assertEqual(status["error"]["code"], "throttled" if state == "throttled" else "other")

    def test_one_service_that_fails_leaves_the_others(self):
        self.aws.state[(CALLER, "eu-west-1", "securityhub")] = "denied"
        told = self.json("services", status=3)
        self.assertEqual([n for n, s in told["service_statuses"].items() if s["status"] != "enabled"], ["securityhub"])

    def test_part_of_a_service_that_cannot_be_read(self):
        self.aws.state[(CALLER, "eu-west-1", "securityhub:GetEnabledStandards")] = "denied"
        hub = self.json("services", "--services", "securityhub", status=3)["service_statuses"]["securityhub"]
        self.assertEqual((hub["status"], hub["error"]["missing_permission"]), ("enabled", "securityhub:GetEnabledStandards"))

    def test_a_service_that_the_partition_lacks(self):
        told = self.json("services", "--services", "trustedadvisor", "--region", "eusc-de-east-1", AWS_ENDPOINT_URL="",
                         AWS_ENDPOINT_URL_STS=self.aws.url)
        status = told["service_statuses"]["trustedadvisor"]
        self.assertEqual((status["status"], status["error"]["code"]), ("unknown", "not_offered"))
        self.assertEqual((told["errors"], told["partial"], told["all_enabled"]), ([], False, False))

    # --- many accounts and regions

    def test_two_accounts_and_regions(self):
        self.aws.state[("222222222222", "eu-west-1", "guardduty")] = "off"
        self.aws.state[("222222222222", "eu-central-1", "macie2")] = "denied"
        words = ["services", "--targets", self.targets("111111111111", "222222222222"), "--region", "eu-west-1,eu-central-1"]
        told = self.json(*words, status=3)
        self.assertEqual([(r["account_id"], r["region"]) for r in told["results"]],
                         [(a, r) for a in ("111111111111", "222222222222") for r in ("eu-west-1", "eu-central-1")])
        self.assertEqual(told["service_statuses"]["guardduty"], {"enabled": 3, "disabled": 1, "unknown": 0})
        self.assertEqual(told["service_statuses"]["macie"], {"enabled": 3, "disabled": 0, "unknown": 1})
        self.assertEqual(told["service_statuses"]["trustedadvisor"], {"enabled": 2, "disabled": 0, "unknown": 0})
        self.assertEqual(told["results"][0]["caller_arn"], "arn:aws:sts::111111111111:assumed-role/Audit/credctl-assess")
        self.assertEqual((told["account_count"], told["place_count"], told["partial_count"]), (2, 4, 1))
        lines = [json.loads(line) for line in self.run_it(*words, "--output", "jsonl", status=3).stdout.splitlines()]
        self.assertEqual(sorted((r["account_id"], r["region"]) for r in lines),
                         sorted((r["account_id"], r["region"]) for r in told["results"]))

    def test_an_account_that_cannot_be_entered(self):
        self.aws.no_role = {"222222222222"}
        told = self.json("services", "--targets", self.targets("111111111111", "222222222222"), status=3)
        self.assertIsNone(told["results"][0]["error"])
        self.assertEqual(told["results"][1]["error"]["code"], "access.denied")
        self.assertEqual((told["failed_count"], told["all_enabled"]), (1, False))
        only = self.run_it("services", "--targets", self.targets("222222222222"), status=254)
        self.assertIn("access.denied", only.stderr)

    def test_all_regions_of_the_account(self):
        told = self.json("inventory", "--region", "all")
        self.assertEqual([r["region"] for r in told["results"]], ["eu-west-1", "eu-central-1", "us-east-1"])
        self.assertEqual(told["total_resources"], 7500)

    def test_another_account_than_the_expected_one(self):
        self.run_it("services", "--account-id", "999999999999", status=1)
        self.run_it("services", "--account-id", CALLER)

    def test_calls_run_at_the_same_time(self):
        self.aws.hold = 20
        self.json("services", "--targets", self.targets(*(f"{i:012d}" for i in range(1, 31))), "--concurrency", "20")
        self.assertEqual(self.aws.most_open, 20)

    def test_the_deadline_leaves_what_was_read(self):
        self.aws.stuck = {"inspector2", "macie2"}
        told = self.json("services", "--deadline", "2", status=3)
        self.assertTrue(told["partial"])
        self.assertEqual({n for n, s in told["service_statuses"].items() if s["status"] == "unknown"}, {"inspector", "macie"})
        self.assertEqual({e["code"] for e in told["errors"]}, {"deadline"})

    # --- findings

    def test_findings_of_each_service(self):
        self.aws.findings = 120
        told = self.json("findings", *PAGE)
        counts = {s["service"]: s["summary"]["total_count"] for s in told["services"]}
        self.assertEqual(counts, {"guardduty": 90, "inspector": 80, "accessanalyzer": 121, "securityhub": 80, "trustedadvisor": 12,
                                  "macie": 40})
        self.assertEqual(told["summary"]["total_count"], sum(counts.values()))
        self.assertEqual({name for name, _ in self.aws.bodies if name.endswith("ListFindings")},
                         {"guardduty:ListFindings", "inspector2:ListFindings", "access-analyzer:ListFindings", "macie2:ListFindings"})

    def test_one_service_has_the_fields_of_the_contract(self):
        told = self.json("findings", "--service", "guardduty")
        self.assertEqual((told["service"], told["enabled"], told["services"]), ("guardduty", True, []))
        self.assertEqual(told["summary"], {"total_count": 3, "severity_counts": {"critical": 1, "high": 1, "medium": 1},
                                           "type_counts": {"UnauthorizedAccess:EC2/SSHBruteForce": 3}, "resource_counts": {"Instance": 3}})
        self.assertEqual([f["severity"] for f in told["findings"]], [9.1, 8, 5.5])
        self.assertEqual(self.json("findings", "--service", "trustedadvisor")["support_tier"], "Business/Enterprise")

    def test_times_of_inspector_are_texts(self):
        told = self.json("findings", "--service", "inspector")
        self.assertEqual({f["updatedAt"] for f in told["findings"]}, {"2026-11-01T00:00:00Z"})

    def test_severities(self):
        self.aws.findings = 12
        for wish, expected in {
                "critical": {"guardduty": 3, "inspector": 4, "accessanalyzer": 0, "securityhub": 4, "trustedadvisor": 0, "macie": 0},
                "HIGH": {"guardduty": 3, "inspector": 4, "accessanalyzer": 6, "securityhub": 4, "trustedadvisor": 6, "macie": 4},
                "LOW,CRITICAL": {"guardduty": 6, "inspector": 4, "accessanalyzer": 1, "securityhub": 8, "trustedadvisor": 0, "macie": 4},
        }.items():
            told = self.json("findings", "--severity-filter", wish)
            self.assertEqual({s["service"]: s["summary"]["total_count"] for s in told["services"]}, expected, wish)

    def test_filters_stay_with_a_severity(self):
        self.json("findings", "--severity-filter", "LOW")
        given = dict(self.aws.bodies)
        self.assertEqual(given["securityhub:GetFindings"]["Filters"]["RecordState"], [{"Value": "ACTIVE", "Comparison": "EQUALS"}])
        self.assertEqual(given["securityhub:GetFindings"]["Filters"]["WorkflowStatus"], [{"Value": "NEW", "Comparison": "EQUALS"}])
        self.assertIn("UpdatedAt", given["securityhub:GetFindings"]["Filters"])
        self.assertEqual(given["inspector2:ListFindings"]["filterCriteria"]["findingStatus"], [{"comparison": "EQUALS", "value": "ACTIVE"}])
        self.assertIn("updatedAt", given["guardduty:ListFindings"]["findingCriteria"]["criterion"])

    def test_truncated_with_a_token(self):
        self.aws.findings = 300
        seen = []
        words = ["findings", "--service", "securityhub", "--max-findings", "60"]
        told = self.json(*words)
        for _ in range(3):
            self.assertTrue(told["truncated"])
            self.assertEqual(len(told["findings"]), 60)
            seen += [f["Id"] for f in told["findings"]]
            told = self.json(*words, "--next-token", told["next_token"])
        seen += [f["Id"] for f in told["findings"]]
        self.assertFalse(told["truncated"])
        self.assertEqual((len(seen), len(set(seen))), (200, 200))

    def test_disabled_services_have_no_findings_but_say_so(self):
        self.every("off")
        told = self.json("findings")
        for service in told["services"]:
            self.assertEqual((service["service"], service["enabled"], service["status"]), (service["service"], False, "disabled"))
            self.assertTrue(service["setup_instructions"])

    def test_denied_findings_are_not_none(self):
        self.every("denied")
        told = self.json("findings", status=3)
        self.assertEqual({s["status"] for s in told["services"]}, {"unknown"})
        self.assertEqual({e["code"] for e in told["errors"]}, {"denied"})
        self.assertIn("Not read", self.run_it("findings", "--service", "macie", status=3).stdout)

    def test_fail_on(self):
        self.run_it("findings", "--fail-on", "critical", status=1)
        self.run_it("findings", "--service", "trustedadvisor", "--fail-on", "critical")

    # --- inventory

    def test_inventory(self):
        told = self.json("inventory")
        self.assertEqual((told["services"], told["total_resources"], told["truncated"]), (["ec2", "lambda", "s3"], 2500, False))
        self.assertEqual(told["service_counts"]["ec2"], 834)
        self.assertEqual(dict(self.aws.bodies)["resource-explorer-2:Search"]["Filters"], {"FilterString": "region:eu-west-1"})
        told = self.json("inventory", "--max-resources", "1500")
        self.assertEqual((told["total_resources"], told["truncated"]), (1500, True))

    def test_inventory_without_default_view_view_or_index(self):
        for state, status, enabled in (("no default", "enabled", 2500), ("off", "disabled", 0)):
            self.aws.state[(CALLER, "eu-west-1", "resource-explorer-2")] = state
            told = self.json("inventory")
            self.assertEqual((told["status"], told["total_resources"]), (status, enabled))
        self.aws.state = {(CALLER, "eu-west-1", "resource-explorer-2:GetDefaultView"): "no default",
                          (CALLER, "eu-west-1", "resource-explorer-2:ListViews"): "no view"}
        told = self.json("inventory")
        self.assertEqual((told["status"], bool(told["setup_instructions"])), ("disabled", True))
        self.aws.state = {(CALLER, "eu-west-1", "resource-explorer-2"): "denied"}
        told = self.json("inventory", status=3)
        self.assertEqual((told["status"], told["errors"][0]["missing_permission"]), ("unknown", "resource-explorer-2:ListViews"))

    # --- what is called

    def test_calls_are_the_declared_ones(self):
        self.aws.state[(CALLER, "us-east-1", "resource-explorer-2")] = "no default"
        for tool, words in (("CheckSecurityServices", ["services"]), ("GetSecurityFindings", ["findings"]),
                            ("ListServicesInRegion", ["inventory", "--region", "eu-west-1,us-east-1"])):
            self.aws.seen = []
            self.run_it(*words)
            self.run_it(words[0], "--region", "all")
            declared = subprocess.run([os.path.join(os.environ["BUILD"], "ask"), "--actions", tool], capture_output=True, text=True,
                                      check=True).stdout.split()
            self.assertEqual(sorted({action for _, _, action in self.aws.seen}), sorted(declared), tool)

    # --- reports

    def test_reports(self):
        self.aws.hostile = '<script>alert(1)</script>'
        self.aws.state[(CALLER, "eu-west-1", "macie2")] = "denied"
        rows = list(csv.DictReader(io.StringIO(self.run_it("findings", "--output", "csv", status=3).stdout)))
        self.assertIn("macie2:ListFindings", "".join(r["error"] or "" for r in rows))
        self.assertEqual(sum(r["severity"] == "critical" for r in rows), 3)
        sarif = json.loads(self.run_it("findings", "--output", "sarif", status=3).stdout)["runs"][0]
        self.assertEqual(len([r for r in sarif["results"] if r["level"] == "error"]), sum(r["severity"] in ("critical", "high") for r in rows))
        self.assertFalse(sarif["invocations"][0]["executionSuccessful"])
        self.assertEqual({r["ruleId"] for r in sarif["results"]}, {r["id"] for r in sarif["tool"]["driver"]["rules"]})
        page = self.run_it("findings", "--output", "html", status=3).stdout
        self.assertNotIn("<script>alert", page)
        self.assertIn("&lt;script&gt;alert", page)
        self.assertIn("<svg", page)
        self.assertEqual(page.count("<svg"), page.count("</svg>"))
        self.assertIn("<svg", self.run_it("services", "--output", "html", status=3).stdout)


if __name__ == "__main__":
    unittest.main(verbosity=1)
