"""Logins, from outside: many processes on one token that serves once, log-ins and log-outs in the
middle of a refresh, and two people on one cache folder.

Environment: CREDCTL."""
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

CREDCTL = os.environ["CREDCTL"]
LOGIN = "arn:aws:sts::111122223333:assumed-role/Dev/me"
CONFIG = f"""[sso-session s]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
[profile a]
sso_session = s
sso_account_id = 111122223333
sso_role_name = A
[profile b]
sso_session = s
sso_account_id = 444455556666
sso_role_name = B
[profile l]
login_session = {LOGIN}
[profile r]
role_arn = arn:aws:iam::111122223333:role/R
source_profile = l
[profile m]
role_arn = arn:aws:iam::111122223333:role/M
source_profile = a
mfa_serial = arn:aws:iam::111122223333:mfa/me
"""


def iso(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


class Aws(http.server.ThreadingHTTPServer):
    """IAM Identity Center, sign-in and STS. Each refresh token serves once; keys say whose they are."""
    daemon_threads = True
    request_queue_size = 512

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.spent, self.refreshes, self.count = threading.Lock(), set(), 0, 0
        self.delay, self.meanwhile = 0.0, None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        token = self.headers["x-amz-sso_bearer_token"]
        role = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)["role_name"][0]
        self.answer(200, json.dumps({"roleCredentials": {
            "accessKeyId": f"ASIA{role}{token.split('-')[0].upper()}", "secretAccessKey": "s", "sessionToken": "t",
            "expiration": int((time.time() + 3600) * 1000)}}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path in ("/token", "/v1/token"):
            return self.refresh(json.loads(body))
        signer = self.headers["Authorization"].split("Credential=")[1].split("/")[0]
        self.answer(200, f"""<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/R/s</Arn>
            </AssumedRoleUser><Credentials><AccessKeyId>ASIAON{signer}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
            <SessionToken>t</SessionToken><Expiration>{iso(time.time() + 3600)}</Expiration></Credentials></AssumeRoleResult>
            </AssumeRoleResponse>""")

    def refresh(self, asked):
        aws = self.server
        token = asked["refreshToken"]
        with aws.lock:
            aws.refreshes += 1
            aws.count += 1
            n, spent = aws.count, token in aws.spent
            aws.spent.add(token)
        time.sleep(aws.delay)
        if aws.meanwhile:
            aws.meanwhile()
        if spent:
            return self.answer(400, '{"__type":"InvalidGrantException","error":"TOKEN_EXPIRED"}')
        person = token.split("-")[0]
        made = {"refreshToken": f"{person}-r{n}", "expiresIn": 900}
        if self.path == "/token":
            made["accessToken"] = f"{person}-a{n}"
        else:
            made["accessToken"] = {"accessKeyId": f"ASIA{person.upper()}", "secretAccessKey": "s", "sessionToken": "t"}
        self.answer(200, json.dumps(made))


class Logins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"],
                                 check=True, capture_output=True, text=True).stdout

    def setUp(self):
        self.aws = Aws()
        self.home = tempfile.mkdtemp(prefix="credctl-logins-")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.addCleanup(self.aws.server_close)
        self.addCleanup(self.aws.shutdown)
        self.sso = f"{self.home}/.aws/sso/cache/{hashlib.sha1(b's').hexdigest()}.json"
        self.login = f"{self.home}/.aws/login/cache/{hashlib.sha256(LOGIN.encode()).hexdigest()}.json"
        self.write(f"{self.home}/.aws/config", CONFIG)
        self.env = {"HOME": self.home, "PATH": os.environ["PATH"], "AWS_REGION": "us-east-1",
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.aws.server_address[1]}"}

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w") as f:
            f.write(text)
        os.replace(path + ".new", path)

    def log_in(self, person, left):
        self.write(self.sso, json.dumps({
            "startUrl": "https://example.awsapps.com/start", "accessToken": f"{person}-a0", "expiresAt": iso(time.time() + left),
            "clientId": "c", "clientSecret": "s", "registrationExpiresAt": iso(time.time() + 9e5), "refreshToken": f"{person}-r0"}))
        self.write(self.login, json.dumps({
            "accessToken": {"accessKeyId": f"ASIA{person.upper()}", "secretAccessKey": "s", "sessionToken": "t",
                            "accountId": "111122223333", "expiresAt": iso(time.time() + left)},
            "clientId": "c", "refreshToken": f"{person}-l0", "dpopKey": self.key}))

    def start(self, *args, **env):
        return subprocess.Popen([CREDCTL, "session", "export", *args], env={**self.env, **env}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self, process, status=0):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, status, err)
        return json.loads(out)["AccessKeyId"] if out else err

    def together(self, rows):
        return [self.end(p) for p in [self.start(*args, **env) for args, env in rows]]

    def test_twelve_processes_refresh_an_expired_token_once(self):
        ways = {"one cache folder": lambda i: ([], {}),
                "two cache folders": lambda i: ([], {"XDG_CACHE_HOME": f"{self.home}/{i % 2}"}),
                "no cache": lambda i: (["--no-cache"], {})}
        for profile in ("a", "l", "r"):
            for name, way in ways.items():
                with self.subTest(profile=profile, way=name):
                    shutil.rmtree(f"{self.home}/.cache", ignore_errors=True)
                    self.aws.refreshes, self.aws.delay, self.aws.spent = 0, 0.2, set()
                    self.log_in("alice", -10)
                    rows = [way(i) for i in range(12)]
                    keys = self.together([(["--profile", profile, *args], env) for args, env in rows])
                    self.assertEqual(len(set(keys)), 1)
                    self.assertEqual(self.aws.refreshes, 1)

    def test_two_profiles_of_one_session_refresh_it_once(self):
        self.aws.delay = 0.2
        self.log_in("alice", -10)
        keys = self.together([(["--profile", p], {}) for p in "abababab"])
        self.assertEqual(keys, ["ASIAAALICE", "ASIABALICE"] * 4)
        self.assertEqual(self.aws.refreshes, 1)

    def test_fifty_processes_of_two_identities_share_one_cache_folder(self):
        self.log_in("alice", 3000)
        self.env["AWS_ASSUME_ROLE_ARN"] = "arn:aws:iam::111122223333:role/R"
        who = [{"AWS_ACCESS_KEY_ID": f"AKIA{i % 2}", "AWS_SECRET_ACCESS_KEY": "s"} for i in range(50)]
        for _ in range(2):
            self.assertEqual(self.together([([], env) for env in who]), [f"ASIAONAKIA{i % 2}" for i in range(50)])

    def test_after_our_own_refresh_nobody_is_asked_for_a_code_again(self):
        self.log_in("alice", 100)
        first = self.end(self.start("--profile", "m", "--token-code", "111111"))
        self.assertEqual(self.end(self.start("--profile", "m")), first)
        self.assertEqual(self.aws.refreshes, 1)
        self.log_in("bob", 3000)
        self.assertIn("mfa.required", self.end(self.start("--profile", "m"), 253))

    def test_a_token_file_that_is_a_link_stays_one(self):
        self.log_in("alice", -10)
        for path in (self.sso, self.login):
            os.rename(path, f"{self.home}/{os.path.basename(path)}")
            os.symlink(f"{self.home}/{os.path.basename(path)}", path)
        for profile in ("a", "l"):
            self.end(self.start("--profile", profile))
        for path in (self.sso, self.login):
            self.assertTrue(os.path.islink(path))
            with open(path) as f:
                self.assertNotIn(json.load(f)["refreshToken"], ("alice-r0", "alice-l0"))
            self.assertEqual(os.listdir(os.path.dirname(path)), [os.path.basename(path)])

    def test_what_the_aws_cli_kept_before_a_log_in_is_not_the_new_person_s(self):
        name = hashlib.sha1(b'{"accountId":"111122223333","roleName":"A","sessionName":"s"}').hexdigest()
        kept = f"{self.home}/.aws/cli/cache/{name}.json"
        self.write(kept, json.dumps({"ProviderType": "sso", "Credentials": {
            "AccessKeyId": "ASIACLI", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": iso(time.time() + 3600)}}))
        self.log_in("bob", 3000)
        os.utime(kept, (time.time() + 1, time.time() + 1))
        self.assertEqual(self.end(self.start("--profile", "a", "--use-aws-cli-cache")), "ASIACLI")
        os.utime(kept, (time.time() - 60, time.time() - 60))
        self.assertEqual(self.end(self.start("--profile", "a", "--use-aws-cli-cache")), "ASIAABOB")

    def test_a_log_out_during_a_refresh_stays_one(self):
        for profile, path in (("a", self.sso), ("l", self.login)):
            self.log_in("alice", -10)
            self.aws.meanwhile = lambda path=path: os.path.exists(path) and os.unlink(path)
            said = self.end(self.start("--profile", profile), 253)
            self.assertIn("login_required", said.replace("login.required", "login_required"))
            self.assertFalse(os.path.exists(path))

    def test_a_log_in_during_a_refresh_counts_and_is_not_overwritten(self):
        for profile, key in (("a", "ASIAABOB"), ("l", "ASIABOB"), ("r", "ASIAONASIABOB")):
            self.aws.meanwhile, self.aws.spent = None, set()
            self.log_in("alice", -10)
            self.aws.meanwhile = lambda: self.log_in("bob", 3000)
            self.assertEqual(self.end(self.start("--profile", profile)), key)
            for path in (self.sso, self.login):
                with open(path) as f:
                    self.assertIn("bob", json.load(f)["refreshToken"])
            self.assertEqual(self.end(self.start("--profile", profile)), key)


if __name__ == "__main__":
    unittest.main()
