#!/usr/bin/env python3
"""The assessments as tools of credctl mcp: the fields of the contract, two accounts at once, services that
are denied, disabled or not offered, results that are stored, calls side by side. Environment: CREDCTL, BUILD."""

import json
import os
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_security import CALLER, FakeSecurity  # noqa: E402
from mcp_stdio_test import Server, request  # noqa: E402

TOOLS = ["CheckSecurityServices", "GetSecurityFindings", "GetStoredSecurityContext", "CheckStorageEncryption",
         "ListServicesInRegion", "ValidateCredentialConfiguration", "CheckNetworkSecurity", "GetEnvironmentInfo",
         "ValidateHostingEnvironment", "GenerateDeploymentTemplates", "TestCrossAccountAccess"]
# The inputs that the security server of the Well-Architected samples has.
INPUTS = {
    "CheckSecurityServices": {"region", "services", "account_id", "store_in_context", "debug"},
    "GetSecurityFindings": {"region", "service", "max_findings", "severity_filter", "check_enabled"},
    "GetStoredSecurityContext": {"region", "detailed"},
    "CheckStorageEncryption": {"region", "services", "include_unencrypted_only", "store_in_context"},
    "ListServicesInRegion": {"region", "store_in_context"},
    "CheckNetworkSecurity": {"region", "services", "include_non_compliant_only", "store_in_context"},
}
OUTPUTS = {
    "CheckSecurityServices": {"region", "services_checked", "all_enabled", "service_statuses", "summary", "debug_info"},
    "GetSecurityFindings": {"service", "enabled", "message", "findings", "summary"},
    "GetStoredSecurityContext": {"region", "available", "summary", "all_enabled", "services_checked", "data"},
    "CheckStorageEncryption": {"region", "services_checked", "resources_checked", "compliant_resources",
                               "non_compliant_resources", "compliance_by_service", "resource_details", "recommendations"},
    "ListServicesInRegion": {"region", "services", "service_counts", "total_resources"},
    "CheckNetworkSecurity": {"region", "services_checked", "resources_checked", "compliant_resources",
                             "non_compliant_resources", "compliance_by_service", "resource_details", "recommendations"},
    "ValidateCredentialConfiguration": {"credential_source", "assume_role_configured", "validation_status",
                                        "assume_role_config", "session_info", "recommendations", "message"},
}
ROLES = [f"arn:aws:iam::{account}:role/Audit" for account in ("222233334444", "333344445555")]


