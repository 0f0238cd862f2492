"""The security services of AWS for tests, with their STS, in one process.

    with FakeSecurity() as aws: ... AWS_ENDPOINT_URL=aws.url ...

Who asks is told by the access key of the signature: that of the caller, or one of a session, which
has the account in it. What a service answers is decided by `aws.state[(account, region, service)]`:
"on" (the default), "off", "denied", "html", "throttled", "cut" (half of the answer). `findings` is how
many findings each service has. `stuck` are the services that never answer. `hold` answers nothing until so many requests are open at once; the
most that were is `most_open`.
"""

import http.server
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
import time
import urllib.parse

CALLER = "123456789012"
STS = """<{op}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{op}Result>{inner}</{op}Result>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{op}Response>"""
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1")
ACTIONS = {"access-analyzer": "access-analyzer", "securityhub": "securityhub", "guardduty": "guardduty",
           "inspector2": "inspector2", "macie2": "macie2", "support": "support",
           "resource-explorer-2": "resource-explorer-2"}


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def answer(self, status, body, media="application/json", head=()):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        for name, value in head:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def serve(self, body):
        aws = self.server.aws
        scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization", ""))
        key, region, service = scope.groups() if scope else ("", "", "")
        account = aws.keys.get(key)
        aws.enter()
        try:
            if not account:
                raise Refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
            if service == "sts":
                return self.sts(body, account)
            if service == "ec2":
                aws.seen.append((account, region, "ec2:DescribeRegions"))
                return self.answer(200, "<DescribeRegionsResponse><regionInfo>" + "".join(
                    f"<item><regionName>{r}</regionName></item>" for r in REGIONS) + "</regionInfo></DescribeRegionsResponse>",
                    "text/xml")
            return self.other(aws, account, region, service, json.loads(body or b"{}"))
        except Refused as refused:
            if service == "sts":
                return self.answer(refused.status, f"<ErrorResponse><Error><Code>{refused.code}</Code><Message>"
                                   f"{refused.message}</Message></Error></ErrorResponse>", "text/xml")
            return self.answer(refused.status, json.dumps({"message": refused.message}),
                               head=[("x-amzn-ErrorType", refused.code)])
        finally:
            aws.leave()

    def sts(self, body, account):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        aws = self.server.aws
        if form["Action"] == "GetCallerIdentity":
            return self.answer(200, STS.format(op="GetCallerIdentity", inner=f"<Arn>arn:aws:iam::{account}:user/ci</Arn>"
                                               f"<UserId>AIDAEXAMPLE</UserId><Account>{account}</Account>"), "text/xml")
        target = form["RoleArn"].split(":")[4]
        if target in aws.no_role:
            raise Refused(403, "AccessDenied", f"User: arn:aws:iam::{account}:user/ci is not authorized to perform: "
                          f"sts:AssumeRole on resource: {form['RoleArn']}")
        aws.keys[f"ASIA{target}"] = target
        inner = (f"<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId><Arn>arn:aws:sts::{target}:assumed-role/x/s</Arn>"
                 f"</AssumedRoleUser><Credentials><AccessKeyId>ASIA{target}</AccessKeyId><SecretAccessKey>CANARY-secret</SecretAccessKey>"
                 f"<SessionToken>CANARY-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>")
        return self.answer(200, STS.format(op="AssumeRole", inner=inner), "text/xml")

    def other(self, aws, account, region, service, given):
        path = urllib.parse.urlsplit(self.path).path
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        if service in aws.stuck:
            aws.over.wait(60)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        name = self.operation(service, path, operation)
        aws.seen.append((account, region, f"{service}:{name}"))
        aws.bodies.append((f"{service}:{name}", {**given, **query}))
        state = aws.state.get((account, region, service), aws.state.get((account, region, f"{service}:{name}"), "on"))
        if state == "denied":
            raise Refused(403, "AccessDeniedException", f"User: arn:aws:sts::{account}:assumed-role/x/s is not authorized to "
                          f"perform: {service}:{name} on resource: arn:aws:{service}:{region}:{account}:* because no "
                          f"identity-based policy allows the {service}:{name} action")
        if state == "html":
            return self.answer(500, "<!DOCTYPE html><title>500</title>", "text/html")
        if state == "throttled":
            raise Refused(429, "TooManyRequestsException", "Rate exceeded")
        text = json.dumps(getattr(self, service.replace("-", "_"))(aws, name, state, given, query, path))
        return self.answer(200, text[:len(text) // 2] if state == "cut" else text)

    @staticmethod
    def operation(service, path, target):
        if target:
            return target
        table = {
            "access-analyzer": [("/analyzer", "ListAnalyzers"), ("/findingv2", "ListFindings"), ("/finding", "ListFindings")],
            "securityhub": [("/accounts", "DescribeHub"), ("/standards/get", "GetEnabledStandards"), ("/findings", "GetFindings")],
            "guardduty": [("/detector/d1/findings/get", "GetFindings"), ("/detector/d1/findings", "ListFindings"),
                          ("/detector/d1", "GetDetector"), ("/detector", "ListDetectors")],
            "inspector2": [("/status/batch/get", "BatchGetAccountStatus"), ("/findings/list", "ListFindings")],
            "macie2": [("/macie", "GetMacieSession"), ("/findings/describe", "GetFindings"), ("/findings", "ListFindings")],
            "resource-explorer-2": [("/GetDefaultView", "GetDefaultView"), ("/ListViews", "ListViews"), ("/ListResources", "Search")],
        }
        return next(name for start, name in table[service] if path == start)

    @staticmethod
    def page(items, given, size, token="nextToken", most=100):
        if not 1 <= int(size) <= most:
            raise Refused(400, "ValidationException", f"the page size {size} is not between 1 and {most}")
        begin = int(given.get(token) or 0)
        end = begin + int(size)
        return items[begin:end], ({token: str(end)} if end < len(items) else {})

    # --- the services

    def guardduty(self, aws, name, state, given, query, path):
        if name == "ListDetectors":
            return {"detectorIds": [] if state == "off" else ["d1"]}
        if name == "GetDetector":
            return {"status": "DISABLED" if state == "suspended" else "ENABLED", "findingPublishingFrequency": "SIX_HOURS",
                    "dataSources": {}, "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}]}
        severities = [9.1, 8, 5.5, 2]
        if name == "ListFindings":
            span = given["findingCriteria"]["criterion"]["severity"]
            ids = [f"g{i}" for i in range(aws.findings) if span["greaterThanOrEqual"] <= severities[i % 4] < span.get("lessThan", 99)]
            ids, more = self.page(ids, given, given["maxResults"], most=50)
            return {"findingIds": ids, **more}
        if len(given["findingIds"]) > 50:
            raise Refused(400, "BadRequestException", "too many ids")
        return {"findings": [{"id": i, "severity": severities[int(i[1:]) % 4], "type": "UnauthorizedAccess:EC2/SSHBruteForce",
                              "title": f"SSH brute force {i}", "description": aws.hostile, "updatedAt": "2026-11-01T00:00:00Z",
                              "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-" + i}}}
                             for i in given["findingIds"]]}

    def securityhub(self, aws, name, state, given, query, path):
        if state == "off":
            raise Refused(401, "InvalidAccessException", "Account 1 is not subscribed to AWS Security Hub")
        if name == "DescribeHub":
            return {"HubArn": "arn:aws:securityhub:eu-west-1:1:hub/default", "SubscribedAt": "2026-01-01T00:00:00Z"}
        if name == "GetEnabledStandards":
            return {"StandardsSubscriptions": [{"StandardsArn": "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-"
                                                "best-practices/v/1.0.0", "StandardsStatus": "READY"}]}
        labels = [f["Value"] for f in given["Filters"]["SeverityLabel"]]
        every = [{"Id": f"arn:sh/{i}", "Title": f"Control {i}", "GeneratorId": "EC2.1", "ProductName": "Security Hub",
                  "Severity": {"Label": ("HIGH", "CRITICAL", "LOW")[i % 3]}, "Description": "d", "UpdatedAt": "2026-11-01T00:00:00Z",
                  "Resources": [{"Type": "AwsEc2Instance", "Id": f"arn:aws:ec2:eu-west-1:1:instance/i-{i}"}],
                  "Remediation": {"Recommendation": {"Url": "https://docs.aws.amazon.com/console/securityhub/EC2.1"}}}
                 for i in range(aws.findings)]
        items, more = self.page([f for f in every if f["Severity"]["Label"] in labels], given, given["MaxResults"], "NextToken")
        return {"Findings": items, **more}

    def inspector2(self, aws, name, state, given, query, path):
        off = state == "off"
        if name == "BatchGetAccountStatus":
            word = {"status": "DISABLED" if off else "ENABLED"}
            return {"accounts": [{"accountId": "1", "state": word, "resourceState": {
                "ec2": word, "ecr": {"status": "DISABLED"}, "lambda": {"status": "DISABLED"}}}], "failedAccounts": []}
        if set(given["filterCriteria"]) != {"severity", "findingStatus"}:
            raise Refused(400, "ValidationException", "unknown filter")
        wanted = {f["value"] for f in given["filterCriteria"]["severity"]}
        every = [{"findingArn": f"arn:i2/{i}", "severity": ("HIGH", "CRITICAL", "MEDIUM")[i % 3], "title": f"CVE-2026-{i}",
                  "type": "PACKAGE_VULNERABILITY", "updatedAt": 1793491200.0, "description": "d",
                  "resources": [{"id": f"i-{i}", "type": "AWS_EC2_INSTANCE"}]} for i in range(0 if off else aws.findings)]
        items, more = self.page([f for f in every if f["severity"] in wanted], given, given["maxResults"])
        return {"findings": items, **more}

    def access_analyzer(self, aws, name, state, given, query, path):
        if name == "ListAnalyzers":
            return {"analyzers": [] if state == "off" else [
                {"name": "external", "arn": "arn:aa/external", "type": "ACCOUNT", "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z"},
                {"name": "unused", "arn": "arn:aa/unused", "type": "ACCOUNT_UNUSED_ACCESS", "status": "ACTIVE",
                 "createdAt": "2026-01-01T00:00:00Z"}]}
        if given["filter"] != {"status": {"eq": ["ACTIVE"]}}:
            raise Refused(400, "ValidationException", "filter")
        if given["analyzerArn"].endswith("external"):
            if path != "/finding":
                raise Refused(400, "ValidationException", "external access is of ListFindings here")
            every = [{"id": f"e{i}", "resource": f"arn:aws:s3:::b{i}", "resourceType": "AWS::S3::Bucket", "isPublic": i % 2 == 0,
                      "action": ["s3:GetObject"], "status": "ACTIVE", "updatedAt": "2026-11-01T00:00:00Z"} for i in range(aws.findings)]
        else:
            if path != "/findingv2":
                raise Refused(400, "ValidationException", "unused access needs ListFindingsV2")
            every = [{"id": "u0", "resource": "arn:aws:iam::1:role/old", "resourceType": "AWS::IAM::Role",
                      "findingType": "UnusedIAMRole", "status": "ACTIVE", "updatedAt": "2026-11-01T00:00:00Z"}]
        items, more = self.page(every, given, given["maxResults"])
        return {"findings": items, **more}

    def macie2(self, aws, name, state, given, query, path):
        if state == "off":
            raise Refused(403, "AccessDeniedException", "Macie is not enabled.")
        if name == "GetMacieSession":
            return {"status": "ENABLED", "createdAt": "2026-01-01T00:00:00Z", "serviceRole": "arn:role", "findingPublishingFrequency": "SIX_HOURS"}
        if name == "ListFindings":
            wanted = given["findingCriteria"]["criterion"]["severity.description"]["eq"]
            ids = [f"m{i}" for i in range(aws.findings) if ("High", "Medium", "Low")[i % 3] in wanted]
            ids, more = self.page(ids, given, given["maxResults"], most=50)
            return {"findingIds": ids, **more}
        return {"findings": [{"id": i, "severity": {"description": ("High", "Medium", "Low")[int(i[1:]) % 3], "score": 3},
                              "title": "t", "type": "SensitiveData:S3Object/Personal", "category": "CLASSIFICATION",
                              "resourcesAffected": {"s3Bucket": {"name": "b", "arn": "arn:aws:s3:::b"}},
                              "updatedAt": "2026-11-01T00:00:00Z"} for i in given["findingIds"]]}

    def support(self, aws, name, state, given, query, path):
        if state == "off":
            raise Refused(400, "SubscriptionRequiredException", "Amazon Web Services Premium Support Subscription is required")
        if name == "DescribeTrustedAdvisorChecks":
            return {"checks": [{"id": f"c{i}", "name": f"Check {i}", "description": "d", "metadata": [],
                                "category": "security" if i % 2 else "cost_optimizing"} for i in range(24)]}
        number = int(given["checkId"][1:])
        return {"result": {"checkId": given["checkId"], "status": ("ok", "error", "warning", "warning")[number % 4],
                           "timestamp": "2026-11-01T00:00:00Z", "flaggedResources": [{"resourceId": "r1"}],
                           "resourcesSummary": {"resourcesFlagged": 1, "resourcesProcessed": 5, "resourcesSuppressed": 0}}}

    def resource_explorer_2(self, aws, name, state, given, query, path):
        if state == "off":
            raise Refused(404, "ResourceNotFoundException", "no index")
        if name == "GetDefaultView":
            return {} if state == "no default" else {"ViewArn": "arn:view/default"}
        if name == "ListViews":
            return {"Views": [] if state == "no view" else ["arn:view/1"]}
        region = re.fullmatch("region:(.*)", given["Filters"]["FilterString"]).group(1)
        every = [{"Arn": f"arn:x/{i}", "Service": ("ec2", "s3", "lambda")[i % 3], "ResourceType": "t" + str(i % 4), "Region": region}
                 for i in range(2500)]
        items, more = self.page(every, given, given["MaxResults"], "NextToken", most=1000)
        return {"Resources": items, **more}


class FakeSecurity:
    def __init__(self):
        self.keys = {"AKIAIOSFODNN7EXAMPLE": CALLER}
        self.state, self.no_role, self.findings, self.hostile = {}, set(), 3, "d"
        self.seen, self.bodies = [], []
        self.open = self.most_open = self.hold = 0
        self.stuck, self.over = set(), threading.Event()
        self.gate = threading.Condition()

    def enter(self):
        with self.gate:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            self.gate.notify_all()
            ends = time.monotonic() + 20
            while self.hold and self.most_open < self.hold and not self.over.is_set() and time.monotonic() < ends:
                self.gate.wait(0.1)

    def leave(self):
        with self.gate:
            self.open -= 1

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.aws = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *args):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


def show(credctl, *words):
    """Prints what a command prints for an account whose Macie cannot be read: for the pages of docs."""
    with FakeSecurity() as aws:
        aws.state[(CALLER, "eu-west-1", "macie2")] = "denied"
        env = {**os.environ, "AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "of-a-fake"}
        return subprocess.run([credctl, *words], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(show(*sys.argv[1:]))
