"""No secret is shown. Canaries lie in variables, files and answers; every command runs in every
output format, with logs at their most talkative, in success and failure; and nothing that can be
seen from outside (output, logs, command lines, cores, memory of another process) holds one, but the
stdout of `session export`.

Environment: CREDCTL."""
import http.server
import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

CREDCTL = os.environ["CREDCTL"]
KEY = "AKIAIOSFODNN7EXAMPLE"
CANARY = "CANARYdoNotShow"
OUTPUTS = ("text", "json", "yaml", "table", "env")
ROLE = "arn:aws:iam::111122223333:role/x"


def canary(name):
    return f"{CANARY}{name}"


class Aws(http.server.ThreadingHTTPServer):
    """Container endpoint, instance metadata and STS in one; every secret it gives is a canary."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.break_it = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        self.say(200, canary("ImdsToken"))

    def do_GET(self):
        keys = {"AccessKeyId": KEY, "SecretAccessKey": canary("EndpointSecret"), "Token": canary("EndpointToken"),
                "Expiration": "2099-01-01T00:00:00Z", "Code": "Success", "AccountId": "111122223333"}
        if self.server.break_it:
            keys["Expiration"] = canary("BrokenExpiration")
            self.say(200, json.dumps(keys)[:-3])
        elif self.path.endswith("security-credentials/"):
            self.say(200, "role")
        else:
            self.say(200, json.dumps(keys))

    def do_POST(self):
        body = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action = body.get("Action", [None])[0]
        if action is None:
            self.say(400, json.dumps({"__type": "AccessDeniedException", "Message": "not authorized"}))
        elif self.server.break_it:
            self.say(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
        elif action == "GetCallerIdentity":
            self.say(200, f"<R><GetCallerIdentityResult><Arn>{ROLE}</Arn><UserId>U</UserId>"
                          "<Account>111122223333</Account></GetCallerIdentityResult></R>".replace("R>", "GetCallerIdentityResponse>"))
        else:
            self.say(200, f"<{action}Response><{action}Result><Credentials><AccessKeyId>{KEY}</AccessKeyId>"
                          f"<SecretAccessKey>{canary('StsSecret')}</SecretAccessKey>"
                          f"<SessionToken>{canary('StsToken')}</SessionToken>"
                          "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
                          "<AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>"
                          "<Arn>arn:aws:sts::111122223333:assumed-role/x/s</Arn></AssumedRoleUser>"
                          f"</{action}Result></{action}Response>")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(text)
    return path


class Canary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Aws()
        cls.url = f"http://127.0.0.1:{cls.aws.server_port}"

    def setUp(self):
        self.aws.break_it = False
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        home = self.home.name
        write(f"{home}/.aws/credentials", f"[static]\naws_access_key_id={KEY}\naws_secret_access_key={canary('File')}\n"
              f"aws_session_token={canary('FileToken')}\n[half]\naws_secret_access_key={canary('Half')}\n")
        write(f"{home}/.aws/config", f"[profile process]\ncredential_process={home}/process\n"
              f"[profile talks]\ncredential_process={home}/talks\n"
              f"[profile role]\nrole_arn={ROLE}\nsource_profile=static\n"
              f"[profile web]\nrole_arn={ROLE}\nweb_identity_token_file={home}/jwt\n")
        write(f"{home}/process", "#!/bin/sh\necho '" + json.dumps({
            "Version": 1, "AccessKeyId": KEY, "SecretAccessKey": canary("Process"), "SessionToken": canary("ProcessToken")}) + "'\n")
        write(f"{home}/talks", f"#!/bin/sh\necho '{{\"SecretAccessKey\":\"{canary('Broken')}\"'\n")
        os.chmod(f"{home}/process", 0o700)
        os.chmod(f"{home}/talks", 0o700)
        write(f"{home}/jwt", canary("Jwt") + ".x.y\n")
        write(f"{home}/broken-token", canary("Two") + "\n" + canary("Lines") + "\n")

    def worlds(self):
        """Variables of each way to have credentials, whole and broken."""
        home = self.home.name
        keys = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": canary("Env"), "AWS_SESSION_TOKEN": canary("EnvToken")}
        yield "environment", keys
        yield "half", {"AWS_SECRET_ACCESS_KEY": canary("Env")}
        yield "line break", {**keys, "AWS_SECRET_ACCESS_KEY": canary("Env") + "\nx"}
        yield "hop", {**keys, "AWS_ASSUME_ROLE_ARN": ROLE, "AWS_ASSUME_ROLE_EXTERNAL_ID": "external"}
        for profile in ("static", "half", "process", "talks", "role", "web", "none"):
            yield f"profile {profile}", {"AWS_PROFILE": profile}
        yield "web identity", {"AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": f"{home}/jwt"}
        yield "web identity, broken", {"AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": f"{home}/broken-token"}
        yield "container", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.url}/c", "AWS_CONTAINER_AUTHORIZATION_TOKEN": canary("Auth")}
        yield "container, line break", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.url}/c",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN": canary("Auth") + "\r\nX: y"}
        yield "container, far", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/c",
                                 "AWS_CONTAINER_AUTHORIZATION_TOKEN": canary("Auth")}
        yield "metadata", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": self.url, "AWS_EC2_METADATA_DISABLED": "false"}

    def run_it(self, words, env, **more):
        env = {"HOME": self.home.name, "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "eu-central-1", **env}
        return subprocess.run([CREDCTL, *words], env=env, capture_output=True, text=True, timeout=60,
                              errors="replace", stdin=subprocess.DEVNULL, **more)

    def commands(self):
        names = [line.split("  ")[1] for line in self.run_it(["help"], {}).stdout.split("Commands:\n")[1]
                 .split("\n\n")[0].splitlines() if line.startswith("  ") and line[2] != " "]
        self.assertIn("session", names)
        for name in names:
            if name in ("session exec",):
                yield [*name.split(), "--", "true"]
            elif name in ("session serve", "mcp"):
                continue  # they do not end by themselves
            elif name == "session export":
                yield [*name.split(), "--format", "env", "--profile", "none"]
            elif name in self.arguments():
                for words in self.arguments()[name]:
                    yield [*name.split(), *words]
            else:
                yield name.split()

    def arguments(self):
        """Commands that do little or nothing without arguments; the files hold canaries where a value is not known."""
        home = self.home.name
        policy = write(f"{home}/policy.json", json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}))
        trust = write(f"{home}/trust.json", json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}]}))
        return {
            "test-access": [["--role-arn", ROLE], ["--role-arn", ROLE, "--external-id", "external", "--report", "jsonl"]],
            "validate policy": [["--principal", ROLE, "--identity-policy", policy, "--action", "s3:GetObject"]],
            "validate role": [["--role-arn", ROLE]],
            "validate trust": [["--trust-policy", trust]],
        }

    def test_no_command_shows_a_secret(self):
        for broken in (False, True):
            self.aws.break_it = broken
            for world, env in self.worlds():
                for number, words in enumerate(self.commands()):
                    for output in OUTPUTS:
                        log = ["--debug", "--log-format", "json" if number % 2 else "text"]
                        run = self.run_it([*words[:1], *words[1:2], *log, "--output", output, *words[2:]]
                                          if len(words) > 1 and not words[1].startswith("-")
                                          else [*words[:1], *log, "--output", output, *words[1:]], env)
                        self.assertNotIn(CANARY, run.stdout + run.stderr, (world, words, output, broken))
                        self.assertGreaterEqual(run.returncode, 0, (world, words, output, run.returncode))

    def test_session_export_shows_it_on_stdout_only(self):
        shown = 0
        for broken in (False, True):
            self.aws.break_it = broken
            for world, env in self.worlds():
                for form in ("process", "env", "fish", "ini", "json", "dotenv"):
                    run = self.run_it(["session", "export", "--format", form, "--debug"], env)
                    self.assertNotIn(CANARY, run.stderr, (world, form, broken))
                    self.assertEqual(run.returncode == 0, bool(run.stdout), (world, form, broken, run.stderr))
                    shown += CANARY in run.stdout
        self.assertGreater(shown, 20)

    def test_a_mistyped_command_line_does_not_repeat_its_secrets(self):
        for words in (["session", "--token-code", CANARY, "--nope"], ["session", "--token-cod", CANARY],
                      ["session", f"--token-code={CANARY}", "--duration-seconds", "1"],
                      ["session", f"--token-cod={CANARY}"]):
            run = self.run_it(words, {})
            self.assertEqual(run.returncode, 252, words)
            self.assertNotIn(CANARY, run.stdout + run.stderr, words)

    def slow(self):
        """A credctl that waits for a credential_process, with all kinds of secrets in memory."""
        ready = f"{self.home.name}/ready"
        write(f"{self.home.name}/process", f"#!/bin/sh\ntouch {ready}\nsleep 30\n")
        env = {"HOME": self.home.name, "PATH": os.environ["PATH"], "AWS_PROFILE": "process"}
        child = subprocess.Popen([CREDCTL, "session", "--token-code", CANARY], env=env, cwd=self.home.name,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda: resource.setrlimit(
                                     resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2))
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        for _ in range(500):
            if os.path.exists(ready):
                return child
            time.sleep(0.01)
        self.fail("the process was never asked")

    @staticmethod
    def family(pid):
        yield pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            for child in children.read().split():
                yield from Canary.family(int(child))

    def test_command_lines_hold_no_secret(self):
        child = self.slow()
        lines = []
        for pid in self.family(child.pid):
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                lines.append(file.read())
        self.assertGreater(len(lines), 1)
        self.assertNotIn(CANARY.encode(), b"\n".join(lines))

    def test_a_crash_leaves_no_core(self):
        for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT):
            child = self.slow()
            os.remove(f"{self.home.name}/ready")
            with open(f"/proc/{child.pid}/limits", encoding="ascii") as limits:
                core = next(line for line in limits if line.startswith("Max core file size"))
            self.assertEqual(core.split()[4], "0")
            child.send_signal(number)
            status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
            child.returncode = status
            self.assertEqual(status, -number)
            self.assertEqual([n for n in os.listdir(self.home.name) if "core" in n], [])

    @unittest.skipUnless(os.path.exists("/proc/self/task"), "no /proc")
    def test_another_process_of_the_same_user_cannot_read_its_memory(self):
        child = self.slow()
        facts = os.stat(f"/proc/{child.pid}/mem")
        self.assertEqual(facts.st_uid, 0)  # a process that is not dumpable belongs to root in /proc
        if os.getuid() == 0:
            dropped = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "cat", f"/proc/{child.pid}/environ"],
                                     capture_output=True, timeout=10)
            self.assertNotEqual(dropped.returncode, 0)

    def test_children_may_have_their_core_limit_back(self):
        write(f"{self.home.name}/process", f"#!/bin/sh\nulimit -Sc > {self.home.name}/limit\nexit 1\n")
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        if hard == 0:
            self.skipTest("core dumps are forbidden here")
        self.run_it(["session", "--offline"], {"AWS_PROFILE": "process"},
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (min(1048576, hard) if hard > 0 else 1048576, hard)))
        if os.path.exists(f"{self.home.name}/limit"):
            with open(f"{self.home.name}/limit", encoding="ascii") as limit:
                self.assertNotEqual(limit.read().strip(), "0")


if __name__ == "__main__":
    unittest.main()