class Tools(unittest.TestCase):
    def setUp(self):
        self.aws = FakeSecurity()
        self.aws.__enter__()
        self.addCleanup(self.aws.__exit__)
        self.server = self.serve()
        self.tools = {tool["name"]: tool for tool in self.ask(self.server, "tools/list")["result"]["tools"]}

    def serve(self, *options, key="AKIAIOSFODNN7EXAMPLE"):
        server = Server(*options, env={"AWS_ENDPOINT_URL": self.aws.url, "AWS_ACCESS_KEY_ID": key, "AWS_MAX_ATTEMPTS": "1",
                                       "AWS_SECRET_ACCESS_KEY": "CANARY-own"})
        self.addCleanup(server.end)
        return server

    def ask(self, server, method, params=None):
        ident = len(server.lines) + 1000
        server.send(request(method, params, ident))
        return server.wait(lambda line: line.get("id") == ident)

    def call(self, tool, server=None, **arguments):
        answer = self.ask(server or self.server, "tools/call", {"name": tool, "arguments": arguments})["result"]
        self.assertNotIn("CANARY", json.dumps(answer))
        if not answer.get("isError"):
            told = answer["structuredContent"]
            jsonschema.Draft202012Validator(self.tools[tool]["outputSchema"]).validate(told)
            self.assertEqual(json.loads(answer["content"][0]["text"]), told)
        return answer

    def told(self, tool, **arguments):
        answer = self.call(tool, **arguments)
        self.assertFalse(answer.get("isError"), answer)
        return answer["structuredContent"]

    def test_the_contract(self):
        self.assertEqual(list(self.tools), TOOLS)
        for name, inputs in INPUTS.items():
            self.assertLessEqual(inputs, set(self.tools[name]["inputSchema"]["properties"]), name)
        for name, outputs in OUTPUTS.items():
            self.assertLessEqual(outputs, set(self.tools[name]["outputSchema"]["properties"]), name)
        self.assertEqual(self.tools["GetSecurityFindings"]["inputSchema"]["required"], ["service"])
        for tool in self.tools.values():
            self.assertFalse(tool["inputSchema"].get("additionalProperties", True))
            self.assertEqual({k for k in tool["annotations"] if k.endswith("Hint")},
                             {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"})
            self.assertTrue(tool["annotations"]["readOnlyHint"])

    def test_prompts_complete_the_services_of_their_tool(self):
        for prompt, tool in (("findings", "CheckSecurityServices"), ("storage", "CheckStorageEncryption"),
                             ("network", "CheckNetworkSecurity")):
            answer = self.ask(self.server, "completion/complete", {
                "ref": {"type": "ref/prompt", "name": "wa-sec-check-" + prompt}, "argument": {"name": "services", "value": ""}})
            services = self.tools[tool]["inputSchema"]["properties"]["services"]["items"]["enum"]
            self.assertEqual(answer["result"]["completion"]["values"], services)

    def test_one_account_and_region(self):
        told = self.told("CheckSecurityServices", debug=True)
        self.assertTrue(told["all_enabled"])
        self.assertEqual((told["account_id"], told["region"], told["region_source"]), (CALLER, "eu-west-1", "AWS_REGION"))
        told = self.told("GetSecurityFindings", service="guardduty", severity_filter="HIGH")
        self.assertEqual((told["service"], told["enabled"]), ("guardduty", True))
        self.assertEqual(self.told("ListServicesInRegion")["services"], ["ec2", "lambda", "s3"])

    def test_two_accounts_and_two_regions_at_once(self):
        for tool, arguments in (("CheckSecurityServices", {}), ("GetSecurityFindings", {"service": "securityhub"}),
                                ("ListServicesInRegion", {})):
            told = self.told(tool, target_role_arns=ROLES, regions=["eu-west-1", "eu-central-1"], **arguments)
            self.assertEqual(sorted({(row["account_id"], row["region"]) for row in told["results"]}),
                             [(role.split(":")[4], region) for role in ROLES for region in ("eu-central-1", "eu-west-1")], tool)
        handle = self.told("ListServicesInRegion", target_role_arns=ROLES)["context_id"]
        again = self.told("GetStoredSecurityContext", context_id=handle, detailed=True)
        self.assertEqual((again["account_id"], len(again["data"]["results"])), (CALLER, 2))

    def test_denied_disabled_and_not_offered_are_told_apart(self):
        self.aws.state.update({(CALLER, "eu-west-1", "macie2"): "denied", (CALLER, "eu-west-1", "guardduty"): "off"})
        told = self.told("CheckSecurityServices")
        statuses = told["service_statuses"]
        self.assertEqual((statuses["macie"]["status"], statuses["macie"]["error"]["missing_permission"]),
                         ("unknown", "macie2:GetMacieSession"))
        self.assertEqual((statuses["guardduty"]["status"], statuses["guardduty"]["enabled"]), ("disabled", False))
        self.assertFalse(told["all_enabled"])

    def test_a_result_is_stored_and_given_to_its_owner_only(self):
        told = self.told("CheckSecurityServices", services=["guardduty"])
        handle = told["context_id"]
        self.assertRegex(handle, r"^[0-9A-Za-z_-]{22,}$")
        again = self.told("GetStoredSecurityContext", context_id=handle, detailed=True)
        self.assertEqual((again["available"], again["region"], again["data"]["services_checked"]), (True, "eu-west-1", ["guardduty"]))
        self.assertNotIn("data", {k: v for k, v in self.told("GetStoredSecurityContext", context_id=handle).items() if v})
        self.aws.keys["AKIAI44QH8DHBEXAMPLE"] = "444455556666"
        other = self.serve(key="AKIAI44QH8DHBEXAMPLE")
        for server, arguments in ((other, {"context_id": handle}), (self.server, {"context_id": handle, "region": "us-east-1"}),
                                  (self.server, {"context_id": handle[:-1] + ("A" if handle[-1] != "A" else "B")})):
            self.assertTrue(self.call("GetStoredSecurityContext", server=server, **arguments)["isError"])
        self.assertIsNone(self.told("CheckSecurityServices", services=["guardduty"], store_in_context=False)["context_id"])

    def test_what_is_called_is_what_is_declared(self):
        self.aws.state[(CALLER, "us-east-1", "resource-explorer-2")] = "no default"
        for tool, arguments in (("CheckSecurityServices", [{}]),
                                ("GetSecurityFindings", [{"service": name} for name in (
                                    "guardduty", "inspector", "accessanalyzer", "securityhub", "trustedadvisor", "macie")]),
                                ("ListServicesInRegion", [{"regions": ["eu-west-1", "us-east-1"]}])):
            self.aws.seen = []
            for one in arguments:
                self.told(tool, **one)
            self.told(tool, **{**arguments[0], "regions": ["all"]})
            declared = set(self.tools[tool]["_meta"]["credctl/iam_actions"])
            called = {action for _, _, action in self.aws.seen} | {"sts:AssumeRole", "sts:GetCallerIdentity"}
            self.assertEqual(called, declared, tool)
            asked = subprocess.run([os.path.join(os.environ["BUILD"], "ask"), "--actions", tool], capture_output=True, text=True, check=True)
            self.assertEqual(declared - {"sts:AssumeRole", "sts:GetCallerIdentity"}, set(asked.stdout.split()))

    def test_calls_run_side_by_side(self):
        self.aws.hold = 20  # each request waits until twenty are open
        for ident in range(20):
            self.server.send(request("tools/call", {"name": "CheckSecurityServices", "arguments": {"services": ["guardduty"]}}, ident))
        answers = [self.server.wait(lambda line, ident=ident: line.get("id") == ident) for ident in range(20)]
        self.assertEqual([one for one in answers if one["result"].get("isError")], [])
        self.assertEqual(self.aws.most_open, 20)

    def test_allowed_roles(self):
        server = self.serve("--allow-role", "arn:aws:iam::222233334444:role/*")
        self.assertFalse(self.call("CheckSecurityServices", server=server, target_role_arns=ROLES[:1]).get("isError"))
        for arguments in ({"target_role_arns": ROLES}, {"role_arn": ROLES[1]}):
            self.assertTrue(self.call("CheckSecurityServices", server=server, **arguments)["isError"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
