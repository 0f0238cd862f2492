"""An STS and an Organizations for tests, in a process of its own.

    with FakeSts() as sts: ... AWS_ENDPOINT_URL_STS=sts.url ...

Accounts decide what happens, so that a test can say beforehand what is right: `denied`, `hang` (the
first request gets no answer) and `throttled` (the first requests get HTTP 400 Throttling) are sets;
`refused` has the HTTP status, code and message of accounts that are refused in another way. `lifetime`
seconds is what each session is given.
"""

import datetime
import http.server
import json
import re
import socketserver
import threading
import time
import urllib.parse

OK = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId><Arn>arn:aws:sts::{account}:assumed-role/{role}/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIA{n:016d}</AccessKeyId><SecretAccessKey>secret-of-{account}-{n}</SecretAccessKey>
<SessionToken>token-of-{account}-{n}</SessionToken><Expiration>{end}</Expiration></Credentials>
</AssumeRoleResult><ResponseMetadata><RequestId>r-{n}</RequestId></ResponseMetadata></AssumeRoleResponse>"""
WHO = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>{arn}</Arn><UserId>AROAEXAMPLE:s</UserId><Account>{account}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
NO = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass  # clients that were killed


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def answer(self, status, text, media="text/xml"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        sts = self.server.sts
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        target = self.headers.get("X-Amz-Target", "")
        if "ListAccounts" in target:
            return self.list_accounts(json.loads(body))
        if "DescribeOrganization" in target:
            organization = {"Id": "o-a1b2c3d4e5", "Arn": "arn:aws:organizations::999999999999:organization/o-a1b2c3d4e5",
                            "MasterAccountId": "999999999999"}
            return self.answer(200, json.dumps({"Organization": organization}), "application/x-amz-json-1.1")
        if target:
            return self.answer(400, '{"__type": "AccessDeniedException", "Message": "not here"}', "application/x-amz-json-1.1")
        asked = dict(urllib.parse.parse_qsl(body))
        if asked.get("Action") == "GetCallerIdentity":
            return self.answer(200, WHO.format(arn="arn:aws:sts::111122223333:assumed-role/Hub/s", account="111122223333"))
        if "RoleArn" not in asked:  # IAM
            return self.answer(403, NO.format(code="AccessDenied", message=f"not authorized to perform: iam:{asked.get('Action')}"))
        match = re.match(r"arn:aws[a-z-]*:iam::(\d{12}):role/(?:.*/)?([^/]+)$", asked.get("RoleArn", ""))
        account, role = match.groups()
        with sts.lock:
            sts.calls[account] = sts.calls.get(account, 0) + 1
            calls = sts.calls[account]
            sts.count += 1
            n = sts.count
            sts.asked.append(asked)
        if sts.broken:
            return self.answer(503, NO.format(code="ServiceUnavailable", message="down"))
        if account in sts.denied:
            return self.answer(403, NO.format(code="AccessDenied", message=f"not authorized to perform: sts:AssumeRole on {asked['RoleArn']}"))
        if account in sts.refused:
            status, code, message = sts.refused[account]
            return self.answer(status, NO.format(code=code, message=message.format(role=asked["RoleArn"])))
        if account in sts.hang and calls == 1:
            time.sleep(sts.hang_seconds)
            return None
        if account in sts.throttled and calls <= sts.throttled[account]:
            return self.answer(400, NO.format(code="Throttling", message="Rate exceeded"))
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=sts.lifetime)
        return self.answer(200, OK.format(account=account, role=role, n=n, end=end.strftime("%Y-%m-%dT%H:%M:%SZ")))

    def list_accounts(self, asked):
        accounts = self.server.sts.accounts
        at = int(asked.get("NextToken", 0))
        page = {"Accounts": [{"Id": i, "Status": s} for i, s in accounts[at : at + asked.get("MaxResults", 20)]]}
        if at + asked.get("MaxResults", 20) < len(accounts):
            page["NextToken"] = str(at + asked.get("MaxResults", 20))
        return self.answer(200, json.dumps(page), "application/x-amz-json-1.1")


class FakeSts:
    def __init__(self, lifetime=3600):
        self.lock = threading.Lock()
        self.lifetime = lifetime
        self.denied, self.hang, self.throttled, self.refused = set(), set(), {}, {}
        self.hang_seconds = 60
        self.calls, self.count, self.asked = {}, 0, []
        self.accounts = []
        self.broken = False

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.sts = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
